#include "reference/pickle/memo.h"

#include <algorithm>

namespace assay::pickle {

NodeId Memo::get_sparse(std::uint64_t index) const {
  const auto found = sparse_.find(index);
  return found == sparse_.end() ? no_node : found->second;
}

void Memo::put_far(std::uint64_t index, NodeId value) {
  // Half the array at least is values, up to the slack.
  if (index >= 2 * used_ + limits::dense_memo_slack) {
    sparse_[index] = value;
    return;
  }
  const std::size_t hole = static_cast<std::size_t>(index) - dense_.size();
  std::fill_n(dense_.extend(hole), hole, no_node);
  dense_.push(value);
  ++used_;
  // What was far may now lie inside the array.
  while (!sparse_.empty() && sparse_.begin()->first < dense_.size()) {
    const auto [far, moved] = *sparse_.begin();
    if (dense_[far] == no_node) {
      dense_[far] = moved;
      ++used_;
    }
    sparse_.erase(sparse_.begin());
  }
}

// Where CPython puts the value that is about to be put here: into its array, which
// is made longer for an index up to twice the count, or apart.
// Modules/_pickle.c, _Unpickler_MemoPut (3.15)
void Memo::place_apart(std::uint64_t index) {
  if (index < room_) {
    apart_.erase(index);
  } else if (index <= 2 * size()) {
    apart_.erase(index);
    room_ = 2 * index;
  } else {
    apart_.insert(index);
  }
}

NodeId Memo::get(std::string_view key) const {
  const auto found = named_.find(key);
  return found == named_.end() ? no_node : found->second;
}

void Memo::put(std::string_view key, NodeId value) {
  const auto found = named_.find(key);
  if (found != named_.end())
    found->second = value;
  else
    named_.emplace(key, value);
}

}  // namespace assay::pickle
