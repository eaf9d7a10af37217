#include "reference/dbm/berkeley_hash.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

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

// The header of a page of a bucket. hash/hash_conv.c, __ham_pgin: a page that says that
// it is page 0 was never written to, and is empty; a free one may have a next one.
PageHeader hash_header(const BerkeleyPages& pages, const Ordered& page, std::uint32_t number) {
  PageHeader head = pages.header(page, number);
  if (head.number == 0 && (head.type == PageType::invalid || is_hash_page(head.type))) return {};
  if (!is_hash_page(head.type) && !(head.type == PageType::invalid && head.entries == 0))
    wrong_type(page, number, "hash");
  return head;
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
      meta_(read_berkeley_meta(file, meta_page, options.salvage ? noted() : nullptr)),
      pages_(file, meta_, options, noted()),
      order_(options.salvage ? pages_.count() : 0, noted()) {
  if (meta_.format != Format::berkeley_hash) malformed(12, "magic", "the database is no hash");
}

namespace {

// hash.h, BUCKET_TO_PAGE: buckets were allocated in groups of doubled size, each
// group in one run of pages. Group g > 0 ends with bucket 2^g - 1.
std::uint32_t group_of(std::uint32_t bucket) {
  std::uint32_t group = 0;
  while (group < 31 && (std::uint64_t{1} << group) < std::uint64_t{bucket} + 1) ++group;
  return group;
}

}  // namespace

std::uint32_t BerkeleyHashStream::bucket_page(std::uint32_t bucket) const {
  return bucket + meta_.spares[group_of(bucket)];
}

void BerkeleyHashStream::open_page(std::uint32_t number) {
  // hash/hash_page.c, __ham_get_cpage and __ham_next_cpage: DB_MPOOL_CREATE.
  if (number >= pages_.within()) pages_.make(number);
  if (pages_.empty(number)) {
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
  head_ = hash_header(pages_, page_, number);
  visited(pages_.page_size());
  index_ = 0;
  chained_ = head_.next;
}

// Passes over buckets whose pages the file does not have, as far as nothing is to be
// said of them; there may be 2^32.
void BerkeleyHashStream::skip_absent_buckets() {
  while (next_bucket_ <= meta_.max_bucket) {
    const std::uint32_t first = static_cast<std::uint32_t>(next_bucket_);
    const std::uint32_t page = bucket_page(first);
    if (page < pages_.count() || !(salvaging() || pages_.empty(page))) return;
    const std::uint32_t group = group_of(first);
    const std::uint64_t last = std::min<std::uint64_t>(
        meta_.max_bucket, (std::uint64_t{1} << (group < 31 ? group : 32)) - 1);
    // Page numbers go round the end of 32 bits, as the library's do.
    const std::uint64_t buckets =
        std::min(last - first + 1, (std::uint64_t{1} << 32) - std::uint64_t{page});
    const std::uint64_t furthest = page + buckets - 1;
    if (!salvaging() && furthest >= pages_.within())
      pages_.make(static_cast<std::uint32_t>(furthest));
    next_bucket_ += buckets;
  }
}

bool BerkeleyHashStream::next_page() {
  if (salvaging()) return next_scanned_page();
  if (chained_ != 0) {
    open_page(chained_);
    return true;
  }
  skip_absent_buckets();
  if (next_bucket_ > meta_.max_bucket) {
    if (!std::exchange(ended_, true)) pages_.note_pages_behind();
    return false;
  }
  open_page(bucket_page(static_cast<std::uint32_t>(next_bucket_++)));
  return true;
}

// The pages to which buckets lead; what is wrong there is noted when it is read.
void BerkeleyHashStream::reach_pages() {
  for (skip_absent_buckets(); next_bucket_ <= meta_.max_bucket; skip_absent_buckets())
    order_.reach(pages_, bucket_page(static_cast<std::uint32_t>(next_bucket_++)), is_hash_page);
}

bool BerkeleyHashStream::next_scanned_page() {
  if (next_bucket_ == 0) reach_pages();
  while (const auto number = order_.next()) {
    try {
      if (!is_hash_page(pages_.type(*number))) continue;
      page_ = pages_.page(*number);
      head_ = pages_.header(page_, *number);
      index_ = 0;
      return true;
    } catch (const DecodeError& error) {
      lose_or_rethrow(error);
    }
  }
  if (std::exchange(ended_, true)) return false;
  if (pages_.file().size() % pages_.page_size() != 0)
    lose(pages_.file().size(), fmt::format("page {} is cut", pages_.count()));
  pages_.note_pages_missing();
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
    if (salvaging() && !meta_.duplicates && !order_.give(entry)) {
      entry = {};
      continue;
    }
    return true;
  }
}

std::uint32_t BerkeleyHashStream::bucket_of(Bytes key) const {
  const bool newer = berkeley_hash5(as_bytes(known_key)) == meta_.charkey;
  const std::uint32_t hash = newer ? berkeley_hash5(key) : berkeley_hash4(key);
  const std::uint32_t bucket = hash & meta_.high_mask;
  return bucket > meta_.max_bucket ? bucket & meta_.low_mask : bucket;
}

namespace {

// The pair of a key on a page. hash/hash_page.c: pages are sorted from version 9 on
// (__ham_getindex_sorted), and a page's type says which it is.
std::optional<std::uint32_t> pair_of(const BerkeleyPages& pages, const Ordered& page,
                                     const PageHeader& head, Bytes key) {
  const auto order = [&](std::uint32_t index) {
    const HashItem item = read_hash_item(pages, page, head, index);
    if (item.type == HashItem::Type::overflow) return pages.compare(key, item.page, item.size);
    // Of two of which one begins with the other, the longer comes first, except among
    // overflow items.
    const std::size_t both = std::min(item.bytes.size(), key.size());
    const bool prefix = std::equal(key.begin(), key.begin() + static_cast<std::ptrdiff_t>(both),
                                   item.bytes.begin());
    const int found = compare_keys(key, item.bytes);
    return prefix ? -found : found;
  };
  if (head.type == PageType::hash) {
    const Place place = search_items(head.entries, 2, order);
    return place.found ? std::optional(place.index) : std::nullopt;
  }
  for (std::uint32_t index = 0; index + 1 < head.entries; index += 2) {
    const HashItem item = read_hash_item(pages, page, head, index);
    if (item.type == HashItem::Type::overflow && item.size != key.size()) continue;
    if (order(index) == 0) return index;
  }
  return std::nullopt;
}

}  // namespace

void BerkeleyHashStream::first_value(BerkeleyPages& pages, const Ordered& page,
                                     const HashItem& value, Entry& entry) {
  Duplicates first;
  switch (value.type) {
    case HashItem::Type::bytes:
      entry.value = value.bytes;
      return;
    case HashItem::Type::overflow:
      entry.value = pages.overflow(value.page, value.size, found_value_, false);
      return;
    case HashItem::Type::duplicates:
      first.begin_set(page, value.bytes);
      break;
    case HashItem::Type::tree:
      first.begin_tree(pages, value.page);
      break;
  }
  first.next(pages, entry.value, found_value_);
}

bool BerkeleyHashStream::find(Bytes key, Entry& entry) {
  BerkeleyPages pages = pages_.anew();
  std::uint32_t number = bucket_page(bucket_of(key));
  for (std::uint64_t steps = 0; steps <= pages.count(); ++steps) {
    if (number >= pages.within() || pages.empty(number)) return false;
    const Ordered page = pages.page(number);
    const PageHeader head = hash_header(pages, page, number);
    if (const auto pair = pair_of(pages, page, head, key)) {
      const HashItem item = read_hash_item(pages, page, head, *pair);
      entry = {};
      entry.key = item.type == HashItem::Type::bytes ? item.bytes : key;
      entry.offset = page.offset(pages.item(page, *pair));
      first_value(pages, page, read_hash_item(pages, page, head, *pair + 1), entry);
      return true;
    }
    if (head.next == 0) return false;
    number = head.next;
  }
  malformed(12, "next_pgno", "pages form a loop");
}

}  // namespace assay::dbm
