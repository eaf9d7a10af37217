#include "reference/dbm/gdbm.h"

#include <fmt/format.h>

#include <algorithm>

namespace assay::dbm {
namespace {

constexpr std::uint32_t empty_element = 0xffffffff;  // hash_value -1
constexpr std::uint32_t bucket_avail = 6;            // BUCKET_AVAIL
constexpr std::uint32_t hash_bits = 31;              // GDBM_HASH_BITS

// How many times the file's size a search for buckets may look at: no file that
// was ever sound comes near it.
constexpr std::uint64_t scan_effort = 64;

[[noreturn]] void malformed(std::uint64_t offset, const char* field, std::string_view what) {
  throw DecodeError(ErrorKind::malformed, offset, field, what);
}

// On a machine where `char` is signed, or on one where it is not.
bool has_hash(Bytes key, std::uint32_t hash) {
  return gdbm_hash(key, true) == hash || gdbm_hash(key, false) == hash;
}

}  // namespace

GdbmStream::GdbmStream(Bytes file, ReadOptions options)
    : EntryStream(options), header_(read_gdbm_header(file)), file_(file, header_.big_endian) {
  try {
    file_.need(header_.directory, header_.directory_size, "dir");
  } catch (const DecodeError& error) {
    lose_or_rethrow(error);
    scanning_ = true;
  }
}

std::uint64_t GdbmStream::directory_entry(std::uint64_t index) const {
  const std::uint64_t width = header_.layout->offset_bytes;
  const std::uint64_t at = header_.directory + index * width;
  return width == 8 ? file_.u64(at, "bucket offset") : file_.u32(at, "bucket offset");
}

// How many entries of the directory, from `index` on, must hold `address`: a
// bucket that tells 2^n hashes apart stands in all the others' places, at a
// multiple of their number.
std::uint64_t GdbmStream::run_length(std::uint64_t index, std::uint64_t address) const {
  const std::uint64_t at = address + header_.layout->bits_at;
  const std::uint32_t bits = file_.u32(at, "bucket_bits");
  if (bits > header_.directory_bits)
    malformed(at, "bucket_bits",
              fmt::format("{}, of a directory of {}", bits, header_.directory_bits));
  const std::uint64_t length = std::uint64_t{1} << (header_.directory_bits - bits);
  if (index % length != 0)
    malformed(at, "bucket_bits",
              fmt::format("{}, but entry {} of the directory comes first", bits, index));
  for (std::uint64_t i = index + 1; i < index + length; ++i)
    if (directory_entry(i) != address)
      malformed(at, "bucket_bits",
                fmt::format("{}, but entry {} of the directory is another "
                            "bucket",
                            bits, i));
  return length;
}

void GdbmStream::open_bucket(std::uint64_t address) {
  bucket_ = file_.window(address, header_.bucket_size, "bucket");
  at_element_ = 0;
  visited(header_.bucket_size);
  if (salvaging()) buckets_read_.push_back(address);
}

bool GdbmStream::next_bucket() {
  while (!scanning_ && at_directory_ < directory_entries()) {
    const std::uint64_t index = at_directory_;
    std::uint64_t address = 0;
    try {
      address = directory_entry(index);
      at_directory_ = index + 1;
      file_.need(address, header_.bucket_size, "bucket");
      run_begin_ = index;
      run_end_ = at_directory_ = index + run_length(index, address);
      open_bucket(address);
      return true;
    } catch (const DecodeError& error) {
      lose_or_rethrow(error);
      while (at_directory_ < directory_entries() && directory_entry(at_directory_) == address)
        ++at_directory_;
    }
  }
  if (losses().empty()) return false;
  if (!scanning_) {
    scanning_ = true;
    std::sort(buckets_read_.begin(), buckets_read_.end());
  }
  return next_scanned_bucket();
}

// Buckets that the directory does not give, found by their looks. Where the
// directory names another bucket for their hashes they are old, left behind by a
// split, and passed over.
bool GdbmStream::next_scanned_bucket() {
  for (; file_.size() - scan_at_ >= header_.bucket_size; ++scan_at_) {
    if (scanned_bytes_ / scan_effort > file_.size()) {
      lose(scan_at_,
           fmt::format("at {:#x}: bucket: too much that looks like one to search on", scan_at_));
      scan_at_ = file_.size();
      return false;
    }
    if (!looks_like_bucket(scan_at_)) continue;
    const std::uint64_t found = scan_at_;
    scan_at_ += header_.bucket_size;
    if (std::binary_search(buckets_read_.begin(), buckets_read_.end(), found)) {
      --scan_at_;  // the loop adds one
      continue;
    }
    run_begin_ = run_end_ = 0;
    bucket_ = file_.window(found, header_.bucket_size, "bucket");
    at_element_ = 0;
    return true;
  }
  return false;
}

// Whether the directory has something else, within the file as it once was, for
// a hash.
bool GdbmStream::is_elsewhere(std::uint32_t hash) const {
  const std::uint64_t width = header_.layout->offset_bytes;
  const std::uint64_t index = hash >> (hash_bits - header_.directory_bits);
  const std::uint64_t end = header_.directory + (index + 1) * width;
  if (header_.directory > file_.size() || end > file_.size()) return false;
  const std::uint64_t address = directory_entry(index);
  return address != 0 && address < header_.next_block;
}

// As many elements as the bucket counts, each with the hash of its key: what no
// other bytes have by chance.
bool GdbmStream::looks_like_bucket(std::uint64_t address) {
  const GdbmLayout& layout = *header_.layout;
  const std::uint32_t bits = file_.u32(address + layout.bits_at, "bucket_bits");
  const std::uint32_t count = file_.u32(address + layout.bits_at + 4, "count");
  if (bits > header_.directory_bits || count == 0 || count > header_.bucket_elements ||
      file_.u32(address, "av_count") > bucket_avail)
    return false;
  const Ordered bucket = file_.window(address, header_.bucket_size, "bucket");
  std::uint32_t full = 0, whole = 0;
  for (std::uint32_t i = 0; i < header_.bucket_elements; ++i) {
    const Element one = element(bucket, i);
    scanned_bytes_ += layout.element_bytes;
    if (one.hash == empty_element) continue;
    if (++full > count || one.hash >> hash_bits != 0 || is_elsewhere(one.hash)) return false;
    // What the end of the file cuts cannot be checked.
    if (one.at > file_.size() || one.key_size > file_.size() - one.at) continue;
    const Bytes key = file_.bytes(one.at, one.key_size, "key");
    scanned_bytes_ += key.size();
    if (!has_hash(key, one.hash)) return false;
    ++whole;
  }
  return full == count && whole > 0;
}

GdbmStream::Element GdbmStream::element(const Ordered& bucket, std::uint32_t index) const {
  const GdbmLayout& layout = *header_.layout;
  const std::uint64_t at = layout.elements_at + std::uint64_t{index} * layout.element_bytes;
  const std::uint64_t sizes = at + 8 + layout.offset_bytes;
  return {bucket.u32(at, "hash_value"), bucket.u32(sizes, "key_size"),
          bucket.u32(sizes + 4, "data_size"),
          layout.offset_bytes == 8 ? bucket.u64(at + 8, "data_pointer")
                                   : bucket.u32(at + 8, "data_pointer")};
}

Entry GdbmStream::entry_of(const Element& element) const {
  const std::uint64_t size = std::uint64_t{element.key_size} + element.value_size;
  const Bytes both = file_.bytes(element.at, size, "key and value");
  Entry entry;
  entry.key = both.first(element.key_size);
  entry.value = both.subspan(element.key_size);
  entry.offset = element.at;
  return entry;
}

// False for an element that is empty.
bool GdbmStream::read_element(std::uint32_t index, Element& one) {
  one = element(bucket_, index);
  if (one.hash == empty_element) return false;
  const std::uint64_t at = bucket_.offset(header_.layout->elements_at +
                                          std::uint64_t{index} * header_.layout->element_bytes);
  if (one.hash >> hash_bits != 0) malformed(at, "hash_value", "has more than 31 bits");
  // An element in a bucket of other hashes could be met twice.
  const std::uint64_t place = std::uint64_t{one.hash} >> (hash_bits - header_.directory_bits);
  if (!scanning_ && (place < run_begin_ || place >= run_end_))
    malformed(at, "hash_value",
              fmt::format("{:#x} belongs to entry {} of the directory", one.hash, place));
  const std::uint64_t size = std::uint64_t{one.key_size} + one.value_size;
  file_.need(one.at, size, "key and value");
  bytes_given_ += size;
  if (bytes_given_ > file_.size()) malformed(at, "data_size", "entries overlap");
  return true;
}

bool GdbmStream::next_element(Element& one) {
  for (;;) {
    while (bucket_.size() != 0 && at_element_ < header_.bucket_elements) {
      try {
        if (read_element(at_element_++, one)) return true;
      } catch (const DecodeError& error) {
        lose_or_rethrow(error);
      }
    }
    if (!next_bucket()) return false;
  }
}

// Collects the places of the next entries and fetches them. A fault among them is
// thrown when those before it have been given.
void GdbmStream::collect(const MappedFile& file) {
  scattered_.clear();
  try {
    for (Element one; !scattered_.full() && next_element(one);)
      scattered_.add(one.at, one.key_size, one.value_size, one.hash);
  } catch (const DecodeError&) {
    if (scattered_.empty()) throw;
    fault_ = std::current_exception();
  }
  scattered_.fetch(file);
}

// The next entry, and the hash that its element says its key has.
bool GdbmStream::next_with_hash(Entry& entry, std::uint32_t& hash) {
  const MappedFile* const file = mapped();
  if (file != nullptr && file->is_large()) {
    if (scattered_.next(entry, hash)) return true;
    if (fault_) std::rethrow_exception(fault_);
    collect(*file);
    return scattered_.next(entry, hash);
  }
  Element one;
  if (!next_element(one)) return false;
  entry = entry_of(one);
  hash = one.hash;
  return true;
}

// A key with another hash than its element says was damaged, or the element was:
// libgdbm does not find it, and ends its own listing there.
bool GdbmStream::next(Entry& entry) {
  for (std::uint32_t hash = 0; next_with_hash(entry, hash);) {
    if (has_hash(entry.key, hash)) return true;
    try {
      malformed(entry.offset, "key", fmt::format("has not the hash {:#x} of its element", hash));
    } catch (const DecodeError& error) {
      lose_or_rethrow(error);
    }
  }
  return false;
}

// src/findkey.c: linear probing from hash modulo the number of elements, ended
// by an empty element.
bool GdbmStream::look_up(Bytes key, std::uint32_t hash, Entry& entry) const {
  const std::uint64_t address = directory_entry(hash >> (hash_bits - header_.directory_bits));
  const Ordered bucket = file_.window(address, header_.bucket_size, "bucket");
  std::uint32_t at = hash % header_.bucket_elements;
  for (std::uint32_t tried = 0; tried < header_.bucket_elements; ++tried) {
    const Element one = element(bucket, at);
    if (one.hash == empty_element) return false;
    if (one.hash == hash && one.key_size == key.size()) {
      entry = entry_of(one);
      if (std::equal(key.begin(), key.end(), entry.key.begin(), entry.key.end())) return true;
    }
    at = (at + 1) % header_.bucket_elements;
  }
  return false;
}

bool GdbmStream::find(Bytes key, Entry& entry) {
  const std::uint32_t with_sign = gdbm_hash(key, true), without = gdbm_hash(key, false);
  visited(header_.bucket_size);
  return look_up(key, with_sign, entry) || (without != with_sign && look_up(key, without, entry));
}

}  // namespace assay::dbm
