// assay compare: what changed between two runs, for CI.
#include <fmt/format.h>

#include <iostream>
#include <nlohmann/json.hpp>

#include "harness/command/report_commands.h"
#include "harness/command/report_files.h"
#include "reports/changes.h"

namespace assay {
namespace {

struct CompareOptions {
  std::string before, after;
  bool all = false, json = false, markdown = false;
};

nlohmann::ordered_json to_json(const Comparison& comparison) {
  nlohmann::ordered_json json;
  json["schema"] = "assay-compare-1";
  for (const std::string_view kind : change_names) json[std::string(kind)] = 0;
  for (const ResultChange& change : comparison.changes) {
    auto& count = json[std::string(name(change.kind))];
    count = count.get<std::uint64_t>() + 1;
  }
  json["same"] = comparison.same;
  json["implementations_new"] = comparison.implementations_new;
  json["implementations_gone"] = comparison.implementations_gone;
  json["renamed"] = nlohmann::ordered_json::array();
  for (const auto& [before, after] : comparison.renamed)
    json["renamed"].push_back({{"before", before}, {"after", after}});
  json["changes"] = nlohmann::ordered_json::array();
  for (const ResultChange& change : comparison.changes) {
    nlohmann::ordered_json entry;
    entry["change"] = name(change.kind);
    entry["implementation"] = change.either().implementation;
    entry["case"] = change.either().case_id;
    if (change.before != nullptr) entry["before"] = name(change.before->verdict);
    if (change.after != nullptr) entry["after"] = name(change.after->verdict);
    json["changes"].push_back(std::move(entry));
  }
  return json;
}

void compare_runs(Context& context, const CompareOptions& options) {
  if (options.before == "-" && options.after == "-")
    throw UsageError("only one of OLD and NEW can be standard input");
  const Results before = read_results_of(options.before);
  const Results after = read_results_of(options.after);
  const Comparison comparison = compare_results(before, after);
  if (comparison.count(ChangeKind::regression) != 0) context.status = exit_differs;
  const ChangesOptions changes{.listed = options.all ? SIZE_MAX : ChangesOptions{}.listed};
  if (options.json)
    fmt::print("{}\n", to_json(comparison).dump());
  else if (options.markdown)
    write_changes_markdown(std::cout, comparison, changes);
  else
    print_changes(std::cout, comparison, changes);
}

}  // namespace

void add_compare(CLI::App& app, Context& context) {
  auto options = std::make_shared<CompareOptions>();
  CLI::App* command = app.add_subcommand(
      "compare", "What changed between two runs; status 1 if anything got worse");
  command
      ->add_option("old", options->before,
                   "Folder of --out, or a results.jsonl, of the run before ('-': standard input)")
      ->required();
  command->add_option("new", options->after, "The same of the run now")->required();
  command->add_flag("--all", options->all, "List every change, not 20 of a kind");
  command->add_flag("--markdown", options->markdown, "Markdown, for the summary of a CI job");
  command->add_flag("--json", options->json, "One JSON object");
  command->callback([options, &context] { compare_runs(context, *options); });
}

}  // namespace assay
