#include "reports/markdown.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <fstream>
#include <map>
#include <stdexcept>

#include "reports/crossing.h"
#include "reports/excerpt.h"
#include "reports/matrix.h"

namespace assay {
namespace {

constexpr std::size_t longest_value = 160;

// Text as code. Value text is ASCII, so only what Markdown takes for markup
// matters; messages may hold control characters.
std::string ticked(const std::string& text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '|')
      escaped += "\\|";
    else if (c == '\n')
      escaped += "⏎ ";
    else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f)
      escaped += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    else
      escaped += c;
  }
  const bool ticks = escaped.find('`') != std::string::npos;
  return ticks ? "`` " + escaped + " ``" : "`" + escaped + "`";
}

std::string code(const std::string& text) {
  if (text.empty()) return "";
  return ticked(text.size() <= longest_value ? text : text.substr(0, longest_value) + "…");
}

std::string value(const std::string& text) {
  return ticked(one_line(text, longest_value));
}

// "pickle-0.md", "dbm-gnu.md": a page holds all that is done to a format.
std::string page_name(const Column& column) {
  std::string base = take_apart_format(column.format).base;
  std::replace(base.begin(), base.end(), '.', '-');
  return column.protocol < 0 ? base + ".md" : fmt::format("{}-{}.md", base, column.protocol);
}

std::string page_title(const Column& column) {
  const FormatName name = take_apart_format(column.format);
  return column.protocol < 0
             ? name.base
             : fmt::format("{}, {} {}", name.base, protocol_word(name.family), column.protocol);
}

std::string column_title(const Column& column) {
  const FormatName name = take_apart_format(column.format);
  if (column.protocol >= 0)
    return fmt::format("{} {}", protocol_word(name.family), column.protocol);
  return name.part.empty() ? "cases" : name.base;
}

// Names with their versions, and what they are judged by, of rows that look alike.
std::string row_cells(const RowGroup& group) {
  std::string versions;
  for (const Row* row : group.rows)
    versions += (versions.empty() ? "" : ", ") + row->implementation->version;
  const ImplementationRecord& first = *group.rows.front()->implementation;
  return fmt::format("| {} ({}) | {} |", group.title(), versions,
                     group.rows.size() > 1 ? "each its own" : first.target);
}

std::string unsupported_text(const Cell& cell) {
  const std::uint32_t count = cell.of(Verdict::unsupported);
  return count == 0 ? "" : fmt::format(", {} unsupported", count);
}

std::string cell_text(const Cell& cell) {
  const std::uint32_t judged = cell.judged();
  if (judged == 0) return "–" + unsupported_text(cell);
  const std::uint32_t agree = cell.of(Standing::agrees) + cell.of(Standing::lossy);
  std::string text = agree == judged ? fmt::format("✓ {}", judged)
                                     : fmt::format("✗ {} of {}", judged - agree, judged);
  for (std::size_t i = 0; i < verdict_count; ++i) {
    const auto verdict = static_cast<Verdict>(i);
    if (standing(verdict) == Standing::lossy && cell.of(verdict) != 0)
      text += fmt::format(", {} {}", cell.of(verdict), name(verdict));
  }
  if (cell.known != 0) text += fmt::format(", {} known", cell.known);
  return text + unsupported_text(cell);
}

std::string index_page(const Results& results, const std::vector<Matrix>& made) {
  std::string page = "# Who agrees with CPython\n\n";
  page += fmt::format("{} cases, {} implementations, {}, {}, Assay {}.\n\n", results.run.cases,
                      results.implementations.size(), results.run.started, results.run.machine,
                      results.run.assay);
  page +=
      "✓ n: all n judged cases agree. ✗ k of n: k differ. Lossy: they agree as far as can\n"
      "be told; so do other-bytes (written otherwise, read as the same) and failed-closed (an\n"
      "inspector refused). Known: they differ, for a reason that is listed.\n";
  for (const Matrix& matrix : made) {
    page += fmt::format("\n## {}\n\n| implementation | judged against |", matrix.title());
    std::string rule = "|---|---|";
    for (const Column& column : matrix.columns) {
      page += fmt::format(" [{}]({}) |", column_title(column), page_name(column));
      rule += "---|";
    }
    page += '\n' + rule + '\n';
    for (const RowGroup& group : folded_rows(matrix)) {
      page += row_cells(group);
      for (const Cell& cell : group.rows.front()->cells) page += ' ' + cell_text(cell) + " |";
      page += '\n';
    }
  }
  for (const auto& implementation : results.implementations) {
    if (!implementation.note.empty())
      page += fmt::format("\n- {} did not start: {}\n", implementation.name,
                          code(last_words(implementation.note)));
    for (const std::string& remark : implementation.remarks)
      page += fmt::format("\n- {}, and no case's fault: {}\n", implementation.name,
                          code(last_words(remark)));
  }
  return page;
}

// The matrix with one of its columns.
Matrix slice(const Matrix& matrix, std::size_t column) {
  Matrix one{matrix.name, {matrix.columns[column]}, {}};
  for (const Row& row : matrix.rows)
    one.rows.push_back({row.implementation, {row.cells[column]}, row.cells[column]});
  return one;
}

std::string verdict_table(const Matrix& matrix) {
  std::vector<Verdict> used;
  for (std::size_t i = 0; i < verdict_count; ++i) {
    const auto verdict = static_cast<Verdict>(i);
    if (std::any_of(matrix.rows.begin(), matrix.rows.end(),
                    [&](const Row& row) { return row.total.of(verdict) != 0; }))
      used.push_back(verdict);
  }
  std::string head = "| implementation |", rule = "|---|";
  for (const Verdict verdict : used) {
    head += fmt::format(" {} |", name(verdict));
    rule += "---:|";
  }
  std::string table = head + '\n' + rule + '\n';
  for (const RowGroup& group : folded_rows(matrix)) {
    table += fmt::format("| {} |", group.title());
    for (const Verdict verdict : used) {
      const std::uint32_t count = group.rows.front()->total.of(verdict);
      table += count == 0 ? " |" : fmt::format(" {} |", count);
    }
    table += '\n';
  }
  return table;
}

std::string failure_item(const ResultRecord& result) {
  std::string item =
      fmt::format("- **{}** {} ({})\n", result.case_id, name(result.verdict), name(result.level));
  if (!result.expected.empty()) item += "  - expected " + value(result.expected) + '\n';
  if (!result.got.empty()) item += "  - got " + value(result.got) + '\n';
  if (!result.path.empty())
    item += fmt::format("  - first difference at {}: {} where {} was expected\n", code(result.path),
                        code(result.got_at), code(result.expected_at));
  if (!result.detail.empty()) item += "  - " + code(last_words(result.detail)) + '\n';
  if (!result.repeat.empty()) item += "  - repeat: " + ticked(result.repeat) + '\n';
  return item;
}

// Known failures by their reason and verdict: the first as any failure, of the others
// the ids.
std::string known_items(const std::vector<const ResultRecord*>& known) {
  using Likes = std::vector<const ResultRecord*>;
  std::map<std::pair<std::string, Verdict>, std::size_t> numbers;
  std::vector<Likes> groups;
  for (const ResultRecord* result : known) {
    const auto [place, fresh] =
        numbers.try_emplace({result->known_reason, result->verdict}, groups.size());
    if (fresh) groups.emplace_back();
    groups[place->second].push_back(result);
  }
  std::string text;
  for (const Likes& likes : groups) {
    text += failure_item(*likes.front()) + "  - known failure: " + likes.front()->known_reason;
    if (likes.size() > 1) {
      text += fmt::format("\n  - {} more for this reason:", likes.size() - 1);
      for (std::size_t i = 1; i < likes.size(); ++i)
        text += (i == 1 ? " " : ", ") + likes[i]->case_id;
    }
    text += '\n';
  }
  return text;
}

std::string shares_item(const ResultRecord& result) {
  std::string item = fmt::format("- {}: as", result.case_id);
  for (std::size_t i = 0; i < result.shares.size(); ++i)
    item += (i == 0 ? " " : ", ") + result.shares[i];
  return item + '\n';
}

// What there is to be told of each implementation.
using Told = std::map<std::string, std::vector<const ResultRecord*>>;

Told worth_telling(const Results& results) {
  Told told;
  for (const ResultRecord& result : results.results)
    if (standing(result.verdict) == Standing::differs || !result.shares.empty())
      told[result.implementation].push_back(&result);
  return told;
}

// What one operation gave of one column: verdicts, then every disagreement.
std::string section(const Told& told, const Matrix& matrix, const std::string& heading) {
  const Column& column = matrix.columns.front();
  std::string text = verdict_table(matrix);
  for (const Row& row : matrix.rows) {
    const auto found = told.find(row.implementation->name);
    if (found == told.end()) continue;
    std::string failures, shares;
    std::vector<const ResultRecord*> known;
    for (const ResultRecord* result : found->second) {
      if (result->format != column.format || result->protocol != column.protocol) continue;
      if (standing(result->verdict) != Standing::differs) {
        if (row.implementation->role == "subject" && result->level == Level::divergent)
          shares += shares_item(*result);
      } else if (result->known) {
        known.push_back(result);
      } else {
        failures += failure_item(*result);
      }
    }
    failures += known_items(known);
    if (failures.empty() && shares.empty()) continue;
    text += fmt::format("\n{} {}\n\n", heading, row.implementation->name) + failures;
    if (!shares.empty())
      text += "\nWhere CPythons differ among themselves, it behaves as these do:\n\n" + shares;
  }
  return text;
}

// To the matrices of `assay cross` that stand in the folder.
std::string crossing_links(const std::filesystem::path& folder) {
  std::string text;
  for (const Crossing& crossing : crossings_in(folder))
    text += fmt::format("\n- [{0}: whose files open in what](cross-{0}.md)\n", crossing.format);
  return text.empty() ? text : "\n## Files written by A, opened by B\n" + text;
}

}  // namespace

std::vector<MarkdownPage> markdown_pages(const Results& results) {
  const std::vector<Matrix> made = matrices(results);
  const Told told = worth_telling(results);
  std::vector<MarkdownPage> pages = {{"index.md", index_page(results, made)}};
  std::map<std::string, std::vector<Matrix>> sections;  // by page
  std::vector<std::string> order;
  for (const Matrix& matrix : made)
    for (std::size_t column = 0; column < matrix.columns.size(); ++column) {
      const std::string page = page_name(matrix.columns[column]);
      if (!sections.contains(page)) order.push_back(page);
      sections[page].push_back(slice(matrix, column));
    }
  for (const std::string& page : order) {
    const std::vector<Matrix>& here = sections[page];
    std::string text =
        fmt::format("# {}\n\n[All results](index.md)\n", page_title(here.front().columns.front()));
    for (const Matrix& matrix : here) {
      std::string title = operation_title(matrix.name);
      title[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(title[0])));
      text += here.size() == 1 ? "\n" : fmt::format("\n## {}\n\n", title);
      text += section(told, matrix, here.size() == 1 ? "##" : "###");
    }
    pages.push_back({page, std::move(text)});
  }
  return pages;
}

void write_markdown(const std::filesystem::path& folder, const Results& results) {
  std::vector<MarkdownPage> pages = markdown_pages(results);
  pages.front().text += crossing_links(folder);
  for (const MarkdownPage& page : pages) {
    std::ofstream file(folder / page.file, std::ios::binary);
    file << page.text;
    if (!file.flush())
      throw std::runtime_error(fmt::format("{}: cannot be written", (folder / page.file).string()));
  }
}

}  // namespace assay
