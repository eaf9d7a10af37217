// A dbm file or shelf of any kind, written anew for another module of Python's.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "reference/dbm/identify.h"
#include "reference/pickle/profile.h"

namespace assay {

struct MigrationPlan {
  dbm::Identification from;
  std::string to;           // the path that a Python is given to open the copy
  std::string store;        // "dbm.dumb", "dbm.gnu", "dbm.ndbm", "dbm.sqlite3"
  std::string python;       // the program that writes it; none for dbm.dumb
  pickle::Profile profile;  // the Python that shall load it
  bool salvage = false;
};

// An entry, or a part of the file, that is not in the copy or does not load.
struct Unmoved {
  std::string key;  // as value text; empty where there is none
  std::string why;
};

struct MigrationReport {
  std::uint64_t carried = 0;       // entries in the copy, each read back and compared
  bool shelf = false;              // values are pickles
  std::vector<Unmoved> lost;       // not in the copy
  std::vector<Unmoved> broken;     // in the copy; the Python refuses to load the value
  std::vector<std::string> files;  // that make the copy
};

// Writes the copy in a folder beside it, reads it back through the reference,
// compares every entry, looks whether the original is as it was, and only then
// gives the files their names. Throws UsageError, with nothing left behind, for
// an original that cannot be read, a copy that differs, names that are taken, and
// a place where nothing can be written or that is full; Interrupted, with nothing
// left behind, after SIGINT, SIGTERM or SIGHUP.
MigrationReport migrate(const MigrationPlan& plan);

// The files that a store at `path` may have, existing ones; for names taken.
std::vector<std::filesystem::path> files_at(const std::string& path);

}  // namespace assay
