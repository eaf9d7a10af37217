// The parts of a sharded run, put together.
#pragma once

#include <string>
#include <vector>

#include "reports/record.h"

namespace assay {

struct Merged {
  Results results;
  // Why this may not be the whole run: shards that are missing, parts of
  // different divisions, a case that two parts judged differently, an
  // implementation that two parts saw in different versions. A line each.
  std::vector<std::string> problems;
};

// Puts parts of a run together: implementations are joined by name, in the
// order in which they are met, with the sum of their times and the notes of
// all; a result that several parts have is taken once. The run's wall time is
// that of the longest part, its start the earliest, and its command has no
// --shard if every shard is there. Results are in sort_results()' order, so that
// parts in any order give the same report, and the same as one run.
Merged merge_results(const std::vector<Results>& parts);

}  // namespace assay
