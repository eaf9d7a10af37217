// assay verify: asks every oracle on the machine again; any difference from
// what is recorded fails.
#include <fmt/format.h>

#include <algorithm>
#include <random>

#include "harness/command/asking.h"
#include "harness/command/oracle_answers.h"
#include "harness/command/project.h"
#include "harness/verdict/judge.h"

namespace assay {
namespace {

struct VerifyOptions {
  std::vector<std::string> wanted;
  unsigned jobs = 0;
  double seconds = 60;
  std::optional<std::uint64_t> shuffle;
};

// An order that is the same for a seed everywhere: no outcome may depend on it.
void shuffle(std::vector<const Case*>& cases, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  for (std::size_t i = cases.size(); i > 1; --i) std::swap(cases[i - 1], cases[random() % i]);
}

std::string shown(const RecordedOutcome* outcome) {
  if (outcome == nullptr) return "nothing";
  if (outcome->crashed()) return "(crash)";
  if (!outcome->value) return outcome_text(*outcome);
  return outcome->consumed ? fmt::format("{} ({} bytes)", *outcome->value, *outcome->consumed)
                           : *outcome->value;
}

// Bytes that were written are the same in the form that the format leaves open.
bool same_bytes(const Case& c, const RecordedOutcome& a, const RecordedOutcome& b) {
  if (!a.data || !b.data || a.buffers != b.buffers) return false;
  if (*a.data == *b.data) return true;
  const auto& match = formats().at(c.format).match_written;
  return match && match(*a.data, *b.data, c.protocol).kind == WrittenMatch::Kind::same_form;
}

bool same(const Case& c, const RecordedOutcome* a, const RecordedOutcome* b,
          const Blindness& blind) {
  if (a == nullptr || b == nullptr) return a == b;
  if (a->accepted() != b->accepted()) return false;
  if (!a->accepted()) return a->error == b->error;
  if (a->data || b->data) return same_bytes(c, *a, *b);
  return a->consumed == b->consumed && same_value(*a->value, *b->value, blind);
}

void verify(Context& context, const VerifyOptions& options) {
  const Corpus corpus = load_project_corpus(context);
  for (const Problem& problem : corpus.problems) {
    fmt::print("{}\n", problem.message());
    context.status = exit_differs;
  }
  std::vector<const Case*> cases = choose_cases(corpus, options.wanted);
  if (options.shuffle) shuffle(cases, *options.shuffle);
  const OracleRound round =
      ask_oracles(context, cases, corpus.oracles(), options.jobs, options.seconds);
  std::size_t compared = 0, differences = 0;
  for (const OracleAnswers& oracle : round.oracles) {
    for (std::size_t i = 0; i < cases.size(); ++i) {
      const RecordedOutcome* recorded = nullptr;
      for (const RecordedOutcome& outcome : cases[i]->outcomes)
        if (std::count(outcome.profiles.begin(), outcome.profiles.end(), oracle.profile) != 0)
          recorded = &outcome;
      const RecordedOutcome* now = oracle.outcomes[i] ? &*oracle.outcomes[i] : nullptr;
      ++compared;
      if (same(*cases[i], recorded, now, oracle.version.lossy)) continue;
      ++differences;
      fmt::print("{}:{}: {}: {} {}\n  recorded  {}\n  now       {}\n", cases[i]->file,
                 cases[i]->line, cases[i]->id, oracle.profile, oracle.version.version,
                 shown(recorded), shown(now));
    }
  }
  for (const std::string& problem : round.problems) fmt::print("problem: {}\n", problem);
  fmt::print("{} outcomes of {} oracles asked again: {} differ\n", compared, round.oracles.size(),
             differences);
  if (differences != 0 || !round.problems.empty()) context.status = exit_differs;
}

}  // namespace

void add_verify(CLI::App& app, Context& context) {
  auto options = std::make_shared<VerifyOptions>();
  CLI::App* command =
      app.add_subcommand("verify", "Ask every CPython here again; fail if it differs");
  command->add_option("cases", options->wanted,
                      "Ids, globs of ids, topics or files (default: all)");
  command->add_option("-j,--jobs", options->jobs, "Processes at a time (default: one a core)");
  command->add_option("--seconds", options->seconds, "Limit for one case")->capture_default_str();
  command->add_option("--shuffle", options->shuffle, "Ask in another order, chosen by this number")
      ->type_name("SEED");
  command->callback([options, &context] { verify(context, *options); });
}

}  // namespace assay
