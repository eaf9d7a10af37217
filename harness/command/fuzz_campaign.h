// A differential run: streams are made, both sides are asked, disagreements are
// shrunk and put together by cause.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "generators/stream.h"
#include "harness/command/fuzz_compare.h"
#include "harness/command/fuzz_sides.h"

namespace assay {

struct FuzzPlan {
  const generators::StreamFormat* format = nullptr;
  std::vector<generators::Stream> seeds;  // of the corpus
  std::uint64_t seed = 1;
  std::uint64_t first = 0;      // index of the first stream
  std::uint64_t count = 10000;  // streams
  double seconds = 0;           // begin no more streams after this; 0: no limit
  double case_seconds = 10;     // limit for one stream
  bool shrink = true;
};

struct FuzzProgress {
  std::uint64_t done = 0, disagreements = 0;
  double seconds = 0;
  bool shrinking = false;
};

// Disagreements that seem to have one cause: the same verdict, the same kinds of
// outcome on both sides, the same place in the stream.
struct Cause {
  std::uint64_t count = 0;  // of streams
  std::uint64_t index = 0;  // the stream that `smallest` was shrunk from
  generators::Stream smallest;
  std::string place;
  Comparison comparison;  // of `smallest`
  // Asked again, both sides agreed: an answer depends on what was asked before, or
  // on chance.
  bool unsteady = false;
};

// Streams that say nothing, for one reason.
struct SetAside {
  std::uint64_t count = 0;
  std::uint64_t index = 0;  // the first of them
};

struct CampaignResult {
  std::uint64_t asked = 0, agreed = 0, disagreed = 0;
  std::map<std::string, SetAside> set_aside;  // by reason
  std::vector<Cause> causes;                  // the most frequent first
  std::size_t restarts = 0;                   // of processes
  std::vector<std::string> notes;             // of the runner
  double seconds = 0;                         // asking and comparing, not shrinking
  bool interrupted = false;                   // by SIGINT; what was seen until then is here
};

// Runs the plan with one pair. `progress` is told several times a second.
CampaignResult run_campaign(const FuzzPlan& plan, const FuzzPair& pair,
                            const std::function<void(const FuzzProgress&)>& progress);

// What both sides make of some streams, in their order.
std::vector<Comparison> ask_both(const FuzzPlan& plan, const FuzzPair& pair,
                                 const std::vector<generators::Stream>& streams,
                                 const std::function<void(std::size_t)>& settled,
                                 CampaignResult& result);

}  // namespace assay
