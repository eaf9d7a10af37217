#include "reference/sqlite/rows.h"

#include "reference/sqlite/text_encoding.h"
#include "reference/value/utf8.h"

namespace assay::sqlite {
namespace {

// UTF-8 in the encoding of the database. What a CAST made text of need not be
// UTF-8, and stays as it is.
std::string encoded(std::string text, TextEncoding encoding) {
  if (encoding == TextEncoding::utf8 || !valid_utf8(as_bytes(text), true)) return text;
  return from_utf8(as_bytes(text), encoding);
}

// A REAL column's integral values are stored as integers. SQLite file format,
// 2.1, and vdbe.c, OP_RealAffinity.
void make_real(Field& field) {
  if (field.storage == Storage::integer) field = Field::of(static_cast<double>(field.integer));
}

}  // namespace

Rows::Rows(const Database& database, const Table& table)
    : Rows(database, table,
           TreeCursor(database.pager(),
                      table.entry.root < 0 || table.entry.root > 0xffffffff
                          ? 0
                          : static_cast<std::uint32_t>(table.entry.root),
                      table.tree()),
           table.places, table.record_fields) {}

Rows::Rows(const Database& database, const Table& table, const IndexScan& scan)
    : Rows(database, table, TreeCursor(database.pager(), scan.root, TreeKind::index), scan.places,
           scan.record_fields) {}

Rows::Rows(const Database& database, const Table& table, TreeCursor cursor,
           std::vector<Table::Place> places, std::size_t record_fields)
    : table_(table),
      places_(std::move(places)),
      cursor_(std::move(cursor)),
      fields_(record_fields),
      row_(table.definition.columns.size()),
      generated_(table.definition, database.header().encoding),
      defaults_(row_.size()) {
  for (std::size_t i = 0; i < row_.size(); ++i) {
    const Column& column = table.definition.columns[i];
    if (!column.default_sql) continue;
    Constant value = constant_value(*column.default_sql, column.affinity);
    Default& made = defaults_[i];
    if (value.storage == Storage::integer) made.field = Field::of(value.integer);
    if (value.storage == Storage::real) made.field = Field::of(value.real);
    if (value.storage == Storage::text || value.storage == Storage::blob) {
      made.bytes = value.storage == Storage::blob
                       ? std::move(value.bytes)
                       : encoded(std::move(value.bytes), database.header().encoding);
      made.field.storage = value.storage;
      made.field.bytes = as_bytes(made.bytes);
    }
  }
}

bool Rows::next() {
  if (!cursor_.next()) return false;
  assemble();
  return true;
}

bool Rows::find(std::int64_t rowid) {
  if (!cursor_.find(rowid)) return false;
  assemble();
  return true;
}

void Rows::assemble() {
  // A table of nothing but its rowid is not looked at any further.
  std::size_t have = 0;
  if (!fields_.empty()) have = decode_record(cursor_.payload(), fields_, cursor_.payload_offset());
  for (std::size_t i = 0; i < row_.size(); ++i) {
    const Table::Place& place = places_[i];
    const Column& column = table_.definition.columns[i];
    switch (place.source) {
      case Table::Source::rowid:
        row_[i] = Field::of(cursor_.rowid());
        continue;
      case Table::Source::record:
        row_[i] = place.field < have ? fields_[place.field] : defaults_[i].field;
        break;
      case Table::Source::expression:
        row_[i] = Field();
        continue;
    }
    if (column.affinity == Affinity::real) make_real(row_[i]);
  }
  if (expressions_) generated_.fill(row_);
}

}  // namespace assay::sqlite
