#include "reference/sqlite/check.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "reference/sqlite/record.h"
#include "reference/sqlite/sql_tokens.h"
#include "reference/sqlite/tree_cursor.h"
#include "reference/sqlite/varint.h"

namespace assay::sqlite {
namespace {

// What a pointer map says of a page. SQLite file format, 1.8.
enum class Use : std::uint8_t { none, root, free, first_overflow, later_overflow, child, map };

struct PageUse {
  Use use = Use::none;
  std::uint32_t parent = 0;
};

class Checker {
 public:
  Checker(const Database& database, std::size_t limit)
      : database_(database),
        pager_(database.pager()),
        limit_(limit),
        uses_(std::size_t{pager_.page_count()} + 1),
        buffer_(pager_.page_size()) {}

  std::vector<Fault> run() {
    if (pager_.page_count() == 0) return {};
    mark_maps();
    check_freelist();
    check_trees();
    check_unused();
    check_maps();
    return std::move(faults_);
  }

 private:
  void fault(std::uint32_t page, std::optional<std::uint32_t> cell, std::string what) {
    if (faults_.size() < limit_) faults_.push_back({page, cell, std::move(what)});
  }
  bool full() const { return faults_.size() >= limit_; }

  // Notes what a page is used for; false, with a fault, when it cannot be.
  bool use(std::uint32_t page, Use how, std::uint32_t by, std::optional<std::uint32_t> cell) {
    if (page == 0 || page > pager_.page_count() || page == pager_.lock_byte_page()) {
      fault(by, cell, fmt::format("names page {} of {}", page, pager_.page_count()));
      return false;
    }
    if (uses_[page].use != Use::none) {
      fault(by, cell, fmt::format("names page {}, which is in use already", page));
      return false;
    }
    uses_[page] = {how, by};
    return true;
  }

  // --- pointer maps ------------------------------------------------------------
  bool has_maps() const { return pager_.header().largest_root != 0; }
  std::uint32_t pages_in_map() const { return pager_.usable_size() / 5; }

  // The first map is page 2; each maps the pages behind it. One that would be the
  // lock-byte page is the page after (btree.c, ptrmapPageno).
  std::uint32_t map_of(std::uint32_t page) const {
    const std::uint32_t distance = pages_in_map() + 1;
    std::uint32_t map = (page - 2) / distance * distance + 2;
    if (map == pager_.lock_byte_page()) ++map;
    return map;
  }
  void mark_maps() {
    if (!has_maps()) return;
    for (std::uint64_t page = 2; page <= pager_.page_count(); page += pages_in_map() + 1) {
      const std::uint64_t map = page == pager_.lock_byte_page() ? page + 1 : page;
      if (map <= pager_.page_count()) uses_[static_cast<std::size_t>(map)].use = Use::map;
    }
  }
  void check_maps() {
    if (!has_maps()) return;
    std::uint32_t loaded = 0;
    for (std::uint32_t page = 3; page <= pager_.page_count() && !full(); ++page) {
      const PageUse& found = uses_[page];
      if (found.use == Use::map || found.use == Use::none || page == pager_.lock_byte_page())
        continue;
      const std::uint32_t map = map_of(page);
      if (map != loaded) pager_.read(map, buffer_, "pointer map", 0);
      loaded = map;
      const std::size_t at = 5 * std::size_t{page - map - 1};
      const std::uint32_t parent =
          found.use == Use::root || found.use == Use::free ? 0 : found.parent;
      if (buffer_[at] != static_cast<std::uint8_t>(found.use) || be32_at(buffer_, at + 1) != parent)
        fault(
            map, std::nullopt,
            fmt::format("says of page {} type {} parent {}, which are {} and {}", page, buffer_[at],
                        be32_at(buffer_, at + 1), static_cast<std::uint8_t>(found.use), parent));
    }
  }

  // --- freelist ----------------------------------------------------------------
  // SQLite file format, 1.5: trunk pages in a chain, each with the numbers of
  // leaves.
  void check_freelist() {
    std::uint32_t count = 0, by = 1;
    std::uint32_t trunk = pager_.header().first_freelist_trunk;
    while (trunk != 0 && use(trunk, Use::free, by, std::nullopt)) {
      ++count;
      pager_.read(trunk, buffer_, "freelist trunk", 0);
      const std::uint32_t leaves = be32_at(buffer_, 4);
      if (leaves > pager_.usable_size() / 4 - 2) {
        fault(trunk, std::nullopt, fmt::format("{} freelist leaves do not fit", leaves));
        break;
      }
      for (std::uint32_t i = 0; i < leaves && !full(); ++i)
        if (use(be32_at(buffer_, 8 + 4 * i), Use::free, trunk, std::nullopt)) ++count;
      by = trunk;
      trunk = be32_at(buffer_, 0);
    }
    if (count != pager_.header().freelist_pages)
      fault(1, std::nullopt,
            fmt::format("{} pages are free, and the header says {}", count,
                        pager_.header().freelist_pages));
  }

  // --- trees -------------------------------------------------------------------
  void check_trees() {
    check_tree(1, TreeKind::table, "sqlite_schema");
    std::map<std::string, std::uint64_t> rows;  // of each table
    for (const SchemaEntry& entry : database_.schema()) {
      const bool index = entry.type == "index";
      if ((entry.type != "table" && !index) || (!index && entry.root == 0) || full()) continue;
      TreeKind kind = index ? TreeKind::index : TreeKind::table;
      try {
        if (!index) kind = table_of(entry).tree();
      } catch (const DecodeError& error) {
        fault(0, std::nullopt, error.what());
        continue;
      }
      if (entry.root < 2 || entry.root > pager_.page_count()) {
        fault(1, std::nullopt, fmt::format("{} has the root page {}", entry.name, entry.root));
        continue;
      }
      const std::uint64_t count =
          check_tree(static_cast<std::uint32_t>(entry.root), kind, entry.name);
      if (!index) {
        rows[entry.name] = count;
      } else if (const auto table = rows.find(entry.table);
                 table != rows.end() && !partial(entry) && count != table->second) {
        fault(static_cast<std::uint32_t>(entry.root), std::nullopt,
              fmt::format("index {} has {} entries, and its table {} rows", entry.name, count,
                          table->second));
      }
    }
  }
  // CREATE INDEX … WHERE: an index of some rows only.
  static bool partial(const SchemaEntry& entry) {
    if (!entry.sql) return false;
    std::size_t depth = 0;
    for (const Token& token : tokenize(*entry.sql)) {
      if (token.symbol("(")) ++depth;
      if (token.symbol(")") && depth > 0) --depth;
      if (depth == 0 && token.is("WHERE")) return true;
    }
    return false;
  }

  struct Visit {
    std::uint32_t page, parent;
    std::optional<std::uint32_t> cell;
    std::size_t depth;
  };

  // Walks a tree from the left to the right; gives the number of its entries.
  std::uint64_t check_tree(std::uint32_t root, TreeKind kind, const std::string& name) {
    entries_ = 0;
    last_rowid_.reset();
    std::optional<std::size_t> leaf_depth;
    std::vector<Visit> pending = {{root, 1, std::nullopt, 0}};
    while (!pending.empty() && !full()) {
      const Visit visit = pending.back();
      pending.pop_back();
      if (!use(visit.page, visit.depth == 0 ? Use::root : Use::child, visit.parent, visit.cell))
        continue;
      try {
        pager_.read(visit.page, buffer_, "page", 0);
        const BtreePage page(buffer_, visit.page, pager_.usable_size(),
                             pager_.offset_of(visit.page));
        if (page.kind() != kind) {
          fault(visit.page, std::nullopt, fmt::format("is of another kind than {}", name));
          continue;
        }
        if (page.leaf() && leaf_depth.value_or(visit.depth) != visit.depth)
          fault(visit.page, std::nullopt, "is a leaf at another depth than those before");
        if (page.leaf()) leaf_depth = visit.depth;
        if (visit.depth >= TreeCursor::max_depth) {
          fault(visit.page, std::nullopt, "is deeper than a tree can be");
          continue;
        }
        check_page(page);
        if (!page.leaf()) add_children(page, visit.depth, pending);
      } catch (const DecodeError& error) {
        fault(visit.page, std::nullopt, error.what());
      }
    }
    return entries_;
  }
  static void add_children(const BtreePage& page, std::size_t depth, std::vector<Visit>& pending) {
    pending.push_back({page.right_child(), page.number(), std::nullopt, depth + 1});
    for (std::uint32_t i = page.cells(); i-- > 0;)
      pending.push_back({page.left_child(i), page.number(), i, depth + 1});
  }

  // --- one page ------------------------------------------------------------------
  void check_page(const BtreePage& page) {
    struct Span {
      std::size_t start, end;
      std::optional<std::uint32_t> cell;
    };
    std::vector<Span> spans;
    for (std::uint32_t i = 0; i < page.cells(); ++i) {
      const Cell cell = page.cell(i);
      spans.push_back({cell.at, cell.at + cell.size, i});
      if (cell.at < page.content_start())
        fault(page.number(), i, "stands before the cell content area");
      check_cell(page, i, cell);
    }
    // Freeblocks stand in ascending order. SQLite file format, 1.6.
    std::size_t free = page.first_freeblock();
    for (std::size_t before = 0; free != 0;) {
      if (free <= before || free < page.pointers_end() || free > page.usable_size() - 4) {
        fault(page.number(), std::nullopt, fmt::format("freeblock at {} is misplaced", free));
        return;
      }
      const std::size_t size = be16_at(page.bytes(), free + 2);
      if (size < 4 || size > page.usable_size() - free) {
        fault(page.number(), std::nullopt, fmt::format("freeblock at {} has {} bytes", free, size));
        return;
      }
      spans.push_back({free, free + size, std::nullopt});
      before = free;
      free = be16_at(page.bytes(), free);
    }
    std::sort(spans.begin(), spans.end(),
              [](const Span& a, const Span& b) { return a.start < b.start; });
    std::size_t end = page.content_start(), fragments = 0;
    for (const Span& span : spans) {
      if (span.start < end) {
        fault(page.number(), span.cell, fmt::format("overlaps what ends at {}", end));
        return;
      }
      fragments += span.start - end;
      end = span.end;
    }
    fragments += page.usable_size() - std::min<std::size_t>(end, page.usable_size());
    if (fragments != page.fragmented_bytes())
      fault(page.number(), std::nullopt,
            fmt::format("{} bytes are fragments, and the page says {}", fragments,
                        page.fragmented_bytes()));
  }

  void check_cell(const BtreePage& page, std::uint32_t index, const Cell& cell) {
    if (page.kind() == TreeKind::table) {
      // A key of an interior page is at least those to its left, and below those
      // to its right; pages come from left to right, parents first, so that only
      // leaves can be compared in passing.
      if (page.leaf()) {
        if (last_rowid_ && cell.rowid <= *last_rowid_)
          fault(page.number(), index,
                fmt::format("rowid {} is not above {}", cell.rowid, *last_rowid_));
        last_rowid_ = cell.rowid;
      }
    }
    if (page.leaf() || page.kind() == TreeKind::index) ++entries_;
    if (!page.leaf() && page.kind() == TreeKind::table) return;
    try {
      check_record(page, index, cell);
    } catch (const DecodeError& error) {
      fault(page.number(), index, error.what());
    }
  }

  void check_record(const BtreePage& page, std::uint32_t index, const Cell& cell) {
    payload_.assign(cell.local.begin(), cell.local.end());
    if (cell.payload_size > std::uint64_t{pager_.page_count()} * pager_.page_size()) {
      fault(page.number(), index, fmt::format("claims {} bytes", cell.payload_size));
      return;
    }
    std::uint32_t next = cell.overflow_page, by = page.number();
    overflow_.resize(pager_.page_size());
    const std::size_t room = pager_.usable_size() - 4;
    for (Use how = Use::first_overflow; payload_.size() < cell.payload_size;
         how = Use::later_overflow) {
      if (next == 0) {
        fault(page.number(), index,
              fmt::format("its overflow chain ends {} bytes early",
                          cell.payload_size - payload_.size()));
        return;
      }
      if (!use(next, how, by, by == page.number() ? std::optional(index) : std::nullopt)) return;
      pager_.read(next, overflow_, "overflow page", 0);
      by = next;
      next = be32_at(overflow_, 0);
      const std::size_t count = std::min<std::size_t>(
          room, static_cast<std::size_t>(cell.payload_size) - payload_.size());
      payload_.insert(payload_.end(), overflow_.begin() + 4,
                      overflow_.begin() + 4 + static_cast<std::ptrdiff_t>(count));
    }
    if (next != 0) fault(by, std::nullopt, "an overflow chain goes on behind its payload");
    // A field takes a byte of the header at least, and no table has more columns
    // (sqliteLimit.h, SQLITE_MAX_COLUMN).
    fields_.resize(static_cast<std::size_t>(
        std::min<std::uint64_t>({read_varint(payload_).value, payload_.size(), 32767})));
    decode_record(payload_, fields_, page.offset_of(cell.at));
  }

  void check_unused() {
    for (std::uint32_t page = 2; page <= pager_.page_count() && !full(); ++page)
      if (uses_[page].use == Use::none && page != pager_.lock_byte_page())
        fault(page, std::nullopt, "is used by nothing");
  }

  const Database& database_;
  const Pager& pager_;
  std::size_t limit_;
  std::vector<Fault> faults_;
  std::vector<PageUse> uses_;
  std::vector<std::uint8_t> buffer_, overflow_, payload_;
  std::vector<Field> fields_;
  std::uint64_t entries_ = 0;
  std::optional<std::int64_t> last_rowid_;
};

}  // namespace

std::string text_of(const Fault& fault) {
  if (fault.page == 0) return fault.what;
  if (!fault.cell) return fmt::format("page {}: {}", fault.page, fault.what);
  return fmt::format("page {}, cell {}: {}", fault.page, *fault.cell, fault.what);
}

std::vector<Fault> check(const Database& database, std::size_t limit) {
  return Checker(database, limit).run();
}

}  // namespace assay::sqlite
