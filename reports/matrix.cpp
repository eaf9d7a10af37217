#include "reports/matrix.h"

#include <algorithm>
#include <set>

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

Matrix matrix_of(const Results& results, const std::string& format) {
  Matrix matrix;
  matrix.format = format;
  std::set<int> protocols;
  for (const auto& result : results.results)
    if (result.format == format) protocols.insert(result.protocol);
  matrix.protocols.assign(protocols.begin(), protocols.end());

  std::vector<const ImplementationRecord*> order;
  for (const auto& record : results.implementations) order.push_back(&record);
  std::stable_sort(order.begin(), order.end(), [](const auto* a, const auto* b) {
    return role_order(a->role) < role_order(b->role);
  });

  std::map<std::string, std::size_t> row_of;
  for (const auto* record : order) {
    row_of.emplace(record->name, matrix.rows.size());
    matrix.rows.push_back({record, std::vector<Cell>(matrix.protocols.size()), {}});
  }
  for (const auto& result : results.results) {
    if (result.format != format) continue;
    const auto row = row_of.find(result.implementation);
    if (row == row_of.end()) continue;
    const auto column =
        std::lower_bound(matrix.protocols.begin(), matrix.protocols.end(), result.protocol) -
        matrix.protocols.begin();
    matrix.rows[row->second].cells[static_cast<std::size_t>(column)].count(result);
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

std::string_view protocol_word(std::string_view format) {
  return format == "marshal" ? "version" : "protocol";
}

std::vector<Matrix> matrices(const Results& results) {
  std::set<std::string> formats;
  for (const auto& result : results.results) formats.insert(result.format);
  std::vector<Matrix> made;
  for (const auto& format : formats) made.push_back(matrix_of(results, format));
  return made;
}

}  // namespace assay
