// The records of a Berkeley DB queue: fixed length, in numbered places.
#pragma once

#include "reference/dbm/berkeley.h"

namespace assay::dbm {

class BerkeleyQueueStream final : public EntryStream {
 public:
  // `file` must outlive the stream. Throws for metadata that cannot be read, and
  // as unsupported for queues whose records are in files of their own (extents).
  BerkeleyQueueStream(Bytes file, ReadOptions options);

  const BerkeleyMeta& meta() const { return meta_; }

  // From the oldest record to the newest; places without a record are left out.
  bool next(Entry& entry) override;
  // The key is the record's number in decimal.
  bool find(Bytes key, Entry& entry) override;

 private:
  std::uint64_t page_of(std::uint32_t number) const;
  bool outside(std::uint32_t number) const;
  void skip_absent_pages();
  bool fetch(std::uint32_t number, Entry& entry);

  BerkeleyMeta meta_;
  BerkeleyPages pages_;
  std::uint32_t record_;
  std::uint64_t left_;  // records that may still be there
};

}  // namespace assay::dbm
