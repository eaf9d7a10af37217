#include "harness/command/judging.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "harness/command/asking.h"
#include "harness/command/fleet.h"
#include "harness/command/places.h"
#include "harness/command/project.h"
#include "harness/command/repeat.h"
#include "harness/command/suggestions.h"
#include "harness/runner/hello_words.h"

namespace assay {
namespace {

// `name`, or with a number behind it where that is taken: "mypickle-1.0#2".
std::string unique_name(const std::string& name, const std::set<std::string>& taken) {
  std::string unique = name;
  for (int number = 2; taken.contains(unique); ++number)
    unique = fmt::format("{}#{}", name, number);
  return unique;
}

bool name_wanted(const Subject& subject, const std::string& name) {
  return subject.names.empty() ||
         std::any_of(subject.names.begin(), subject.names.end(),
                     [&](const std::string& glob) { return glob_match(glob, name); });
}

ImplementationRecord describe(const Subject& subject, const RunReport& report,
                              const std::string& name) {
  ImplementationRecord record;
  record.name = name;
  record.seconds = report.seconds;
  const Hello* hello = report.hello ? &*report.hello : nullptr;
  record.role = role_of(hello);
  record.note = report.not_started;
  record.remarks = report.notes;
  if (hello != nullptr) {
    record.implementation = hello->implementation;
    record.version = hello->version;
    record.lane = hello->lane;
  } else {
    record.implementation = name;
    if (subject.candidate.kind == Candidate::Kind::reference) record.role = "reference";
  }
  return record;
}

ResultRecord to_record(const Case& c, const std::string& name, Level level, Judgement judgement) {
  ResultRecord record;
  record.implementation = name;
  record.case_id = c.id;
  record.format = c.reported;
  record.protocol = c.protocol;
  record.topic = c.topic;
  record.verdict = judgement.verdict;
  record.level = level;
  record.shares = std::move(judgement.shares);
  if (judgement.verdict == Verdict::pass) return record;
  record.expected = std::move(judgement.expected);
  record.got = std::move(judgement.got);
  record.path = std::move(judgement.path);
  record.expected_at = std::move(judgement.expected_at);
  record.got_at = std::move(judgement.got_at);
  record.detail = std::move(judgement.detail);
  return record;
}

Asked asked(const Case& c) {
  return {c.operation, c.protocol, &formats().at(c.format)};
}

// What an adapter does not claim says nothing about it, whatever it answers. The
// interpreters found here are judged by all: that a Python 2 refuses protocol 3 is
// recorded.
bool is_claimed(const Subject& subject, const Hello* hello, const Case& c) {
  return hello == nullptr || subject.candidate.kind != Candidate::Kind::described ||
         claims(hello->formats, c.module, c.operation, c.protocol);
}

Judgement not_claimed() {
  Judgement judgement;
  judgement.verdict = Verdict::unsupported;
  judgement.detail = "not among the formats of its hello";
  return judgement;
}

// The command that asks this subject for a case again, with the id left out.
std::string repeat_words(const Subject& subject, const std::string& name,
                         const JudgingOptions& options) {
  std::string words = subject_words(subject, name);
  if (options.target) words += " --target " + shell_word(options.target->text());
  return words;
}

// Before the hello nobody knows what an implementation claims; what no oracle at
// all ever said, however one looks at it, is worth asking twice.
std::function<bool(const Observation&)> recheck_of(const std::vector<const Case*>& cases) {
  return [&cases](const Observation& observation) {
    static const ProfileSelection all("all");
    const Case& c = *cases[observation.index];
    const Expectation expectation = expect(c.outcomes, all, false, 64, {});
    return standing(judge(expectation, observation, Claim{}, asked(c)).verdict) ==
           Standing::differs;
  };
}

}  // namespace

ProfileSelection parse_target(const std::string& text, const std::vector<std::string>& recorded) {
  try {
    ProfileSelection selection(text);
    if (selection.of(recorded).empty())
      throw UsageError(fmt::format("--target {} selects none of the recorded profiles: {}", text,
                                   fmt::join(recorded, " ")));
    return selection;
  } catch (const std::invalid_argument& error) {
    throw UsageError(fmt::format("--target: {}{}", error.what(), perhaps(text, recorded)));
  }
}

OracleBlindness oracle_blindness(const Corpus& corpus) {
  OracleBlindness blindness;
  for (const auto& [profile, oracle] : corpus.oracles())
    if (!oracle.lossy.empty()) blindness[profile] = oracle.lossy;
  return blindness;
}

namespace {

using Take = std::function<void(const ImplementationRecord&, const Case&, const Observation&, Level,
                                Judgement)>;

// Runs the subjects, then hands over each implementation's judgements in turn.
void judge_each(const Corpus& corpus, const std::vector<const Case*>& cases,
                const std::vector<Subject>& subjects, const JudgingOptions& options,
                const std::function<void(const ImplementationRecord&, const Subject&)>& begin,
                const Take& take) {
  const std::vector<Job> jobs = jobs_of(cases, options.seconds);
  std::vector<Errand> errands;
  for (const Subject& subject : subjects) {
    Errand errand = errand_to(subject.candidate, jobs);
    if (!errand.heavy) errand.options.recheck = recheck_of(cases);
    errands.push_back(std::move(errand));
  }
  const std::vector<RunReport> reports = run_fleet(errands, options.jobs);

  const OracleBlindness blindness = oracle_blindness(corpus);
  const std::vector<std::string> profiles = corpus.profiles();
  std::map<std::string, std::string> versions;
  for (const auto& [profile, oracle] : corpus.oracles()) versions[profile] = oracle.version;
  std::set<std::string> taken;
  for (std::size_t i = 0; i < subjects.size(); ++i) {
    const Hello* hello = reports[i].hello ? &*reports[i].hello : nullptr;
    std::string name = name_of(subjects[i], hello, versions);
    if (hello != nullptr && !name_wanted(subjects[i], name)) continue;
    if (subjects[i].command.empty() && taken.contains(name)) continue;
    name = unique_name(name, taken);
    taken.insert(name);
    ImplementationRecord record = describe(subjects[i], reports[i], name);
    const ProfileSelection target =
        options.target ? *options.target : own_target(subjects[i].candidate, hello, profiles);
    record.target = target.text();
    begin(record, subjects[i]);
    if (!record.note.empty()) continue;  // nothing was asked
    const Claim claim = claim_of(hello);
    for (std::size_t k = 0; k < cases.size(); ++k) {
      const Expectation expectation =
          expect(cases[k]->outcomes, target, cases[k]->word, claim.word, blindness);
      const Observation& observation = reports[i].observations[k];
      take(record, *cases[k], observation, expectation.level,
           is_claimed(subjects[i], hello, *cases[k])
               ? judge(expectation, observation, claim, asked(*cases[k]))
               : not_claimed());
    }
  }
}

}  // namespace

JudgedRun judge_all(const Corpus& corpus, const std::vector<const Case*>& cases,
                    const std::vector<Subject>& subjects, const JudgingOptions& options) {
  JudgedRun run;
  run.results.run.cases = cases.size();
  const Places places(options.project);
  std::string repeat;
  judge_each(
      corpus, cases, subjects, options,
      [&](const ImplementationRecord& record, const Subject& subject) {
        run.results.implementations.push_back(record);
        ImplementationRecord& added = run.results.implementations.back();
        added.note = places.without(std::move(added.note));
        for (std::string& remark : added.remarks) remark = places.without(std::move(remark));
        repeat = repeat_words(subject, record.name, options);
        if (!options.target && !subject.candidate.known.empty())
          run.known[record.name] = subject.candidate.known;
      },
      [&](const ImplementationRecord& record, const Case& c, const Observation&, Level level,
          Judgement judgement) {
        ResultRecord result = to_record(c, record.name, level, std::move(judgement));
        for (std::string* text : {&result.got, &result.got_at, &result.detail})
          if (!text->empty()) *text = places.without(std::move(*text));
        if (standing(result.verdict) == Standing::differs)
          result.repeat = fmt::format("{} explain {}{}", options.program, c.id, repeat);
        run.results.results.push_back(std::move(result));
      });
  return run;
}

std::vector<JudgedCase> judge_cases(const Corpus& corpus, const std::vector<const Case*>& cases,
                                    const std::vector<Subject>& subjects,
                                    const JudgingOptions& options) {
  std::vector<JudgedCase> all;
  judge_each(
      corpus, cases, subjects, options,
      [&](const ImplementationRecord& record, const Subject&) {
        if (!record.note.empty()) all.push_back({record, {}, Level::must, {}});
      },
      [&](const ImplementationRecord& record, const Case&, const Observation& observation,
          Level level, Judgement judgement) {
        all.push_back({record, observation, level, std::move(judgement)});
      });
  return all;
}

}  // namespace assay
