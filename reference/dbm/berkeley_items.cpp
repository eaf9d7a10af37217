#include "reference/dbm/berkeley_items.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

namespace assay::dbm {
namespace {

[[noreturn]] void malformed(std::uint64_t offset, const char* field, std::string_view what) {
  throw DecodeError(ErrorKind::malformed, offset, field, what);
}

constexpr std::uint8_t deleted_flag = 0x80;  // B_DELETE
constexpr int deepest = 255;                 // PAGE.level is one byte

}  // namespace

BtreeItem read_btree_item(const Ordered& page, std::uint16_t at) {
  const std::uint8_t type = page.u8(std::uint64_t{at} + 2, "item type");
  BtreeItem item;
  item.deleted = (type & deleted_flag) != 0;
  switch (type & ~deleted_flag) {
    case 1: {  // B_KEYDATA: len, type, bytes
      const std::uint16_t size = page.u16(at, "item len");
      item.bytes = page.bytes(std::uint64_t{at} + 3, size, "item");
      item.end = std::uint64_t{at} + 3 + size;
      return item;
    }
    case 2:  // B_DUPLICATE: two unused, type, unused, pgno, tlen
      item.type = BtreeItem::Type::duplicates;
      break;
    case 3:  // B_OVERFLOW: the same
      item.type = BtreeItem::Type::overflow;
      break;
    default:
      malformed(page.offset(at), "item type", fmt::format("{:#x} is none", type));
  }
  item.page = page.u32(std::uint64_t{at} + 4, "item pgno");
  item.size = page.u32(std::uint64_t{at} + 8, "item tlen");
  item.end = std::uint64_t{at} + 12;
  return item;
}

HashItem read_hash_item(const BerkeleyPages& pages, const Ordered& page, const PageHeader& header,
                        std::uint32_t index) {
  const std::uint16_t begin = pages.item(page, index);
  const std::uint32_t end = index == 0 ? pages.page_size() : pages.item(page, index - 1);
  if (begin < pages.overhead() + 2u * header.entries || begin >= end || end > pages.page_size())
    malformed(page.offset(pages.overhead() + 2 * std::uint64_t{index}), "inp",
              fmt::format("page {}: item {} from {} to {}", header.number, index, begin, end));
  HashItem item;
  const std::uint8_t type = page.u8(begin, "item type");
  if (type < 1 || type > 4)
    malformed(page.offset(begin), "item type", fmt::format("{} is none", type));
  item.type = static_cast<HashItem::Type>(type);
  item.bytes = page.bytes(begin + 1u, end - begin - 1, "item");
  const Ordered fields(item.bytes, page.big_endian(), page.offset(begin + 1u));
  if (type >= 3) item.page = fields.u32(3, "item pgno");
  if (item.type == HashItem::Type::overflow) item.size = fields.u32(7, "item tlen");
  return item;
}

int compare_keys(Bytes key, Bytes other) {
  const std::size_t both = std::min(other.size(), key.size());
  const int order = both == 0 ? 0 : std::memcmp(key.data(), other.data(), both);
  if (order != 0) return order;
  return key.size() < other.size() ? -1 : key.size() > other.size() ? 1 : 0;
}

std::uint32_t leftmost_leaf(BerkeleyPages& pages, std::uint32_t root) {
  std::uint32_t number = root;
  for (int depth = 0; depth <= deepest; ++depth) {
    const Ordered page = pages.page(number);
    const PageHeader head = pages.header(page, number);
    if (head.type != PageType::btree_internal && head.type != PageType::recno_internal)
      return number;
    pages.visit(number);
    if (head.entries == 0)
      malformed(page.offset(20), "entries", fmt::format("page {} has no children", number));
    const std::uint16_t at = pages.item(page, 0);
    // BINTERNAL: len, type, unused, pgno, …; RINTERNAL: pgno, …
    number = page.u32(at + (head.type == PageType::btree_internal ? 4u : 0u), "child pgno");
  }
  malformed(pages.page(root).offset(0), "level", "the tree is deeper than its levels can count");
}

void RecordTree::begin(std::uint32_t root) {
  *this = RecordTree();
  root_ = root;
}

void RecordTree::open(BerkeleyPages& pages, std::uint32_t number, std::uint64_t before) {
  if (levels_.size() > deepest)
    malformed(pages.page(root_).offset(0), "level", "the tree is deeper than its levels can count");
  Level level;
  level.page = pages.visit(number);
  level.head = pages.header(level.page, number);
  level.before = before;
  if (level.head.type != PageType::recno_internal && level.head.type != PageType::recno_leaf &&
      level.head.type != PageType::invalid)
    wrong_type(level.page, number, "recno leaf");
  // db_page.h, RE_NREC: the root counts all records, a leaf its own ones.
  if (levels_.empty())
    total_ = level.head.type == PageType::recno_leaf ? level.head.entries : level.head.previous;
  levels_.push_back(level);
}

// btree/bt_rsearch.c, __bam_rsearch: the first child whose records reach the number, or
// the last one. RINTERNAL: pgno, nrecs.
std::uint32_t RecordTree::choose(const BerkeleyPages& pages, Level& level,
                                 std::uint64_t number) const {
  if (level.head.type != PageType::recno_internal)
    wrong_type(level.page, level.head.number, "recno leaf");
  if (level.head.entries == 0)
    malformed(level.page.offset(20), "entries",
              fmt::format("page {} has no children", level.head.number));
  for (;; ++level.child) {
    const std::uint16_t at = pages.item(level.page, level.child);
    const std::uint64_t records = level.page.u32(at + 4u, "nrecs");
    const bool last = level.child + 1u >= level.head.entries;
    if (!last && level.before + records < number) {
      level.before += records;
      continue;
    }
    level.up_to = last ? ~0ull : level.before + records;
    return level.page.u32(at, "child pgno");
  }
}

bool RecordTree::seek(BerkeleyPages& pages, std::uint64_t number) {
  if (number < number_) begin(root_);
  number_ = number;
  if (levels_.empty()) open(pages, root_, 0);
  if (number > total_) return false;
  // Up to the topmost page where another child leads to the record, and down again.
  for (std::size_t i = 0; i < levels_.size(); ++i)
    if (levels_[i].up_to < number) levels_.resize(i + 1);
  while (levels_.back().head.type != PageType::recno_leaf) {
    const std::uint32_t child = choose(pages, levels_.back(), number);
    open(pages, child, levels_.back().before);
  }
  leaf_ = levels_.back().page;
  head_ = levels_.back().head;
  const std::uint64_t index = number - levels_.back().before - 1;
  // The library reads on behind the last item.
  if (index >= head_.entries)
    malformed(leaf_.offset(20), "entries",
              fmt::format("page {} does not have record {}", head_.number, number));
  index_ = static_cast<std::uint32_t>(index);
  return true;
}

void Duplicates::begin_set(const Ordered& page, Bytes set) {
  set_ = Ordered(set, page.big_endian(),
                 page.offset(static_cast<std::uint64_t>(set.data() - page.data().data())));
  at_ = 0;
  mode_ = Mode::set;
}

void Duplicates::begin_tree(BerkeleyPages& pages, std::uint32_t root) {
  // Unsorted ones are numbered (db/db_am.c, __dbc_newopd).
  if (static_cast<PageType>(pages.page(root).u8(25, "type")) == PageType::recno_internal) {
    records_.begin(root);
    at_ = 0;
    mode_ = Mode::records;
    return;
  }
  open_leaf(pages, leftmost_leaf(pages, root));
  mode_ = Mode::tree;
}

void Duplicates::open_leaf(BerkeleyPages& pages, std::uint32_t number) {
  leaf_ = pages.visit(number);
  head_ = pages.header(leaf_, number);
  at_ = 0;
  if (pages.passes_over(leaf_, head_, number)) return;
  if (head_.type != PageType::duplicate_leaf && head_.type != PageType::recno_leaf &&
      head_.type != PageType::duplicate)
    wrong_type(leaf_, number, "duplicates");
}

bool Duplicates::next(BerkeleyPages& pages, Bytes& value, std::string& pieces) {
  const bool found = mode_ == Mode::set       ? next_of_set(value)
                     : mode_ == Mode::tree    ? next_of_tree(pages, value, pieces)
                     : mode_ == Mode::records ? next_of_records(pages, value, pieces)
                                              : false;
  if (!found) mode_ = Mode::none;
  return found;
}

bool Duplicates::next_of_set(Bytes& value) {
  if (at_ == set_.size()) return false;
  const std::uint16_t size = set_.u16(at_, "duplicate len");
  value = set_.bytes(at_ + 2, size, "duplicate");
  if (set_.u16(at_ + 2 + size, "duplicate len") != size)
    malformed(set_.offset(at_), "duplicate len", "is not repeated behind the value");
  at_ += 4u + size;
  return true;
}

void Duplicates::take(const BtreeItem& item, BerkeleyPages& pages, Bytes& value,
                      std::string& pieces) {
  if (item.type == BtreeItem::Type::duplicates)
    malformed(leaf_.offset(0), "item type", "duplicates among duplicates");
  value = item.type == BtreeItem::Type::bytes ? item.bytes
                                              : pages.overflow(item.page, item.size, pieces, true);
}

bool Duplicates::next_of_records(BerkeleyPages& pages, Bytes& value, std::string& pieces) {
  while (records_.seek(pages, ++at_)) {
    leaf_ = records_.leaf();
    const BtreeItem item = read_btree_item(leaf_, pages.item(leaf_, records_.index()));
    if (item.deleted) continue;
    take(item, pages, value, pieces);
    return true;
  }
  return false;
}

bool Duplicates::next_of_tree(BerkeleyPages& pages, Bytes& value, std::string& pieces) {
  for (;;) {
    for (; at_ < head_.entries; ++at_) {
      const BtreeItem item =
          read_btree_item(leaf_, pages.item(leaf_, static_cast<std::uint32_t>(at_)));
      if (item.deleted) continue;
      ++at_;
      take(item, pages, value, pieces);
      return true;
    }
    if (head_.next == 0) return false;
    open_leaf(pages, head_.next);
  }
}

}  // namespace assay::dbm
