// Dicts and sets are filled when all their keys have been read.
#pragma once

#include <cstdint>
#include <span>

#include "reference/value/graph.h"
#include "reference/value/mapping.h"
#include "reference/value/pool.h"

namespace assay::marshal {

class KeyFiller {
 public:
  KeyFiller(Graph& graph, Keys& keys) : graph_(graph), keys_(keys) {}

  // Fills an empty dict (`step` 2: keys and values in turn) or set with parts
  // whose keys are hashable.
  void operator()(NodeId container, std::size_t step, std::span<const NodeId> parts);

 private:
  struct Cell {
    std::uint32_t hash;
    NodeId key;
  };

  bool distinct(std::size_t step, std::span<const NodeId> parts);
  bool same_keys(std::span<const NodeId> pairs) const;

  Graph& graph_;
  Keys& keys_;
  Pool<Cell> cells_;
  Pool<NodeId> distinct_;  // keys of a dict, none equal to another
};

}  // namespace assay::marshal
