// The coverage table of the documentation's statements: for a terminal, as Markdown,
// as JSON.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "harness/command/chapter.h"
#include "harness/command/text_layout.h"

namespace assay {
namespace {

constexpr std::size_t name_columns = 24;
constexpr std::size_t cell_columns = 8;

std::string cell(Held held) {
  if (held.applicable == 0) return "-";
  return held.held == held.applicable ? fmt::format("{}", held.held)
                                      : fmt::format("{}/{}", held.held, held.applicable);
}

std::string names_of(const std::vector<const ChapterColumn*>& columns) {
  std::vector<std::string_view> names;
  for (const ChapterColumn* column : columns) names.push_back(column->name);
  return fmt::format("{}", fmt::join(names, " "));
}

std::string versions_of(const Statement& statement) {
  if (statement.since && statement.until)
    return *statement.since == *statement.until
               ? statement.since->text()
               : fmt::format("{} to {}", statement.since->text(), statement.until->text());
  if (statement.since) return statement.since->text() + "+";
  return statement.until ? "to " + statement.until->text() : "all";
}

// What the documentation implies for the version of a column.
std::string wanted(const Statement& statement, LanguageVersion language) {
  const std::vector<std::string>* lines = statement.lines_for(language);
  return lines == nullptr ? "" : fmt::format("{}", fmt::join(*lines, " | "));
}

std::size_t untestable_count(const std::vector<Statement>& statements) {
  return static_cast<std::size_t>(
      std::count_if(statements.begin(), statements.end(),
                    [](const Statement& statement) { return !statement.testable(); }));
}

// The columns that fail, together where the same came.
std::vector<std::vector<const ChapterColumn*>> by_what_came(
    const std::vector<const ChapterColumn*>& columns, std::size_t index) {
  std::vector<std::vector<const ChapterColumn*>> groups;
  for (const ChapterColumn* column : columns) {
    const auto same = std::find_if(groups.begin(), groups.end(), [&](const auto& group) {
      return group.front()->findings[index].got == column->findings[index].got;
    });
    if (same == groups.end()) {
      groups.push_back({column});
    } else {
      same->push_back(column);
    }
  }
  return groups;
}

std::string text_of_difference(const Statement& statement, std::size_t index,
                               const std::vector<const ChapterColumn*>& columns) {
  std::string text =
      fmt::format("{}   ({})\n{}", statement.id, statement.spec, wrapped(statement.says, 2));
  for (const auto& group : by_what_came(columns, index)) {
    text += labelled("  said", wanted(statement, group.front()->language), 9);
    text += labelled("  came", group.front()->findings[index].got, 9);
    text += labelled("  from", names_of(group), 9);
  }
  if (!statement.differs.empty()) text += labelled("  known", statement.differs, 9);
  return text + "\n";
}

}  // namespace

std::string chapter_text(const std::vector<Statement>& statements,
                         const std::vector<ChapterColumn>& columns, bool details) {
  const std::vector<std::string> modules = chapter_modules(statements);
  std::string text = fmt::format("{:<{}}", "statements that hold", name_columns);
  for (const std::string& module : modules) text += fmt::format("{:>{}}", module, cell_columns);
  text += "\n";
  for (const ChapterColumn& column : columns) {
    text += fmt::format("  {:<{}}", column.name, name_columns - 2);
    for (const std::string& module : modules)
      text += fmt::format("{:>{}}", cell(held_of(statements, column, module)), cell_columns);
    text += "\n";
  }
  text += fmt::format("\n{} statements, {} testable: k/n is k that hold of n that apply\n",
                      statements.size(), statements.size() - untestable_count(statements));
  std::size_t differing = 0;
  std::string listed;
  for (std::size_t i = 0; i < statements.size(); ++i) {
    const auto columns_failing = failing(columns, i);
    if (columns_failing.empty()) continue;
    ++differing;
    const Statement& statement = statements[i];
    if (details) listed += text_of_difference(statement, i, columns_failing);
  }
  text += fmt::format("{} do not hold somewhere{}\n", differing,
                      details || differing == 0 ? "" : " (--details)");
  if (!details) return text;
  text += "\n" + listed;
  for (const Statement& statement : statements)
    if (!statement.testable())
      text +=
          fmt::format("{}   ({})\n{}{}\n", statement.id, statement.spec, wrapped(statement.says, 2),
                      labelled("  not testable:", statement.untestable, 16));
  return text;
}

namespace {

// Text within a cell of a Markdown table.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '|' || c == '\\' || c == '`' || c == '*' || c == '_' || c == '<') out += '\\';
    out += c;
  }
  return out;
}

std::string code(std::string_view text) {
  const std::string cut = cut_line(text, 200);
  const char* const ticks = cut.find('`') == std::string::npos ? "`" : "``";
  return fmt::format("{}{}{}", ticks, cut, ticks);
}

std::string markdown_matrix(const std::vector<Statement>& statements,
                            const std::vector<ChapterColumn>& columns) {
  const std::vector<std::string> modules = chapter_modules(statements);
  std::string text = fmt::format(
      "| implementation | Python | held | not held | not applicable | "
      "{} |\n|---|---|---:|---:|---:|",
      fmt::join(modules, " | "));
  for (std::size_t i = 0; i < modules.size(); ++i) text += "---:|";
  text += "\n";
  for (const ChapterColumn& column : columns) {
    text += fmt::format("| {} ({}){} | {} | {} | {} | {} |", column.name, column.version,
                        column.recorded ? ", as recorded" : "", column.language.text(),
                        column.count(Holding::held), column.count(Holding::not_held),
                        column.count(Holding::not_applicable));
    for (const std::string& module : modules)
      text += fmt::format(" {} |", cell(held_of(statements, column, module)));
    text += "\n";
  }
  return text;
}

std::string markdown_sections(const std::vector<Statement>& statements) {
  std::string text =
      "| section | statements | testable | with a witness | not testable |\n"
      "|---|---:|---:|---:|---:|\n";
  for (std::size_t i = 0; i < statements.size();) {
    const std::string& topic = statements[i].topic;
    std::size_t count = 0, testable = 0, witnessed = 0;
    for (; i < statements.size() && statements[i].topic == topic; ++i) {
      ++count;
      testable += statements[i].testable() ? 1 : 0;
      witnessed += statements[i].testable() && !statements[i].cases.empty() ? 1 : 0;
    }
    text += fmt::format("| {} | {} | {} | {} | {} |\n", topic, count, testable, witnessed,
                        count - testable);
  }
  return text;
}

std::string markdown_difference(const Statement& statement, std::size_t index,
                                const std::vector<const ChapterColumn*>& columns) {
  std::string text = fmt::format("- **{}** ({}). {}\n", statement.id, escaped(statement.spec),
                                 escaped(statement.says));
  for (const auto& group : by_what_came(columns, index))
    text += fmt::format("  - {}: {} instead of {}\n", names_of(group),
                        code(group.front()->findings[index].got),
                        code(wanted(statement, group.front()->language)));
  if (!statement.differs.empty()) text += fmt::format("  - {}\n", escaped(statement.differs));
  return text;
}

}  // namespace

std::string chapter_markdown(const std::vector<Statement>& statements,
                             const std::vector<ChapterColumn>& columns) {
  std::string text = fmt::format(
      "# The documentation, statement by statement\n\n"
      "{} statements of the chapter *Data Persistence* of Python's documentation, in our own\n"
      "words; {} are testable, and each of these has a case that decides whether it holds.\n"
      "What a statement implies that a case prints is written down from the documentation;\n"
      "so where documentation and behaviour differ, it shows.\n\n"
      "A cell is the number of statements that hold, or how many of those that apply; `-`\n"
      "where none applies, because its version is not meant or a module is missing.\n\n",
      statements.size(), statements.size() - untestable_count(statements));
  text +=
      markdown_matrix(statements, columns) + "\n## Coverage\n\n" + markdown_sections(statements);
  std::string of_oracles, of_others;
  for (std::size_t i = 0; i < statements.size(); ++i) {
    const auto found = failing(columns, i);
    if (found.empty()) continue;
    const bool oracle = std::any_of(found.begin(), found.end(),
                                    [](const ChapterColumn* column) { return column->oracle; });
    (oracle ? of_oracles : of_others) += markdown_difference(statements[i], i, found);
  }
  text += "\n## Where CPython differs from its documentation\n\n" + of_oracles;
  text += "\n## Where other implementations differ\n\n" + of_others;
  text += "\n## What no case can decide\n\n";
  for (const Statement& statement : statements)
    if (!statement.testable())
      text += fmt::format("- **{}** ({}). {} *{}*\n", statement.id, escaped(statement.spec),
                          escaped(statement.says), escaped(statement.untestable));
  text +=
      "\n## All statements\n\n| id | where | Python | statement | witnesses "
      "|\n|---|---|---|---|---|\n";
  for (const Statement& statement : statements) {
    const bool itself = statement.cases.size() == 1 && statement.cases.front() == statement.id;
    text += fmt::format("| {} | {} | {} | {} | {} |\n", statement.id, escaped(statement.spec),
                        versions_of(statement), escaped(statement.says),
                        itself ? "the same" : fmt::format("{}", fmt::join(statement.cases, ", ")));
  }
  return text;
}

std::string chapter_json(const std::vector<Statement>& statements,
                         const std::vector<ChapterColumn>& columns) {
  nlohmann::ordered_json json;
  json["statements"] = nlohmann::ordered_json::array();
  for (std::size_t i = 0; i < statements.size(); ++i) {
    const Statement& statement = statements[i];
    nlohmann::ordered_json one = {
        {"id", statement.id},       {"says", statement.says},           {"spec", statement.spec},
        {"topic", statement.topic}, {"python", versions_of(statement)}, {"cases", statement.cases}};
    if (!statement.testable()) one["untestable"] = statement.untestable;
    if (!statement.differs.empty()) one["differs"] = statement.differs;
    for (const ChapterColumn& column : columns) {
      const Finding& finding = column.findings[i];
      if (finding.holding == Holding::held) one["held"].push_back(column.name);
      if (finding.holding == Holding::not_held) one["not_held"][column.name] = finding.got;
    }
    json["statements"].push_back(std::move(one));
  }
  for (const ChapterColumn& column : columns)
    json["implementations"].push_back({{"name", column.name},
                                       {"version", column.version},
                                       {"python", column.language.text()},
                                       {"recorded", column.recorded},
                                       {"held", column.count(Holding::held)},
                                       {"not_held", column.count(Holding::not_held)},
                                       {"not_applicable", column.count(Holding::not_applicable)}});
  return json.dump();
}

}  // namespace assay
