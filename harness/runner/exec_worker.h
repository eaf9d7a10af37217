// The simplest implementations: one process a case, `--exec 'cmd {file}'`.
//
// "{file}" in a word of the command stands for the path of the input: a
// temporary file with the case's bytes, or the case's own path. Exit status 0: a
// value as value text on stdout. 1: a rejection, with an optional message on
// stdout. 3: unsupported, with an optional reason. Anything else is a crash.
// Such a program cannot be told options, buffers or values: cases that have
// them are unsupported.
#pragma once

#include <vector>

#include "harness/runner/runner.h"

namespace assay {

// As run(), for implementations of mode exec. Each case has a process of its
// own, so every failure is the case's.
RunReport run_exec(const Implementation& implementation, const std::vector<Job>& jobs,
                   const RunOptions& options);

}  // namespace assay
