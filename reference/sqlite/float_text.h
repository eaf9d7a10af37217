// Floating-point numbers as SQLite writes and reads them: neither is exact. The
// way of the SQLite that the recorded Pythons have, 3.40 (from 3.43.0 on it
// computes with pairs of doubles, and last digits can differ). It works in the
// machine's long double, of 64 bits of significand where results were compared.
#pragma once

#include <string>
#include <string_view>

namespace assay::sqlite {

// "%!.15g": what CAST AS TEXT and sqlite3_column_text() give.
std::string real_as_text(double value);

// What the SQL function quote() gives: 15 digits where they read back as the
// same number, else "%!.20e" (func.c, sqlite3QuoteValue).
std::string real_quoted(double value);

// "%.{digits}f" of a finite value: what round(X, digits) reads back.
std::string real_fixed(double value, int digits);

// The number that SQLite reads (util.c, sqlite3AtoF). `text` is a decimal number
// from end to end: sign, digits, point, exponent.
double real_from_text(std::string_view text);

}  // namespace assay::sqlite
