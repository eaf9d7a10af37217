#include "reports/badge.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <set>

#include "reports/matrix.h"

namespace assay {
namespace {

// White text on each of these has a contrast of at least 4.5 to 1.
constexpr const char* green = "1a7f37";
constexpr const char* yellow = "7d5600";
constexpr const char* red = "b3261e";
constexpr const char* grey = "59636e";

std::string file_name(const ImplementationRecord& implementation, const FormatName& format) {
  std::string name =
      implementation.implementation.empty() ? implementation.name : implementation.implementation;
  if (!implementation.lane.empty()) name += "-" + implementation.lane;
  name += "-" + format.family;
  if (!format.operation.empty()) name += "-" + format.operation;
  for (char& c : name) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '-' || c == '.';
    if (!plain) c = '_';
  }
  return name;
}

Badge badge_of(const Row& row, const FormatName& format) {
  const std::uint32_t judged = row.total.judged();
  const std::uint32_t differ = row.total.of(Standing::differs), known = row.total.known;
  Badge badge{file_name(*row.implementation, format), format.title(), "", green};
  if (judged == 0) {
    badge.message = "not judged";
    badge.colour = grey;
    return badge;
  }
  badge.message = fmt::format("{} of {} as CPython", judged - differ, judged);
  if (known != 0) badge.message += fmt::format(", {} known", known);
  if (differ != 0) badge.colour = differ == known ? yellow : red;
  return badge;
}

std::string escaped(const std::string& text) {
  std::string safe;
  for (const char c : text) {
    if (c == '<')
      safe += "&lt;";
    else if (c == '&')
      safe += "&amp;";
    else if (c == '"')
      safe += "&quot;";
    else
      safe += c;
  }
  return safe;
}

// Wide enough for a sans serif of 11 px, in which a character is 6.2 px on average.
int width_of(const std::string& text) {
  return static_cast<int>(6.4 * static_cast<double>(text.size())) + 12;
}

}  // namespace

std::vector<Badge> badges(const Results& results) {
  std::vector<Badge> all;
  std::set<std::string> taken;
  for (const Matrix& matrix : matrices(results)) {
    for (const Row& row : matrix.rows) {
      if (row.implementation->role != "subject") continue;
      // What it does not claim is no news of it.
      if (row.total.judged() == 0 && row.total.of(Verdict::unsupported) != 0) continue;
      Badge badge = badge_of(row, matrix.name);
      // Two versions of one implementation in a run: nobody can tell them apart
      // by the short name.
      if (!taken.insert(badge.file).second) {
        ImplementationRecord whole = *row.implementation;
        whole.implementation = whole.name;
        whole.lane.clear();
        badge.file = file_name(whole, matrix.name);
        if (!taken.insert(badge.file).second) continue;
      }
      all.push_back(std::move(badge));
    }
  }
  return all;
}

std::string badge_svg(const Badge& badge) {
  const int left = width_of(badge.label), right = width_of(badge.message), all = left + right;
  const std::string label = escaped(badge.label), message = escaped(badge.message);
  return fmt::format(
      R"(<svg xmlns="http://www.w3.org/2000/svg" width="{0}" height="20" role="img" )"
      R"(aria-label="{3}: {4}"><title>{3}: {4}</title>)"
      R"(<rect width="{0}" height="20" rx="3" fill="#{5}"/>)"
      R"(<path d="M3 0h{1}v20H3a3 3 0 0 1-3-3V3a3 3 0 0 1 3-3z" fill="#33383f"/>)"
      R"(<g fill="#fff" font-family="Verdana,'DejaVu Sans',sans-serif" font-size="11" )"
      R"(text-anchor="middle"><text x="{2}" y="14" textLength="{6}" )"
      R"(lengthAdjust="spacingAndGlyphs">{3}</text><text x="{7}" y="14" textLength="{8}" )"
      R"(lengthAdjust="spacingAndGlyphs">{4}</text></g></svg>)"
      "\n",
      all, left - 3, left / 2, label, message, badge.colour, left - 12, left + right / 2,
      right - 12);
}

std::string badge_json(const Badge& badge) {
  const nlohmann::ordered_json json = {{"schemaVersion", 1},
                                       {"label", badge.label},
                                       {"message", badge.message},
                                       {"color", badge.colour}};
  return json.dump() + "\n";
}

}  // namespace assay
