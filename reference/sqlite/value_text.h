// A database as value text: schema and rows with their storage classes.
// README.md, "As value text".
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "reference/sqlite/database.h"
#include "reference/sqlite/record.h"

namespace assay::sqlite {

// One field: None, an integer, a float, a str, bytes; text that is no UTF-8 is
// call(global('sqlite3', 'text'), b'…').
void append_field(std::string& out, const Field& field, TextEncoding encoding);

// The document, in pieces of some kilobytes as it comes, without a newline at the
// end. `table` restricts the rows to those of one table, sqlite_master too;
// empty: all in the schema. Throws DecodeError where the file cannot be read on,
// std::runtime_error when there is no such table.
void write_value_text(const Database& database, std::string_view table,
                      const std::function<void(std::string_view)>& write);

}  // namespace assay::sqlite
