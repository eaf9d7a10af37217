// What operators and functions make of a value: numbers, truth, text, another
// affinity. Takes fields, knows of no expression.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "reference/sqlite/create_table.h"
#include "reference/sqlite/header.h"
#include "reference/sqlite/number_text.h"
#include "reference/sqlite/record.h"

namespace assay::sqlite {

// The number that arithmetic takes a value for, which is not NULL: of text and
// blobs what they begin with (vdbe.c, numericType).
Number number_of(const Field& value, TextEncoding encoding);

// vdbemem.c, sqlite3VdbeIntValue and sqlite3VdbeRealValue; 0 for NULL.
std::int64_t integer_of(const Field& value, TextEncoding encoding);
double real_of(const Field& value, TextEncoding encoding);

// Nothing for NULL (vdbemem.c, sqlite3VdbeBooleanValue).
std::optional<bool> truth_of(const Field& value, TextEncoding encoding);

// The UTF-8 that sqlite3_value_text() gives; a blob's bytes count as text in the
// database's encoding. Empty for NULL.
std::string text_of(const Field& value, TextEncoding encoding);

// The value with an affinity applied, or CAST. `storage` holds its text if that is
// new; otherwise it is a view of what `value` is.
Field with_affinity(const Field& value, Affinity affinity, TextEncoding encoding,
                    std::string& storage);
Field cast_to(const Field& value, Affinity affinity, TextEncoding encoding, std::string& storage);

}  // namespace assay::sqlite
