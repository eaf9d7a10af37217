// The entries of a Berkeley DB btree or recno file of 3.0 to 5.3, as
// bsddb.btopen() and bsddb.rnopen() give them.
#pragma once

#include "reference/dbm/berkeley_items.h"
#include "reference/dbm/berkeley_salvage.h"

namespace assay::dbm {

class BerkeleyBtreeStream final : public EntryStream {
 public:
  // `file` must outlive the stream. `meta_page` is that of a database within the
  // file, 0 for the file's own. Throws for metadata that cannot be read.
  BerkeleyBtreeStream(Bytes file, ReadOptions options, std::uint32_t meta_page = 0);

  const BerkeleyMeta& meta() const { return meta_; }

  // In the order of the keys; a key with several values is given once for each.
  // A recno file gives numbered records. A file to be salvaged is read page by
  // page as they lie; numbers are then not known beyond the first page missed.
  bool next(Entry& entry) override;
  // The first value of the key, found by comparing bytes, as databases are
  // ordered unless their program brought its own order. In a recno file the key
  // is the number in decimal.
  bool find(Bytes key, Entry& entry) override;

 private:
  bool next_page();
  bool next_scanned_page();
  void reach_leaves();
  PageType leaf_type() const { return meta_.recno ? PageType::recno_leaf : PageType::btree_leaf; }
  void open_page(std::uint32_t number);
  bool next_record(Entry& entry);
  void note_end();
  bool begin_pair(Entry& entry);
  bool begin_record(Entry& entry);
  void begin_value(const BtreeItem& item, Entry& entry);
  bool take_duplicate(Entry& entry);
  bool find_record(std::uint64_t number, Entry& entry);
  void first_value(const BtreeItem& item, Entry& entry);
  void pay(const BtreeItem& item);

  BerkeleyMeta meta_;
  BerkeleyPages pages_;
  SalvageOrder order_;
  bool scanning_ = false;
  Ordered page_;
  PageHeader head_ = {};
  std::uint32_t index_ = 0;      // of the next item on the page
  std::uint32_t next_page_ = 0;  // 0: none
  bool started_ = false, ended_ = false, numbers_known_ = true;
  std::uint32_t record_ = 0;
  RecordTree records_;
  std::uint64_t bytes_of_items_ = 0;  // of this page
  std::uint32_t key_at_ = 0;          // where the key's item stands; 0: none
  Bytes key_;
  Duplicates duplicates_;
  std::string key_pieces_, value_pieces_, found_value_;
};

}  // namespace assay::dbm
