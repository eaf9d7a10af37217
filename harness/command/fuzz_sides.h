// Who is compared with whom in a differential run.
#pragma once

#include <string>
#include <vector>

#include "harness/command/command.h"
#include "harness/corpus/corpus.h"
#include "harness/oracles/discovery.h"

namespace assay {

// One implementation after its hello.
struct FuzzSide {
  std::string name;  // as reports show it, and as --impl takes it
  Candidate candidate;
  Hello hello;
};

struct FuzzPair {
  FuzzSide subject, against;
};

struct FuzzSidesOptions {
  std::vector<std::string> profiles;  // --as: the reference as these
  std::vector<std::string> impls;     // --impl
  std::string against;                // --against; empty: an oracle
};

// The pairs that the options name. Of --as the other side is the CPython here of
// that profile; so it is of --impl for one that imitates a profile, and for others
// the newest CPython's C lane. Without either: the reference as every CPython
// here, by its patch level. Throws UsageError for what is not here.
std::vector<FuzzPair> choose_pairs(Context& context, const Corpus& corpus,
                                   const FuzzSidesOptions& options);

}  // namespace assay
