// Hash files of Berkeley DB 1.85: dbm.ndbm on macOS and the BSDs, bsddb185 of
// Python 2. README.md, "Berkeley DB 1.85 hash".
#pragma once

#include <array>
#include <string>

#include "reference/bytes/ordered.h"
#include "reference/dbm/entry.h"

namespace assay::dbm {

struct OldHashHeader {
  bool big_endian = false;  // of the pages; the header itself is big-endian
  std::uint32_t version = 0;
  std::uint32_t page_size = 0;
  std::uint32_t max_bucket = 0;
  std::uint32_t entries = 0;
  std::uint32_t header_pages = 0;
  std::array<std::uint32_t, 32> spares = {};
};

// Throws DecodeError for a header that contradicts itself.
OldHashHeader read_old_hash_header(Bytes file);

class OldHashStream final : public EntryStream {
 public:
  // `file` must outlive the stream.
  OldHashStream(Bytes file, ReadOptions options);

  const OldHashHeader& header() const { return header_; }

  // Bucket by bucket, as hash_seq() goes. When salvaging, what is broken costs
  // the rest of its bucket.
  bool next(Entry& entry) override;
  bool find(Bytes key, Entry& entry) override;

 private:
  std::uint64_t count() const { return file_.size() / header_.page_size; }
  std::uint64_t bucket_page(std::uint64_t bucket) const;
  std::uint64_t overflow_page(std::uint16_t address) const;
  void open_page(std::uint64_t number);
  bool next_bucket();
  bool in_bucket(Entry& entry);
  std::uint16_t word(std::uint32_t index) const;
  void follow();
  void big_pair(Entry& entry);

  OldHashHeader header_;
  Ordered file_, page_;
  std::uint64_t visits_ = 0;
  std::uint64_t next_bucket_ = 0;
  std::uint32_t words_ = 0;  // page_[0]: words of offsets; 0: no page is open
  std::uint32_t index_ = 1;
  std::string key_, value_;
};

}  // namespace assay::dbm
