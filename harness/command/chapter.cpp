#include "harness/command/chapter.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "reference/value/text.h"

namespace assay {
namespace {

// Lines as one, as a difference is shown.
std::string joined(const std::vector<std::string>& lines) {
  return lines.empty() ? "nothing" : fmt::format("{}", fmt::join(lines, " | "));
}

}  // namespace

std::vector<std::string> printed_lines(std::string_view value_text) {
  Graph graph;
  const NodeId root = parse(graph, value_text);
  if (graph.kind(root) != Kind::list) throw std::runtime_error("a scenario answers a list");
  std::vector<std::string> lines;
  for (const NodeId item : graph.items(root)) {
    if (graph.kind(item) != Kind::string) throw std::runtime_error("a line is a text");
    lines.emplace_back(graph.text(item));
  }
  return lines;
}

std::size_t ChapterColumn::count(Holding holding) const {
  return static_cast<std::size_t>(
      std::count_if(findings.begin(), findings.end(),
                    [&](const Finding& finding) { return finding.holding == holding; }));
}

Finding judge_statement(const Statement& statement, LanguageVersion language,
                        const std::optional<Printed>& printed) {
  const std::vector<std::string>* lines = statement.lines_for(language);
  if (!printed || lines == nullptr || !statement.testable() || !statement.applies_to(language))
    return {};
  if (printed->error.empty() && has_lines(printed->lines, *lines, statement.whole))
    return {Holding::held, ""};
  return {Holding::not_held,
          printed->error.empty() ? joined(printed->lines) : "raised " + printed->error};
}

Held held_of(const std::vector<Statement>& statements, const ChapterColumn& column,
             std::string_view module) {
  Held held;
  for (std::size_t i = 0; i < statements.size(); ++i) {
    const Holding holding = column.findings[i].holding;
    if (holding == Holding::not_applicable) continue;
    if (!module.empty() && statements[i].module() != module) continue;
    ++held.applicable;
    if (holding == Holding::held) ++held.held;
  }
  return held;
}

std::vector<std::string> chapter_modules(const std::vector<Statement>& statements) {
  std::vector<std::string> modules;
  for (const Statement& statement : statements)
    if (std::find(modules.begin(), modules.end(), statement.module()) == modules.end())
      modules.emplace_back(statement.module());
  return modules;
}

std::vector<const ChapterColumn*> failing(const std::vector<ChapterColumn>& columns,
                                          std::size_t index) {
  std::vector<const ChapterColumn*> found;
  for (const ChapterColumn& column : columns)
    if (column.findings[index].holding == Holding::not_held) found.push_back(&column);
  return found;
}

}  // namespace assay
