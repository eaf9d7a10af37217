// The entries of a Berkeley DB hash file of 3.0 to 5.3: dbm.ndbm where it is
// made by Berkeley DB, and dbhash of Python 2.
#pragma once

#include <vector>

#include "reference/dbm/berkeley_items.h"
#include "reference/dbm/berkeley_salvage.h"

namespace assay::dbm {

// The hash functions of versions before and from 5 of the metadata on; the
// metadata keep the hash of a known key, by which the right one is found.
std::uint32_t berkeley_hash4(Bytes key);
std::uint32_t berkeley_hash5(Bytes key);

class BerkeleyHashStream final : public EntryStream {
 public:
  // `file` must outlive the stream. `meta_page` is that of a database within the
  // file, 0 for the file's own. Throws for metadata that cannot be read.
  BerkeleyHashStream(Bytes file, ReadOptions options, std::uint32_t meta_page = 0);

  const BerkeleyMeta& meta() const { return meta_; }

  // A key with several values is given once for each. A file to be salvaged is
  // read page by page as they lie: those to which buckets lead, then the other ones. A
  // key that is then there again with another value is given again, and noted.
  bool next(Entry& entry) override;
  // The first value of the key.
  bool find(Bytes key, Entry& entry) override;

 private:
  bool next_page();
  bool next_scanned_page();
  void reach_pages();
  void open_page(std::uint32_t number);
  void skip_absent_buckets();
  void begin_pair(Entry& entry);
  bool take_duplicate(Entry& entry);
  void first_value(BerkeleyPages& pages, const Ordered& page, const HashItem& value, Entry& entry);
  std::uint32_t bucket_page(std::uint32_t bucket) const;
  std::uint32_t bucket_of(Bytes key) const;

  BerkeleyMeta meta_;
  BerkeleyPages pages_;
  SalvageOrder order_;
  Ordered page_;
  PageHeader head_ = {};
  std::uint32_t index_ = 0;  // of the next pair on the page
  std::uint64_t next_bucket_ = 0;
  bool ended_ = false;         // what is noted at the end is noted
  std::uint32_t chained_ = 0;  // the next page of this bucket
  std::vector<bool> taken_;    // the pages that a bucket has, by number
  Bytes key_;
  std::uint64_t key_offset_ = 0;
  Duplicates duplicates_;
  std::string key_pieces_, value_pieces_, found_value_;
};

}  // namespace assay::dbm
