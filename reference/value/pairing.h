// What a comparison assumes so far. For value/compare.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "reference/value/graph.h"

namespace assay {

// The pairs of nodes that are taken to be the same, each change of which can be
// taken back: a bijection of the nodes with identity, and classes (union-find)
// of nodes that are equal by value. Both are the same assumption: if nothing
// contradicts it in the end, it was true.
class Pairing {
 public:
  Pairing(std::size_t left, std::size_t right)
      : partner_of_left_(left, no_node),
        partner_of_right_(right, no_node),
        parents_(left + right),
        sizes_(left + right, 1) {
    for (std::uint32_t i = 0; i < parents_.size(); ++i) parents_[i] = i;
  }

  NodeId partner_of_left(NodeId x) const { return partner_of_left_[x]; }
  NodeId partner_of_right(NodeId y) const { return partner_of_right_[y]; }
  void pair(NodeId x, NodeId y) {
    partner_of_left_[x] = y;
    partner_of_right_[y] = x;
    changes_.push_back({x, true});
  }

  std::uint32_t class_of_left(NodeId x) const { return root(x); }
  std::uint32_t class_of_right(NodeId y) const {
    return root(static_cast<std::uint32_t>(partner_of_left_.size()) + y);
  }
  // False if they were in one class already.
  bool unite(NodeId x, NodeId y) {
    std::uint32_t a = class_of_left(x);
    std::uint32_t b = class_of_right(y);
    if (a == b) return false;
    if (sizes_[a] > sizes_[b]) std::swap(a, b);
    parents_[a] = b;
    sizes_[b] += sizes_[a];
    changes_.push_back({a, false});
    return true;
  }

  std::size_t changes() const { return changes_.size(); }
  void take_back(std::size_t changes) {
    for (; changes_.size() > changes; changes_.pop_back()) {
      const Change& change = changes_.back();
      if (change.is_pair) {
        partner_of_right_[partner_of_left_[change.id]] = no_node;
        partner_of_left_[change.id] = no_node;
      } else {
        sizes_[parents_[change.id]] -= sizes_[change.id];
        parents_[change.id] = change.id;
      }
    }
  }

 private:
  struct Change {
    std::uint32_t id;
    bool is_pair;
  };

  // Without path compression, which could not be taken back; by size, the way
  // is logarithmic.
  std::uint32_t root(std::uint32_t at) const {
    while (parents_[at] != at) at = parents_[at];
    return at;
  }

  std::vector<NodeId> partner_of_left_, partner_of_right_;
  std::vector<std::uint32_t> parents_, sizes_;
  std::vector<Change> changes_;
};

}  // namespace assay
