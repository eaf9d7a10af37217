// A table of keys and values, as dbm.sqlite3 makes one (Lib/dbm/sqlite3.py,
// BUILD_TABLE): Dict (key BLOB UNIQUE NOT NULL, value BLOB NOT NULL). What
// reference/dbm is built on.
#pragma once

#include <memory>
#include <string>

#include "reference/sqlite/database.h"
#include "reference/sqlite/rows.h"

namespace assay::sqlite {

class KeyValues {
 public:
  // Opens the database at `path`. Throws std::runtime_error when it cannot be
  // opened or has no table Dict with the columns key and value, DecodeError when
  // the bytes are not as they must be, unsupported for a Dict that is a view or a
  // virtual table, or WITHOUT ROWID and listed from another index than its own.
  explicit KeyValues(const std::string& path);
  ~KeyValues();
  KeyValues(KeyValues&&) noexcept;
  KeyValues& operator=(KeyValues&&) noexcept;

  // The next entry, in the order of "SELECT key FROM Dict": that of the index
  // which SQLite reads instead of the table (scan_plan.h), in a file of
  // dbm.sqlite3's own making that on the key, so sorted by bytes. In the order of
  // rowids where there is no such index. False behind the last.
  bool next();
  // The entry of exactly this key, as a blob; false when there is none. next()
  // does not go on from here.
  bool find(Bytes key);
  void rewind();

  // Of the current entry, valid until the next move: blobs, in what dbm.sqlite3
  // wrote; text is in encoding().
  const Field& key() const;
  const Field& value() const;
  TextEncoding encoding() const;

  // Whether a hot journal lies beside the file. What is given here is the file
  // after the rollback, which a reader cannot make (mode=ro): it gets an error.
  bool needs_rollback() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace assay::sqlite
