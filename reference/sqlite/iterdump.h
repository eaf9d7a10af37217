// sqlite3.Connection.iterdump(), line for line as each Python prints it
// (Lib/sqlite3/dump.py), its defects included. Reads a database through rows and
// schema; knows of no page.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "reference/sqlite/database.h"
#include "reference/sqlite/python_version.h"

namespace assay::sqlite {

// What ends a dump early: the exception that Python raises.
struct DumpError {
  std::string exception;  // "sqlite3.OperationalError", "UnicodeEncodeError", …
  std::string message;    // ours; Python's is SQLite's
};

// Gives each line, without a newline, to `line`. Nothing when the dump came to
// its end; the exception that it ends with otherwise. Throws DecodeError for a
// file that cannot be read on, of kind `unsupported` where Python would run what
// this reader does not: the module of a virtual table, a program's own collation.
std::optional<DumpError> iterdump(const Database& database, PythonVersion version,
                                  const std::function<void(std::string_view)>& line);

}  // namespace assay::sqlite
