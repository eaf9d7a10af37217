// Asking every CPython on this machine: what `assay record` writes down and
// `assay verify` compares with. The reference is never asked.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "harness/command/command.h"
#include "harness/corpus/corpus.h"

namespace assay {

// What one oracle said of the cases it was asked.
struct OracleAnswers {
  std::string profile;
  OracleVersion version;
  // By case, in the order asked; nothing where it answered `unsupported`, or
  // did not answer.
  std::vector<std::optional<RecordedOutcome>> outcomes;
  // Indices of the cases it did not answer: it crashed, hung, …
  std::set<std::size_t> silent;
};

struct OracleRound {
  std::vector<OracleAnswers> oracles;  // in natural order
  std::vector<std::string> problems;   // crashes, time-outs, broken adapters
  std::vector<std::string> notes;      // CPythons that were not asked, and why
};

// The outcome of a profile, or nullptr.
const RecordedOutcome* outcome_of(const std::vector<RecordedOutcome>& outcomes,
                                  const std::string& profile);

// Asks all `cases`. Where a profile is recorded, only the very version it was
// recorded from is an oracle; of a new profile the highest patch level is. Another
// installation of the profile counts, under its patch level ("cpython-3.11.2-c"),
// for cases that the oracle does not support.
OracleRound ask_oracles(Context& context, const std::vector<const Case*>& cases,
                        const std::map<std::string, OracleVersion>& recorded, unsigned processes,
                        double seconds);

}  // namespace assay
