// The matrix and the failures as a terminal shows them: at most 80 columns.
#pragma once

#include <iosfwd>

#include "reports/record.h"

namespace assay {

struct TerminalOptions {
  bool colour = false;
  // Failures listed for each implementation before "… and n more".
  std::size_t failures = 5;
};

// Prints every format's matrix, then the failures of each implementation that
// are not known ones, then one line that sums up.
void print_terminal(std::ostream& out, const Results& results, const TerminalOptions& options);

}  // namespace assay
