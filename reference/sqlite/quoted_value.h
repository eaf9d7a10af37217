// Values as SQL literals.
#pragma once

#include <string>
#include <string_view>

#include "reference/sqlite/header.h"
#include "reference/sqlite/record.h"

namespace assay::sqlite {

// `text` with each `quote` in it twice.
std::string doubled(std::string_view text, char quote);

// A value as the SQL function quote() writes it: text ends at its first NUL
// (func.c, sqlite3QuoteValue).
void append_quoted(std::string& out, const Field& field, TextEncoding encoding);

}  // namespace assay::sqlite
