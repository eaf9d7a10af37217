// Items on Berkeley DB's pages: btree items, hash items, sets and trees of
// duplicates.
#pragma once

#include <optional>

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

// The page of a tree of pages that holds its first items: the first children
// from `root` down. Counts the pages between as visited.
std::uint32_t leftmost_leaf(BerkeleyPages& pages, std::uint32_t root);

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
  enum class Mode : std::uint8_t { none, set, tree };
  bool next_of_set(Bytes& value);
  bool next_of_tree(BerkeleyPages& pages, Bytes& value, std::string& pieces);
  void open_leaf(BerkeleyPages& pages, std::uint32_t number);

  Mode mode_ = Mode::none;
  Ordered set_;
  std::uint64_t at_ = 0;  // in the set; index of the next item of the leaf
  Ordered leaf_;
  PageHeader head_ = {};
};

}  // namespace assay::dbm
