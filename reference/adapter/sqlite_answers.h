// Format sqlite behind the protocol: reading a database, and its dump. As dbm,
// it belongs to lane c.
#pragma once

#include <string>

#include "reference/adapter/request.h"
#include "reference/sqlite/python_version.h"

namespace assay::adapter {

// What hello lists, with a comma before each.
extern const char* const sqlite_features;

// Appends the answer to a request `read`: schema and rows, as
// harness/adapters/README.md defines them.
void answer_sqlite_read(const Request& request, std::string& out);

// Appends the answer to a request `iterdump`: the lines of that Python's
// Connection.iterdump(), as a list.
void answer_iterdump(const Request& request, sqlite::PythonVersion python, std::string& out);

}  // namespace assay::adapter
