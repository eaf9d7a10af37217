// Numbers as text spells them, read as SQLite reads them: whole texts where an
// affinity asks, the start of a text where an operator, a function or CAST does.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace assay::sqlite {

struct Number {
  bool integer = false;  // fits 64 bits and is written without point and exponent
  std::int64_t as_integer = 0;
  double as_real = 0;
};

// Text that is a number from end to end, white space around it aside
// (vdbemem.c, applyNumericAffinity).
std::optional<Number> number_in(std::string_view text);

// The number at the start of a text; the integer 0 where there is none
// (vdbe.c, computeNumericType).
Number leading_number(std::string_view text);

// The digits at the start of a text, whatever follows; beyond 64 bits the nearest
// end of the range (util.c, sqlite3Atoi64).
std::int64_t leading_integer(std::string_view text);

// Towards 0, and to the ends of the range beyond them (vdbemem.c, doubleToInt64).
std::int64_t integer_from_real(double value);

// The integer that a real is, where an affinity makes one of it: all but the two
// ends of the range (vdbemem.c, sqlite3VdbeIntegerAffinity).
std::optional<std::int64_t> integral(double value);

// The same where CAST AS NUMERIC does: below 2^51 only (vdbemem.c,
// sqlite3RealSameAsInt).
std::optional<std::int64_t> small_integral(double value);

}  // namespace assay::sqlite
