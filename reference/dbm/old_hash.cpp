#include "reference/dbm/old_hash.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>

namespace assay::dbm {
namespace {

// What stands in place of the offset of a value (hash.h).
constexpr std::uint16_t overflow_page_mark = 0, partial_key = 1, full_key = 2, full_key_data = 3,
                        real_key = 4;

constexpr std::uint64_t header_bytes = 260;

[[noreturn]] void malformed(std::uint64_t offset, const char* field, std::string_view what) {
  throw DecodeError(ErrorKind::malformed, offset, field, what);
}

}  // namespace

OldHashHeader read_old_hash_header(Bytes file) {
  // Little-endian machines, too, write the header big-endian (hash.c,
  // swap_header); some that did not are known by their magic.
  Ordered fields(file, true);
  if (fields.u32(0, "magic") != 0x00061561) fields = Ordered(file, false);
  if (fields.u32(0, "magic") != 0x00061561) malformed(0, "magic", "is not 00061561");
  OldHashHeader header;
  header.version = fields.u32(4, "version");
  const std::uint32_t order = fields.u32(8, "lorder");
  header.page_size = fields.u32(12, "bsize");
  header.max_bucket = fields.u32(40, "max_bucket");
  header.entries = fields.u32(56, "nkeys");
  header.header_pages = fields.u32(60, "hdrpages");
  for (std::uint32_t i = 0; i < 32; ++i) header.spares[i] = fields.u32(68 + 4 * i, "spares");
  fields.need(0, header_bytes, "header");
  if (order != 1234 && order != 4321) malformed(8, "lorder", fmt::format("{}", order));
  header.big_endian = order == 4321;
  if (!std::has_single_bit(header.page_size) || header.page_size < 64 || header.page_size > 65536)
    malformed(12, "bsize", fmt::format("{} is no power of two from 64 to 65536", header.page_size));
  if (header.max_bucket > INT32_MAX) malformed(40, "max_bucket", "is negative");
  return header;
}

OldHashStream::OldHashStream(Bytes file, ReadOptions options)
    : EntryStream(options), header_(read_old_hash_header(file)), file_(file, header_.big_endian) {}

// hash.h, BUCKET_TO_PAGE.
std::uint64_t OldHashStream::bucket_page(std::uint64_t bucket) const {
  const auto group = static_cast<std::size_t>(std::bit_width(bucket));  // ⌈log2(bucket + 1)⌉
  return bucket + header_.header_pages + (bucket != 0 ? header_.spares[group - 1] : 0);
}

// hash.h, OADDR_TO_PAGE: the page of the split, and a number after it.
std::uint64_t OldHashStream::overflow_page(std::uint16_t address) const {
  const std::uint64_t split = address >> 11;
  return bucket_page((std::uint64_t{1} << split) - 1) + (address & 0x7ff);
}

std::uint16_t OldHashStream::word(std::uint32_t index) const {
  return page_.u16(2 * std::uint64_t{index}, "page offset");
}

void OldHashStream::open_page(std::uint64_t number) {
  words_ = 0;
  const std::uint64_t most = count() * (salvaging() ? 8 : 1);
  if (number >= count())
    throw DecodeError(ErrorKind::truncated, file_.size(), "page",
                      fmt::format("page {} is not in the file", number));
  page_ = file_.window(number * header_.page_size, header_.page_size, "page");
  if (++visits_ > most) malformed(page_.offset(0), "page", "pages form a loop");
  visited(header_.page_size);
  const std::uint16_t words = word(0);
  // Two words of free space follow the offsets.
  if (words % 2 != 0 || 2 * (std::uint64_t{words} + 3) > header_.page_size)
    malformed(page_.offset(0), "page", fmt::format("page {} has {} offsets", number, words));
  words_ = words;
  index_ = 1;
}

// Opens the next bucket that is in the file: one that is not was never written.
bool OldHashStream::next_bucket() {
  while (next_bucket_ <= header_.max_bucket) {
    const std::uint64_t bucket = next_bucket_++;
    const std::uint64_t number = bucket_page(bucket);
    if (number >= count()) {
      // Pages of one group follow one another.
      next_bucket_ = std::max(next_bucket_, std::uint64_t{1} << std::bit_width(bucket));
      continue;
    }
    open_page(number);
    return true;
  }
  return false;
}

// Goes to the overflow page that the last two words name.
void OldHashStream::follow() {
  open_page(overflow_page(word(words_ - 1)));
}

// A pair that fills pages of its own. hash_bigkey.c: each holds one piece, and
// the word behind its offset says of what: part of the key (1), its end (2), or
// the end of the value (3), which on the page where the key ends means that the
// value begins there.
void OldHashStream::big_pair(Entry& entry) {
  key_.clear();
  value_.clear();
  entry.offset = page_.offset(0);
  const auto piece = [this](std::uint64_t from, std::uint64_t end) {
    if (from > end) malformed(page_.offset(2), "page offset", "pieces that overlap");
    return as_text(page_.bytes(from, end - from, "piece"));
  };
  while (word(2) == partial_key) {
    key_ += piece(word(1), header_.page_size);
    if (words_ < 4) malformed(page_.offset(0), "page", "a key that does not end");
    follow();
    if (words_ == 0) malformed(page_.offset(0), "page", "a key that does not end");
  }
  key_ += piece(word(1), header_.page_size);
  bool complete = false;
  if (word(2) == full_key_data) {
    const std::uint16_t begin = word(words_);
    value_ += piece(begin, word(1));
    // A value that ends here leaves at least one byte free.
    complete = word(words_ + 1) != 0;
  } else if (word(2) != full_key) {
    malformed(page_.offset(4), "page", "a key that does not end");
  }
  while (!complete) {
    if (words_ < 4) malformed(page_.offset(0), "page", "a value that does not end");
    follow();
    if (words_ == 0) malformed(page_.offset(0), "page", "a value that does not end");
    value_ += piece(word(1), header_.page_size);
    complete = word(2) == full_key_data;
  }
  entry.key = as_bytes(key_);
  entry.value = as_bytes(value_);
  // The bucket goes on on the page after it, if there is one.
  index_ = 3;
  if (words_ == 2) {
    words_ = 0;
  } else {
    follow();
  }
}

// The next pair of the bucket; false at its end.
bool OldHashStream::in_bucket(Entry& entry) {
  while (index_ + 1 <= words_) {
    const std::uint16_t key = word(index_), value = word(index_ + 1);
    if (value == overflow_page_mark) {
      open_page(overflow_page(key));
      continue;
    }
    if (value < real_key) {
      if (index_ != 1)
        malformed(page_.offset(2 * std::uint64_t{index_}), "page offset",
                  "a large pair that is not the first of its page");
      big_pair(entry);
      return true;
    }
    const std::uint32_t end = index_ == 1 ? header_.page_size : word(index_ - 1);
    if (key > end || value > key)
      malformed(page_.offset(2 * std::uint64_t{index_}), "page offset", "offsets do not descend");
    entry.key = page_.bytes(key, end - key, "key");
    entry.value = page_.bytes(value, static_cast<std::uint64_t>(key - value), "value");
    entry.offset = page_.offset(key);
    index_ += 2;
    return true;
  }
  return false;
}

bool OldHashStream::next(Entry& entry) {
  for (;;) {
    entry = {};
    try {
      if (in_bucket(entry)) return true;
      words_ = 0;
      if (!next_bucket()) return false;
    } catch (const DecodeError& error) {
      words_ = 0;
      lose_or_rethrow(error);
    }
  }
}

bool OldHashStream::find(Bytes key, Entry& entry) {
  // The hash function is the program's own; all entries are looked at.
  OldHashStream all(file_.data(), {});
  while (all.next(entry)) {
    if (!std::equal(key.begin(), key.end(), entry.key.begin(), entry.key.end())) continue;
    key_.assign(as_text(entry.key));
    value_.assign(as_text(entry.value));
    entry.key = as_bytes(key_);
    entry.value = as_bytes(value_);
    return true;
  }
  return false;
}

}  // namespace assay::dbm
