#include "reference/dbm/berkeley_btree.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <utility>

namespace assay::dbm {
namespace {

[[noreturn]] void malformed(std::uint64_t offset, const char* field, std::string_view what) {
  throw DecodeError(ErrorKind::malformed, offset, field, what);
}

constexpr int deepest = 255;  // PAGE.level is one byte

}  // namespace

BerkeleyBtreeStream::BerkeleyBtreeStream(Bytes file, ReadOptions options, std::uint32_t meta_page)
    : EntryStream(options),
      meta_(read_berkeley_meta(file, meta_page, options.salvage ? noted() : nullptr)),
      pages_(file, meta_, options, noted()),
      order_(options.salvage ? pages_.count() : 0, noted()) {
  if (meta_.format != Format::berkeley_btree) malformed(12, "magic", "the database is no btree");
}

void BerkeleyBtreeStream::open_page(std::uint32_t number) {
  page_ = pages_.visit(number);
  head_ = pages_.header(page_, number);
  visited(pages_.page_size());
  const PageType leaf = leaf_type();
  index_ = 0;
  bytes_of_items_ = 0;
  key_at_ = 0;
  if (pages_.passes_over(page_, head_, number)) return;
  if (head_.type != leaf) wrong_type(page_, number, name(leaf));
}

bool BerkeleyBtreeStream::next_page() {
  if (salvaging() && (!meta_.recno || !numbers_known_)) return next_scanned_page();
  try {
    const std::uint32_t number = !started_ ? leftmost_leaf(pages_, meta_.root) : head_.next;
    if (started_ && number == 0) {
      note_end();
      return false;
    }
    open_page(number);
    if (salvaging()) order_.pass(number);
    // The library goes on from the first leaf by what that says its number is.
    if (!std::exchange(started_, true) && head_.number != number && head_.number != 0)
      malformed(page_.offset(8), "pgno",
                fmt::format("page {} says that it is page {}", number, head_.number));
    return true;
  } catch (const DecodeError& error) {
    lose_or_rethrow(error);
    head_ = {};
    numbers_known_ = false;
    return next_scanned_page();
  }
}

// The leaves to which the tree leads; what is wrong there is noted when it is read.
void BerkeleyBtreeStream::reach_leaves() {
  try {
    BerkeleyPages pages = pages_.anew();
    order_.reach(pages, leftmost_leaf(pages, meta_.root),
                 [leaf = leaf_type()](PageType type) { return type == leaf; });
  } catch (const DecodeError& error) {
    lose_or_rethrow(error);
  }
}

bool BerkeleyBtreeStream::next_scanned_page() {
  if (!std::exchange(scanning_, true)) reach_leaves();
  while (const auto number = order_.next()) {
    try {
      if (pages_.type(*number) != leaf_type()) continue;
      open_page(*number);
      return true;
    } catch (const DecodeError& error) {
      lose_or_rethrow(error);
    }
  }
  if (!std::exchange(ended_, true)) pages_.note_pages_missing();
  return false;
}

// Items of a page that together hold more than the page lie on one another.
void BerkeleyBtreeStream::pay(const BtreeItem& item) {
  bytes_of_items_ += item.type == BtreeItem::Type::bytes ? item.bytes.size() + 3 : 12;
  if (bytes_of_items_ > pages_.page_size())
    malformed(page_.offset(0), "inp", fmt::format("page {}: items overlap", head_.number));
}

void BerkeleyBtreeStream::begin_value(const BtreeItem& item, Entry& entry) {
  pay(item);
  switch (item.type) {
    case BtreeItem::Type::bytes:
      entry.value = item.bytes;
      break;
    case BtreeItem::Type::overflow:
      entry.value = pages_.overflow(item.page, item.size, value_pieces_, true);
      visited(entry.value.size());
      break;
    case BtreeItem::Type::duplicates:
      duplicates_.begin_tree(pages_, item.page);
      break;
  }
}

// One pair of items; false if it is deleted. Pairs with one key share its item.
bool BerkeleyBtreeStream::begin_pair(Entry& entry) {
  const std::uint16_t at = pages_.item(page_, index_);
  const std::uint16_t value_at = pages_.item(page_, index_ + 1);
  index_ += 2;
  const BtreeItem value = read_btree_item(page_, value_at);
  if (value.deleted) return false;
  if (at != key_at_) {
    key_at_ = 0;
    const BtreeItem key = read_btree_item(page_, at);
    pay(key);
    if (key.type == BtreeItem::Type::duplicates)
      malformed(page_.offset(at), "item type", "a key that is neither bytes nor overflow");
    key_ = key.type == BtreeItem::Type::bytes
               ? key.bytes
               : pages_.overflow(key.page, key.size, key_pieces_, true);
    key_at_ = at;
  }
  begin_value(value, entry);
  return true;
}

// One record; false if it is deleted (it keeps its number).
bool BerkeleyBtreeStream::begin_record(Entry& entry) {
  ++record_;
  const BtreeItem value = read_btree_item(page_, pages_.item(page_, index_++));
  if (value.deleted) return false;
  if (value.type == BtreeItem::Type::duplicates)
    malformed(page_.offset(0), "item type", "duplicates of a record");
  begin_value(value, entry);
  entry.numbered = true;
  entry.number = numbers_known_ ? record_ : 0;
  return true;
}

bool BerkeleyBtreeStream::take_duplicate(Entry& entry) {
  if (!duplicates_.active()) return false;
  try {
    return duplicates_.next(pages_, entry.value, value_pieces_);
  } catch (const DecodeError& error) {
    duplicates_.end();
    lose_or_rethrow(error);
    return false;
  }
}

bool BerkeleyBtreeStream::next_record(Entry& entry) {
  if (!started_) records_.begin(meta_.root);
  started_ = true;
  while (records_.seek(pages_, std::uint64_t{record_} + 1)) {
    if (page_.data().data() != records_.leaf().data().data()) {
      page_ = records_.leaf();
      head_ = records_.head();
      bytes_of_items_ = 0;
      visited(pages_.page_size());
    }
    index_ = records_.index();
    if (!begin_record(entry)) continue;
    entry.offset = page_.offset(0);
    return true;
  }
  note_end();
  return false;
}

void BerkeleyBtreeStream::note_end() {
  if (!std::exchange(ended_, true)) pages_.note_pages_behind();
}

bool BerkeleyBtreeStream::next(Entry& entry) {
  entry = {};
  if (meta_.recno && !salvaging()) return next_record(entry);
  for (;;) {
    bool complete = take_duplicate(entry);
    if (!complete && index_ + (meta_.recno ? 0u : 1u) < head_.entries) {
      try {
        complete = (meta_.recno ? begin_record(entry) : begin_pair(entry)) && !duplicates_.active();
      } catch (const DecodeError& error) {
        duplicates_.end();
        lose_or_rethrow(error);
      }
    } else if (!complete) {
      if (!next_page()) return false;
    }
    if (!complete) continue;
    if (!meta_.recno) entry.key = key_;
    entry.offset = page_.offset(key_at_);
    if (salvaging() && !meta_.recno && !meta_.duplicates && !order_.give(entry)) {
      entry = {};
      continue;
    }
    return true;
  }
}

namespace {

int compare(const BerkeleyPages& pages, const BtreeItem& item, Bytes key) {
  return item.type == BtreeItem::Type::overflow ? pages.compare(key, item.page, item.size)
                                                : compare_keys(key, item.bytes);
}

// The child that may hold a key: the last whose own key is not greater. The first child
// has no key: it is less than all (bt_compare.c, __bam_cmp).
std::uint32_t child(const BerkeleyPages& pages, const Ordered& page, const PageHeader& head,
                    Bytes key) {
  const Place place = search_items(head.entries, 1, [&](std::uint32_t index) {
    if (index == 0) return 1;
    const std::uint16_t at = pages.item(page, index);
    // BINTERNAL: len, type, unused, pgno, nrecs, then the key or a BOVERFLOW.
    if ((page.u8(at + 2u, "item type") & 0x7f) == 3)
      return compare(pages, read_btree_item(page, static_cast<std::uint16_t>(at + 12)), key);
    return compare_keys(key, page.bytes(at + 12u, page.u16(at, "item len"), "item"));
  });
  const std::uint32_t index = place.found || place.index == 0 ? place.index : place.index - 1;
  return page.u32(pages.item(page, index) + 4u, "child pgno");
}

// The pair of a key on a leaf, the first that is not deleted if there are several
// (bt_search.c, __bam_search, with SR_DUPFIRST and SR_DELNO).
std::optional<std::uint32_t> pair_of(const BerkeleyPages& pages, const Ordered& page,
                                     const PageHeader& head, Bytes key) {
  const auto at = [&](std::uint32_t index) { return pages.item(page, index); };
  const Place place = search_items(head.entries, 2, [&](std::uint32_t index) {
    return compare(pages, read_btree_item(page, at(index)), key);
  });
  if (!place.found) return std::nullopt;
  std::uint32_t index = place.index;
  while (index > 0 && at(index) == at(index - 2)) index -= 2;
  while (read_btree_item(page, at(index + 1)).deleted) {
    if (index + 2 >= head.entries || at(index) != at(index + 2)) return std::nullopt;
    index += 2;
  }
  return index;
}

}  // namespace

void BerkeleyBtreeStream::first_value(const BtreeItem& item, Entry& entry) {
  if (item.type == BtreeItem::Type::bytes) {
    entry.value = item.bytes;
  } else if (item.type == BtreeItem::Type::overflow) {
    entry.value = pages_.overflow(item.page, item.size, found_value_, false);
  } else {
    BerkeleyPages own = pages_.anew();
    Duplicates first;
    first.begin_tree(own, item.page);
    first.next(own, entry.value, found_value_);
  }
}

bool BerkeleyBtreeStream::find(Bytes key, Entry& entry) {
  if (meta_.recno) {
    std::uint64_t number = 0;
    const std::string_view text = as_text(key);
    const auto [rest, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc() && rest == text.data() + text.size() && find_record(number, entry);
  }
  const BerkeleyPages pages = pages_.anew();
  std::uint32_t number = meta_.root;
  for (int depth = 0; depth <= deepest; ++depth) {
    const Ordered page = pages.page(number);
    const PageHeader head = pages.header(page, number);
    if (head.type == PageType::btree_internal) {
      if (head.entries == 0) return false;
      number = child(pages, page, head, key);
      continue;
    }
    if (head.type != PageType::btree_leaf)
      malformed(page.offset(25), "type", fmt::format("page {} is {}", number, name(head.type)));
    const auto pair = pair_of(pages, page, head, key);
    if (!pair) return false;
    const std::uint16_t at = pages.item(page, *pair);
    const BtreeItem item = read_btree_item(page, at);
    entry = {};
    entry.key = item.type == BtreeItem::Type::bytes ? item.bytes : key;
    entry.offset = page.offset(at);
    first_value(read_btree_item(page, pages.item(page, *pair + 1)), entry);
    return true;
  }
  malformed(12, "level", "the tree is deeper than its levels can count");
}

bool BerkeleyBtreeStream::find_record(std::uint64_t number, Entry& entry) {
  BerkeleyPages own = pages_.anew();
  RecordTree records;
  records.begin(meta_.root);
  if (number == 0 || !records.seek(own, number)) return false;
  const std::uint16_t at = own.item(records.leaf(), records.index());
  const BtreeItem item = read_btree_item(records.leaf(), at);
  if (item.deleted) return false;
  entry = {};
  entry.numbered = true;
  entry.number = static_cast<std::uint32_t>(number);
  entry.offset = records.leaf().offset(at);
  first_value(item, entry);
  return true;
}

}  // namespace assay::dbm
