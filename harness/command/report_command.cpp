// assay report: a run as one HTML page, and its badges.
#include <fmt/format.h>

#include <filesystem>
#include <optional>

#include "harness/command/case_catalogue.h"
#include "harness/command/project.h"
#include "harness/command/report_commands.h"
#include "harness/command/report_files.h"

namespace assay {
namespace {

struct ReportOptions {
  std::string run, since, out;
};

// The corpus tells of the cases what the records do not; a page without it has
// every verdict and no bytes.
Catalogue catalogue_of(Context& context) {
  try {
    return make_catalogue(load_project_corpus(context));
  } catch (const UsageError& error) {
    fmt::print(stderr, "assay: {}\nassay: the page shows no bytes of the cases\n", error.what());
    return {};
  }
}

void report_run(Context& context, const ReportOptions& options) {
  const Results results = read_results_of(options.run);
  std::optional<Results> before;
  std::optional<Comparison> changes;
  if (!options.since.empty()) {
    before = read_results_of(options.since);
    changes = compare_results(*before, results);
  }
  std::error_code error;
  const bool whole_run = std::filesystem::is_directory(options.run, error);
  std::string folder = options.out;
  if (folder.empty() && whole_run) folder = options.run;
  if (folder.empty()) throw UsageError("say --out FOLDER: what was given is no folder");
  write_page(folder, results, catalogue_of(context), changes ? &*changes : nullptr,
             whole_run ? options.run : "");
  const std::size_t badges = write_badges(folder, results);
  fmt::print("{}/report.html\n", folder);
  if (badges != 0) fmt::print("{}/badges: {} badges, as SVG and JSON\n", folder, badges);
}

}  // namespace

void add_report(CLI::App& app, Context& context) {
  auto options = std::make_shared<ReportOptions>();
  CLI::App* command =
      app.add_subcommand("report", "A run as one HTML page that needs nothing else; badges");
  command->add_option("run", options->run, "Folder of --out, or a results.jsonl")->required();
  command->add_option("--since", options->since, "An older run: show what changed since");
  command->add_option("--out", options->out, "Folder for report.html and badges (default: RUN)");
  command->callback([options, &context] { report_run(context, *options); });
}

}  // namespace assay
