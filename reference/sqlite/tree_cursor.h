// Walks a b-tree in the order of its keys, one entry at a time, overflow chains
// included. SQLite file format, 1.6 and 1.7.
//
// A cursor keeps one page for each level of the tree and reads each page of the
// tree once, so that its memory is bounded by the depth (20 levels at most)
// whatever the size of the database, and no cache would spare it a read. One
// walk reads no more pages than the database has: a tree or a chain that comes
// back to itself is found out by that.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <vector>

#include "reference/sqlite/btree_page.h"
#include "reference/sqlite/pager.h"

namespace assay::sqlite {

class TreeCursor {
 public:
  // Depth beyond which SQLite gives up, too (btreeInt.h, BTCURSOR_MAX_DEPTH): a
  // tree of 2**31 pages with two children a page has less.
  static constexpr std::size_t max_depth = 20;

  // `pager` must outlive the cursor. Reads nothing yet.
  TreeCursor(const Pager& pager, std::uint32_t root, TreeKind kind)
      : pager_(&pager), root_(root), kind_(kind), pages_left_(pager.page_count()) {}

  // Goes to the next entry, the first one at first; false behind the last.
  // Throws DecodeError with the offset in the database file, page and cell.
  bool next();

  // Table trees: goes to the entry of this rowid; false when there is none.
  // next() goes on from there.
  bool find(std::int64_t rowid);

  // Index trees: goes to the first entry that does not come before what is
  // sought; false when all do. `order` is given an entry's payload and where it
  // stands in the file, and says below 0 when that entry comes before. Trusts the
  // tree to be in order.
  using Order = std::function<int(Bytes payload, std::uint64_t offset)>;
  bool find_first(const Order& order);

  // Goes back to before the first entry.
  void rewind();

  // Of the current entry.
  std::int64_t rowid() const { return cell_.rowid; }
  const Cell& cell() const { return cell_; }
  std::uint32_t page() const { return levels_[cell_level_].page.number(); }
  std::uint32_t cell_index() const { return cell_index_; }
  // The whole payload; valid until the cursor moves. Throws DecodeError when the
  // overflow chain is not as long as the payload, or longer than the database.
  Bytes payload();
  // Where the payload begins in the database file.
  std::uint64_t payload_offset() const;

 private:
  struct Level {
    std::vector<std::uint8_t> bytes;
    BtreePage page;
    std::uint32_t at = 0;  // what comes next: a cell; in index trees 2n child, 2n+1 cell
  };
  void descend(std::uint32_t page, const char* field, std::uint64_t at);
  void spend_page(std::uint64_t at);
  void take(std::uint32_t index);
  bool step_leaf(Level& level);
  void step_down(Level& level, std::uint32_t child);

  const Pager* pager_;
  std::uint32_t root_;
  TreeKind kind_;
  std::uint64_t pages_left_;
  std::array<Level, max_depth> levels_;
  std::size_t depth_ = 0;
  bool started_ = false;
  Cell cell_;
  std::size_t cell_level_ = 0;
  std::uint32_t cell_index_ = 0;
  std::vector<std::uint8_t> payload_;  // of an entry with overflow
  std::vector<std::uint8_t> overflow_;
};

}  // namespace assay::sqlite
