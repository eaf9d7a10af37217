// The rows of a table as SQLite returns them: rowids in the column that names
// them, floats that were stored as integers, defaults for the columns that a
// record is too old to have.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "reference/sqlite/constant.h"
#include "reference/sqlite/database.h"
#include "reference/sqlite/generated_columns.h"
#include "reference/sqlite/record.h"
#include "reference/sqlite/scan_plan.h"
#include "reference/sqlite/tree_cursor.h"

namespace assay::sqlite {

class Rows {
 public:
  // `database` and `table` must outlive the rows.
  Rows(const Database& database, const Table& table);
  // The same rows from a tree of an index, in its order. find() is not for these.
  Rows(const Database& database, const Table& table, const IndexScan& scan);

  // Goes to the next row; false behind the last. Throws DecodeError; kind
  // `unsupported` for a generated column whose expression is not understood.
  bool next();
  // Goes to the row of a rowid, in a table that has rowids; false if there is none.
  bool find(std::int64_t rowid);
  void rewind() { cursor_.rewind(); }

  // Gives NULL for generated columns that are worked out when read, instead of
  // refusing them: for who does not look at them.
  void leave_out_expressions() { expressions_ = false; }

  // The current row, a field for each column; text in the database's encoding.
  // Valid until the next move.
  std::span<const Field> row() const { return row_; }
  std::int64_t rowid() const { return cursor_.rowid(); }

 private:
  Rows(const Database& database, const Table& table, TreeCursor cursor,
       std::vector<Table::Place> places, std::size_t record_fields);
  void assemble();

  const Table& table_;
  std::vector<Table::Place> places_;
  TreeCursor cursor_;
  bool expressions_ = true;
  std::vector<Field> fields_, row_;
  GeneratedColumns generated_;
  struct Default {
    Field field;
    std::string bytes;
  };
  std::vector<Default> defaults_;  // one a column
};

}  // namespace assay::sqlite
