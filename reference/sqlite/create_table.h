// What a CREATE TABLE statement says, as far as rows depend on it. Takes SQL,
// knows of no database. The grammar is SQLite's (parse.y, "create_table").
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace assay::sqlite {

// Datatypes In SQLite, 3. "blob" is the affinity once called NONE.
enum class Affinity : std::uint8_t { blob, text, numeric, integer, real };

// The affinity of a declared type. Datatypes In SQLite, 3.1.
Affinity affinity_of(std::string_view declared_type);

enum class Generated : std::uint8_t { no, virtual_, stored };

struct Column {
  std::string name;
  std::string type;  // as declared, without "GENERATED ALWAYS"; may be empty
  Affinity affinity = Affinity::blob;
  std::string collation;  // empty: BINARY
  bool not_null = false;
  std::optional<std::string> default_sql;  // the expression behind DEFAULT
  Generated generated = Generated::no;
  std::string generated_sql;  // the expression in the parentheses behind AS
};

struct KeyColumn {
  std::size_t column = 0;  // index in columns
  std::string collation;   // as written or of the column
  bool descending = false;
};

// A PRIMARY KEY or UNIQUE that makes an index.
struct UniqueKey {
  std::vector<KeyColumn> columns;
  bool primary = false;
};

// REFERENCES, of a column or of the table.
struct ForeignKey {
  std::vector<std::size_t> columns;  // of this table
  std::string parent;                // a table's name
  std::vector<std::string> keys;     // the parent's columns; none: its primary key
};

struct TableDefinition {
  std::string name;
  std::vector<Column> columns;
  std::vector<KeyColumn> primary_key;  // as declared, in order
  // In the order in which SQLite makes indexes of them; one that is another name
  // of the rowid is not among them.
  std::vector<UniqueKey> unique_keys;
  std::vector<ForeignKey> foreign_keys;
  bool without_rowid = false;
  bool strict = false;
  bool autoincrement = false;
  bool virtual_table = false;  // CREATE VIRTUAL TABLE: has no columns here and no tree
  // The column that is another name of the rowid: INTEGER PRIMARY KEY, but not
  // INTEGER PRIMARY KEY DESC. ROWIDs and the INTEGER PRIMARY KEY, and
  // build.c, sqlite3AddPrimaryKey.
  std::optional<std::size_t> rowid_alias;

  std::optional<std::size_t> find(std::string_view column) const;
};

// Reads a CREATE [TEMP] TABLE or CREATE VIRTUAL TABLE statement. Throws
// DecodeError with the offset in `sql` when SQLite could not have stored it.
TableDefinition parse_create_table(std::string_view sql);

}  // namespace assay::sqlite
