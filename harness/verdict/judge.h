// The verdict: an observation judged by what the oracles of a target said.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/corpus/case.h"
#include "harness/corpus/profile_name.h"
#include "harness/runner/runner.h"
#include "harness/verdict/value_match.h"
#include "reports/verdict.h"

namespace assay {

// One recorded outcome as judging needs it.
struct Allowed {
  RecordedOutcome outcome;
  Blindness blind;  // what none of the oracles that gave it can tell apart
};

// What a case's recorded outcomes ask of an implementation.
struct Expectation {
  Level level = Level::must;
  std::vector<Allowed> allowed;  // by the oracles of the target
  std::vector<Allowed> others;   // by the rest, to say whose behaviour is shared
  bool crashes = false;          // an oracle of the target crashes; it allows nothing
};

// What oracles cannot tell apart, by profile; profiles that see all are left out.
using OracleBlindness = std::map<std::string, Blindness>;

// What an implementation says of itself.
struct Claim {
  bool python_errors = false;  // its exception classes are Python's
  Blindness blind;             // lossy
  bool no_identity = false;    // it cannot tell shared from copied
  int word = 64;
};

// Takes the claim out of a hello; `hello` may be null (--exec).
Claim claim_of(const Hello* hello);

// The expectation of a case for an implementation of word size `word`. A case
// that depends on the word size takes only oracles of the same size.
Expectation expect(const std::vector<RecordedOutcome>& outcomes, const ProfileSelection& target,
                   bool word_case, int word, const OracleBlindness& blindness);

struct Judgement {
  Verdict verdict = Verdict::skipped;
  // Of everything but a pass (and of lossy, where the difference lies):
  std::string expected;  // value text, "!Class"; several joined by " or "
  std::string got;
  std::string path, expected_at, got_at;
  std::string detail;
  std::vector<std::string> shares;  // profiles, recorded at all, that did the same
};

// Judges one observation.
Judgement judge(const Expectation& expectation, const Observation& observation, const Claim& claim);

// An outcome as reports write it: value text, or "!Class".
std::string outcome_text(const RecordedOutcome& outcome);

}  // namespace assay
