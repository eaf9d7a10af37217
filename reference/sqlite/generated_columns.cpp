#include "reference/sqlite/generated_columns.h"

#include <fmt/format.h>

#include "reference/sqlite/expression_functions.h"
#include "reference/sqlite/operand.h"

namespace assay::sqlite {
namespace {

// Integers in this range, of six bytes, are kept as they are in a REAL column.
constexpr std::int64_t six_bytes = std::int64_t{1} << 47;

}  // namespace

DecodeError GeneratedColumns::named(std::size_t i, const DecodeError& error) const {
  const Column& column = table_.columns[i];
  return {error.kind(), error.offset(), "generated column",
          fmt::format("{}.{} AS ({}): {}", table_.name, column.name,
                      column.generated_sql.substr(0, 60), error.what())};
}
void GeneratedColumns::refuse(std::size_t column, const DecodeError& error) {
  refused_ = named(column, error);
}

GeneratedColumns::GeneratedColumns(const TableDefinition& table, TextEncoding encoding)
    : table_(table), encoding_(encoding) {
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const Column& column = table.columns[i];
    if (column.generated != Generated::virtual_) continue;
    try {
      columns_.push_back(
          {i, Evaluation(parse_expression(column.generated_sql, table), encoding), ""});
    } catch (const DecodeError& error) {
      refuse(i, error);
      return;
    }
  }
  order();
}

// A column may name others that are generated, in any order, but not itself by
// way of them. Each is placed when all that it names are.
void GeneratedColumns::order() {
  std::vector<std::vector<std::size_t>> followers(table_.columns.size());
  std::vector<std::size_t> waits_for(columns_.size()), placed;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    for (const std::size_t named : columns_[i].evaluation.columns()) {
      if (table_.columns[named].generated != Generated::virtual_) continue;
      followers[named].push_back(i);
      ++waits_for[i];
    }
    if (waits_for[i] == 0) placed.push_back(i);
  }
  for (std::size_t next = 0; next < placed.size(); ++next)
    for (const std::size_t i : followers[columns_[placed[next]].column])
      if (--waits_for[i] == 0) placed.push_back(i);
  for (std::size_t i = 0; i < columns_.size(); ++i)
    if (waits_for[i] != 0)
      return refuse(columns_[i].column,
                    DecodeError(ErrorKind::unsupported, 0, "expression", "it names itself"));
  std::vector<One> ordered;
  ordered.reserve(placed.size());
  for (const std::size_t i : placed) ordered.push_back(std::move(columns_[i]));
  columns_ = std::move(ordered);
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
      throw named(one.column, error);
    }
  }
}

}  // namespace assay::sqlite
