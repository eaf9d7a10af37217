#include "harness/command/oracle_answers.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "harness/command/asking.h"
#include "harness/command/fleet.h"
#include "harness/corpus/profile_name.h"
#include "harness/oracles/discovery.h"
#include "harness/verdict/value_match.h"

namespace assay {
namespace {

class Round {
 public:
  Round(const std::vector<const Case*>& cases, const std::map<std::string, OracleVersion>& recorded)
      : cases_(cases), recorded_(recorded) {}

  void take(const Candidate& candidate, const RunReport& report) {
    for (const std::string& note : report.notes)
      round_.problems.push_back(
          fmt::format("{} ({}): {}", candidate.implementation.name, candidate.origin, note));
    if (!report.hello || report.hello->implementation != "cpython") return;
    OracleAnswers answers;
    answers.profile = report.hello->profile;
    answers.version = {report.hello->version, report.hello->word.value_or(64), report.hello->lossy};
    for (const Observation& observation : report.observations)
      answers.outcomes.push_back(outcome(answers, observation));
    round_.oracles.push_back(std::move(answers));
  }

  OracleRound finish() {
    choose_one_a_profile();
    std::sort(round_.oracles.begin(), round_.oracles.end(),
              [](const OracleAnswers& a, const OracleAnswers& b) {
                return profile_before(a.profile, b.profile);
              });
    return std::move(round_);
  }

 private:
  std::optional<RecordedOutcome> outcome(OracleAnswers& oracle, const Observation& observation) {
    if (observation.status == Status::unsupported) return std::nullopt;
    if (observation.status == Status::crash) {
      round_.notes.push_back(
          fmt::format("{} {}: {}: crashes, {}", oracle.profile, oracle.version.version,
                      cases_[observation.index]->id,
                      observation.detail.substr(0, observation.detail.find(';'))));
      return RecordedOutcome{};
    }
    if (observation.status == Status::answered && observation.answer) {
      RecordedOutcome recorded;
      if (const auto* value = std::get_if<ValueAnswer>(&observation.answer->outcome)) {
        recorded.value = value->text;
        recorded.consumed = value->consumed;
        return recorded;
      }
      if (const auto* data = std::get_if<DataAnswer>(&observation.answer->outcome)) {
        recorded.data = data->bytes;
        recorded.buffers = data->buffers;
        return recorded;
      }
      if (const auto* error = std::get_if<ErrorAnswer>(&observation.answer->outcome)) {
        recorded.error = error->name;
        if (error->name != "ProtocolError") return recorded;
      }
    }
    oracle.silent.insert(observation.index);
    round_.problems.push_back(fmt::format("{} {}: {}: {} {}", oracle.profile,
                                          oracle.version.version, cases_[observation.index]->id,
                                          name(observation.status), observation.detail));
    return std::nullopt;
  }

  // Two installations of one profile: the recorded version, else the highest.
  void choose_one_a_profile() {
    std::map<std::string, std::string> chosen;
    for (const OracleAnswers& oracle : round_.oracles) {
      const auto known = recorded_.find(oracle.profile);
      std::string& version = chosen[oracle.profile];
      if (known != recorded_.end()) {
        version = known->second.version;
      } else if (version.empty() || profile_before(named(oracle.profile, version),
                                                   named(oracle.profile, oracle.version.version))) {
        version = oracle.version.version;
      }
    }
    std::set<std::string> taken;
    std::vector<OracleAnswers> all;
    all.swap(round_.oracles);
    for (const OracleAnswers& oracle : all)
      if (oracle.version.version == chosen[oracle.profile] && taken.insert(oracle.profile).second)
        round_.oracles.push_back(oracle);
    for (OracleAnswers& oracle : all)
      if (oracle.version.version != chosen[oracle.profile])
        keep_what_else_it_says(std::move(oracle), chosen[oracle.profile]);
  }

  // An installation that is not its profile's oracle, named with its patch level:
  // for the cases that the oracle does not support (modules that it was built
  // without) or answers otherwise, and for those recorded so where the oracle is
  // not here.
  void keep_what_else_it_says(OracleAnswers other, const std::string& oracle_version) {
    const auto oracle =
        std::find_if(round_.oracles.begin(), round_.oracles.end(),
                     [&](const OracleAnswers& one) { return one.profile == other.profile; });
    const std::string profile = named(other.profile, other.version.version);
    bool anything = false;
    for (std::size_t i = 0; i < cases_.size(); ++i) {
      const bool wanted = oracle != round_.oracles.end()
                              ? says_more(other, *oracle, i)
                              : outcome_of(cases_[i]->outcomes, profile) != nullptr;
      if (!wanted) other.outcomes[i].reset();
      if (!wanted) other.silent.erase(i);
      anything = anything || other.outcomes[i];
    }
    if (!anything)
      return round_.notes.push_back(fmt::format("{}: {} is the oracle, {} is here, too",
                                                other.profile, oracle_version,
                                                other.version.version));
    const bool repeated =
        std::any_of(round_.oracles.begin(), round_.oracles.end(),
                    [&](const OracleAnswers& one) { return one.profile == profile; });
    other.profile = profile;
    if (!repeated) round_.oracles.push_back(std::move(other));
  }

  // Whether `other` answers a case that the oracle does not, or otherwise.
  static bool says_more(const OracleAnswers& other, const OracleAnswers& oracle, std::size_t i) {
    if (!other.outcomes[i] || oracle.silent.contains(i)) return false;
    if (!oracle.outcomes[i]) return true;
    const RecordedOutcome &a = *other.outcomes[i], &b = *oracle.outcomes[i];
    if (a.error != b.error || a.data != b.data || a.buffers != b.buffers ||
        a.consumed != b.consumed || a.value.has_value() != b.value.has_value())
      return true;
    return a.value && !same_value(*a.value, *b.value, other.version.lossy);
  }

  // A profile with a patch level, so that versions compare as numbers.
  static std::string named(const std::string& profile, const std::string& version) {
    ProfileName name = ProfileName::parse(profile).value_or(ProfileName{});
    const std::size_t dot = version.find('.', version.find('.') + 1);
    name.patch = dot == std::string::npos ? "" : version.substr(dot + 1);
    return name.text();
  }

  const std::vector<const Case*>& cases_;
  const std::map<std::string, OracleVersion>& recorded_;
  OracleRound round_;
};

}  // namespace

const RecordedOutcome* outcome_of(const std::vector<RecordedOutcome>& outcomes,
                                  const std::string& profile) {
  for (const RecordedOutcome& outcome : outcomes)
    if (std::find(outcome.profiles.begin(), outcome.profiles.end(), profile) !=
        outcome.profiles.end())
      return &outcome;
  return nullptr;
}

OracleRound ask_oracles(Context& context, const std::vector<const Case*>& cases,
                        const std::map<std::string, OracleVersion>& recorded, unsigned processes,
                        double seconds) {
  std::vector<Candidate> candidates =
      find_candidates(environment(context.project(), context.program_folder));
  std::erase_if(candidates, [](const Candidate& c) {
    return c.kind != Candidate::Kind::python && c.kind != Candidate::Kind::pyodide;
  });
  const std::vector<Job> jobs = jobs_of(cases, seconds);
  std::vector<Errand> errands;
  for (const Candidate& candidate : candidates) {
    Errand errand = errand_to(candidate, jobs);
    errand.options.memory_limit = std::uint64_t{4} << 30;
    errands.push_back(std::move(errand));
  }
  const std::vector<RunReport> reports = run_fleet(errands, processes);
  Round round(cases, recorded);
  for (std::size_t i = 0; i < reports.size(); ++i) round.take(candidates[i], reports[i]);
  return round.finish();
}

}  // namespace assay
