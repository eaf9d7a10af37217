// Showing SQLite databases: the schema and every row, or what is wrong with them.
#pragma once

#include <optional>
#include <string>

#include "reference/sqlite/python_version.h"

namespace assay {

struct SqliteShowOptions {
  std::string table;  // only the rows of this one; empty: of all
  bool check = false;
  bool json = false;
  // As sqlite3.Connection.iterdump() of this Python prints it.
  std::optional<sqlite::PythonVersion> dump_as;
};

// Whether the file begins as an SQLite database does. False for one that cannot
// be read.
bool is_sqlite_file(const std::string& file);

// Prints the database as one document of value text, row by row as they are
// read (README.md of reference/sqlite, "As value text"), or with `check` a line
// for each fault. False if there are faults, or if the Python of `dump_as` ends its
// dump with an exception, which is said on standard error. Throws UsageError naming the file,
// the offset and the field when it cannot be read on.
bool show_sqlite(const std::string& file, const SqliteShowOptions& options);

}  // namespace assay
