// assay explain: one case, with everything that is known of it.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "harness/command/asking.h"
#include "harness/command/case_catalogue.h"
#include "harness/command/judging.h"
#include "harness/command/project.h"
#include "harness/command/quirk_list.h"
#include "harness/command/repeat.h"
#include "harness/command/suggestions.h"
#include "harness/command/text_layout.h"
#include "reference/bytes/hex.h"
#include "reports/excerpt.h"

namespace assay {
namespace {

struct ExplainOptions {
  std::string id;
  SubjectOptions subjects;
  std::string target;
  bool json = false, full = false;
};

const Case& find_case(const Corpus& corpus, const std::string& id) {
  if (const Case* found = corpus.find(id)) return *found;
  std::vector<std::string> ids;
  for (const CaseFile& file : corpus.files)
    for (const Case& c : file.cases) ids.push_back(c.id);
  throw UsageError(fmt::format("no case is called '{}'{}", id, perhaps(id, ids)));
}

std::string outcome_line(const RecordedOutcome& outcome, bool full) {
  if (outcome.crashed()) return "(crash)";
  const std::string whole = outcome_text(outcome);
  std::string text = full ? whole : one_line(whole, screen_columns - 22);
  if (outcome.consumed) text += fmt::format("   ({} bytes read)", *outcome.consumed);
  return text;
}

void print_head(const Case& c) {
  fmt::print("{}   ({}{}, {}:{})\n", c.id, c.reported,
             c.protocol < 0 ? "" : fmt::format(" protocol {}", c.protocol), c.file, c.line);
  fmt::print("{}{}", labelled("  why", c.why, 10), labelled("  source", c.spec, 10));
  if (const std::string options = options_alone(c); !options.empty())
    fmt::print("{}", labelled("  options", options, 10));
  if (c.word) fmt::print("  word      judged only by oracles of the same word size\n");
  for (const std::string& name : c.quirks) {
    const std::optional<QuirkEntry> row = find_quirk(c.format, name);
    fmt::print(
        "{}",
        labelled("  quirk",
                 row ? fmt::format("{}: {} [{}]", name, row->statement, row->citation) : name, 10));
  }
}

// The bytes, the value, the program, the files.
void print_asked(const Case& c, bool full) {
  if (!c.value.empty())
    fmt::print("\nvalue\n  {}\n", full ? c.value : one_line(c.value, screen_columns - 2));
  if (!c.script.empty())
    fmt::print("\n{}\n{}\n", c.operation == "scenario" ? "program" : "script",
               full ? c.script : first_lines(c.script, 40));
  if (!c.path.empty()) fmt::print("\nfiles     (name, checksum/size)\n{}", c.files);
  if (c.value.empty() && c.script.empty() && c.path.empty())
    fmt::print("\nbytes ({})\n{}", c.input.size(), hex_dump(c.input, full ? SIZE_MAX : 8));
}

void print_outcomes(const Case& c, const std::vector<std::string>& recorded, bool full) {
  fmt::print("\nrecorded outcomes\n");
  for (const RecordedOutcome& outcome : c.outcomes)
    fmt::print("  {}\n{}", outcome_line(outcome, full),
               wrapped(selection_text(outcome.profiles, recorded), 6));
  const auto level = [&](const ProfileSelection& target) {
    return name(expect(c.outcomes, target, c.word, 64, {}).level);
  };
  fmt::print("  level: {} for {}, {} for all\n", level(ProfileSelection::standard()),
             ProfileSelection::standard().text(), level(ProfileSelection("all")));
}

std::string observed(const Observation& observation) {
  if (!observation.answer) return fmt::format("({})", name(observation.status));
  const AnswerOutcome& answer = observation.answer->outcome;
  if (const auto* value = std::get_if<ValueAnswer>(&answer))
    return value->consumed ? fmt::format("{}   ({} bytes read)", value->text, *value->consumed)
                           : value->text;
  if (const auto* error = std::get_if<ErrorAnswer>(&answer))
    return fmt::format("!{}{}{}", error->name, error->message.empty() ? "" : ": ", error->message);
  if (const auto* why = std::get_if<UnsupportedAnswer>(&answer)) return "unsupported: " + why->why;
  return to_hex(std::get<DataAnswer>(answer).bytes);
}

void print_judged(const JudgedCase& judged, bool full) {
  if (!judged.implementation.note.empty()) {
    fmt::print("\n{}", wrapped(fmt::format("{} did not start: {}", judged.implementation.name,
                                           last_words(judged.implementation.note)),
                               0));
    return;
  }
  const Judgement& judgement = judged.judgement;
  const auto fit = [&](const std::string& text) {
    return full ? text : one_line(text, screen_columns - 12);
  };
  fmt::print("\n{}: {}  ({} by {})\n", judged.implementation.name, name(judgement.verdict),
             name(judged.level), judged.implementation.target);
  fmt::print("  gave      {}\n", fit(observed(judged.observation)));
  if (!judgement.expected.empty()) fmt::print("  expected  {}\n", fit(judgement.expected));
  if (!judgement.path.empty() || !judgement.got_at.empty())
    fmt::print(
        "  at        {}\n",
        fit(fmt::format("{}: {}, not {}", judgement.path.empty() ? "the root" : judgement.path,
                        judgement.got_at, judgement.expected_at)));
  if (judgement.detail.empty()) return;
  const Detail detail = take_apart(judgement.detail);
  fmt::print("{}", labelled("  detail", detail.what, 12));
  for (const std::string& line : detail.errors) fmt::print("  stderr    {}\n", fit(line));
}

// What the implementation is given.
void put_asked(nlohmann::ordered_json& json, const Case& c) {
  json["operation"] = c.operation;
  const auto put = [&](const char* key, const std::string& text) {
    if (!text.empty()) json[key] = text;
  };
  put("value", c.value);
  put("script", c.script);
  put("path", c.path);
  if (c.value.empty() && c.script.empty() && c.path.empty()) json["input"] = to_hex(c.input);
}

nlohmann::ordered_json to_json(const Case& c) {
  nlohmann::ordered_json json;
  json["id"] = c.id;
  json["format"] = c.format;
  if (c.protocol >= 0) json["protocol"] = c.protocol;
  json["file"] = c.file;
  json["line"] = c.line;
  json["why"] = c.why;
  json["spec"] = c.spec;
  json["quirks"] = c.quirks;
  put_asked(json, c);
  if (const std::string options = options_alone(c); !options.empty())
    json["options"] = nlohmann::ordered_json::parse(options);
  json["outcomes"] = nlohmann::ordered_json::array();
  for (const RecordedOutcome& outcome : c.outcomes)
    json["outcomes"].push_back(outcome_json(outcome));
  return json;
}

nlohmann::ordered_json to_json(const JudgedCase& judged) {
  nlohmann::ordered_json json;
  json["implementation"] = judged.implementation.name;
  json["target"] = judged.implementation.target;
  json["verdict"] = name(judged.judgement.verdict);
  json["level"] = name(judged.level);
  json["observed"] = observed(judged.observation);
  json["expected"] = judged.judgement.expected;
  json["path"] = judged.judgement.path;
  json["detail"] = judged.judgement.detail;
  json["shares"] = judged.judgement.shares;
  return json;
}

void print_repeat(const Context& context, const ExplainOptions& options, const Case& c) {
  std::string line = fmt::format("{} run --filter {}{}", program_words(context), shell_word(c.id),
                                 subject_words(options.subjects));
  if (!options.target.empty()) line += " --target " + shell_word(options.target);
  const std::vector<std::string> lines = command_lines(line, screen_columns - 10);
  for (std::size_t i = 0; i < lines.size(); ++i)
    fmt::print("{}{}\n", i == 0 ? "\nrepeat    " : "          ", lines[i]);
}

void explain(Context& context, const ExplainOptions& options) {
  const Corpus corpus = load_project_corpus(context);
  const Case& c = find_case(corpus, options.id);
  std::vector<JudgedCase> judged;
  if (!options.subjects.wanted.empty() || !options.subjects.exec.empty()) {
    JudgingOptions judging;
    if (!options.target.empty()) judging.target = parse_target(options.target, corpus.profiles());
    judged = judge_cases(corpus, {&c}, choose_subjects(context, corpus, options.subjects), judging);
  }
  for (const JudgedCase& one : judged)
    if (standing(one.judgement.verdict) == Standing::differs || !one.implementation.note.empty())
      context.status = exit_differs;
  if (options.json) {
    nlohmann::ordered_json json = to_json(c);
    for (const JudgedCase& one : judged) json["judged"].push_back(to_json(one));
    fmt::print("{}\n", json.dump());
    return;
  }
  print_head(c);
  print_asked(c, options.full);
  const std::string listing = case_listing(c, options.full);
  if (!listing.empty())
    fmt::print("\ninstructions\n{}", options.full ? listing : first_lines(listing, 40));
  print_outcomes(c, corpus.profiles(), options.full);
  for (const JudgedCase& one : judged) print_judged(one, options.full);
  print_repeat(context, options, c);
}

}  // namespace

void add_explain(CLI::App& app, Context& context) {
  auto options = std::make_shared<ExplainOptions>();
  CLI::App* command =
      app.add_subcommand("explain", "A case: its reason, bytes, outcomes; and what --impl gives");
  command->add_option("case", options->id, "The id of a case")->required();
  add_subject_options(*command, options->subjects, "Ask and judge this implementation, too");
  command->add_option("--target", options->target, "Profiles to judge by, as for 'assay run'");
  command->add_flag("--full", options->full, "Never cut a value or the bytes");
  command->add_flag("--json", options->json, "One JSON object");
  command->callback([options, &context] { explain(context, *options); });
}

}  // namespace assay
