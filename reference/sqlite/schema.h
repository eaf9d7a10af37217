// The schema table: which tables, indexes, views and triggers there are, and
// where their trees begin. SQLite file format, 2.6.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "reference/sqlite/pager.h"

namespace assay::sqlite {

// A row of sqlite_schema, in UTF-8. Text that stands in the file where a number
// should be, and the like, is refused when the entry is used, not here.
struct SchemaEntry {
  std::string type;                // "table", "index", "view", "trigger"
  std::string name;                // may be anything, also invalid UTF-8
  std::string table;               // the table that an index or trigger belongs to
  std::int64_t root = 0;           // page of the tree's root; 0 for views, triggers, virtual tables
  std::optional<std::string> sql;  // none for the indexes that constraints make
  std::uint64_t offset = 0;        // of the row in the database file
};

// Every row, in the order of rowids. Empty for a database without a page.
std::vector<SchemaEntry> read_schema(const Pager& pager);

// What SQLite would say CREATE TABLE for the schema table itself.
inline constexpr const char* schema_table_sql =
    "CREATE TABLE sqlite_master(type text,name text,tbl_name text,rootpage int,sql text)";

}  // namespace assay::sqlite
