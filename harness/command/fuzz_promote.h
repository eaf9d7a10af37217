// From a counter-example to a case of the corpus.
#pragma once

#include <string>

#include "harness/command/command.h"
#include "harness/command/fuzz_campaign.h"

namespace assay {

struct PromoteOptions {
  std::string id;         // of the case; empty: nothing is promoted
  std::size_t cause = 1;  // which of the causes, from 1
  std::string topic = "fuzz";
  std::string why, spec;  // empty: made from the cause
};

// The command that asks the stream of that index again, and nothing else.
std::string repeat_line(const FuzzPlan& plan, const FuzzPair& pair, std::uint64_t index);

// Adds the cause's stream to corpus/FORMAT/TOPIC.toml with the numbers it was made
// from, and records what every CPython here says of it. Throws UsageError, the
// corpus as it was, if the case cannot stand there (an id that is taken, an input
// that another case has).
void promote(Context& context, const FuzzPlan& plan, const FuzzPair& pair, const Cause& cause,
             const PromoteOptions& options);

}  // namespace assay
