#include "harness/verdict/judge.h"

#include <fmt/format.h>

#include <algorithm>

#include "reference/bytes/hex.h"
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
  if (a.outcome.data || b.outcome.data)
    return a.outcome.data == b.outcome.data && a.outcome.buffers == b.outcome.buffers;
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
  Judge(const Expectation& expectation, const Claim& claim, const Asked& asked)
      : expectation_(expectation), claim_(claim), asked_(asked), blind_(claim.blind) {
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
    const auto* value = std::get_if<ValueAnswer>(&answer);
    const auto* data = std::get_if<DataAnswer>(&answer);
    const bool writes = asked_.operation == "encode";
    if ((value != nullptr && writes) || (data != nullptr && !writes)) {
      settle(Verdict::adapter_error,
             fmt::format("{} is no answer to {}", writes ? "a value" : "data", asked_.operation));
      return std::move(judgement_);
    }
    const bool inspects = asked_.operation == "inspect" && !claim_.imitates;
    if (value != nullptr) {
      inspects ? judge_inspected(*value) : judge_value(*value);
    } else if (data != nullptr) {
      judge_data(*data);
    } else {
      const ErrorAnswer& error = std::get<ErrorAnswer>(answer);
      inspects ? judge_refusal(error) : judge_error(error);
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
    if (verdict != Verdict::pass && verdict != Verdict::seen) judgement_.expected = expected_text();
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
    std::optional<std::uint64_t> wrong_size;  // bytes that were to be read
    MatchResult first_difference;
    for (const Allowed& allowed : by_weight()) {
      if (!allowed.outcome.value) continue;
      MatchResult result = match_values(*allowed.outcome.value, value.text, allowed.blind, blind_);
      if (result.match == Match::malformed) {
        settle(Verdict::adapter_error, "no value text: " + result.path);
        return;
      }
      if (!accepted && result.match == Match::different) first_difference = result;
      accepted = true;
      if (result.match == Match::different) continue;
      if (!consumed_agrees(allowed.outcome, value)) {
        wrong_size = allowed.outcome.consumed;
      } else if (result.match == Match::equal) {
        return decide(Verdict::pass);
      } else {
        lossy = true;
      }
    }
    if (lossy) return decide(Verdict::lossy);
    if (wrong_size) {
      judgement_.detail =
          fmt::format("read {} bytes, expected {}", *value.consumed, *wrong_size);
      return decide(Verdict::wrong_consumed);
    }
    if (!accepted) return accepted_invalid(value);
    judgement_.path = first_difference.path;
    judgement_.expected_at = cut(first_difference.expected_at);
    judgement_.got_at = cut(first_difference.got_at);
    decide(Verdict::wrong_value);
  }

  // Bytes that were written: those of the target, or others that say the same.
  void judge_data(const DataAnswer& data) {
    judgement_.got = cut(to_hex(data.bytes));
    std::optional<WrittenMatch> best;
    bool accepted = false, buffers_differ = false;
    for (const Allowed& allowed : by_weight()) {
      if (!allowed.outcome.data) continue;
      accepted = true;
      if (allowed.outcome.buffers != data.buffers) {
        buffers_differ = true;
        continue;
      }
      if (*allowed.outcome.data == data.bytes) return decide(Verdict::pass);
      WrittenMatch match = compare_written(*allowed.outcome.data, data.bytes);
      if (match.kind == WrittenMatch::Kind::same_form) return decide(Verdict::pass);
      if (!best || match.kind < best->kind) best = std::move(match);
    }
    if (!accepted) return decide(Verdict::accepted_invalid);
    if (!best && buffers_differ) {
      judgement_.detail = "other buffers went out of band";
      return decide(Verdict::wrong_value);
    }
    decide_written(*best);
  }

  WrittenMatch compare_written(std::string_view expected, std::string_view got) const {
    if (asked_.rules == nullptr || !asked_.rules->match_written)
      return {WrittenMatch::Kind::unreadable, "", "", "", "only equal bytes are right"};
    return asked_.rules->match_written(expected, got, asked_.protocol);
  }

  void decide_written(const WrittenMatch& match) {
    if (!match.detail.empty()) judgement_.detail = match.detail;
    judgement_.path = match.path;
    judgement_.expected_at = cut(match.expected_at);
    judgement_.got_at = cut(match.got_at);
    if (match.kind == WrittenMatch::Kind::same_value)
      return decide(claim_.imitates ? Verdict::wrong_bytes : Verdict::other_bytes);
    decide(match.kind == WrittenMatch::Kind::too_new ? Verdict::wrong_bytes : Verdict::wrong_value);
  }

  // A list of globals: right if it has all that any oracle of the target looked
  // up. What it lists beyond that hides nothing.
  void judge_inspected(const ValueAnswer& value) {
    judgement_.got = cut(value.text);
    if (const auto fault = value_text_fault(value.text)) {
      settle(Verdict::adapter_error, "no value text: " + *fault);
      return;
    }
    for (const Allowed& allowed : by_weight()) {
      if (!allowed.outcome.value) continue;
      const std::vector<std::string> missing = missing_items(*allowed.outcome.value, value.text);
      if (missing.empty()) continue;
      judgement_.expected_at = missing.front();
      judgement_.detail = fmt::format("not listed: {}", fmt::join(missing, ", "));
      return decide(Verdict::missed);
    }
    decide(Verdict::seen);
  }

  void judge_refusal(const ErrorAnswer& error) {
    judgement_.got = "!" + error.name;
    if (!error.message.empty()) judgement_.detail = error.message;
    if (error.name == "ProtocolError") return settle(Verdict::adapter_error, "");
    decide(Verdict::failed_closed);
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
    if (const auto* data = std::get_if<DataAnswer>(&answer))
      return allowed.outcome.data == data->bytes && allowed.outcome.buffers == data->buffers;
    const auto* value = std::get_if<ValueAnswer>(&answer);
    if (value == nullptr || !allowed.outcome.value) return false;
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
  const Asked& asked_;
  Blindness blind_;
  Judgement judgement_;
};

}  // namespace

std::string outcome_text(const RecordedOutcome& outcome) {
  if (outcome.crashed()) return "(crash)";
  if (outcome.data) return to_hex(*outcome.data);
  return outcome.accepted() ? *outcome.value : "!" + outcome.error;
}

Claim claim_of(const Hello* hello) {
  Claim claim;
  if (hello == nullptr) return claim;
  claim.python_errors = hello->errors == "python";
  claim.blind = hello->lossy;
  claim.no_identity = hello->identity == "none";
  claim.imitates = !hello->profile.empty();
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

Judgement judge(const Expectation& expectation, const Observation& observation, const Claim& claim,
                const Asked& asked) {
  return Judge(expectation, claim, asked).judge(observation);
}

}  // namespace assay
