// What PRAGMA foreign_key_check would find. Foreign Key Support, 3, and pragma.c,
// PragTyp_FOREIGN_KEY_CHECK.
#pragma once

#include <cstdint>

#include "reference/sqlite/database.h"

namespace assay::sqlite {

enum class ForeignKeys : std::uint8_t {
  kept,
  violated,    // some row refers to a row that is not there
  mismatched,  // SQLite refuses to look: a parent has no unique index on the columns
};

// Looks at the rows of every table that has foreign keys. Keeps the keys of one
// parent at a time, so that memory is linear in these. Throws DecodeError where a
// table cannot be read.
ForeignKeys foreign_key_check(const Database& database);

}  // namespace assay::sqlite
