#include "reference/dbm/sqlite3/store.h"

#include <stdexcept>

#include "reference/dbm/python_error.h"
#include "reference/dbm/sqlite3/salvage.h"

namespace assay::dbm {

SqliteStream::SqliteStream(const std::string& path, ReadOptions options)
    : EntryStream(options), path_(path), entries_(path) {}

void SqliteStream::take(const sqlite::KeyValues& from, Entry& entry) {
  const sqlite::Field &key = from.key(), &value = from.value();
  if (key.storage != sqlite::Storage::blob)  // key = CAST(? AS BLOB) finds none
    throw PythonError("KeyError", 0, "Dict", "a key that is no blob");
  if (value.storage != sqlite::Storage::blob)
    throw DecodeError(ErrorKind::malformed, 0, "Dict", "a value that is no blob");
  entry = {};
  entry.key = key.bytes;
  entry.value = value.bytes;
}

bool SqliteStream::next(Entry& entry) {
  while (!at_end_) {
    try {
      if (!entries_.next()) {
        at_end_ = true;
        return false;
      }
    } catch (const DecodeError& error) {
      at_end_ = true;  // the tree cannot be followed past a page that is broken
      lose_or_rethrow(error);
      return false;
    }
    try {
      take(entries_, entry);
      return true;
    } catch (const DecodeError& error) {
      lose_or_rethrow(error);
    }
  }
  return false;
}

bool SqliteStream::find(Bytes key, Entry& entry) {
  if (finder_ == nullptr) finder_ = std::make_unique<sqlite::KeyValues>(path_);
  if (!finder_->find(key)) return false;
  take(*finder_, entry);
  return true;
}

bool is_dbm_sqlite3(const std::string& path) {
  try {
    sqlite::KeyValues entries(path);
    return true;
  } catch (const std::runtime_error&) {  // DecodeError among them
    return false;
  }
}

// Lib/dbm/sqlite3.py: open() runs no query on the table, and suppresses what the
// PRAGMA raises unless it says that the file is no database.
ModuleOpening open_as_dbm_sqlite3(const std::string& path) {
  using Kind = ModuleOpening::Kind;
  const ModuleOpening fails{Kind::partly, "reading raises error"};
  std::uint64_t listed = 0, missing = 0;
  try {
    sqlite::KeyValues entries(path);
    if (entries.needs_rollback()) return fails;
    for (; entries.next(); ++listed)
      missing += entries.key().storage != sqlite::Storage::blob;  // key = CAST(? AS BLOB)
  } catch (const DecodeError& error) {
    return {Kind::unknown, error.kind() == ErrorKind::unsupported ? error.reason() : ""};
  } catch (const std::runtime_error&) {
    return fails;
  }
  if (missing == 0) return {};
  return {Kind::partly, keys_given(listed, "KeyError")};
}

std::unique_ptr<OpenedDbm> open_store(const Identification& found, Python python,
                                      ReadOptions options) {
  if (found.format != Format::sqlite) return open_dbm(found, python, options);
  auto opened = std::make_unique<OpenedDbm>();
  opened->found = found;
  if (options.salvage) {
    // A tree that can be followed to its end needs no salvage: the stream leaves
    // out the rows that are no entries.
    try {
      sqlite::KeyValues whole(found.file);
      while (whole.next()) continue;
    } catch (const DecodeError& error) {
      if (error.kind() == ErrorKind::unsupported) throw;
      opened->stream = std::make_unique<SalvagedSqlite>(found.file, error);
      return opened;
    }
  }
  opened->stream = std::make_unique<SqliteStream>(found.file, options);
  return opened;
}

}  // namespace assay::dbm
