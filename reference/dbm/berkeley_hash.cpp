#include "reference/dbm/berkeley_hash.h"

#include <fmt/format.h>

#include <algorithm>

namespace assay::dbm {
namespace {

[[noreturn]] void malformed(std::uint64_t offset, const char* field, std::string_view what) {
  throw DecodeError(ErrorKind::malformed, offset, field, what);
}

// hash.h, CHARKEY with its terminating zero.
constexpr std::string_view known_key("%$sniglet^&", 12);

bool is_hash_page(PageType type) {
  return type == PageType::hash || type == PageType::hash_unsorted;
}

}  // namespace

std::uint32_t berkeley_hash4(Bytes key) {
  std::uint32_t hash = 0;
  for (const std::uint8_t byte : key) hash = hash * 33 + byte;
  return hash;
}

std::uint32_t berkeley_hash5(Bytes key) {
  std::uint32_t hash = 0;
  for (const std::uint8_t byte : key) hash = hash * 16777619u ^ byte;
  return hash;
}

BerkeleyHashStream::BerkeleyHashStream(Bytes file, ReadOptions options, std::uint32_t meta_page)
    : EntryStream(options),
      meta_(read_berkeley_meta(file, meta_page)),
      pages_(file, meta_, options) {
  if (meta_.format != Format::berkeley_hash) malformed(12, "magic", "the database is no hash");
}

// hash.h, BUCKET_TO_PAGE: buckets were allocated in groups of doubled size, each
// group in one run of pages.
std::uint32_t BerkeleyHashStream::bucket_page(std::uint32_t bucket) const {
  std::uint32_t group = 0;
  while (group < 31 && (std::uint64_t{1} << group) < std::uint64_t{bucket} + 1) ++group;
  return bucket + meta_.spares[group];
}

void BerkeleyHashStream::open_page(std::uint32_t number) {
  if (absent_pages_are_empty() && number >= pages_.count()) {
    head_ = {};
    chained_ = index_ = 0;
    return;
  }
  page_ = pages_.visit(number);
  // Read twice, its pairs would be given twice.
  if (taken_.empty()) taken_.resize(pages_.count());
  if (taken_[number])
    malformed(page_.offset(0), "page", fmt::format("page {} is of two buckets", number));
  taken_[number] = true;
  head_ = pages_.header(page_, number);
  visited(pages_.page_size());
  index_ = 0;
  // A page of a bucket that was never written to.
  if (head_.type == PageType::invalid && head_.entries == 0) head_.next = 0;
  if (head_.type != PageType::invalid && !is_hash_page(head_.type))
    malformed(page_.offset(25), "type",
              fmt::format("page {} is {}, not hash", number, name(head_.type)));
  if (head_.type == PageType::invalid) head_.entries = 0;
  chained_ = head_.next;
}

bool BerkeleyHashStream::next_page() {
  if (salvaging()) return next_scanned_page();
  if (chained_ != 0) {
    open_page(chained_);
    return true;
  }
  if (next_bucket_ > meta_.max_bucket) return false;
  open_page(bucket_page(next_bucket_++));
  return true;
}

bool BerkeleyHashStream::next_scanned_page() {
  for (; next_bucket_ < pages_.count(); ++next_bucket_) {
    const std::uint32_t number = next_bucket_;
    try {
      const Ordered page = pages_.page(number);
      if (!is_hash_page(static_cast<PageType>(page.u8(25, "type")))) continue;
      page_ = page;
      head_ = pages_.header(page, number);
      index_ = 0;
      ++next_bucket_;
      return true;
    } catch (const DecodeError& error) {
      lose_or_rethrow(error);
    }
  }
  const std::uint64_t rest = pages_.file().size() % pages_.page_size();
  if (rest != 0 && next_bucket_++ == pages_.count())
    lose(pages_.file().size(), fmt::format("page {} is cut", pages_.count()));
  if (pages_.count() <= meta_.last_page && chained_ != 0xffffffff) {
    chained_ = 0xffffffff;
    lose(pages_.file().size(),
         fmt::format("pages {} to {} are missing", pages_.count(), meta_.last_page));
  }
  return false;
}

// Reads the pair at index_; the entry is complete unless it has duplicates.
void BerkeleyHashStream::begin_pair(Entry& entry) {
  const std::uint32_t at = index_;
  index_ += 2;
  key_offset_ = page_.offset(pages_.item(page_, at));
  const HashItem key = read_hash_item(pages_, page_, head_, at);
  if (key.type != HashItem::Type::bytes && key.type != HashItem::Type::overflow)
    malformed(key_offset_, "item type", "a key that is neither bytes nor overflow");
  key_ = key.type == HashItem::Type::bytes ? key.bytes
                                           : pages_.overflow(key.page, key.size, key_pieces_, true);
  const HashItem value = read_hash_item(pages_, page_, head_, at + 1);
  switch (value.type) {
    case HashItem::Type::bytes:
      entry.value = value.bytes;
      break;
    case HashItem::Type::overflow:
      entry.value = pages_.overflow(value.page, value.size, value_pieces_, true);
      visited(entry.value.size());
      break;
    case HashItem::Type::duplicates:
      duplicates_.begin_set(page_, value.bytes);
      break;
    case HashItem::Type::tree:
      duplicates_.begin_tree(pages_, value.page);
      break;
  }
}

bool BerkeleyHashStream::take_duplicate(Entry& entry) {
  if (!duplicates_.active()) return false;
  try {
    return duplicates_.next(pages_, entry.value, value_pieces_);
  } catch (const DecodeError& error) {
    duplicates_.end();
    lose_or_rethrow(error);
    return false;
  }
}

bool BerkeleyHashStream::next(Entry& entry) {
  entry = {};
  for (;;) {
    bool complete = take_duplicate(entry);
    if (!complete && index_ + 1 < head_.entries) {
      try {
        begin_pair(entry);
        complete = !duplicates_.active();
      } catch (const DecodeError& error) {
        duplicates_.end();
        lose_or_rethrow(error);
        continue;
      }
    } else if (!complete) {
      if (!next_page()) return false;
      continue;
    }
    if (!complete) continue;
    entry.key = key_;
    entry.offset = key_offset_;
    return true;
  }
}

std::uint32_t BerkeleyHashStream::bucket_of(Bytes key) const {
  const bool newer = berkeley_hash5(as_bytes(known_key)) == meta_.charkey;
  const std::uint32_t hash = newer ? berkeley_hash5(key) : berkeley_hash4(key);
  const std::uint32_t bucket = hash & meta_.high_mask;
  return bucket > meta_.max_bucket ? bucket & meta_.low_mask : bucket;
}

bool BerkeleyHashStream::find(Bytes key, Entry& entry) {
  std::uint32_t number = bucket_page(bucket_of(key));
  for (std::uint64_t pages = 0; pages <= pages_.count(); ++pages) {
    if (absent_pages_are_empty() && number >= pages_.count()) return false;
    const Ordered page = pages_.page(number);
    const PageHeader head = pages_.header(page, number);
    if (!is_hash_page(head.type)) return false;
    for (std::uint32_t i = 0; i + 1 < head.entries; i += 2) {
      const HashItem item = read_hash_item(pages_, page, head, i);
      if (item.type == HashItem::Type::overflow && item.size != key.size()) continue;
      const Bytes found = item.type == HashItem::Type::overflow
                              ? pages_.overflow(item.page, item.size, found_key_, false)
                              : item.bytes;
      if (!std::equal(key.begin(), key.end(), found.begin(), found.end())) continue;
      entry = {};
      entry.key = found;
      entry.offset = page.offset(pages_.item(page, i));
      const HashItem value = read_hash_item(pages_, page, head, i + 1);
      if (value.type == HashItem::Type::bytes) {
        entry.value = value.bytes;
        return true;
      }
      if (value.type == HashItem::Type::overflow) {
        entry.value = pages_.overflow(value.page, value.size, found_value_, false);
        return true;
      }
      BerkeleyPages own = pages_.anew();
      Duplicates first;
      if (value.type == HashItem::Type::tree) {
        first.begin_tree(own, value.page);
      } else {
        first.begin_set(page, value.bytes);
      }
      return first.next(own, entry.value, found_value_);
    }
    if (head.next == 0) return false;
    number = head.next;
  }
  malformed(12, "next_pgno", "pages form a loop");
}

}  // namespace assay::dbm
