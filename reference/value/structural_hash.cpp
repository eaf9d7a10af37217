#include "reference/value/structural_hash.h"

#include "reference/value/seeded_hash.h"

namespace assay {
namespace {

enum State : std::uint8_t { unseen, reached, entered, ordered, endless };
enum Salt : std::uint64_t { composite_salt = 0x636f6d70, endless_salt, partner_salt };

}  // namespace

StructuralHash::StructuralHash(const Graph& graph, NodeId root, const Relaxed& relaxed,
                               const PartnerNumber& partner)
    : graph_(graph), relaxed_(relaxed), hashes_(graph.size(), 0), states_(graph.size(), unseen) {
  reach(root);
  std::vector<NodeId> open;
  for (const NodeId id : in_rounds_) {
    const NodeId number = partner(id);
    if (number == no_node) {
      open.push_back(id);
    } else {
      hashes_[id] = mix(partner_salt, number);
    }
  }
  const auto hash_values = [this] {
    for (const NodeId id : bottom_up_) hashes_[id] = combine(id);
    hash_keywords();
  };
  hash_values();
  if (open.empty()) return;
  std::vector<std::uint64_t> next(open.size());
  for (int round = 0; round < rounds; ++round) {
    for (std::size_t i = 0; i < open.size(); ++i) next[i] = combine(open[i]);
    for (std::size_t i = 0; i < open.size(); ++i) hashes_[open[i]] = next[i];
    hash_values();
  }
}

void StructuralHash::note_keywords(NodeId instance) {
  const NodeId keywords = graph_.kwargs(instance);
  if (keywords == no_node || keyword_hashes_.find(keywords) != nullptr) return;
  keyword_hashes_[keywords] = 0;
  keywords_.push_back(keywords);
}

void StructuralHash::hash_keywords() {
  for (const NodeId dict : keywords_)
    keyword_hashes_[dict] = graph_.edges(dict).empty() ? 0 : combine_dict(dict);
}

// Finds all nodes, hashes those without parts, and sorts the others.
void StructuralHash::reach(NodeId root) {
  std::vector<NodeId> work{root};
  std::vector<NodeId> by_value;
  states_[root] = reached;
  while (!work.empty()) {
    const NodeId id = work.back();
    work.pop_back();
    if (!Relaxed::is_composite(graph_.kind(id))) {
      hashes_[id] = relaxed_.hash(graph_, id);
      continue;
    }
    (has_rounds(id) ? in_rounds_ : by_value).push_back(id);
    const bool instance = Graph::is_instance(graph_.kind(id));
    if (instance) note_keywords(id);
    const std::span<const NodeId> edges = graph_.edges(id);
    for (std::size_t i = 0; i < edges.size(); ++i) {
      if (instance && i >= 3 && i % 3 == 0) continue;  // the operation's name
      if (edges[i] == no_node || states_[edges[i]] != unseen) continue;
      states_[edges[i]] = reached;
      work.push_back(edges[i]);
    }
  }
  for (const NodeId id : by_value)
    if (states_[id] == reached) order_from(id);
}

// Depth first through what is compared by value. A node from which that never
// ends (a tuple that holds itself) is the same however far it is unrolled: all
// such have one hash.
void StructuralHash::order_from(NodeId start) {
  struct Frame {
    NodeId id;
    std::uint32_t next;
    bool endless;
  };
  std::vector<Frame> stack{{start, 0, false}};
  states_[start] = entered;
  while (!stack.empty()) {
    Frame& frame = stack.back();
    const std::span<const NodeId> edges = graph_.edges(frame.id);
    const bool instance = Graph::is_instance(graph_.kind(frame.id));
    if (frame.next < edges.size()) {
      const std::uint32_t i = frame.next++;
      if ((instance && i >= 3 && i % 3 == 0) || edges[i] == no_node) continue;
      const NodeId id = edges[i];
      if (!Relaxed::is_composite(graph_.kind(id)) || has_rounds(id)) continue;
      if (states_[id] == entered || states_[id] == endless) {
        frame.endless = true;
      } else if (states_[id] == reached) {
        states_[id] = entered;
        stack.push_back({id, 0, false});
      }
      continue;
    }
    const Frame done = frame;
    stack.pop_back();
    states_[done.id] = done.endless ? endless : ordered;
    if (done.endless) {
      hashes_[done.id] = mix(composite_salt, endless_salt);
      if (!stack.empty()) stack.back().endless = true;
    } else {
      bottom_up_.push_back(done.id);
    }
  }
}

// From the present hashes of what is inside.
std::uint64_t StructuralHash::combine(NodeId id) const {
  const Kind kind = graph_.kind(id);
  if (Graph::is_instance(kind)) return combine_instance(id);
  if (Relaxed::is_mapping(kind)) return combine_dict(id);
  const Kind family = relaxed_.family(kind);
  const std::span<const NodeId> edges = graph_.edges(id);
  std::uint64_t state = mix(composite_salt, static_cast<std::uint64_t>(family));
  // A list that may stand for a set must hash as one.
  if (relaxed_.is_set(family) || (family == Kind::list && relaxed_.family(Kind::set) == family)) {
    std::uint64_t sum = 0;
    for (const NodeId item : edges) sum += mix(composite_salt, hashes_[item]);
    return mix(state, sum);
  }
  for (const NodeId item : edges) state = mix(state, hashes_[item]);
  return mix(state, edges.size());
}

std::uint64_t StructuralHash::combine_dict(NodeId id) const {
  const std::span<const NodeId> edges = graph_.edges(id);
  const Kind kind = graph_.kind(id);
  std::uint64_t state = mix(composite_salt, static_cast<std::uint64_t>(kind));
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < edges.size(); i += 2)
    sum += mix(hashes_[edges[i]], hashes_[edges[i + 1]]);
  if (relaxed_.unordered(kind, kind)) return mix(state, sum);
  for (const NodeId part : edges) state = mix(state, hashes_[part]);
  return mix(state, edges.size());
}

std::uint64_t StructuralHash::combine_instance(NodeId id) const {
  const std::span<const NodeId> edges = graph_.edges(id);
  std::uint64_t state = mix(composite_salt, static_cast<std::uint64_t>(graph_.kind(id)));
  for (std::size_t i = 0; i < edges.size(); ++i) {
    if (i >= 3 && i % 3 == 0) {
      state = mix(state, edges[i]);  // the operation
    } else if (i == 2) {
      // Keywords: none at all are as an empty dict.
      state = mix(state, edges[i] == no_node ? 0 : *keyword_hashes_.find(edges[i]));
    } else if (edges[i] != no_node) {
      state = mix(state, hashes_[edges[i]]);
    }
  }
  return state;
}

}  // namespace assay
