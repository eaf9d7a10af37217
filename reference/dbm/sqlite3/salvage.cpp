#include "reference/dbm/sqlite3/salvage.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "reference/bytes/ordered.h"
#include "reference/sqlite/record.h"

namespace assay::dbm {
namespace {

constexpr std::uint8_t table_leaf = 0x0d;

}  // namespace

SalvagedSqlite::SalvagedSqlite(const std::string& path, const DecodeError& why)
    : EntryStream({.salvage = true}), path_(path), file_(path) {
  std::array<std::uint8_t, sqlite::header_bytes> first{};
  const std::size_t have = file_.read(0, first);
  header_ = sqlite::parse_header(Bytes(first).first(have));
  pages_ = static_cast<std::uint32_t>(
      std::min<std::uint64_t>(file_.size() / header_.page_size, 0xfffffffe));
  lose(why.offset(), why.what());
  page_bytes_.resize(header_.page_size);
  overflow_.resize(header_.page_size);
  list_free_pages();
}

bool SalvagedSqlite::read_page(std::uint32_t page, std::vector<std::uint8_t>& out) const {
  return page != 0 && page <= pages_ && file_.read(offset_of(page), out) == out.size();
}

// What was deleted stays in free pages, which are not to bring it back. SQLite file
// format, 1.5: a trunk has the next trunk, a count, and the numbers of leaves.
void SalvagedSqlite::list_free_pages() {
  std::uint32_t trunk = header_.first_freelist_trunk;
  while (trunk != 0 && free_.insert(trunk).second && read_page(trunk, page_bytes_)) {
    const Ordered words(page_bytes_, true);
    const std::uint32_t most = header_.usable_size() / 4 - 2;
    const std::uint32_t count = std::min(words.u32(4, "leaves"), most);
    for (std::uint32_t i = 0; i < count; ++i)
      free_.insert(words.u32(8 + 4 * std::uint64_t{i}, "leaf"));
    trunk = words.u32(0, "next trunk");
  }
}

bool SalvagedSqlite::next_page() {
  while (at_page_ < pages_) {
    ++at_page_;
    if (free_.contains(at_page_) || !read_page(at_page_, page_bytes_)) continue;
    if (page_bytes_[0] != table_leaf) continue;
    try {
      page_ = sqlite::BtreePage(page_bytes_, at_page_, header_.usable_size(), offset_of(at_page_));
      at_cell_ = 0;
      return true;
    } catch (const DecodeError& error) {
      lose_or_rethrow(error);
    }
  }
  return false;
}

// The payload of a cell, whole; on pages of its own the chain is as long as it says.
Bytes SalvagedSqlite::payload(const sqlite::Cell& cell) {
  if (cell.overflow_page == 0 && cell.local.size() >= cell.payload_size) return cell.local;
  if (cell.payload_size > file_.size())
    page_.malformed(at_cell_, cell.at, "payload size", "more than the file");
  payload_.assign(cell.local.begin(), cell.local.end());
  std::uint32_t next = cell.overflow_page;
  while (payload_.size() < cell.payload_size) {
    if (!read_page(next, overflow_))
      page_.malformed(at_cell_, cell.at, "overflow page",
                      fmt::format("page {} is not there", next));
    const std::size_t count =
        std::min<std::size_t>(cell.payload_size - payload_.size(), header_.usable_size() - 4);
    payload_.insert(payload_.end(), overflow_.begin() + 4,
                    overflow_.begin() + 4 + static_cast<std::ptrdiff_t>(count));
    next = Ordered(overflow_, true).u32(0, "next overflow page");
  }
  return payload_;
}

// False for a row of another table.
bool SalvagedSqlite::take(std::uint32_t index, Entry& entry) {
  const sqlite::Cell cell = page_.cell(index);
  std::array<sqlite::Field, 3> fields;
  const std::uint64_t at = page_.offset_of(cell.at);
  const std::size_t count = sqlite::decode_record(payload(cell), fields, at);
  if (count != 2 || fields[0].storage != sqlite::Storage::blob ||
      fields[1].storage != sqlite::Storage::blob)
    return false;
  bytes_given_ += cell.payload_size;
  if (bytes_given_ > file_.size()) page_.malformed(index, cell.at, "payload size", "rows overlap");
  entry = {};
  entry.key = fields[0].bytes;
  entry.value = fields[1].bytes;
  entry.offset = at;
  return true;
}

bool SalvagedSqlite::next(Entry& entry) {
  for (;;) {
    while (at_cell_ < page_.cells()) {
      try {
        if (take(at_cell_++, entry)) return true;
      } catch (const DecodeError& error) {
        lose_or_rethrow(error);
      }
    }
    if (!next_page()) return false;
  }
}

bool SalvagedSqlite::find(Bytes key, Entry& entry) {
  SalvagedSqlite all(path_, DecodeError(ErrorKind::malformed, 0, "Dict", "is looked through"));
  while (all.next(entry)) {
    if (!std::equal(key.begin(), key.end(), entry.key.begin(), entry.key.end())) continue;
    payload_.assign(entry.value.begin(), entry.value.end());  // outlives `all`
    entry.key = key;
    entry.value = payload_;
    return true;
  }
  return false;
}

}  // namespace assay::dbm
