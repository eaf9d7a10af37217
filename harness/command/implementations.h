// The implementations on this machine, after their hello.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/command/command.h"
#include "harness/oracles/discovery.h"

namespace assay {

struct KnownImplementation {
  Candidate candidate;
  std::string name;  // as reports show it; the candidate's own without a hello
  std::optional<Hello> hello;
  std::string trouble;  // why there is no hello
};

// Greets `candidates`, several at a time, and names them. Of two that turn out
// to be the same version, lane and word size, the first is kept.
std::vector<KnownImplementation> greet_all(const std::vector<Candidate>& candidates,
                                           const std::map<std::string, std::string>& recorded);

// Everything found, greeted: interpreters, the reference as its newest profile,
// described adapters.
std::vector<KnownImplementation> known_implementations(Context& context);

// The recorded profiles of a corpus and their versions, as names need them.
std::map<std::string, std::string> recorded_versions(Context& context);

}  // namespace assay
