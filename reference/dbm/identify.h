// What a path names, whatever whichdb() says of it: format, byte order, version
// and page size; and what each CPython does with it.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "reference/dbm/magic.h"
#include "reference/dbm/module_opening.h"
#include "reference/dbm/whichdb.h"

namespace assay::dbm {

struct Identification {
  Format format = Format::unknown;
  std::string file;    // the file whose bytes tell; of dbm.dumb the `.dir`
  std::string second;  // dbm.dumb: the `.dat`, whether it exists or not
  std::string base;    // the path that a Python is given to open it
  bool big_endian = false;
  bool other_machine = false;    // GNU dbm: another byte order, width or alignment than here
  std::string details;           // "64-bit offsets, little-endian, blocks of 4096 bytes"
  bool holds_databases = false;  // Berkeley DB: its entries only name databases inside of it
  std::string fault;             // why the file cannot be what it looks like; else empty
};

// `path` is a file, or what a database's files have in common: with `.dir` and
// `.dat`, `.pag`, or `.db` behind it. Nothing if that is no dbm file. Throws
// std::system_error for a file that cannot be read.
std::optional<Identification> identify(const std::string& path);

// "GNU dbm (64-bit offsets, …)".
std::string shown(const Identification& found);

struct PythonAnswer {
  std::string versions;  // "2.7", "3.6 to 3.12"
  std::string whichdb;   // as Python prints it
  std::string opens;     // what dbm.open() then does, or what opens it instead
};

// What dbm.sqlite3 makes of the database at a path: asked of who can read one
// (reference/dbm/sqlite3).
using SqliteOpening = std::function<ModuleOpening(const std::string& path)>;

// What CPythons with all of Debian's modules, on a machine like this one, make
// of it: one row for each run of versions that agree. `ndbm` is the library
// behind their dbm.ndbm. A file of GNU dbm is read through. Throws
// std::system_error for a file that cannot be read.
std::vector<PythonAnswer> python_answers(const Identification& found, NdbmLibrary ndbm,
                                         const SqliteOpening& sqlite = nullptr);

}  // namespace assay::dbm
