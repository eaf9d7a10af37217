// Disagreements on their way to causes.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "harness/command/fuzz_campaign.h"

namespace assay {

// The disagreements of a run. Of those that look alike only a few of the shortest
// are kept, and all are counted.
class Findings {
 public:
  void add(std::uint64_t index, const generators::Stream& stream, const Comparison& seen,
           const std::string& place);

  // One cause for each look, with its shortest stream as it was found.
  std::vector<Cause> unshrunk() const;

  // Shrinks what was kept and joins what then looks alike. All that is being shrunk
  // is asked together, so that a step costs one start of the processes. Calls
  // `step` before each step; troubles with processes go into `result`.
  std::vector<Cause> shrunk(const FuzzPlan& plan, const FuzzPair& pair,
                            const std::function<void()>& step, CampaignResult& result) const;

 private:
  struct Look {
    std::uint64_t count = 0;
    std::vector<Cause> shortest;  // each for one stream
  };
  std::map<std::string, Look> looks_;
};

}  // namespace assay
