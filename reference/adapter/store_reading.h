// The entries of a dbm file as the modules of a Python give them: which files a
// module opens, what it raises, in which order it lists the keys. Everything that
// differs from reading the file as its format says stands here.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "reference/dbm/python.h"
#include "reference/dbm/whichdb.h"

namespace assay::adapter {

struct StoredEntry {
  enum class Key : std::uint8_t { bytes, unicode, number };  // unicode: of 2.7, Latin-1 here
  Key kind = Key::bytes;
  std::string key;                  // of a record: its number in decimal
  std::vector<std::string> values;  // one, or all of a key in Berkeley DB
};

struct StoredEntries {
  enum class Status : std::uint8_t { read, raised, unsupported };
  Status status = Status::read;
  std::string exception;  // raised: the class, as Python names it
  std::string message;    // raised, unsupported
  std::vector<StoredEntry> entries;
};

// Whether `module` is a format on the wire that is read here: "dbm", "dbm.dumb",
// "dbm.gnu", "dbm.ndbm", "dbm.sqlite3", "bsddb.hash", …
bool is_store(std::string_view module);

// open(path, "r") of a module, then each of its keys and its value. dbm.gnu is that
// over libgdbm 1.23, dbm.ndbm and bsddb those over Berkeley DB 5.3, as Debian's.
// `ndbm` is the library behind dbm.ndbm, which decides what whichdb finds (module
// "dbm").
StoredEntries read_store(std::string_view module, const std::string& path, dbm::Python python,
                         dbm::NdbmLibrary ndbm = dbm::NdbmLibrary::none);

}  // namespace assay::adapter
