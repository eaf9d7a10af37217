// Whether SQLite would take a schema at all. Of one row that it cannot take it
// refuses the whole database ("malformed database schema").
#pragma once

#include "reference/sqlite/database.h"

namespace assay::sqlite {

// Throws DecodeError (malformed, field "schema") for the first row that
// prepare.c, sqlite3InitCallback refuses: SQL that is no CREATE statement or
// names something else than the row does, a root page outside of the database,
// neither SQL nor the place of an index. Of the SQL of tables everything is
// parsed; of indexes, views and triggers the beginning.
void check_schema(const Database& database);

}  // namespace assay::sqlite
