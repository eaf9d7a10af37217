#include "harness/verdict/judge.h"

#include <fmt/format.h>

#include <algorithm>

#include "reports/excerpt.h"

namespace assay {
namespace {

// Reports keep the start of values that are longer than this.
constexpr std::size_t longest_text = 4000;

std::string cut(std::string text) {
  if (text.size() <= longest_text) return text;
  // Of flat form the first lines are the innards of the value; its beginning is
  // at the end.
  if (text.find('\n') != std::string::npos) return one_line(text, longest_text);
  const std::size_t left_out = text.size() - longest_text;
  text.resize(longest_text);
  return text + fmt::format("... ({} more)", left_out);
}

Blindness common_blindness(const std::vector<std::string>& profiles,
                           const OracleBlindness& blindness) {
  Blindness common;
  for (std::size_t i = 0; i < profiles.size(); ++i) {
    const auto found = blindness.find(profiles[i]);
    if (found == blindness.end()) return {};
    if (i == 0) {
      common = found->second;
    } else {
      std::erase_if(common, [&](const std::string& name) {
        return std::count(found->second.begin(), found->second.end(), name) == 0;
      });
    }
  }
  return common;
}

Blindness joined(Blindness a, const Blindness& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

bool same_accepted(const Allowed& a, const Allowed& b) {
  return match_values(*a.outcome.value, *b.outcome.value, joined(a.blind, b.blind)).match ==
         Match::equal;
}

Level level_of(const std::vector<Allowed>& allowed) {
  Level level = Level::must;
  for (std::size_t i = 1; i < allowed.size(); ++i) {
    const RecordedOutcome& first = allowed[0].outcome;
    const RecordedOutcome& other = allowed[i].outcome;
    if (first.accepted() != other.accepted()) return Level::divergent;
    if (first.accepted() && !same_accepted(allowed[0], allowed[i])) return Level::divergent;
    if (!first.accepted() && first.error != other.error) level = Level::may_differ;
  }
  return level;
}

// One observation in the light of one expectation.
class Judge {
 public:
  Judge(const Expectation& expectation, const Claim& claim)
      : expectation_(expectation), claim_(claim), blind_(claim.blind) {
    if (claim.no_identity) blind_.push_back("identity=none");
  }

  Judgement judge(const Observation& observation) {
    if (expectation_.allowed.empty() && expectation_.crashes) {
      settle(Verdict::skipped, "the target itself crashes on this input");
      return std::move(judgement_);
    }
    judgement_.detail = observation.detail;
    if (!judge_status(observation)) return std::move(judgement_);
    const AnswerOutcome& answer = observation.answer->outcome;
    if (const auto* value = std::get_if<ValueAnswer>(&answer)) {
      judge_value(*value);
    } else if (const auto* error = std::get_if<ErrorAnswer>(&answer)) {
      judge_error(*error);
    } else {
      settle(Verdict::adapter_error, "data is no answer to decode");
      return std::move(judgement_);
    }
    if (expectation_.level == Level::divergent || standing(judgement_.verdict) == Standing::differs)
      find_shares(answer);
    return std::move(judgement_);
  }

 private:
  void settle(Verdict verdict, std::string detail) {
    judgement_.verdict = verdict;
    if (!detail.empty()) judgement_.detail = std::move(detail);
  }

  void decide(Verdict verdict) {
    judgement_.verdict = verdict;
    if (verdict != Verdict::pass) judgement_.expected = expected_text();
  }

  // Judges what is no answer; whether there is an answer to judge.
  bool judge_status(const Observation& observation) {
    switch (observation.status) {
      case Status::answered:
        if (observation.answer && expectation_.allowed.empty()) {
          settle(Verdict::skipped, "no outcome of the target is recorded");
          return false;
        }
        if (observation.answer) return true;
        settle(Verdict::adapter_error, "");
        return false;
      case Status::unsupported:
        judgement_.verdict = Verdict::unsupported;
        if (observation.answer)
          if (const auto* why = std::get_if<UnsupportedAnswer>(&observation.answer->outcome))
            judgement_.detail = why->why;
        return false;
      case Status::crash:
        decide(Verdict::crash);
        return false;
      case Status::timeout:
        decide(Verdict::timeout);
        return false;
      case Status::out_of_memory:
        decide(Verdict::out_of_memory);
        return false;
      case Status::adapter_error:
        decide(Verdict::adapter_error);
        return false;
      case Status::state_dependent:
        decide(Verdict::state_dependent);
        return false;
      case Status::skipped:
        judgement_.verdict = Verdict::skipped;
        return false;
    }
    return false;
  }

  static bool consumed_agrees(const RecordedOutcome& outcome, const ValueAnswer& value) {
    return !outcome.consumed || !value.consumed || outcome.consumed == value.consumed;
  }

  void judge_value(const ValueAnswer& value) {
    judgement_.got = cut(value.text);
    bool accepted = false, lossy = false;
    const RecordedOutcome* wrong_size = nullptr;
    MatchResult first_difference;
    for (const Allowed& allowed : by_weight()) {
      if (!allowed.outcome.accepted()) continue;
      MatchResult result = match_values(*allowed.outcome.value, value.text, allowed.blind, blind_);
      if (result.match == Match::malformed) {
        settle(Verdict::adapter_error, "no value text: " + result.path);
        return;
      }
      if (!accepted && result.match == Match::different) first_difference = result;
      accepted = true;
      if (result.match == Match::different) continue;
      if (!consumed_agrees(allowed.outcome, value)) {
        wrong_size = &allowed.outcome;
      } else if (result.match == Match::equal) {
        return decide(Verdict::pass);
      } else {
        lossy = true;
      }
    }
    if (lossy) return decide(Verdict::lossy);
    if (wrong_size != nullptr) {
      judgement_.detail =
          fmt::format("read {} bytes, expected {}", *value.consumed, *wrong_size->consumed);
      return decide(Verdict::wrong_consumed);
    }
    if (!accepted) return accepted_invalid(value);
    judgement_.path = first_difference.path;
    judgement_.expected_at = cut(first_difference.expected_at);
    judgement_.got_at = cut(first_difference.got_at);
    decide(Verdict::wrong_value);
  }

  void accepted_invalid(const ValueAnswer& value) {
    if (const auto fault = value_text_fault(value.text)) {
      settle(Verdict::adapter_error, "no value text: " + *fault);
      return;
    }
    decide(Verdict::accepted_invalid);
  }

  // Allowed outcomes, those of the most profiles first, so that a difference is
  // shown against what most oracles say.
  std::vector<Allowed> by_weight() const {
    std::vector<Allowed> sorted = expectation_.allowed;
    std::stable_sort(sorted.begin(), sorted.end(), [](const Allowed& a, const Allowed& b) {
      return a.outcome.profiles.size() > b.outcome.profiles.size();
    });
    return sorted;
  }

  void judge_error(const ErrorAnswer& error) {
    judgement_.got = "!" + error.name;
    if (!error.message.empty()) judgement_.detail = error.message;
    if (error.name == "ProtocolError") {
      settle(Verdict::adapter_error, "");
      return;
    }
    bool rejected = false;
    for (const Allowed& allowed : expectation_.allowed) {
      if (allowed.outcome.accepted()) continue;
      rejected = true;
      if (same_rejection(allowed.outcome, error)) return decide(Verdict::pass);
    }
    decide(rejected ? Verdict::wrong_error : Verdict::rejected_valid);
  }

  bool same_rejection(const RecordedOutcome& outcome, const ErrorAnswer& error) const {
    return !outcome.accepted() && (!claim_.python_errors || outcome.error == error.name);
  }

  bool same_outcome(const Allowed& allowed, const AnswerOutcome& answer) const {
    if (const auto* error = std::get_if<ErrorAnswer>(&answer))
      return same_rejection(allowed.outcome, *error);
    const auto* value = std::get_if<ValueAnswer>(&answer);
    if (value == nullptr || !allowed.outcome.accepted()) return false;
    const Match match =
        match_values(*allowed.outcome.value, value->text, allowed.blind, blind_).match;
    return (match == Match::equal || match == Match::lossy) &&
           consumed_agrees(allowed.outcome, *value);
  }

  void find_shares(const AnswerOutcome& answer) {
    for (const auto* outcomes : {&expectation_.allowed, &expectation_.others})
      for (const Allowed& allowed : *outcomes)
        if (same_outcome(allowed, answer))
          judgement_.shares.insert(judgement_.shares.end(), allowed.outcome.profiles.begin(),
                                   allowed.outcome.profiles.end());
    std::sort(judgement_.shares.begin(), judgement_.shares.end(), profile_before);
  }

  std::string expected_text() const {
    std::string text;
    std::vector<std::string> seen;
    for (const Allowed& allowed : by_weight()) {
      std::string one = cut(outcome_text(allowed.outcome));
      if (std::count(seen.begin(), seen.end(), one) != 0) continue;
      text += (seen.empty() ? "" : " or ") + one;
      seen.push_back(std::move(one));
    }
    return text;
  }

  const Expectation& expectation_;
  const Claim& claim_;
  Blindness blind_;
  Judgement judgement_;
};

}  // namespace

std::string outcome_text(const RecordedOutcome& outcome) {
  if (outcome.crashed()) return "(crash)";
  return outcome.accepted() ? *outcome.value : "!" + outcome.error;
}

Claim claim_of(const Hello* hello) {
  Claim claim;
  if (hello == nullptr) return claim;
  claim.python_errors = hello->errors == "python";
  claim.blind = hello->lossy;
  claim.no_identity = hello->identity == "none";
  claim.word = hello->word.value_or(64);
  return claim;
}

Expectation expect(const std::vector<RecordedOutcome>& outcomes, const ProfileSelection& target,
                   bool word_case, int word, const OracleBlindness& blindness) {
  Expectation expectation;
  for (const RecordedOutcome& outcome : outcomes) {
    RecordedOutcome inside = outcome, outside = outcome;
    inside.profiles.clear();
    outside.profiles.clear();
    for (const std::string& text : outcome.profiles) {
      const auto profile = ProfileName::parse(text);
      const bool counts =
          profile && target.contains(*profile) && (!word_case || profile->word == word);
      (counts ? inside : outside).profiles.push_back(text);
    }
    for (auto* part : {&inside, &outside}) {
      if (part->profiles.empty()) continue;
      if (outcome.crashed()) {
        expectation.crashes = expectation.crashes || part == &inside;
        continue;
      }
      Blindness blind = common_blindness(part->profiles, blindness);
      (part == &inside ? expectation.allowed : expectation.others)
          .push_back({std::move(*part), std::move(blind)});
    }
  }
  expectation.level = level_of(expectation.allowed);
  return expectation;
}

Judgement judge(const Expectation& expectation, const Observation& observation,
                const Claim& claim) {
  return Judge(expectation, claim).judge(observation);
}

}  // namespace assay
