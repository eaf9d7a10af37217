#include "reports/changes.h"

#include <fmt/format.h>

#include <algorithm>
#include <ostream>

namespace assay {
namespace {

constexpr std::size_t screen = 80;

std::string verdict_of(const ResultRecord* result) {
  if (result == nullptr) return "not asked";
  return std::string(name(result->verdict)) + (result->known ? " (known)" : "");
}

std::string title_of(ChangeKind kind) {
  switch (kind) {
    case ChangeKind::regression:
      return "regressions";
    case ChangeKind::fix:
      return "fixes";
    case ChangeKind::changed:
      return "changed";
    case ChangeKind::appeared:
      return "new, and differ";
    case ChangeKind::gone:
      return "gone";
  }
  return "";
}

// What is listed: every change but new results that agree.
std::vector<const ResultChange*> worth_listing(const Comparison& comparison, ChangeKind kind) {
  std::vector<const ResultChange*> listed;
  for (const ResultChange& change : comparison.changes)
    if (change.kind == kind && change.worth_listing()) listed.push_back(&change);
  return listed;
}

std::string cut(std::string text, std::size_t width) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text.size() <= width ? text : text.substr(0, width - 3) + "...";
}

// Markdown's code span: value text may hold backticks and bars.
std::string code(const std::string& text) {
  std::string shown;
  for (const char c : cut(text, 160)) shown += c == '|' ? std::string("\\|") : std::string(1, c);
  return shown.find('`') == std::string::npos ? "`" + shown + "`" : "`` " + shown + " ``";
}

void print_change(std::ostream& out, const ResultChange& change) {
  const ResultRecord& result = change.either();
  out << fmt::format("  {}: {}\n", result.implementation, result.case_id)
      << fmt::format("    {} -> {}\n", verdict_of(change.before), verdict_of(change.after));
  if (change.after == nullptr || standing(change.after->verdict) != Standing::differs) return;
  const auto line = [&](const char* label, const std::string& text) {
    if (!text.empty()) out << fmt::format("    {:<9}{}\n", label, cut(text, screen - 13));
  };
  line("expected", result.expected);
  if (change.kind == ChangeKind::changed && change.before->got != result.got)
    line("before", change.before->got);
  line("got", result.got);
  line("detail", result.detail);
  if (!result.repeat.empty()) out << "    repeat   " << result.repeat << '\n';
}

std::vector<std::string> remarks(const Comparison& comparison) {
  std::vector<std::string> lines;
  for (const auto& [before, after] : comparison.renamed)
    lines.push_back(fmt::format("{} is compared with {}", after, before));
  for (const std::string& name : comparison.implementations_new)
    lines.push_back(fmt::format("{} is new", name));
  for (const std::string& name : comparison.implementations_gone)
    lines.push_back(fmt::format("{} is gone", name));
  return lines;
}

std::string counted(std::uint64_t count, const char* noun, const char* ending) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : ending);
}

constexpr std::array<ChangeKind, 5> kinds = {ChangeKind::regression, ChangeKind::appeared,
                                             ChangeKind::changed, ChangeKind::fix,
                                             ChangeKind::gone};

}  // namespace

std::string changes_summary(const Comparison& comparison) {
  return fmt::format("{}, {}, {} changed, {} new, {} gone; {} as before",
                     counted(comparison.count(ChangeKind::regression), "regression", "s"),
                     counted(comparison.count(ChangeKind::fix), "fix", "es"),
                     comparison.count(ChangeKind::changed), comparison.count(ChangeKind::appeared),
                     comparison.count(ChangeKind::gone), comparison.same);
}

void print_changes(std::ostream& out, const Comparison& comparison, const ChangesOptions& options) {
  for (const ChangeKind kind : kinds) {
    const auto listed = worth_listing(comparison, kind);
    if (listed.empty()) continue;
    out << title_of(kind) << " (" << listed.size() << ")\n";
    for (std::size_t i = 0; i < std::min(listed.size(), options.listed); ++i)
      print_change(out, *listed[i]);
    if (listed.size() > options.listed)
      out << fmt::format("  … and {} more\n", listed.size() - options.listed);
    out << '\n';
  }
  for (const std::string& line : remarks(comparison)) out << line << '\n';
  out << changes_summary(comparison) << '\n';
}

void write_changes_markdown(std::ostream& out, const Comparison& comparison,
                            const ChangesOptions& options) {
  out << "**" << changes_summary(comparison) << "**\n";
  for (const std::string& line : remarks(comparison)) out << "\n- " << line << '\n';
  for (const ChangeKind kind : kinds) {
    const auto listed = worth_listing(comparison, kind);
    if (listed.empty()) continue;
    out << fmt::format("\n### {} ({})\n\n", title_of(kind), listed.size())
        << "| implementation | case | before | now | expected | got |\n|---|---|---|---|---|---|\n";
    for (std::size_t i = 0; i < std::min(listed.size(), options.listed); ++i) {
      const ResultChange& change = *listed[i];
      const ResultRecord& result = change.either();
      const auto cell = [](const std::string& text) { return text.empty() ? text : code(text); };
      out << fmt::format("| {} | {} | {} | {} | {} | {} |\n", result.implementation, result.case_id,
                         verdict_of(change.before), verdict_of(change.after), cell(result.expected),
                         change.after == nullptr ? "" : cell(result.got));
    }
    if (listed.size() > options.listed)
      out << fmt::format("\n… and {} more.\n", listed.size() - options.listed);
  }
}

}  // namespace assay
