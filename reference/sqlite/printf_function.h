// The SQL function printf(), also called format(). SQLite documentation, Built-in
// printf(); printf.c, sqlite3_str_vappendf.
#pragma once

#include "reference/sqlite/expression_functions.h"

namespace assay::sqlite {

// Conversions d i u x X f s and %, with the flags - 0 + and space, a width and a
// precision in digits. Any other makes the call fail, as does a width or precision
// above 1000.
void run_printf(Call& call);

}  // namespace assay::sqlite
