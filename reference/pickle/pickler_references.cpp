// Reference counts, as far as a graph has them: cPickle writes no PUT for what
// has only one.
#include "reference/pickle/pickler_state.h"

namespace assay::pickle {

void Pickling::count_references(NodeId root) {
  references_.assign(graph_.size(), 0);
  std::vector<NodeId> stack;
  const auto visit = [&](NodeId id) {
    std::uint8_t& count = references_[id];
    if (count < 2) ++count;
    if (count == 1 && Graph::has_edges(graph_.kind(id))) stack.push_back(id);
  };
  visit(root);
  while (!stack.empty()) {
    const NodeId id = stack.back();
    stack.pop_back();
    const Kind kind = graph_.kind(id);
    has_persids_ |= kind == Kind::persid;
    const auto edges = graph_.edges(id);
    if (!Graph::is_instance(kind)) {
      for (const NodeId edge : edges) visit(edge);
      continue;
    }
    visit(graph_.callee(id));
    visit(graph_.args(id));
    if (graph_.kwargs(id) != no_node) visit(graph_.kwargs(id));
    for (std::size_t i = 3; i < edges.size(); i += 3) {
      visit(edges[i + 1]);
      if (edges[i + 2] != no_node) visit(edges[i + 2]);
    }
  }
}

}  // namespace assay::pickle
