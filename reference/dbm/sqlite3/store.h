// dbm.sqlite3 among the other dbm files: SQLite's tables as a stream of entries.
#pragma once

#include <memory>
#include <string>

#include "reference/dbm/open.h"
#include "reference/sqlite/key_values.h"

namespace assay::dbm {

class SqliteStream final : public EntryStream {
 public:
  // Opens the table Dict of the database at `path`. Throws std::runtime_error
  // when there is none, DecodeError as the database's reader does.
  SqliteStream(const std::string& path, ReadOptions options);

  // In the order of dbm.sqlite3's keys(). A value that is no blob, which dbm.sqlite3
  // never writes, is malformed; a key that is none is a PythonError, too: it is
  // listed and not found.
  bool next(Entry& entry) override;
  bool find(Bytes key, Entry& entry) override;

  // Whether a hot journal lies beside the file: the entries are those after the
  // rollback, and dbm.sqlite3 with the flag r raises error as it lists the keys.
  bool needs_rollback() const { return entries_.needs_rollback(); }

 private:
  static void take(const sqlite::KeyValues& from, Entry& entry);

  std::string path_;
  sqlite::KeyValues entries_;
  std::unique_ptr<sqlite::KeyValues> finder_;  // made for the first find()
  bool at_end_ = false;
};

// Whether the file at `path` is an SQLite database with dbm.sqlite3's table.
bool is_dbm_sqlite3(const std::string& path);

// What dbm.sqlite3 makes of the database at `path`: python_answers() asks it. Reads
// every entry. A database whose pages are broken is `unknown`: SQLite notices less,
// or other things, than is noticed here.
ModuleOpening open_as_dbm_sqlite3(const std::string& path);

// open_dbm(), and SqliteStream where `found` is an SQLite database; throws
// std::runtime_error as that does.
std::unique_ptr<OpenedDbm> open_store(const Identification& found, Python python,
                                      ReadOptions options);

}  // namespace assay::dbm
