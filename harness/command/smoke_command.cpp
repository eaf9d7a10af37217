// assay smoke: an adapter is looked at before a case is blamed on what it asks.
#include <fmt/format.h>

#include <array>
#include <memory>
#include <nlohmann/json.hpp>

#include "harness/command/project.h"
#include "harness/command/smoke_checks.h"
#include "harness/command/smoke_command.h"
#include "harness/command/subjects.h"
#include "harness/command/text_layout.h"

namespace assay {
namespace {

struct SmokeCommand {
  SubjectOptions subjects;
  std::vector<std::string> names;
  bool strict = false;
  bool json = false;
};

constexpr std::array<std::string_view, 5> kind_names = {"right", "wrong", "differs", "unchecked",
                                                        "remark"};
using Counts = std::array<std::size_t, kind_names.size()>;

void print_finding(const Finding& finding) {
  constexpr std::array<std::string_view, 5> marks = {"ok", "WRONG", "DIFFERS", "-", "note"};
  fmt::print("  {:<8}{}\n", marks[static_cast<std::size_t>(finding.kind)], finding.check);
  for (const std::string& text : {finding.what, finding.advice})
    if (!text.empty()) fmt::print("{}", wrapped(text, 10));
}

nlohmann::ordered_json to_json(const Finding& finding) {
  nlohmann::ordered_json json;
  json["check"] = finding.check;
  json["result"] = kind_names[static_cast<std::size_t>(finding.kind)];
  if (!finding.what.empty()) json["what"] = finding.what;
  if (!finding.advice.empty()) json["advice"] = finding.advice;
  return json;
}

void print_sum(const Counts& counts) {
  fmt::print("{} right, {} wrong, {} differ, {} unchecked\n", counts[0], counts[1], counts[2],
             counts[3]);
  if (counts[1] != 0) fmt::print("wrong: the adapter is at fault; mend it before the first run\n");
  if (counts[2] != 0)
    fmt::print(
        "differs: either the adapter prints the value wrong, or the implementation\n"
        "reads it wrong; look at the value inside the adapter to know which\n");
}

void smoke_command(Context& context, const SmokeCommand& asked) {
  SubjectOptions options = asked.subjects;
  options.wanted.insert(options.wanted.end(), asked.names.begin(), asked.names.end());
  if (options.wanted.empty())
    throw UsageError("smoke: name an implementation (assay impls) or give an adapter's command");
  const Corpus corpus = load_project_corpus(context);
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const Subject& subject : choose_subjects(context, corpus, options)) {
    Counts counts{};
    nlohmann::ordered_json entry;
    entry["name"] = subject.candidate.implementation.name;
    if (!asked.json) fmt::print("{}\n", subject.candidate.implementation.name);
    smoke(subject.candidate, [&](const Finding& finding) {
      ++counts[static_cast<std::size_t>(finding.kind)];
      if (!asked.json) print_finding(finding);
      entry["findings"].push_back(to_json(finding));
    });
    if (!asked.json) print_sum(counts);
    if (counts[1] != 0 || (asked.strict && counts[2] + counts[3] != 0))
      context.status = exit_differs;
    list.push_back(std::move(entry));
  }
  if (asked.json) fmt::print("{}\n", list.dump());
}

}  // namespace

void add_smoke(CLI::App& app, Context& context) {
  auto asked = std::make_shared<SmokeCommand>();
  CLI::App* command = app.add_subcommand("smoke", "Check an adapter itself, before any case");
  command->add_option("adapter", asked->names, "Names of implementations, or commands in quotes");
  add_subject_options(*command, asked->subjects, "The same: NAME, or a command in quotes");
  command->add_flag("--strict", asked->strict,
                    "Status 1 also for values that differ or are refused");
  command->add_flag("--json", asked->json, "A JSON list");
  command->callback([asked, &context] { smoke_command(context, *asked); });
}

}  // namespace assay
