// What is left of a dbm.sqlite3 database that is damaged: every entry whose pages
// are intact, found by reading the leaves of tables as they lie in the file.
#pragma once

#include <string>
#include <unordered_set>
#include <vector>

#include "reference/dbm/entry.h"
#include "reference/sqlite/btree_page.h"
#include "reference/sqlite/database.h"
#include "reference/sqlite/file.h"
#include "reference/sqlite/header.h"
#include "reference/sqlite/record.h"

namespace assay::dbm {

class SalvagedSqlite final : public EntryStream {
 public:
  // `why` says why the database is not read by its tree; it becomes the first loss.
  // Throws std::runtime_error for a file that cannot be opened or whose schema has
  // no table Dict, DecodeError for a header that is none and (unsupported) for a
  // Dict WITHOUT ROWID. A write-ahead log and a journal are left aside.
  SalvagedSqlite(const std::string& path, const DecodeError& why);

  // Page by page: every row whose key and value are blobs in a leaf of a table, but
  // for pages that the list of free ones names or another table's tree leads to.
  // A row that is none is a loss. Where the schema cannot be read, Dict is taken to
  // be as dbm.sqlite3 makes it, and tables of two blobs cannot be told apart.
  bool next(Entry& entry) override;
  bool find(Bytes key, Entry& entry) override;

 private:
  void list_free_pages();
  void read_schema();
  void place_columns(const sqlite::Table& dict);
  void list_tree(std::uint32_t root, bool of_dict);
  bool next_page();
  void take(std::uint32_t index, Entry& entry);
  Bytes payload(const sqlite::Cell& cell);
  bool read_page(std::uint32_t page, std::vector<std::uint8_t>& out) const;
  std::uint64_t offset_of(std::uint32_t page) const {
    return (std::uint64_t{page} - 1) * header_.page_size;
  }

  std::string path_;
  sqlite::DiskFile file_;
  sqlite::Header header_;
  std::uint32_t pages_ = 0;  // that the file has whole
  std::unordered_set<std::uint32_t> free_, of_dict_, of_others_, reported_;
  bool schema_known_ = false;
  std::size_t key_ = 0, value_ = 1;  // fields of a row
  std::uint32_t at_page_ = 1;        // the schema's, which holds no entry
  std::uint32_t at_cell_ = 0;
  sqlite::BtreePage page_;
  std::vector<std::uint8_t> page_bytes_, overflow_, payload_;
  std::vector<sqlite::Field> fields_;
  std::uint64_t bytes_given_ = 0;
};

}  // namespace assay::dbm
