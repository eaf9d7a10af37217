#include "reports/markdown.h"

#include <fmt/format.h>

#include <fstream>
#include <stdexcept>

#include "reports/excerpt.h"
#include "reports/matrix.h"

namespace assay {
namespace {

constexpr std::size_t longest_value = 160;

// Text as code. Value text is ASCII, so only what Markdown takes for markup
// matters.
std::string ticked(const std::string& text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '|')
      escaped += "\\|";
    else if (c == '\n')
      escaped += "⏎ ";
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

std::string page_name(const std::string& format, int protocol) {
  return protocol < 0 ? format + ".md" : fmt::format("{}-{}.md", format, protocol);
}

std::string column_title(const std::string& format, int protocol) {
  return protocol < 0 ? "cases" : fmt::format("{} {}", protocol_word(format), protocol);
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
  if (cell.of(Standing::lossy) != 0) text += fmt::format(", {} lossy", cell.of(Standing::lossy));
  if (cell.known != 0) text += fmt::format(", {} known", cell.known);
  return text + unsupported_text(cell);
}

std::string index_page(const Results& results, const std::vector<Matrix>& made) {
  std::string page = "# Who agrees with CPython\n\n";
  page += fmt::format("{} cases, {} implementations, {}, {}, Assay {}.\n\n", results.run.cases,
                      results.implementations.size(), results.run.started, results.run.machine,
                      results.run.assay);
  page += "✓ n: all n judged cases agree. ✗ k of n: k differ.\n";
  for (const Matrix& matrix : made) {
    page += fmt::format("\n## {}\n\n| implementation | judged against |", matrix.format);
    std::string rule = "|---|---|";
    for (const int protocol : matrix.protocols) {
      page += fmt::format(" [{}]({}) |", column_title(matrix.format, protocol),
                          page_name(matrix.format, protocol));
      rule += "---|";
    }
    page += '\n' + rule + '\n';
    for (const Row& row : matrix.rows) {
      page += fmt::format("| {} ({}) | {} |", row.implementation->name, row.implementation->version,
                          row.implementation->target);
      for (const Cell& cell : row.cells) page += ' ' + cell_text(cell) + " |";
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

std::string verdict_table(const Matrix& matrix, std::size_t column) {
  std::vector<Verdict> used;
  for (std::size_t i = 0; i < verdict_count; ++i) {
    const auto verdict = static_cast<Verdict>(i);
    for (const Row& row : matrix.rows)
      if (row.cells[column].of(verdict) != 0) {
        used.push_back(verdict);
        break;
      }
  }
  std::string head = "| implementation |", rule = "|---|";
  for (const Verdict verdict : used) {
    head += fmt::format(" {} |", name(verdict));
    rule += "---:|";
  }
  std::string table = head + '\n' + rule + '\n';
  for (const Row& row : matrix.rows) {
    table += fmt::format("| {} |", row.implementation->name);
    for (const Verdict verdict : used) {
      const std::uint32_t count = row.cells[column].of(verdict);
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
  if (result.known)
    item += "  - known failure" + (result.known_reason.empty() ? "" : ": " + result.known_reason) +
            '\n';
  if (!result.repeat.empty()) item += "  - repeat: " + ticked(result.repeat) + '\n';
  return item;
}

std::string shares_item(const ResultRecord& result) {
  std::string item = fmt::format("- {}: as", result.case_id);
  for (std::size_t i = 0; i < result.shares.size(); ++i)
    item += (i == 0 ? " " : ", ") + result.shares[i];
  return item + '\n';
}

std::string protocol_page(const Results& results, const Matrix& matrix, std::size_t column) {
  const int protocol = matrix.protocols[column];
  std::string page = protocol < 0 ? fmt::format("# {}\n\n", matrix.format)
                                  : fmt::format("# {}, {} {}\n\n", matrix.format,
                                                protocol_word(matrix.format), protocol);
  page += "[All results](index.md)\n\n" + verdict_table(matrix, column);
  for (const Row& row : matrix.rows) {
    std::string failures, shares;
    for (const auto& result : results.results) {
      if (result.implementation != row.implementation->name || result.format != matrix.format ||
          result.protocol != protocol)
        continue;
      if (standing(result.verdict) == Standing::differs)
        failures += failure_item(result);
      else if (row.implementation->role == "subject" && result.level == Level::divergent &&
               !result.shares.empty())
        shares += shares_item(result);
    }
    if (failures.empty() && shares.empty()) continue;
    page += fmt::format("\n## {}\n\n", row.implementation->name) + failures;
    if (!shares.empty())
      page += "\nWhere CPythons differ among themselves, it behaves as these do:\n\n" + shares;
  }
  return page;
}

}  // namespace

std::vector<MarkdownPage> markdown_pages(const Results& results) {
  const std::vector<Matrix> made = matrices(results);
  std::vector<MarkdownPage> pages = {{"index.md", index_page(results, made)}};
  for (const Matrix& matrix : made)
    for (std::size_t column = 0; column < matrix.protocols.size(); ++column)
      pages.push_back({page_name(matrix.format, matrix.protocols[column]),
                       protocol_page(results, matrix, column)});
  return pages;
}

void write_markdown(const std::filesystem::path& folder, const Results& results) {
  for (const MarkdownPage& page : markdown_pages(results)) {
    std::ofstream file(folder / page.file, std::ios::binary);
    file << page.text;
    if (!file.flush())
      throw std::runtime_error(fmt::format("{}: cannot be written", (folder / page.file).string()));
  }
}

}  // namespace assay
