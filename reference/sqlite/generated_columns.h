// The columns of a table that are worked out when a row is read: GENERATED ALWAYS
// AS (…) VIRTUAL. Generated Columns (gencol.html), 2; expr.c,
// sqlite3ExprCodeGeneratedColumn.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "reference/bytes/error.h"
#include "reference/sqlite/create_table.h"
#include "reference/sqlite/evaluation.h"
#include "reference/sqlite/header.h"
#include "reference/sqlite/record.h"

namespace assay::sqlite {

class GeneratedColumns {
 public:
  // `table` must outlive this. What cannot be worked out is kept for fill() to
  // throw: a table without rows can be read all the same.
  GeneratedColumns(const TableDefinition& table, TextEncoding encoding);

  // Puts the values of the virtual columns into a row that has a field for every
  // column, the others filled in. Views of this object, valid until the next call.
  // Throws DecodeError of kind `unsupported`, naming table, column and cause; of kind
  // `limit` for texts that are too long.
  void fill(std::span<Field> row);

 private:
  struct One {
    std::size_t column;
    Evaluation evaluation;
    std::string text;  // where the affinity makes one
  };

  DecodeError named(std::size_t column, const DecodeError& error) const;
  void refuse(std::size_t column, const DecodeError& error);
  void order();
  Evaluated stored_as(const Evaluated& value, Affinity affinity, std::string& text) const;

  const TableDefinition& table_;
  TextEncoding encoding_;
  std::vector<One> columns_;    // each behind those that it names
  std::vector<Evaluated> row_;  // what expressions are given
  std::optional<DecodeError> refused_;
};

}  // namespace assay::sqlite
