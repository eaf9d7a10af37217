// Values of constant expressions, as SQLite works out the DEFAULT of a column
// that was added after a row was written (vdbemem.c, valueFromExpr). Takes SQL
// and an affinity, knows of no table.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "reference/sqlite/create_table.h"
#include "reference/sqlite/header.h"
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

// CAST to a type of this affinity. SQL Language Expressions, 13.1.
void cast(Constant& value, Affinity to);

// A field's value with its text in UTF-8, and the other way round: `storage` then
// holds the text in the database's encoding, blobs are a view of `value`.
Constant constant_of(const Field& field, TextEncoding encoding);
Field field_of(const Constant& value, TextEncoding encoding, std::string& storage);

}  // namespace assay::sqlite
