// The memo: values by index, or by any other key a profile allows.
//
// Indices are dense in honest pickles and live in an array. One far beyond what
// the input could have stored densely lives in a map, so that memory stays
// linear in the input (limits::dense_memo_slack).
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "reference/bytes/limits.h"
#include "reference/value/graph.h"
#include "reference/value/pool.h"

namespace assay::pickle {

class Memo {
 public:
  // `apart`: CPython keeps far indices apart and does not count them
  // (Quirk::memo_far_apart).
  explicit Memo(bool apart) : far_apart_(apart) {}

  // Entries with a value that count: the index that MEMOIZE uses.
  std::uint64_t size() const { return used_ + sparse_.size() + named_.size() - apart_.size(); }

  // The value at `index`, or no_node.
  NodeId get(std::uint64_t index) const {
    if (index < dense_.size()) [[likely]]
      return dense_[index];
    return get_sparse(index);
  }

  void put(std::uint64_t index, NodeId value) {
    if (far_apart_) [[unlikely]]
      place_apart(index);
    if (index < dense_.size()) {
      if (dense_[index] == no_node) ++used_;
      dense_[index] = value;
    } else if (index == dense_.size() && sparse_.empty()) [[likely]] {
      dense_.push(value);
      ++used_;
    } else {
      put_far(index, value);
    }
  }

  // Keys that are no index: Python 2's text keys, integers wider than 64 bits.
  NodeId get(std::string_view key) const;
  void put(std::string_view key, NodeId value);

  // Calls `visit` with every value.
  template <typename Visit>
  void for_each(Visit visit) const {
    for (std::size_t i = 0; i < dense_.size(); ++i)
      if (dense_[i] != no_node) visit(dense_[i]);
    for (const auto& [index, value] : sparse_) visit(value);
    for (const auto& [key, value] : named_) visit(value);
  }

  void clear() { *this = Memo(far_apart_); }

 private:
  NodeId get_sparse(std::uint64_t index) const;
  void put_far(std::uint64_t index, NodeId value);
  void place_apart(std::uint64_t index);

  Pool<NodeId> dense_;  // no_node where nothing was put
  std::uint64_t used_ = 0;
  std::map<std::uint64_t, NodeId> sparse_;
  std::map<std::string, NodeId, std::less<>> named_;

  bool far_apart_;
  std::uint64_t room_ = 32;        // of CPython's array
  std::set<std::uint64_t> apart_;  // indices with a value that are not in it
};

}  // namespace assay::pickle
