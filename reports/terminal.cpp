#include "reports/terminal.h"

#include <fmt/format.h>

#include <algorithm>
#include <ostream>

#include "reports/excerpt.h"
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
constexpr std::size_t label_width = 9;
constexpr std::size_t text_width = screen - 4 - label_width;
constexpr std::ptrdiff_t errors_shown = 4;  // lines of stderr

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

std::string counted(std::size_t count, const char* noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
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

// A row's name as it fits beside the numbers: "reference@cpython-3.13-c" stands under
// a title that says the rest, and what is still too long loses its first word.
std::string row_title(const RowGroup& group) {
  const std::string name = group.title();
  const auto at = name.find("cpython-");
  if (group.rows.front()->implementation->role == "subject" || at == std::string::npos)
    return "  " + name;
  const std::string version = name.substr(at + 8);
  const std::string title = at == 0 ? "  " + name : "  as " + version;
  return title.size() < name_width ? title : "  " + version;
}

// Cases that the implementation does not claim, below what it agrees on.
void print_unsupported(std::ostream& out, const Row& row, std::size_t width, const Paint& paint) {
  if (row.total.of(Verdict::unsupported) == 0) return;
  std::string line = fmt::format("{:<{}}", "    unsupported", name_width);
  for (const Cell& cell : row.cells) {
    const std::uint32_t count = cell.of(Verdict::unsupported);
    line += fmt::format("{:>{}}", count == 0 ? "" : std::to_string(count), width);
  }
  out << paint.dim(line.substr(0, line.find_last_not_of(' ') + 1)) << '\n';
}

void print_row(std::ostream& out, const RowGroup& group, std::size_t width, const Paint& paint) {
  const Row& row = *group.rows.front();
  std::string title = one_line(row_title(group), screen);
  if (title.size() >= name_width) {  // numbers under a name that would be cut
    out << title << '\n';
    title.clear();
  }
  out << fmt::format("{:<{}}", title, name_width);
  if (!row.implementation->note.empty()) {
    out << paint.red("  did not start") << '\n';
    return;
  }
  if (row.total.judged() == 0 && row.total.of(Verdict::unsupported) != 0) {
    out << paint.dim(fmt::format("  claims none of {}", row.total.of(Verdict::unsupported)))
        << '\n';
    return;
  }
  for (const Cell& cell : row.cells) out << painted_cell(cell, width, paint);
  out << '\n';
  print_unsupported(out, row, width, paint);
}

bool nobody_claims(const Matrix& matrix) {
  return std::all_of(matrix.rows.begin(), matrix.rows.end(), [](const Row& row) {
    return row.total.judged() == 0 && row.total.of(Verdict::unsupported) != 0;
  });
}

void print_matrix(std::ostream& out, const Matrix& matrix, const Paint& paint) {
  std::string head = fmt::format("{:<{}}", matrix.title(), name_width);
  const std::size_t width = cell_width(matrix.columns.size());
  for (const Column& column : matrix.columns) head += fmt::format("{:>{}}", column.label, width);
  out << paint.bold(head) << '\n';
  std::string role;
  for (const RowGroup& group : folded_rows(matrix)) {
    const std::string& its = group.rows.front()->implementation->role;
    if (its != role) {
      role = its;
      out << paint.dim(role_title(role)) << '\n';
    }
    print_row(out, group, width, paint);
  }
}

// What the numbers mean, and names that need a word.
void print_legend(std::ostream& out, const std::vector<Matrix>& shown, const Paint& paint) {
  const auto any = [&](const auto& of) { return std::any_of(shown.begin(), shown.end(), of); };
  std::string text = "n: all n agree; k/n: k of n agree";
  if (any([](const Matrix& matrix) {
        return std::any_of(matrix.rows.begin(), matrix.rows.end(),
                           [](const Row& row) { return row.total.of(Standing::lossy) != 0; });
      }))
    text += "; ~: some as far as can be told (lossy, other-bytes, failed-closed)";
  if (any([](const Matrix& matrix) {
        return std::any_of(matrix.columns.begin(), matrix.columns.end(), [](const Column& column) {
          return column.format.starts_with("bsddb.");
        });
      }))
    text += "; hash, btree, queue, recno: bsddb's";
  for (const std::string& line : folded(text, screen, 3)) out << paint.dim(line) << '\n';
}

// "    label    text", with further lines under the text.
void print_labelled(std::ostream& out, const char* label, const std::vector<std::string>& lines) {
  for (std::size_t i = 0; i < lines.size(); ++i)
    out << fmt::format("    {:<{}}{}\n", i == 0 ? label : "", label_width, lines[i]);
}

void print_detail(std::ostream& out, const std::string& text) {
  if (text.empty()) return;
  Detail detail = take_apart(text);
  print_labelled(out, "detail", folded(detail.what, text_width, 3));
  // Its last lines say what went wrong, in most languages.
  if (std::ssize(detail.errors) > errors_shown)
    detail.errors.erase(detail.errors.begin(), detail.errors.end() - errors_shown);
  for (std::string& line : detail.errors) line = one_line(line, text_width);
  print_labelled(out, "stderr", detail.errors);
}

void print_failure(std::ostream& out, const ResultRecord& result, const Paint& paint) {
  out << "  " << paint.red(std::string(name(result.verdict))) << ' ' << result.case_id;
  if (result.level != Level::must) out << " (" << name(result.level) << ')';
  out << '\n';
  const auto line = [&](const char* label, const std::string& text) {
    if (!text.empty()) print_labelled(out, label, {one_line(text, text_width)});
  };
  line("expected", result.expected);
  line("got", result.got == "!" ? "(rejected)" : result.got);
  if (!result.path.empty())
    line("at", fmt::format("{}: {}, not {}", result.path, result.got_at, result.expected_at));
  print_detail(out, result.detail);
  if (!result.repeat.empty())
    print_labelled(out, "repeat", command_lines(result.repeat, text_width));
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

void print_silent(std::ostream& out, const ImplementationRecord& implementation) {
  out << '\n';
  const std::string text =
      fmt::format("{} did not start: {}", implementation.name, last_words(implementation.note));
  for (const std::string& line : folded(text, screen, 6)) out << line << '\n';
}

// What is not about a case: who could not be asked, what was odd, which entries
// of known failures do not hold any more.
void print_remarks(std::ostream& out, const Results& results, const TerminalOptions& options,
                   const Paint& paint) {
  const auto indented = [&](const std::string& text) {
    for (const std::string& line : folded(text, screen - 2, 4)) out << "  " << line << '\n';
  };
  for (const auto& implementation : results.implementations) {
    if (!implementation.note.empty()) print_silent(out, implementation);
    if (implementation.remarks.empty()) continue;
    out << '\n' << paint.bold(implementation.name) << ": noticed, and no case's fault\n";
    for (const std::string& remark : implementation.remarks) indented(last_words(remark));
  }
  if (options.stale.empty()) return;
  out << '\n'
      << paint.red("known failures that no longer hold") << " (--update-known mends the list)\n";
  for (const std::string& line : options.stale) indented(line);
}

std::string summary(const Results& results, std::size_t stale) {
  std::size_t differ = 0, known = 0, unsupported = 0, judged = 0;
  for (const auto& result : results.results) {
    const Standing stands = standing(result.verdict);
    if (stands != Standing::not_judged) ++judged;
    if (result.verdict == Verdict::unsupported) ++unsupported;
    if (stands == Standing::differs) ++(result.known ? known : differ);
  }
  const auto silent =
      std::count_if(results.implementations.begin(), results.implementations.end(),
                    [](const ImplementationRecord& record) { return !record.note.empty(); });
  std::string text = fmt::format("{}, {}, {}: ", counted(results.run.cases, "case"),
                                 counted(results.implementations.size(), "implementation"),
                                 counted(results.results.size(), "result"));
  const bool idle = judged == 0 && silent == 0 && stale == 0;
  text += idle          ? "nothing was judged"
          : judged == 0 ? "nothing ran"
          : differ != 0 ? fmt::format("{} differ", differ)
          : stale != 0  ? "nothing new differs"
                        : "no unknown differences";
  if (stale != 0) text += fmt::format(", {} stale", counted(stale, "known failure"));
  if (known != 0) text += fmt::format(", {} known", known);
  if (unsupported != 0) text += fmt::format(", {} unsupported", unsupported);
  if (silent != 0) text += fmt::format(", {} did not start", silent);
  return text + fmt::format(" ({:.1f} s)", results.run.seconds);
}

}  // namespace

void print_terminal(std::ostream& out, const Results& results, const TerminalOptions& options) {
  const Paint paint{options.colour};
  std::vector<Matrix> shown;
  std::vector<std::string> unclaimed;
  for (Matrix& matrix : matrices(results)) {
    if (nobody_claims(matrix)) {
      unclaimed.push_back(matrix.title());
      continue;
    }
    print_matrix(out, matrix, paint);
    shown.push_back(std::move(matrix));
  }
  if (!unclaimed.empty())
    for (const std::string& line :
         folded(fmt::format("nobody here claims a case of: {}", fmt::join(unclaimed, "; ")), screen,
                4))
      out << line << '\n';
  if (!shown.empty()) print_legend(out, shown, paint);
  print_failures(out, results, options, paint);
  print_remarks(out, results, options, paint);
  out << '\n';
  for (const std::string& line : folded(summary(results, options.stale.size()), screen, 4))
    out << line << '\n';
}

}  // namespace assay
