// The order in which a dict of Python 2.7 gives its keys: that of the slots of
// its hash table, which depends on the keys and on all that was done to it.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace assay::dbm {

// hash(str) of a 64-bit 2.7 without -R.
std::int64_t python2_hash(std::string_view text);

// The table of a dict that began empty. Items are numbers of the caller's, not
// negative; which keys are equal is for the caller to know.
class Python2Order {
 public:
  Python2Order() : slots_(smallest) {}

  // Adds an item of a key that is not there. The table grows as
  // Objects/dictobject.c, dict_set_item_by_hash_or_entry() lets it grow.
  void add(std::int64_t hash, std::int64_t item);
  // Removes an item that is there.
  void remove(std::int64_t hash, std::int64_t item);

  template <typename Visit>
  void visit(Visit visit) const {
    for (const Slot& slot : slots_)
      if (slot.item >= 0) visit(slot.item);
  }

 private:
  static constexpr std::size_t smallest = 8;  // PyDict_MINSIZE
  static constexpr std::int64_t empty = -1, dummy = -2;
  struct Slot {
    std::int64_t hash = 0;
    std::int64_t item = empty;
  };
  void place(std::int64_t hash, std::int64_t item);
  void resize(std::size_t above);

  std::vector<Slot> slots_;  // a power of two
  std::size_t used_ = 0;
  std::size_t filled_ = 0;  // used slots and dummies
};

}  // namespace assay::dbm
