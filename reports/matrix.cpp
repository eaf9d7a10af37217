#include "reports/matrix.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <regex>
#include <set>
#include <tuple>

namespace assay {

void Cell::count(const ResultRecord& result) {
  ++verdicts[static_cast<std::size_t>(result.verdict)];
  if (result.known) ++known;
}

std::uint32_t Cell::of(Standing wanted) const {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < verdict_count; ++i)
    if (standing(static_cast<Verdict>(i)) == wanted) sum += verdicts[i];
  return sum;
}

std::uint32_t Cell::judged() const {
  return of(Standing::agrees) + of(Standing::lossy) + of(Standing::differs);
}

namespace {

int role_order(const std::string& role) {
  if (role == "oracle") return 0;
  return role == "reference" ? 1 : 2;
}

// Modules in the order in which people look for them; others behind, by name.
std::size_t part_order(const FormatName& name) {
  static constexpr std::array<std::string_view, 8> order = {"",        "dumb", "gnu",   "ndbm",
                                                            "sqlite3", "hash", "btree", "queue"};
  return static_cast<std::size_t>(std::find(order.begin(), order.end(), name.part) - order.begin());
}

std::string label_of(const FormatName& name, int protocol) {
  if (protocol >= 0) return fmt::format("{}{}", protocol_word(name.family)[0], protocol);
  if (name.part == "sqlite3") return "sqlite";  // eight columns fit a screen
  return name.part.empty() ? "cases" : name.part;
}

// The formats of the documentation's chapter in its order; others behind, by name.
std::size_t family_order(std::string_view family) {
  static constexpr std::array<std::string_view, 6> order = {"pickle", "marshal", "dbm",
                                                            "shelve", "sqlite",  "chapter"};
  return static_cast<std::size_t>(std::find(order.begin(), order.end(), family) - order.begin());
}

using Key = std::tuple<std::size_t, std::string, int>;  // part, format, protocol

Matrix matrix_of(const Results& results, const std::set<std::string>& formats) {
  Matrix matrix;
  std::map<Key, std::size_t> column_of;
  for (const auto& result : results.results)
    if (formats.contains(result.format))
      column_of[{part_order(take_apart_format(result.format)), result.format, result.protocol}];
  for (auto& [key, column] : column_of) {
    const auto& [part, format, protocol] = key;
    column = matrix.columns.size();
    matrix.columns.push_back({format, protocol, label_of(take_apart_format(format), protocol)});
  }
  matrix.name = take_apart_format(matrix.columns.front().format);

  std::vector<const ImplementationRecord*> order;
  for (const auto& record : results.implementations) order.push_back(&record);
  std::stable_sort(order.begin(), order.end(), [](const auto* a, const auto* b) {
    return role_order(a->role) < role_order(b->role);
  });

  std::map<std::string, std::size_t> row_of;
  for (const auto* record : order) {
    row_of.emplace(record->name, matrix.rows.size());
    matrix.rows.push_back({record, std::vector<Cell>(matrix.columns.size()), {}});
  }
  for (const auto& result : results.results) {
    if (!formats.contains(result.format)) continue;
    const auto row = row_of.find(result.implementation);
    if (row == row_of.end()) continue;
    const std::size_t column = column_of.at(
        {part_order(take_apart_format(result.format)), result.format, result.protocol});
    matrix.rows[row->second].cells[column].count(result);
    matrix.rows[row->second].total.count(result);
  }
  const auto supports = [](const Row& row) {
    std::uint32_t all = 0;
    for (const std::uint32_t count : row.total.verdicts) all += count;
    return all == 0 || row.total.judged() > 0 || row.total.of(Verdict::unsupported) == 0;
  };
  if (std::any_of(matrix.rows.begin(), matrix.rows.end(), supports))
    std::erase_if(matrix.rows, [&](const Row& row) { return !supports(row); });
  return matrix;
}

}  // namespace

namespace {

// A name around its version: "cpython-", "3.13", "-c".
struct VersionedName {
  std::string before, version, after;
};

std::optional<VersionedName> versioned(const std::string& name) {
  static const std::regex shape("(.*cpython-)([0-9]+\\.[0-9]+)(-.*)");
  std::smatch match;
  if (!std::regex_match(name, match, shape)) return std::nullopt;
  return VersionedName{match[1], match[2], match[3]};
}

bool alike(const Row& a, const Row& b) {
  return a.cells == b.cells && a.implementation->note.empty() && b.implementation->note.empty();
}

}  // namespace

std::string RowGroup::title() const {
  const std::string& first = rows.front()->implementation->name;
  if (rows.size() == 1) return first;
  const auto from = versioned(first), to = versioned(rows.back()->implementation->name);
  return fmt::format("{}{}..{}{}", from->before, from->version, to->version, from->after);
}

std::vector<RowGroup> folded_rows(const Matrix& matrix) {
  std::vector<RowGroup> groups;
  std::map<std::string, std::size_t> last_of;  // by all of the name but the version
  for (const Row& row : matrix.rows) {
    const auto name =
        row.implementation->role == "subject" ? std::nullopt : versioned(row.implementation->name);
    if (!name) {
      groups.push_back({{&row}});
      continue;
    }
    const auto [last, fresh] = last_of.try_emplace(name->before + name->after, groups.size());
    if (!fresh && alike(*groups[last->second].rows.back(), row)) {
      groups[last->second].rows.push_back(&row);
      continue;
    }
    last->second = groups.size();
    groups.push_back({{&row}});
  }
  return groups;
}

std::vector<Matrix> matrices(const Results& results) {
  std::map<std::tuple<std::size_t, std::string, std::string>, std::set<std::string>> groups;
  for (const auto& result : results.results) {
    const FormatName name = take_apart_format(result.format);
    groups[{family_order(name.family), name.family, name.operation}].insert(result.format);
  }
  std::vector<Matrix> made;
  for (const auto& [key, formats] : groups) made.push_back(matrix_of(results, formats));
  return made;
}

}  // namespace assay
