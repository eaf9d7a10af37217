// assay merge: the parts of a sharded run as one.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <iostream>

#include "harness/command/progress.h"
#include "harness/command/report_commands.h"
#include "harness/command/report_files.h"
#include "reports/merge.h"
#include "reports/terminal.h"

namespace assay {
namespace {

struct MergeOptions {
  std::vector<std::string> parts;
  std::string out = "assay-out";
  bool partial = false, quiet = false;
};

bool has_failures(const Results& results) {
  const bool differs =
      std::any_of(results.results.begin(), results.results.end(), [](const ResultRecord& result) {
        return standing(result.verdict) == Standing::differs && !result.known;
      });
  const bool silent =
      std::any_of(results.implementations.begin(), results.implementations.end(),
                  [](const ImplementationRecord& record) { return !record.note.empty(); });
  return differs || silent;
}

void merge_parts(Context& context, const MergeOptions& options) {
  std::vector<Results> parts;
  for (const std::string& place : options.parts) parts.push_back(read_results_of(place));
  const Merged merged = merge_results(parts);
  for (const std::string& problem : merged.problems) fmt::print(stderr, "assay: {}\n", problem);
  if (!merged.problems.empty() && !options.partial)
    throw UsageError("these parts are not one whole run; --partial puts them together anyhow");
  write_reports(options.out, merged.results);
  if (has_failures(merged.results)) context.status = exit_differs;
  if (options.quiet) return;
  print_terminal(std::cout, merged.results, {.colour = wants_colour(STDOUT_FILENO)});
  fmt::print("reports: {}/index.md results.jsonl junit.xml\n", options.out);
}

}  // namespace

void add_merge(CLI::App& app, Context& context) {
  auto options = std::make_shared<MergeOptions>();
  CLI::App* command =
      app.add_subcommand("merge", "Put the parts of a run with --shard together again");
  command
      ->add_option("part", options->parts, "Folders of --out, or results.jsonl files, in any order")
      ->required();
  command->add_option("--out", options->out, "Folder for the reports")->capture_default_str();
  command->add_flag("--partial", options->partial, "Even if parts are missing or contradict");
  command->add_flag("-q,--quiet", options->quiet, "Print no matrix");
  command->callback([options, &context] { merge_parts(context, *options); });
}

}  // namespace assay
