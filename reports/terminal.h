// The matrix and the failures as a terminal shows them: at most 80 columns, but
// for commands to copy, which are broken only between their arguments.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "reports/record.h"

namespace assay {

struct TerminalOptions {
  bool colour = false;
  // Failures listed for each implementation before "… and n more".
  std::size_t failures = 5;
  // Entries of known failures that no longer hold, a line each.
  std::vector<std::string> stale;
};

// Prints every format's matrix, then the failures of each implementation that
// are not known ones, what else was noticed, and last a line that sums up. When
// there was nothing to judge, it says "nothing was judged" (CTest looks for it).
void print_terminal(std::ostream& out, const Results& results, const TerminalOptions& options);

}  // namespace assay
