// A flat map from node ids to plain data: for what is remembered about some of
// a graph's nodes, where an array over all of them would not pay.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "reference/value/graph.h"

namespace assay {

template <typename T>
class IdMap {
 public:
  std::size_t size() const { return used_; }

  // The value of `id`, or null. Valid until the next insertion.
  const T* find(NodeId id) const {
    if (slots_.empty()) return nullptr;
    const Slot& slot = slots_[place(id)];
    return slot.id == id ? &slot.value : nullptr;
  }
  T* find(NodeId id) { return const_cast<T*>(static_cast<const IdMap*>(this)->find(id)); }

  // The value of `id`, a T{} if it had none. Valid until the next insertion.
  T& operator[](NodeId id) {
    if (used_ * 3 >= slots_.size() * 2) grow();
    Slot& slot = slots_[place(id)];
    if (slot.id != id) {
      slot.id = id;
      ++used_;
    }
    return slot.value;
  }

 private:
  struct Slot {
    NodeId id = no_node;
    T value{};
  };

  // Where `id` is, or the empty slot where it would go.
  std::size_t place(NodeId id) const {
    const std::size_t mask = slots_.size() - 1;
    // Ids are dense; the multiplication (by 2**64 over the golden ratio)
    // spreads runs and strides of them.
    std::size_t at = static_cast<std::size_t>((id * 0x9e3779b97f4a7c15ull) >> 20) & mask;
    while (slots_[at].id != id && slots_[at].id != no_node) at = (at + 1) & mask;
    return at;
  }

  void grow() {
    std::vector<Slot> old(slots_.empty() ? 16 : slots_.size() * 2);
    old.swap(slots_);
    for (const Slot& slot : old)
      if (slot.id != no_node) slots_[place(slot.id)] = slot;
  }

  std::vector<Slot> slots_;  // a power of two of them, or none
  std::size_t used_ = 0;
};

}  // namespace assay
