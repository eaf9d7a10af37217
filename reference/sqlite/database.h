// A database as SQLite would see it now: the file, with its write-ahead log or
// hot journal laid over it, and its schema. Nothing is written.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "reference/sqlite/btree_page.h"
#include "reference/sqlite/create_table.h"
#include "reference/sqlite/pager.h"
#include "reference/sqlite/schema.h"

namespace assay::sqlite {

// A table, and where each of its columns is found.
struct Table {
  // The place of a column's value.
  enum class Source : std::uint8_t { record, rowid, expression };
  struct Place {
    Source source = Source::record;
    std::size_t field = 0;  // of the record
  };

  SchemaEntry entry;
  TableDefinition definition;
  std::vector<Place> places;      // one a column
  std::size_t record_fields = 0;  // of the record, up to the last that is read
  // The columns of a WITHOUT ROWID table's record, in its order.
  std::vector<KeyColumn> key_order;

  TreeKind tree() const { return definition.without_rowid ? TreeKind::index : TreeKind::table; }
};

class Database {
 public:
  // Opens the database at `path` with what stands beside it: path-wal and
  // path-journal. A journal is left alone while another process holds a RESERVED
  // lock. Throws std::runtime_error when the system refuses to open, DecodeError
  // when the bytes are not as they must be.
  explicit Database(const std::string& path);

  // From files that outlive the database; `log` and `journal` may be null. Of the
  // journal's super-journal `super_exists` is asked.
  Database(const File& file, const File* log, const File* journal,
           const std::function<bool(const std::string&)>& super_exists);

  const Pager& pager() const { return *pager_; }
  const Header& header() const { return pager_->header(); }
  const std::vector<SchemaEntry>& schema() const { return schema_; }
  // Whether a journal was rolled back; SQLite cannot open a file for reading only
  // that needs it (SQLITE_READONLY_ROLLBACK).
  bool rolled_back() const { return rolled_back_; }

  // The tables, virtual ones left out, in the order of the schema: parsed, so
  // that DecodeError is thrown for one that SQLite could not parse.
  std::vector<Table> tables() const;

  // The table of this name, compared without case; sqlite_master and
  // sqlite_schema too. Throws std::runtime_error when there is none.
  Table table(std::string_view name) const;

 private:
  void lay_over(const File* log, const File* journal,
                const std::function<bool(const std::string&)>& super_exists);

  std::unique_ptr<File> own_file_, own_log_, own_journal_;
  const File* file_ = nullptr;
  std::unique_ptr<Pager> pager_;
  std::vector<SchemaEntry> schema_;
  bool rolled_back_ = false;
};

// The table of a schema entry: its SQL parsed, its columns placed.
Table table_of(const SchemaEntry& entry);

}  // namespace assay::sqlite
