// assay record: writes down what every oracle on the machine says.
#include <fmt/format.h>

#include <algorithm>
#include <fstream>

#include "harness/command/asking.h"
#include "harness/command/oracle_answers.h"
#include "harness/command/project.h"
#include "harness/command/recording.h"
#include "harness/corpus/profile_name.h"
#include "harness/verdict/value_match.h"

namespace assay {
namespace {

// The recorded profiles and what each cannot tell apart; those that see
// everything first, then in natural order.
struct KnownOracle {
  std::string profile;
  Blindness blind;
};

std::vector<KnownOracle> known_oracles(const std::map<std::string, OracleVersion>& oracles) {
  std::vector<KnownOracle> known;
  for (const auto& [profile, version] : oracles) known.push_back({profile, version.lossy});
  std::sort(known.begin(), known.end(), [](const KnownOracle& a, const KnownOracle& b) {
    if (a.blind.empty() != b.blind.empty()) return a.blind.empty();
    return profile_before(a.profile, b.profile);
  });
  return known;
}

// The NaNs of a value text by their bits, in order: judging takes `nan` for any
// quiet NaN, but a record says which one an oracle gave.
std::vector<std::string_view> nans(std::string_view text) {
  std::vector<std::string_view> found;
  constexpr std::string_view word = "nan";
  for (std::size_t at = text.find(word); at != text.npos; at = text.find(word, at + 1)) {
    const std::size_t bits = at + word.size();
    const bool written = bits < text.size() && text[bits] == '(';
    found.push_back(written ? text.substr(at, text.find(')', at) - at) : word);
  }
  std::sort(found.begin(), found.end());
  return found;
}

// Puts this round's answers about one case together with what is recorded of
// oracles that are not on this machine, or did not answer now. `c.outcomes` are
// of this very input.
std::vector<RecordedOutcome> merged(const Case& c, std::size_t index, const OracleRound& round,
                                    const std::vector<KnownOracle>& known) {
  std::vector<RecordedOutcome> outcomes;
  for (const KnownOracle& oracle : known) {
    const auto asked =
        std::find_if(round.oracles.begin(), round.oracles.end(),
                     [&](const OracleAnswers& other) { return other.profile == oracle.profile; });
    const auto same = [&](std::string_view a, std::string_view b) {
      return same_value(a, b, oracle.blind) && nans(a) == nans(b);
    };
    const RecordedOutcome* before = outcome_of(c.outcomes, oracle.profile);
    if (asked == round.oracles.end() || asked->silent.contains(index)) {
      if (before != nullptr) add_outcome(outcomes, oracle.profile, *before, same);
    } else if (const auto& answer = asked->outcomes[index]) {
      add_outcome(outcomes, oracle.profile, *answer, same);
    }
  }
  return outcomes;
}

bool write_if_changed(const std::filesystem::path& path, const std::string& text) {
  if (std::filesystem::exists(path) && read_input_file(path.string()) == text) return false;
  std::ofstream out(path, std::ios::binary);
  out << text;
  if (!out.flush()) throw UsageError(path.string() + ": cannot be written");
  return true;
}

}  // namespace

void record(Context& context, const RecordOptions& options) {
  const Corpus corpus = load_project_corpus(context);
  const std::vector<const Case*> cases = choose_cases(corpus, options.wanted);
  std::map<std::string, OracleVersion> oracles = corpus.oracles();
  const OracleRound round = ask_oracles(context, cases, oracles, options.jobs, options.seconds);
  for (const OracleAnswers& oracle : round.oracles) oracles[oracle.profile] = oracle.version;
  const std::vector<KnownOracle> known = known_oracles(oracles);

  std::map<const Case*, std::size_t> index;
  for (std::size_t i = 0; i < cases.size(); ++i) index[cases[i]] = i;
  std::size_t written = 0, files = 0;
  for (const CaseFile& file : corpus.files) {
    Recorded recorded;
    bool touched = false;
    for (const Case& c : file.cases) {
      const auto at = index.find(&c);
      if (at == index.end()) {
        if (const auto kept = file.recorded.cases.find(c.id); kept != file.recorded.cases.end())
          recorded.cases.insert(*kept);
        continue;
      }
      touched = true;
      recorded.cases[c.id] = {input_mark(c.content()), c.options_text(),
                              merged(c, at->second, round, known)};
    }
    if (!touched) continue;
    for (const auto& [id, entry] : recorded.cases)
      for (const RecordedOutcome& outcome : entry.outcomes)
        for (const std::string& profile : outcome.profiles)
          recorded.oracles[profile] = oracles.at(profile);
    written += write_if_changed(file.recorded_path(), print_recorded(recorded, file.ids()));
    ++files;
  }
  for (const std::string& note : round.notes) fmt::print("note: {}\n", note);
  for (const std::string& problem : round.problems) fmt::print("problem: {}\n", problem);
  fmt::print("{} cases asked of {} oracles; {} of {} files changed\n", cases.size(),
             round.oracles.size(), written, files);
  if (!round.problems.empty()) context.status = exit_differs;
}

void add_record(CLI::App& app, Context& context) {
  auto options = std::make_shared<RecordOptions>();
  CLI::App* command =
      app.add_subcommand("record", "Ask every CPython here and write down what it says");
  command->add_option("cases", options->wanted,
                      "Ids, globs of ids, topics or files (default: all)");
  command->add_option("-j,--jobs", options->jobs, "Processes at a time (default: one a core)");
  command->add_option("--seconds", options->seconds, "Limit for one case")->capture_default_str();
  command->callback([options, &context] { record(context, *options); });
}

}  // namespace assay
