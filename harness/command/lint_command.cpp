// assay lint: every problem of the corpus, with file and line.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "harness/command/project.h"
#include "harness/corpus/statement.h"

namespace assay {
namespace {

void lint(Context& context, bool json) {
  Corpus corpus = load_corpus(context.project() / "corpus", formats());
  const std::size_t statements = read_statements(corpus, corpus.problems).size();
  if (json) {
    nlohmann::ordered_json report;
    report["files"] = corpus.files.size();
    report["cases"] = corpus.case_count();
    report["statements"] = statements;
    report["problems"] = nlohmann::ordered_json::array();
    for (const Problem& problem : corpus.problems)
      report["problems"].push_back(
          {{"file", problem.file}, {"line", problem.line}, {"text", problem.text}});
    fmt::print("{}\n", report.dump());
  } else {
    for (const Problem& problem : corpus.problems) fmt::print("{}\n", problem.message());
    fmt::print("{} cases in {} files, {} statements: {} problem{}\n", corpus.case_count(),
               corpus.files.size(), statements, corpus.problems.size(),
               corpus.problems.size() == 1 ? "" : "s");
  }
  if (!corpus.problems.empty()) context.status = exit_differs;
}

}  // namespace

void add_lint(CLI::App& app, Context& context) {
  auto json = std::make_shared<bool>(false);
  CLI::App* command =
      app.add_subcommand("lint", "Check the corpus: schema, ids, recorded outcomes");
  command->add_flag("--json", *json, "One JSON object");
  command->callback([json, &context] { lint(context, *json); });
}

}  // namespace assay
