#include "reports/terminal.h"

#include <fmt/format.h>

#include <algorithm>
#include <ostream>

#include "reports/matrix.h"

namespace assay {
namespace {

constexpr std::size_t screen = 80;
constexpr std::size_t name_width = 20;
constexpr std::size_t widest_cell = 10;  // six protocols beside the name fill the screen

// The width of a column where there are `count` of them.
std::size_t cell_width(std::size_t count) {
  return std::min(widest_cell, (screen - name_width) / std::max<std::size_t>(count, 1));
}

struct Paint {
  bool colour;
  std::string green(const std::string& text) const { return wrap("32", text); }
  std::string yellow(const std::string& text) const { return wrap("33", text); }
  std::string red(const std::string& text) const { return wrap("31", text); }
  std::string bold(const std::string& text) const { return wrap("1", text); }
  std::string dim(const std::string& text) const { return wrap("2", text); }

 private:
  std::string wrap(const char* code, const std::string& text) const {
    return colour ? fmt::format("\x1b[{}m{}\x1b[0m", code, text) : text;
  }
};

std::string shortened(const std::string& text, std::size_t width) {
  return text.size() <= width ? text : text.substr(0, width - 3) + "...";
}

// "523" when every judged case agrees, "511/523" when some do not, "~" behind
// it when some agree only as far as the adapter can tell.
std::string cell_text(const Cell& cell) {
  const std::uint32_t judged = cell.judged();
  if (judged == 0) return "-";
  const std::uint32_t agree = cell.of(Standing::agrees) + cell.of(Standing::lossy);
  std::string text =
      agree == judged ? fmt::format("{}", judged) : fmt::format("{}/{}", agree, judged);
  if (cell.of(Standing::lossy) != 0) text += '~';
  return text;
}

std::string painted_cell(const Cell& cell, std::size_t width, const Paint& paint) {
  const std::string text = fmt::format("{:>{}}", cell_text(cell), width);
  if (cell.judged() == 0) return paint.dim(text);
  if (cell.of(Standing::differs) > cell.known) return paint.red(text);
  if (cell.of(Standing::differs) != 0 || cell.of(Standing::lossy) != 0) return paint.yellow(text);
  return paint.green(text);
}

const char* role_title(const std::string& role) {
  if (role == "oracle") return "CPython, each lane against its own recorded outcomes";
  if (role == "reference") return "Assay's reference, as each profile";
  return "Implementations";
}

// "reference@cpython-3.13-c" stands under a title that says the rest.
std::string row_title(const ImplementationRecord& implementation) {
  const std::string& name = implementation.name;
  const auto at = name.find('@');
  if (implementation.role != "reference" || at == std::string::npos) return "  " + name;
  const std::string profile = name.substr(at + 1);
  const std::string_view family = "cpython-";
  return "  as " + (profile.starts_with(family) ? profile.substr(family.size()) : profile);
}

void print_matrix(std::ostream& out, const Matrix& matrix, const Paint& paint) {
  std::string head = fmt::format("{:<{}}", matrix.format, name_width);
  const std::size_t width = cell_width(matrix.protocols.size());
  const char letter = protocol_word(matrix.format)[0];
  for (const int protocol : matrix.protocols)
    head += fmt::format("{:>{}}", protocol < 0 ? "cases" : fmt::format("{}{}", letter, protocol),
                        width);
  out << paint.bold(head) << '\n';
  std::string role;
  for (const Row& row : matrix.rows) {
    if (row.implementation->role != role) {
      role = row.implementation->role;
      out << paint.dim(role_title(role)) << '\n';
    }
    out << fmt::format("{:<{}}", shortened(row_title(*row.implementation), name_width), name_width);
    if (!row.implementation->note.empty() && row.total.judged() == 0) {
      out << paint.red(" " + shortened(row.implementation->note, screen - name_width - 1)) << '\n';
      continue;
    }
    for (const Cell& cell : row.cells) out << painted_cell(cell, width, paint);
    out << '\n';
  }
}

void print_failure(std::ostream& out, const ResultRecord& result, const Paint& paint) {
  out << "  " << paint.red(std::string(name(result.verdict))) << ' ' << result.case_id;
  if (result.level != Level::must) out << " (" << name(result.level) << ')';
  out << '\n';
  const auto line = [&](const char* label, const std::string& text) {
    if (!text.empty()) out << fmt::format("    {:<9}{}\n", label, shortened(text, screen - 13));
  };
  line("expected", result.expected);
  line("got", result.got);
  if (!result.path.empty())
    line("at", fmt::format("{}: {}, not {}", result.path, result.got_at, result.expected_at));
  line("detail", result.detail);
  line("repeat", result.repeat);
}

bool is_failure(const ResultRecord& result) {
  return standing(result.verdict) == Standing::differs && !result.known;
}

void print_failures(std::ostream& out, const Results& results, const TerminalOptions& options,
                    const Paint& paint) {
  for (const auto& implementation : results.implementations) {
    std::vector<const ResultRecord*> failures;
    for (const auto& result : results.results)
      if (result.implementation == implementation.name && is_failure(result))
        failures.push_back(&result);
    if (failures.empty()) continue;
    out << '\n' << paint.bold(implementation.name) << ": " << failures.size() << " differ\n";
    const std::size_t shown = std::min(options.failures, failures.size());
    for (std::size_t i = 0; i < shown; ++i) print_failure(out, *failures[i], paint);
    if (shown < failures.size())
      out << fmt::format("  ... and {} more; the reports list them all\n", failures.size() - shown);
  }
}

}  // namespace

void print_terminal(std::ostream& out, const Results& results, const TerminalOptions& options) {
  const Paint paint{options.colour};
  for (const Matrix& matrix : matrices(results)) {
    print_matrix(out, matrix, paint);
    out << paint.dim("a number: all agree; n/m: n of m agree; ~: as far as the adapter can tell")
        << '\n';
  }
  print_failures(out, results, options, paint);
  std::size_t differ = 0, known = 0;
  for (const auto& result : results.results) {
    if (standing(result.verdict) != Standing::differs) continue;
    ++(result.known ? known : differ);
  }
  std::string summary =
      fmt::format("\n{} cases, {} implementations, {} results: ", results.run.cases,
                  results.implementations.size(), results.results.size());
  summary += differ == 0 ? "no unknown differences" : fmt::format("{} differ", differ);
  if (known != 0) summary += fmt::format(", {} known", known);
  out << summary << fmt::format(" ({:.1f} s)\n", results.run.seconds);
}

}  // namespace assay
