// Several implementations at once, within a budget of processes.
#pragma once

#include <functional>
#include <vector>

#include "harness/runner/runner.h"

namespace assay {

struct Errand {
  Implementation implementation;
  std::vector<Job> jobs;
  RunOptions options;  // `jobs`, `progress` and `stop` are set by the fleet
  bool heavy = false;  // slow to start: begins first
};

// Runs every errand, at most `processes` of them at a time (0: as many as there
// are cores), the heavy ones first. Reports come in the order of the errands.
// Progress goes to standard error if that is a terminal. Interrupted (SIGINT),
// the errands end soon and what was not asked is skipped.
std::vector<RunReport> run_fleet(const std::vector<Errand>& errands, unsigned processes);

}  // namespace assay
