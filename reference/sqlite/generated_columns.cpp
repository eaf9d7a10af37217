#include "reference/sqlite/generated_columns.h"

#include <fmt/format.h>

#include <algorithm>

#include "reference/sqlite/expression_functions.h"
#include "reference/sqlite/operand.h"

namespace assay::sqlite {
namespace {

// Integers in this range, of six bytes, are kept as they are in a REAL column.
constexpr std::int64_t six_bytes = std::int64_t{1} << 47;

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

// A value with the column's affinity applied (vdbe.c, OP_Affinity).
Evaluated GeneratedColumns::stored_as(const Evaluated& value, Affinity affinity,
                                      std::string& text) const {
  if (value.whole_real && affinity != Affinity::text) return value;
  Evaluated changed{with_affinity(value.field, affinity, encoding_, text), false};
  if (affinity != Affinity::real || changed.field.storage != Storage::integer) return changed;
  const std::int64_t whole = changed.field.integer;
  changed.whole_real = whole >= -six_bytes && whole < six_bytes;
  changed.field = Field::of(static_cast<double>(whole));
  return changed;
}

void GeneratedColumns::fill(std::span<Field> row) {
  if (refused_) throw *refused_;
  if (columns_.empty()) return;
  std::size_t room = max_text;
  row_.resize(row.size());
  for (std::size_t i = 0; i < row.size(); ++i) row_[i] = {row[i], false};
  for (One& one : columns_) {
    const Column& column = table_.columns[one.column];
    try {
      row_[one.column] = stored_as(one.evaluation.value(row_, room), column.affinity, one.text);
      row[one.column] = row_[one.column].field;
    } catch (const DecodeError& error) {
      throw named(column, error);
    }
  }
}

}  // namespace assay::sqlite
