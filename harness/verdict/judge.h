// The verdict: an observation judged by what the oracles of a target said.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/corpus/corpus.h"
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
  bool imitates = false;       // it claims to do what a profile does, to the byte
  int word = 64;
};

// Takes the claim out of a hello; `hello` may be null (--exec).
Claim claim_of(const Hello* hello);

// The expectation of a case for an implementation of word size `word`. A case
// that depends on the word size takes only oracles of the same size.
Expectation expect(const std::vector<RecordedOutcome>& outcomes, const ProfileSelection& target,
                   bool word_case, int word, const OracleBlindness& blindness);

// What was asked, where values are not all that counts.
struct Asked {
  std::string operation = "decode";
  int protocol = -1;                   // encode: the protocol to write
  const FormatRules* rules = nullptr;  // encode: how bytes compare; null: byte by byte
};

struct Judgement {
  Verdict verdict = Verdict::skipped;
  // Of everything but a pass (and of lossy, where the difference lies):
  std::string expected;  // value text, hex, "!Class"; several joined by " or "
  std::string got;
  std::string path, expected_at, got_at;
  std::string detail;
  std::vector<std::string> shares;  // profiles, recorded at all, that did the same
};

// Judges one observation.
Judgement judge(const Expectation& expectation, const Observation& observation, const Claim& claim,
                const Asked& asked = {});

// An outcome as reports write it: value text, bytes in hex, or "!Class".
std::string outcome_text(const RecordedOutcome& outcome);

}  // namespace assay
