// Text of a database as UTF-8. SQLite converts without judging: what is invalid
// stays invalid, in the same way here as there.
#pragma once

#include <cstdint>
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

// The code point at `at`, which moves behind it, as SQLite reads UTF-8 (utf.c,
// sqlite3Utf8Read): a first byte of C0 or more takes all continuation bytes that
// follow; surrogates, FFFE, FFFF and what is spelled too long become FFFD; a lone
// byte is itself. `at` must be in the text.
std::uint32_t read_utf8(Bytes text, std::size_t& at);

// The UTF-8 of a code point, of four bytes at most (utf.c, WRITE_UTF8).
void write_utf8(std::string& out, std::uint32_t point);

// UTF-8 as a database of this encoding stores it, well-formed or not (utf.c,
// sqlite3VdbeMemTranslate).
std::string from_utf8(Bytes text, TextEncoding encoding);

}  // namespace assay::sqlite
