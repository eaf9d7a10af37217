// Writing down what the oracles say: `assay record`, and whoever adds a case.
#pragma once

#include <string>
#include <vector>

#include "harness/command/command.h"

namespace assay {

struct RecordOptions {
  std::vector<std::string> wanted;  // ids, globs of ids, topics or files; empty: all
  unsigned jobs = 0;                // processes at a time; 0: one a core
  double seconds = 60;              // limit for one case
};

// Asks every CPython here about these cases of the project's corpus and rewrites
// the recorded files that change. Prints what was done; context.status becomes
// exit_differs when an oracle did not answer.
void record(Context& context, const RecordOptions& options);

}  // namespace assay
