// A hash of each node's value as comparison sees it: nodes that can correspond
// have equal hashes. Sets, whose items have no order, are matched by it. For
// value/compare.h.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "reference/value/graph.h"
#include "reference/value/id_map.h"
#include "reference/value/relaxed.h"

namespace assay {

// Gives the number of a node whose partner in the other graph is known, the same
// number for both; no_node for any other.
using PartnerNumber = std::function<NodeId(NodeId)>;

// What is compared by value is hashed bottom up, completely, however deep it is
// and however it is shared. Nodes with identity are refined in rounds, each
// taking in what the round before knew of the nodes inside: values that differ
// only beyond so many nodes with identity, one inside the other, stay tied. A
// node whose partner is known is hashed as that, and tells others apart.
class StructuralHash {
 public:
  static constexpr int rounds = 16;

  // Hashes everything that `root` reaches, in time linear in that and memory
  // linear in the graph.
  StructuralHash(const Graph& graph, NodeId root, const Relaxed& relaxed,
                 const PartnerNumber& partner);

  // Of a node that the root reaches.
  std::uint64_t operator[](NodeId id) const { return hashes_[id]; }

 private:
  bool has_rounds(NodeId id) const { return !relaxed_.may_lack_identity(graph_.kind(id)); }
  void reach(NodeId root);
  void note_keywords(NodeId instance);
  void hash_keywords();
  void order_from(NodeId start);
  std::uint64_t combine(NodeId id) const;
  std::uint64_t combine_dict(NodeId id) const;
  std::uint64_t combine_instance(NodeId id) const;

  const Graph& graph_;
  const Relaxed& relaxed_;
  std::vector<std::uint64_t> hashes_;
  std::vector<NodeId> in_rounds_;  // composites with identity
  std::vector<NodeId> bottom_up_;  // composites by value, parts before wholes
  std::vector<std::uint8_t> states_;
  // Keywords are compared by value, though they are dicts: each with its hash.
  std::vector<NodeId> keywords_;
  IdMap<std::uint64_t> keyword_hashes_;
};

}  // namespace assay
