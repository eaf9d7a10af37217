// Text of a database as UTF-8. SQLite converts without judging: what is invalid
// stays invalid, in the same way here as there.
#pragma once

#include <string>
#include <string_view>

#include "reference/bytes/cursor.h"
#include "reference/sqlite/header.h"

namespace assay::sqlite {

// The UTF-8 that sqlite3_column_text() gives for `text`. UTF-8 comes back as it
// is, a view; UTF-16 is converted into `storage` (utf.c,
// sqlite3VdbeMemTranslate): an odd last byte is dropped, and a surrogate is
// joined with whatever unit follows it.
Bytes as_utf8(Bytes text, TextEncoding encoding, std::string& storage);

// Well-formed UTF-8 as a database of this encoding stores it.
std::string from_utf8(Bytes text, TextEncoding encoding);

}  // namespace assay::sqlite
