#include "reference/sqlite/btree_page.h"

#include <fmt/format.h>

#include <algorithm>

#include "reference/sqlite/header.h"
#include "reference/sqlite/varint.h"

namespace assay::sqlite {

BtreePage::BtreePage(Bytes page, std::uint32_t number, std::uint32_t usable_size,
                     std::uint64_t offset)
    : page_(page.first(usable_size)),
      offset_(offset),
      start_(number == 1 ? header_bytes : 0),
      number_(number),
      usable_(usable_size) {
  const auto refuse = [&](std::size_t at, const char* field, const std::string& what) {
    throw DecodeError(ErrorKind::malformed, offset_ + at, field,
                      fmt::format("page {}: {}", number_, what));
  };
  switch (page_[start_]) {
    case 2:
      kind_ = TreeKind::index;
      leaf_ = false;
      break;
    case 5:
      kind_ = TreeKind::table;
      leaf_ = false;
      break;
    case 10:
      kind_ = TreeKind::index;
      leaf_ = true;
      break;
    case 13:
      kind_ = TreeKind::table;
      leaf_ = true;
      break;
    default:
      refuse(start_, "b-tree page type", fmt::format("{} is no type", page_[start_]));
  }
  cells_ = be16_at(page_, start_ + 3);
  pointers_ = start_ + (leaf_ ? 8 : 12);
  if (!leaf_) right_child_ = be32_at(page_, start_ + 8);
  // A cell takes 4 bytes and its pointer 2 (btree.c, MX_CELL).
  if (cells_ > (page.size() - 8) / 6 || 2 * std::size_t{cells_} > usable_ - pointers_)
    refuse(start_ + 3, "number of cells", fmt::format("{} cells do not fit", cells_));
  min_local_ = (usable_ - 12) * 32 / 255 - 23;
  max_local_ = kind_ == TreeKind::table ? usable_ - 35 : (usable_ - 12) * 64 / 255 - 23;
}

void BtreePage::malformed(std::uint32_t cell, std::size_t at, const char* field,
                          const std::string& what) const {
  throw DecodeError(ErrorKind::malformed, offset_of(at), field,
                    fmt::format("page {}, cell {}: {}", number_, cell, what));
}

std::uint32_t BtreePage::first_freeblock() const {
  return be16_at(page_, start_ + 1);
}
std::uint32_t BtreePage::content_start() const {
  const std::uint32_t start = be16_at(page_, start_ + 5);
  return start == 0 ? 65536 : start;
}
std::uint32_t BtreePage::fragmented_bytes() const {
  return page_[start_ + 7];
}

std::size_t BtreePage::cell_start(std::uint32_t index) const {
  const std::size_t at = be16_at(page_, pointers_ + 2 * std::size_t{index});
  if (at < pointers_end() || at > usable_ - 4)
    malformed(index, pointers_ + 2 * std::size_t{index}, "cell pointer",
              fmt::format("points to {}, outside of the cells", at));
  return at;
}

std::uint32_t BtreePage::left_child(std::uint32_t index) const {
  return be32_at(page_, cell_start(index));
}

// How much of a payload stands in the page. SQLite file format, 1.6, "P", "X",
// "M" and "K".
std::uint64_t BtreePage::local_payload(std::uint64_t payload) const {
  if (payload <= max_local_) return payload;
  const std::uint64_t kept = min_local_ + (payload - min_local_) % (usable_ - 4);
  return kept <= max_local_ ? kept : min_local_;
}

Cell BtreePage::cell(std::uint32_t index) const {
  Cell cell;
  cell.at = cell_start(index);
  std::size_t at = cell.at;
  if (!leaf_) {
    cell.left_child = be32_at(page_, at);
    at += 4;
  }
  const bool has_payload = leaf_ || kind_ == TreeKind::index;
  if (has_payload) {
    const Varint size = read_varint(page_.subspan(at));
    if (size.length == 0) malformed(index, at, "payload size", "the page ends inside of it");
    cell.payload_size = size.value;
    at += size.length;
  }
  if (kind_ == TreeKind::table) {
    const Varint rowid = read_varint(page_.subspan(at));
    if (rowid.length == 0) malformed(index, at, "rowid", "the page ends inside of it");
    cell.rowid = static_cast<std::int64_t>(rowid.value);
    at += rowid.length;
  }
  if (has_payload) {
    const std::uint64_t local = local_payload(cell.payload_size);
    const bool spills = local < cell.payload_size;
    if (local + (spills ? 4 : 0) > usable_ - at)
      malformed(index, cell.at, "payload size",
                fmt::format("{} bytes reach beyond the page", cell.payload_size));
    cell.local = page_.subspan(at, local);
    // Of an empty payload SQLite reads the byte behind it, and takes a zero for a
    // header of no bytes (vdbe.c, OP_Column).
    if (cell.payload_size == 0 && at < usable_ && page_[at] == 0) cell.local = page_.subspan(at, 1);
    at += local;
    if (spills) {
      cell.overflow_page = be32_at(page_, at);
      at += 4;
    }
  }
  cell.size = std::max<std::size_t>(at - cell.at, 4);
  return cell;
}

}  // namespace assay::sqlite
