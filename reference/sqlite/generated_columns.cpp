#include "reference/sqlite/generated_columns.h"

#include <fmt/format.h>

#include <algorithm>

#include "reference/sqlite/expression_functions.h"
#include "reference/sqlite/operand.h"

namespace assay::sqlite {
namespace {

DecodeError named(const Column& column, const DecodeError& error) {
  return {error.kind(), error.offset(), "generated column",
          fmt::format("{} AS ({}): {}", column.name, column.generated_sql, error.what())};
}

}  // namespace

GeneratedColumns::GeneratedColumns(const TableDefinition& table, TextEncoding encoding)
    : table_(table), encoding_(encoding) {
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const Column& column = table.columns[i];
    if (column.generated != Generated::virtual_) continue;
    try {
      columns_.push_back(
          {i, Evaluation(parse_expression(column.generated_sql, table), encoding), ""});
    } catch (const DecodeError& error) {
      refused_ = named(column, error);
      return;
    }
  }
  order();
}

// A column may name others that are generated, in any order, but not itself by
// way of them.
void GeneratedColumns::order() {
  std::vector<bool> known(table_.columns.size(), true);
  for (const One& one : columns_) known[one.column] = false;
  auto placed = columns_.begin();
  while (placed != columns_.end()) {
    const auto next = std::stable_partition(placed, columns_.end(), [&](const One& one) {
      const auto names = one.evaluation.columns();
      return std::all_of(names.begin(), names.end(), [&](std::size_t i) { return known[i]; });
    });
    if (next == placed) {
      refused_ = named(table_.columns[placed->column],
                       DecodeError(ErrorKind::unsupported, 0, "expression", "it names itself"));
      return;
    }
    for (; placed != next; ++placed) known[placed->column] = true;
  }
}

void GeneratedColumns::fill(std::span<Field> row) {
  if (refused_) throw *refused_;
  std::size_t room = max_text;
  for (One& one : columns_) {
    const Column& column = table_.columns[one.column];
    try {
      Field& field = row[one.column];
      field = with_affinity(one.evaluation.value(row, room), column.affinity, encoding_, one.text);
      if (column.affinity == Affinity::real && field.storage == Storage::integer)
        field = Field::of(static_cast<double>(field.integer));
    } catch (const DecodeError& error) {
      throw named(column, error);
    }
  }
}

}  // namespace assay::sqlite
