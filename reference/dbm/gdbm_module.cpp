#include "reference/dbm/gdbm_module.h"

#include <algorithm>
#include <limits>
#include <map>
#include <optional>

#include "reference/bytes/error.h"
#include "reference/bytes/ordered.h"
#include "reference/dbm/gdbm.h"

namespace assay::dbm {
namespace {

// src/gdbmdefs.h on a machine of 64 bits: sizes and places in the structures.
constexpr std::uint64_t header_bytes = 40, extension_bytes = 32;
constexpr std::uint64_t avail_head_bytes = 16, avail_element_bytes = 16, avail_block_bytes = 32;
constexpr std::uint64_t bits_at = 104, count_at = 108, elements_at = 112, element_bytes = 24;
constexpr std::uint64_t bucket_bytes = elements_at + element_bytes;
constexpr std::uint32_t bucket_avail = 6, no_hash = 0xffffffff;
constexpr std::uint64_t largest_offset = std::numeric_limits<std::int64_t>::max();

// off_t_sum_ok()
bool sum_fits(std::uint64_t a, std::uint64_t b) {
  return a <= largest_offset && b <= largest_offset - a;
}

bool same(Bytes a, Bytes b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end());
}

struct DirectorySize {
  std::uint64_t bytes = 64;
  std::uint32_t bits = 3;
};

// compute_directory_size(): the smallest that fills `block` bytes.
DirectorySize directory_for(std::uint64_t block) {
  DirectorySize size;
  for (; size.bytes < block && size.bits < 28; ++size.bits) size.bytes *= 2;
  return size;
}

class Library {
 public:
  explicit Library(Bytes bytes)
      : file_(bytes, false), budget_((std::uint64_t{1} << 20) + 64 * std::uint64_t{bytes.size()}) {}

  // gdbm_open(): false where it fails.
  bool open() {
    if (file_.size() < header_bytes || !header_is_valid()) return false;
    const std::uint64_t avail = header_bytes + (numsync_ ? extension_bytes : 0);
    if (block_size_ > file_.size()) return false;  // the rest of the header
    const std::uint64_t room = block_size_ - avail;
    const std::uint64_t places = (room - avail_block_bytes) / avail_element_bytes + 1;
    const std::uint32_t size = file_.u32(avail, "size"), count = file_.u32(avail + 4, "count");
    if (places != size || room <= avail_block_bytes || size <= 1 || count > size) return false;
    return avail_table_is_valid(avail + avail_head_bytes, count);
  }

  bool needs_recovery() const { return need_recovery_; }

  // gdbm_firstkey() and gdbm_nextkey(), until they give none.
  std::vector<Bytes> keys() {
    std::vector<Bytes> all;
    if (need_recovery_) return all;
    std::uint64_t at = 0;
    for (bool more = get_bucket(0); more && next_element(at); ++at) {
      const auto key = read_key(at);
      if (!key) return all;
      // gdbm_valid_key_p(): another place of the directory may hold it.
      const std::uint32_t hash = gdbm_hash(*key, true);
      if (!is_here(hash) || hash != u32(at, 0)) {
        need_recovery_ = true;
        return all;
      }
      all.push_back(*key);
      place_ = hash >> (31 - bits_);
    }
    return all;
  }

  // gdbm_fetch(): nothing if the key is not found.
  std::optional<Bytes> fetch(Bytes key) {
    if (need_recovery_) return std::nullopt;
    const std::uint32_t hash = gdbm_hash(key, true);
    if (!get_bucket(hash >> (31 - bits_))) return std::nullopt;
    // What was read last in a bucket is looked at first.
    const auto last = last_.find(bucket_);
    if (last != last_.end() && u32(last->second, 0) == hash && same(key_of(last->second), key))
      return value_of(last->second);
    const std::uint64_t home = hash % elements_;
    std::uint64_t at = home;
    do {
      spend(element_bytes);
      if (u32(at, 0) == no_hash) return std::nullopt;
      if (may_be(at, key, hash)) {
        const auto found = read_key(at);
        if (!found) return std::nullopt;
        if (same(*found, key)) return value_of(at);
      }
      at = (at + 1) % elements_;
    } while (at != home);
    return std::nullopt;
  }

 private:
  // validate_header()
  bool header_is_valid() {
    const std::uint32_t magic = file_.u32(0, "header_magic");
    numsync_ = magic == 0x13579ad1;
    if (!numsync_ && magic != 0x13579ace && magic != 0x13579acf) return false;
    block_size_ = file_.u32(4, "block_size");
    const std::uint64_t head = header_bytes + (numsync_ ? extension_bytes : 0);
    if (block_size_ > std::uint32_t{INT32_MAX} || block_size_ < head + avail_block_bytes)
      return false;
    directory_ = file_.u64(8, "dir");
    const std::uint64_t directory_size = file_.u32(16, "dir_size");
    bits_ = file_.u32(20, "dir_bits");
    bucket_size_ = file_.u32(24, "bucket_size");
    elements_ = file_.u32(28, "bucket_elems");
    next_block_ = static_cast<std::int64_t>(file_.u64(32, "next_block"));
    need_recovery_ = next_block_ < static_cast<std::int64_t>(file_.size());
    if (directory_ == 0 || directory_ >= file_.size() || directory_size == 0 ||
        directory_size > INT32_MAX || directory_size >= file_.size() - directory_)
      return false;
    if (directory_size < directory_for(block_size_).bytes) return false;
    if (bits_ != directory_for(directory_size).bits) return false;
    places_ = directory_size / 8;
    return bucket_size_ <= INT32_MAX && bucket_size_ > bucket_bytes &&
           elements_ == (bucket_size_ - bucket_bytes) / element_bytes + 1;
  }

  // gdbm_avail_table_valid_p(): free pieces lie between header and end.
  bool avail_table_is_valid(std::uint64_t at, std::uint32_t count) const {
    for (std::uint32_t i = 0; i < count; ++i, at += avail_element_bytes) {
      const std::uint64_t size = file_.u32(at, "av_size"), address = file_.u64(at + 8, "av_adr");
      if (size > INT32_MAX || address < bucket_size_ || !sum_fits(address, size) ||
          static_cast<std::int64_t>(address + size) > next_block_)
        return false;
    }
    return true;
  }

  std::uint64_t address_of(std::uint64_t place) const {
    return file_.u64(directory_ + 8 * place, "dir");
  }

  // _gdbm_get_bucket()
  bool get_bucket(std::uint64_t place) {
    if (++bucket_visits_ > 4 * (places_ + file_.size()))
      throw DecodeError(ErrorKind::limit, directory_ + 8 * place, "dir",
                        "buckets lead back to themselves; libgdbm would not end");
    if (place >= places_ || address_of(place) > largest_offset || address_of(place) < block_size_) {
      need_recovery_ = true;
      return false;
    }
    place_ = place;
    const std::uint64_t address = address_of(place);
    if (address == bucket_) return true;
    if (address > file_.size() || bucket_size_ > file_.size() - address ||
        !bucket_is_valid(address)) {
      need_recovery_ = true;
      return false;
    }
    bucket_ = address;
    return true;
  }

  bool bucket_is_valid(std::uint64_t at) const {
    const std::uint32_t free = file_.u32(at, "av_count");
    return file_.u32(at + count_at, "count") <= elements_ &&
           file_.u32(at + bits_at, "bucket_bits") <= bits_ && free <= bucket_avail &&
           avail_table_is_valid(at + 8, free);
  }

  // get_next_key(): the first used element from `at` on, in this bucket or the
  // next; false behind the last bucket, or when that is wrong.
  bool next_element(std::uint64_t& at) {
    for (;; ++at) {
      spend(element_bytes);
      if (at == elements_) {
        at = 0;
        while (place_ < places_ && address_of(place_) == bucket_) ++place_;
        if (place_ == places_ || !get_bucket(place_)) return false;
      }
      if (u32(at, 0) != no_hash) return true;
    }
  }

  bool is_here(std::uint32_t hash) const {
    const std::uint64_t place = hash >> (31 - bits_);
    return place < places_ && address_of(place) >= block_size_ && address_of(place) == bucket_;
  }

  std::uint64_t element(std::uint64_t at) const {
    return bucket_ + elements_at + element_bytes * at;
  }
  std::uint32_t u32(std::uint64_t at, std::uint64_t field) const {
    return file_.u32(element(at) + field, "h_table");
  }
  std::uint64_t pointer(std::uint64_t at) const {
    return file_.u64(element(at) + 8, "data_pointer");
  }

  // _gdbm_read_entry(): the key of a used element; a fault needs recovery.
  std::optional<Bytes> read_key(std::uint64_t at) {
    const std::uint64_t data = pointer(at), key = u32(at, 16), value = u32(at, 20);
    if (key > INT32_MAX || value > INT32_MAX || !sum_fits(data, key) ||
        !sum_fits(data + key, value) || data + key + value > file_.size()) {
      need_recovery_ = true;
      return std::nullopt;
    }
    last_[bucket_] = at;
    spend(key);
    return key_of(at);
  }

  // Elements and keys that overlap would cost the square of the file's size.
  void spend(std::uint64_t bytes) {
    if (bytes > budget_)
      throw DecodeError(ErrorKind::limit, bucket_, "bucket", "buckets or keys overlap");
    budget_ -= bytes;
  }

  Bytes key_of(std::uint64_t at) const { return file_.bytes(pointer(at), u32(at, 16), "key"); }
  Bytes value_of(std::uint64_t at) const {
    return file_.bytes(pointer(at) + u32(at, 16), u32(at, 20), "value");
  }

  // Whether hash, size and first bytes of an element are those of `key`.
  bool may_be(std::uint64_t at, Bytes key, std::uint32_t hash) const {
    if (u32(at, 0) != hash || u32(at, 16) != key.size()) return false;
    const std::size_t start = std::min<std::size_t>(4, key.size());
    const Bytes stored = file_.bytes(element(at) + 4, start, "key_start");
    return std::equal(stored.begin(), stored.end(), key.begin());
  }

  Ordered file_;
  bool numsync_ = false, need_recovery_ = false;
  std::uint64_t block_size_ = 0, directory_ = 0, places_ = 0;
  std::int64_t next_block_ = 0;
  std::uint32_t bits_ = 0, bucket_size_ = 0, elements_ = 0;
  std::uint64_t place_ = 0, bucket_ = 0;         // of the directory; the bucket there
  std::uint64_t bucket_visits_ = 0;              // bounded
  std::uint64_t budget_;                         // of bytes to look at
  std::map<std::uint64_t, std::uint64_t> last_;  // by bucket, the element read last
};

}  // namespace

ModuleRead read_as_dbm_gnu(Bytes file) {
  ModuleRead read;
  Library library(file);
  if (!library.open()) {
    read.exception = "error";
    return read;
  }
  read.opens = true;
  const std::vector<Bytes> keys = library.keys();
  read.listed = keys.size();
  read.needs_recovery = library.needs_recovery();
  for (const Bytes key : keys) {
    const auto value = library.fetch(key);
    if (!value) {
      read.exception = "KeyError";
      read.entries.clear();
      return read;
    }
    read.entries.emplace_back(key, *value);
  }
  return read;
}

}  // namespace assay::dbm
