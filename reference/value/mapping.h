// Dicts and sets as Python builds them: an equal key is found again, the first
// key object stays, the last value wins.
//
// A container of up to eight keys is scanned, comparing kind and size before
// text. A larger one has an index beside the graph (never in it), made when it
// is first needed.
#pragma once

#include <cstddef>
#include <cstdint>

#include "reference/value/equality.h"
#include "reference/value/graph.h"
#include "reference/value/id_map.h"
#include "reference/value/pool.h"

namespace assay {

class Keys {
 public:
  static constexpr std::size_t npos = static_cast<std::size_t>(-1);

  explicit Keys(Graph& graph, EqualityRules rules = {}) : graph_(graph), equality_(graph, rules) {}

  // dict[key] = value. Throws Unhashable, having changed nothing.
  void set(NodeId dict, NodeId key, NodeId value) {
    const std::size_t found = find(dict, key);
    if (found == npos) {
      graph_.add_pair_unchecked(dict, key, value);
      if (open_ != nullptr) index_last();
    } else {
      graph_.set_edge(dict, found * 2 + 1, value);
    }
  }

  // set.add(item): false if an equal item was there already. Also for a
  // frozenset under construction. Throws Unhashable, having changed nothing.
  bool add(NodeId set, NodeId item) {
    if (find(set, item) != npos) return false;
    graph_.add_item_unchecked(set, item);
    if (open_ != nullptr) index_last();
    return true;
  }

  // The number of the pair (of the item) whose key equals `key`, or npos.
  // Pairs that were added without Keys are seen, too, if their keys are
  // hashable. Throws Unhashable.
  std::size_t find(NodeId container, NodeId key);

  Equality& equality() { return equality_; }

 private:
  static constexpr std::size_t scanned = 8;

  // The index of one container: 2**bits cells from `first` in cells_.
  struct Index {
    std::size_t first = 0;
    std::uint32_t bits = 0;
    std::uint32_t count = 0;  // pairs or items indexed so far
  };
  struct Cell {
    std::uint32_t hash;
    std::uint32_t position;  // no_node: empty
  };

  std::size_t scan_for_text(std::span<const NodeId> edges, std::size_t step, NodeId key) const;
  bool same(NodeId known, NodeId key);
  std::size_t look_up(NodeId container, std::size_t step, NodeId key);
  void extend_index(Index& index, NodeId container, std::size_t step, std::size_t count);
  void insert(const Index& index, Cell cell);
  void index_last();

  Graph& graph_;
  Equality equality_;
  IdMap<Index> indices_;
  Pool<Cell> cells_;
  // Where find() did not find its key, if that was an index, and the key's hash:
  // adding the key then need not look again.
  Index* open_ = nullptr;
  std::uint32_t open_hash_ = 0;
};

}  // namespace assay
