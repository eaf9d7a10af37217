// GNU dbm files: every layout that libgdbm has written, in either byte order.
// README.md, "GNU dbm", is the specification.
#pragma once

#include <cstdint>
#include <exception>
#include <string_view>
#include <vector>

#include "reference/bytes/ordered.h"
#include "reference/dbm/scattered.h"

namespace assay::dbm {

// How the C structures of a machine lie in its files.
struct GdbmLayout {
  std::string_view name;
  std::uint8_t offset_bytes;   // sizeof(off_t)
  std::uint8_t avail_bytes;    // sizeof(avail_elem)
  std::uint8_t bits_at;        // offset of hash_bucket.bucket_bits
  std::uint8_t elements_at;    // offset of hash_bucket.h_table
  std::uint8_t element_bytes;  // sizeof(bucket_element)
};

struct GdbmHeader {
  std::uint32_t magic = 0;
  bool big_endian = false;
  const GdbmLayout* layout = nullptr;
  std::uint32_t block_size = 0;
  std::uint64_t directory = 0;       // offset of the table of bucket offsets
  std::uint32_t directory_size = 0;  // bytes
  std::uint32_t directory_bits = 0;
  std::uint32_t bucket_size = 0;      // bytes
  std::uint32_t bucket_elements = 0;  // elements in a bucket
  std::uint64_t next_block = 0;       // where the file would grow
  bool numsync = false;               // has the extension header
  std::uint32_t synchronised = 0;     // its counter
};

// The header of a file whose magic is one of gdbm's. Throws DecodeError when it
// contradicts itself; what lies outside of the file is not looked at.
GdbmHeader read_gdbm_header(Bytes file);

// The hash of a key, 31 bits. `char` was signed on the machines where most files
// are made (x86), unsigned on others (ARM, PowerPC); keys of ASCII do not care.
std::uint32_t gdbm_hash(Bytes key, bool signed_char);

class GdbmStream final : public EntryStream {
 public:
  // `file` must outlive the stream. Throws for a header that contradicts itself,
  // also if the file is to be salvaged.
  GdbmStream(Bytes file, ReadOptions options);

  const GdbmHeader& header() const { return header_; }

  bool next(Entry& entry) override;
  bool find(Bytes key, Entry& entry) override;

 private:
  struct Element {
    std::uint32_t hash;
    std::uint32_t key_size, value_size;
    std::uint64_t at;
  };

  bool next_bucket();
  bool next_scanned_bucket();
  std::uint64_t directory_entry(std::uint64_t index) const;
  std::uint64_t directory_entries() const { return std::uint64_t{1} << header_.directory_bits; }
  void open_bucket(std::uint64_t address);
  std::uint64_t run_length(std::uint64_t index, std::uint64_t address) const;
  Element element(const Ordered& bucket, std::uint32_t index) const;
  bool read_element(std::uint32_t index, Element& one);
  bool next_element(Element& one);
  void collect(const MappedFile& file);
  bool next_with_hash(Entry& entry, std::uint32_t& hash);
  Entry entry_of(const Element& element) const;
  bool look_up(Bytes key, std::uint32_t hash, Entry& entry) const;
  bool is_elsewhere(std::uint32_t hash) const;
  bool looks_like_bucket(std::uint64_t address);

  GdbmHeader header_;
  Ordered file_;
  Ordered bucket_;                             // the one being read
  std::uint32_t at_element_ = 0;               // next in it
  std::uint64_t at_directory_ = 0;             // next entry of the directory
  std::uint64_t run_begin_ = 0, run_end_ = 0;  // entries that share this bucket
  std::uint64_t bytes_given_ = 0;
  // In a large file.
  ScatteredEntries scattered_;
  std::exception_ptr fault_;
  // Salvage only.
  std::vector<std::uint64_t> buckets_read_;
  bool scanning_ = false;
  std::uint64_t scan_at_ = 0;
  std::uint64_t scanned_bytes_ = 0;  // looked at to tell buckets from other bytes
};

}  // namespace assay::dbm
