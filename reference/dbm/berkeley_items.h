// Items on Berkeley DB's pages: btree items, hash items, sets and trees of
// duplicates.
#pragma once

#include <optional>
#include <vector>

#include "reference/dbm/berkeley.h"

namespace assay::dbm {

// An item of a btree, recno or duplicate leaf: BKEYDATA, BOVERFLOW.
struct BtreeItem {
  enum class Type : std::uint8_t { bytes, overflow, duplicates };
  Type type = Type::bytes;
  bool deleted = false;
  Bytes bytes;             // type bytes
  std::uint32_t page = 0;  // overflow: the first page; duplicates: the root
  std::uint32_t size = 0;  // overflow
  std::uint64_t end = 0;   // where the item ends on its page
};
BtreeItem read_btree_item(const Ordered& page, std::uint16_t at);

// An item of a hash page: HKEYDATA, HDUPLICATE, HOFFPAGE, HOFFDUP.
struct HashItem {
  enum class Type : std::uint8_t { bytes = 1, duplicates = 2, overflow = 3, tree = 4 };
  Type type = Type::bytes;
  Bytes bytes;             // bytes, duplicates
  std::uint32_t page = 0;  // overflow: the first page; tree: the root
  std::uint32_t size = 0;  // overflow
};
// Items lie one below the other: item `index` ends where the one before begins.
HashItem read_hash_item(const BerkeleyPages& pages, const Ordered& page, const PageHeader& header,
                        std::uint32_t index);

// A key against another: less than, equal to or greater than 0. A prefix comes first.
int compare_keys(Bytes key, Bytes other);

// Where a key is among a page's items, or before which one it would be.
struct Place {
  bool found;
  std::uint32_t index;
};
// dbinc/db_am.h, DB_BINARY_SEARCH_FOR: step for step as the library searches, since items that
// are not in their order are then found or not as they are by it. `order(index)` compares
// the key with an item.
template <typename Order>
Place search_items(std::uint32_t entries, std::uint32_t step, Order order) {
  std::uint32_t base = 0;
  for (std::uint32_t limit = entries / step; limit != 0; limit >>= 1) {
    const std::uint32_t index = base + (limit >> 1) * step;
    const int found = order(index);
    if (found == 0) return {true, index};
    if (found < 0) continue;
    base = index + step;
    --limit;
  }
  return {false, base};
}

// The page of a tree of pages that holds its first items: the first children
// from `root` down. Counts the pages between as visited.
std::uint32_t leftmost_leaf(BerkeleyPages& pages, std::uint32_t root);

// A tree of numbered records, each found as the library finds it, by the counts that
// the pages above its leaf keep, and not by the leaves' links. A process that died may
// have left the ones and not the others.
class RecordTree {
 public:
  // The tree below page `root`.
  void begin(std::uint32_t root);
  // Goes to a record, counted from 1; false if there are not so many. A number that is
  // less than the one before is looked for from the root again. Counts the pages on the
  // way as visited.
  bool seek(BerkeleyPages& pages, std::uint64_t number);
  // Where the record is.
  const Ordered& leaf() const { return leaf_; }
  const PageHeader& head() const { return head_; }
  std::uint32_t index() const { return index_; }
  bool started() const { return !levels_.empty(); }

 private:
  // A page from the root down, and the child that leads to the record.
  struct Level {
    Ordered page;
    PageHeader head;
    std::uint32_t child = 0;
    std::uint64_t before = 0;     // records in front of the child
    std::uint64_t up_to = ~0ull;  // the last record that is looked for there
  };
  void open(BerkeleyPages& pages, std::uint32_t number, std::uint64_t before);
  std::uint32_t choose(const BerkeleyPages& pages, Level& level, std::uint64_t number) const;

  std::uint32_t root_ = 0;
  std::vector<Level> levels_;  // the last one is the leaf
  std::uint64_t number_ = 0, total_ = 0;
  Ordered leaf_;
  PageHeader head_ = {};
  std::uint32_t index_ = 0;
};

// The values of a key that has several, in their order.
class Duplicates {
 public:
  // A set on a hash page: for each value its size, its bytes, its size again.
  void begin_set(const Ordered& page, Bytes set);
  // A tree of its own, below `root`.
  void begin_tree(BerkeleyPages& pages, std::uint32_t root);
  void end() { mode_ = Mode::none; }
  bool active() const { return mode_ != Mode::none; }

  // The next value; false, and no longer active, after the last. What lies on
  // several overflow pages is assembled in `pieces`.
  bool next(BerkeleyPages& pages, Bytes& value, std::string& pieces);

 private:
  enum class Mode : std::uint8_t { none, set, tree, records };
  bool next_of_set(Bytes& value);
  bool next_of_tree(BerkeleyPages& pages, Bytes& value, std::string& pieces);
  bool next_of_records(BerkeleyPages& pages, Bytes& value, std::string& pieces);
  void take(const BtreeItem& item, BerkeleyPages& pages, Bytes& value, std::string& pieces);
  void open_leaf(BerkeleyPages& pages, std::uint32_t number);

  Mode mode_ = Mode::none;
  Ordered set_;
  std::uint64_t at_ = 0;  // in the set; index of the next item of the leaf; record
  RecordTree records_;
  Ordered leaf_;
  PageHeader head_ = {};
};

}  // namespace assay::dbm
