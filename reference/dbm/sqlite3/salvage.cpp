#include "reference/dbm/sqlite3/salvage.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <stdexcept>

#include "reference/bytes/ordered.h"
#include "reference/sqlite/record.h"
#include "reference/sqlite/sql_tokens.h"

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
  read_schema();
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

// Which columns of Dict are key and value, and which pages are another table's.
void SalvagedSqlite::read_schema() {
  std::vector<sqlite::SchemaEntry> schema;
  std::optional<sqlite::Table> dict;
  try {
    // The header's page count goes beyond a file that was cut.
    const sqlite::Overlay as_it_is{&file_, header_.page_size, {}, pages_};
    schema = sqlite::read_schema(sqlite::Pager(file_, {as_it_is}));
    for (const sqlite::SchemaEntry& entry : schema)
      if (entry.type == "table" && sqlite::same_name(entry.name, "Dict"))
        dict = sqlite::table_of(entry);
  } catch (const DecodeError& error) {
    lose(error.offset(),
         fmt::format("{}; rows of other tables may be among the entries", error.what()));
    return;
  }
  if (!dict) throw std::runtime_error(path_ + ": there is no table Dict");
  place_columns(*dict);
  // Dict's first: a root that is wrong hides none of its pages.
  for (const bool of_dict : {true, false})
    for (const sqlite::SchemaEntry& entry : schema)
      if (entry.type == "table" && sqlite::same_name(entry.name, "Dict") == of_dict &&
          entry.root > 1 && entry.root <= pages_)
        list_tree(static_cast<std::uint32_t>(entry.root), of_dict);
  list_tree(1, false);
}

void SalvagedSqlite::place_columns(const sqlite::Table& dict) {
  const auto field = [&](const char* name) {
    const auto column = dict.definition.find(name);
    if (!column || dict.places[*column].source != sqlite::Table::Source::record)
      throw std::runtime_error(
          fmt::format("{}: table Dict has no column {} that holds blobs", path_, name));
    return dict.places[*column].field;
  };
  if (dict.definition.without_rowid)
    throw DecodeError(ErrorKind::unsupported, dict.entry.offset, "schema",
                      "Dict is WITHOUT ROWID, and damaged");
  key_ = field("key");
  value_ = field("value");
  schema_known_ = true;
}

// The pages of a table's tree, as far as it can be followed. What is broken in
// another table's is taken as it comes.
void SalvagedSqlite::list_tree(std::uint32_t root, bool of_dict) {
  auto& listed = of_dict ? of_dict_ : of_others_;
  std::vector<std::uint32_t> waiting{root};
  while (!waiting.empty()) {
    const std::uint32_t number = waiting.back();
    waiting.pop_back();
    if ((!of_dict && of_dict_.contains(number)) || !listed.insert(number).second) continue;
    try {
      if (!read_page(number, page_bytes_))
        throw DecodeError(ErrorKind::truncated, file_.size(), "page",
                          fmt::format("page {} is not there", number));
      const sqlite::BtreePage page(page_bytes_, number, header_.usable_size(), offset_of(number));
      if (page.kind() != sqlite::TreeKind::table) page.malformed(0, 0, "page", "is an index's");
      if (page.leaf()) continue;
      waiting.push_back(page.right_child());
      for (std::uint32_t i = 0; i < page.cells(); ++i) waiting.push_back(page.left_child(i));
    } catch (const DecodeError& error) {
      if (!of_dict) continue;
      reported_.insert(number);
      lose_or_rethrow(error);
    }
  }
}

bool SalvagedSqlite::next_page() {
  while (at_page_ < pages_) {
    ++at_page_;
    if (free_.contains(at_page_) || of_others_.contains(at_page_) || reported_.contains(at_page_) ||
        !read_page(at_page_, page_bytes_))
      continue;
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

void SalvagedSqlite::take(std::uint32_t index, Entry& entry) {
  const sqlite::Cell cell = page_.cell(index);
  const std::uint64_t at = page_.offset_of(cell.at);
  fields_.assign(std::max(key_, value_) + 2, {});
  const std::size_t count = sqlite::decode_record(payload(cell), fields_, at);
  if ((!schema_known_ && count != 2) || fields_[key_].storage != sqlite::Storage::blob ||
      fields_[value_].storage != sqlite::Storage::blob)
    page_.malformed(index, cell.at, "row", "is no entry: key or value is no blob");
  bytes_given_ += cell.payload_size;
  if (bytes_given_ > file_.size()) page_.malformed(index, cell.at, "payload size", "rows overlap");
  entry = {};
  entry.key = fields_[key_].bytes;
  entry.value = fields_[value_].bytes;
  entry.offset = at;
}

bool SalvagedSqlite::next(Entry& entry) {
  for (;;) {
    while (at_cell_ < page_.cells()) {
      try {
        take(at_cell_++, entry);
        return true;
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
