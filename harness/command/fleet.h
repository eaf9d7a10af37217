// Several implementations at once, within a budget of processes.
#pragma once

#include <functional>
#include <vector>

#include "harness/command/interruption.h"
#include "harness/oracles/discovery.h"
#include "harness/runner/runner.h"

namespace assay {

struct Errand {
  Implementation implementation;
  std::vector<Job> jobs;
  RunOptions options;  // `jobs`, `progress` and `stop` are set by the fleet
  bool heavy = false;  // slow to start: begins first
};

// What a candidate is asked, within its own limit for starting.
Errand errand_to(const Candidate& candidate, std::vector<Job> jobs);

// Told now and then how many jobs of all errands are settled; calls do not overlap.
using FleetWatch = std::function<void(std::size_t settled)>;

// Runs every errand, at most `processes` of them at a time (0: as many as there
// are cores), the heavy ones first. Reports come in the order of the errands.
// Progress goes to `watch`, or without one to standard error if that is a
// terminal. Throws Interrupted, soon, after SIGINT; a second SIGINT ends the
// program.
std::vector<RunReport> run_fleet(const std::vector<Errand>& errands, unsigned processes,
                                 const FleetWatch& watch = {});

}  // namespace assay
