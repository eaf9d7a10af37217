// Values of constant expressions, as SQLite works out the DEFAULT of a column
// that was added after a row was written (vdbemem.c, valueFromExpr). Takes SQL
// and an affinity, knows of no table.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "reference/sqlite/create_table.h"
#include "reference/sqlite/record.h"

namespace assay::sqlite {

struct Constant {
  Storage storage = Storage::null;
  std::int64_t integer = 0;
  double real = 0;
  std::string bytes;  // text is UTF-8
};

// The value of a literal, signed or in parentheses or CAST, with the affinity
// applied. NULL for any other expression: SQLite lets no column with one be added
// to a table that has rows.
Constant constant_value(std::string_view sql, Affinity affinity);

// Applies an affinity as storing does. Datatypes In SQLite, 3.
void apply_affinity(Constant& value, Affinity affinity);

// Text that is a number from end to end, white space around it aside.
struct Number {
  bool integer = false;  // fits 64 bits and is written without point and exponent
  std::int64_t as_integer = 0;
  double as_real = 0;
};
std::optional<Number> number_in(std::string_view text);

}  // namespace assay::sqlite
