#include "generators/value_simpler.h"

#include <algorithm>
#include <vector>

#include "reference/value/graph.h"
#include "reference/value/text.h"
#include "reference/value/utf8.h"

namespace assay::generators {
namespace {

// One change to a value, by ids of the graph it is of.
struct Edit {
  NodeId at = no_node;
  NodeId instead = no_node;      // stands in its place
  std::size_t from = 0, to = 0;  // edges left out, or the part of a text that stays
  bool text = false;
};

// The nodes of a value in the order in which they are met.
std::vector<NodeId> nodes_of(const Graph& graph, NodeId root) {
  std::vector<NodeId> found = {root};
  std::vector<bool> seen(graph.size(), false);
  seen[root] = true;
  for (std::size_t i = 0; i < found.size(); ++i) {
    const NodeId id = found[i];
    const auto edges = graph.edges(id);
    const bool instance = Graph::is_instance(graph.kind(id));
    for (std::size_t k = 0; k < edges.size(); ++k) {
      const bool operation = instance && k >= 3 && k % 3 == 0;
      if (operation || edges[k] == no_node || seen[edges[k]]) continue;
      seen[edges[k]] = true;
      found.push_back(edges[k]);
    }
  }
  return found;
}

// Copies a value with one change.
class Copy {
 public:
  Copy(const Graph& from, const Edit& edit)
      : from_(from), edit_(edit), copies_(from.size(), no_node) {}

  std::string text(NodeId root) {
    const NodeId copied = copy(root);
    while (!open_.empty()) {
      const NodeId id = open_.back();
      open_.pop_back();
      fill(id);
    }
    return print(to_, copied, {.every_label = true});
  }

 private:
  // The copy of a node, its edges still to be set.
  NodeId copy(NodeId id) {
    if (id == no_node) return no_node;
    if (id == edit_.at && edit_.instead != no_node) id = edit_.instead;
    if (copies_[id] != no_node) return copies_[id];
    const NodeId made = make(id);
    copies_[id] = made;
    if (!edges_of(id).empty()) open_.push_back(id);
    return made;
  }

  // The edges that stay.
  std::vector<NodeId> edges_of(NodeId id) const {
    const auto edges = from_.edges(id);
    std::vector<NodeId> kept(edges.begin(), edges.end());
    if (id == edit_.at && !edit_.text && edit_.from < edit_.to)
      kept.erase(kept.begin() + static_cast<std::ptrdiff_t>(edit_.from),
                 kept.begin() + static_cast<std::ptrdiff_t>(edit_.to));
    return kept;
  }

  NodeId make(NodeId id) {
    const Kind kind = from_.kind(id);
    const Node& node = from_[id];
    if (Graph::is_instance(kind)) {
      const NodeId made = kind == Kind::call ? to_.call(Graph::none, Graph::empty_tuple)
                                             : to_.new_(Graph::none, Graph::empty_tuple);
      for (std::size_t i = edges_of(id).size() / 3; i > 1; --i)
        to_.record(made, Op::append, Graph::none);
      return made;
    }
    if (Graph::has_edges(kind))
      return to_.container(kind, std::vector<NodeId>(edges_of(id).size(), Graph::none));
    switch (kind) {
      case Kind::integer:
        return (node.flags & flag::python2_long) != 0 ? to_.python2_long(node.integer)
                                                      : to_.integer(node.integer);
      case Kind::big_integer:
        return to_.integer_from_limbs(from_.limbs(id), from_.negative(id),
                                      (node.flags & flag::python2_long) != 0);
      case Kind::floating:
        return to_.floating(node.floating);
      case Kind::complex:
        return to_.complex(from_.real(id), from_.imaginary(id));
      case Kind::string:
        return to_.string(part(id));
      case Kind::bytes:
        return to_.bytes(part(id));
      case Kind::bytearray:
        return to_.bytearray(part(id));
      case Kind::buffer:
        return to_.buffer(node.integer);
      case Kind::ext:
        return to_.ext(node.integer);
      default:  // singletons: the same ids in every graph
        return id;
    }
  }

  Bytes part(NodeId id) const {
    const Bytes data = from_.data(id);
    if (id != edit_.at || !edit_.text) return data;
    return data.subspan(edit_.from, edit_.to - edit_.from);
  }

  void fill(NodeId id) {
    const std::vector<NodeId> edges = edges_of(id);
    const bool instance = Graph::is_instance(from_.kind(id));
    for (std::size_t i = 0; i < edges.size(); ++i) {
      const bool operation = instance && i >= 3 && i % 3 == 0;
      to_.set_edge(copies_[id], i, operation ? edges[i] : copy(edges[i]));
    }
  }

  const Graph& from_;
  const Edit& edit_;
  Graph to_;
  std::vector<NodeId> copies_, open_;
};

class Simpler {
 public:
  Simpler(std::string_view text, const std::function<bool(std::string)>& offer) : offer_(offer) {
    root_ = parse(graph_, text);
    nodes_ = nodes_of(graph_, root_);
    find_fixed();
  }

  void find() {
    for (const NodeId id : nodes_)
      if (id != root_ && !fixed_[id] && !try_edit({root_, id})) return;
    for (const NodeId id : nodes_)
      if (!fewer_edges(id)) return;
    for (const NodeId id : nodes_)
      if (!other(id)) return;
  }

 private:
  // Names, arguments and keywords must stay what they are.
  void find_fixed() {
    fixed_.assign(graph_.size(), false);
    field_.assign(graph_.size(), false);
    for (const NodeId id : nodes_) {
      const Kind kind = graph_.kind(id);
      if (Graph::is_instance(kind)) {
        fixed_[graph_.args(id)] = graph_.args(id) != Graph::empty_tuple;
        if (graph_.kwargs(id) != no_node) fixed_[graph_.kwargs(id)] = true;
      }
      // Of a code object the names of its fields and its numbers.
      if (kind == Kind::code)
        for (std::size_t i = 0; i < graph_.edges(id).size(); ++i) {
          const NodeId edge = graph_.edges(id)[i];
          if (i % 2 == 0) field_[edge] = true;
          if (i % 2 == 0 || graph_.kind(edge) == Kind::integer) fixed_[edge] = true;
        }
      if (kind == Kind::global || kind == Kind::range || kind == Kind::readonly)
        for (const NodeId edge : graph_.edges(id)) fixed_[edge] = true;
    }
  }

  bool try_edit(const Edit& edit) { return offer_(Copy(graph_, edit).text(root_)); }

  // Runs of items, of pairs, of operations left out.
  bool fewer_edges(NodeId id) {
    const Kind kind = graph_.kind(id);
    std::size_t first = 0, step = 1;
    if (kind == Kind::dict) step = 2;
    if (Graph::is_instance(kind)) first = step = 3;
    const bool can = kind == Kind::list || kind == Kind::tuple || kind == Kind::dict ||
                     kind == Kind::set || kind == Kind::frozenset || first != 0;
    if (!can) return true;
    const std::size_t count = (graph_.edges(id).size() - first) / step;
    for (std::size_t run = count; run > 0; run /= 2) {
      // Of very many the ends, and some between.
      const std::size_t stride = std::max(run, count / 16);
      for (std::size_t at = 0; at + run <= count; at += stride)
        if (!try_edit({id, no_node, first + at * step, first + (at + run) * step})) return false;
      if (!try_edit({id, no_node, first + (count - run) * step, first + count * step}))
        return false;
    }
    return true;
  }

  // None, or one of its own parts, in its place; shorter text.
  bool other(NodeId id) {
    if (field_[id]) return true;
    const Kind kind = graph_.kind(id);
    if (kind == Kind::string || kind == Kind::bytes || kind == Kind::bytearray)
      if (!shorter(id)) return false;
    if (fixed_[id] || id == root_) return true;
    if (id != Graph::none && !try_edit({id, Graph::none})) return false;
    if (!Graph::has_edges(kind) || kind == Kind::global) return true;
    std::size_t tried = 0;
    for (const NodeId part : graph_.edges(id))
      if (part != no_node && part < graph_.size() && part >= Graph::first_shared && !fixed_[part] &&
          ++tried < 8 && !try_edit({id, part}))
        return false;
    return true;
  }

  bool shorter(NodeId id) {
    const Bytes data = graph_.data(id);
    const auto whole = [&](std::size_t at) {  // between characters
      while (graph_.kind(id) == Kind::string && at < data.size() && (data[at] & 0xc0) == 0x80) ++at;
      return at;
    };
    const std::size_t half = whole(data.size() / 2), last = data.size();
    for (const auto& [from, to] : {std::pair(std::size_t{0}, std::size_t{0}),
                                   {0, half},
                                   {half, last},
                                   {whole(std::min<std::size_t>(1, last)), last},
                                   {0, whole(last > 0 ? last - 1 : 0)}})
      if (from <= to && to - from < last && !try_edit({id, no_node, from, to, true})) return false;
    return true;
  }

  const std::function<bool(std::string)>& offer_;
  Graph graph_;
  NodeId root_ = no_node;
  std::vector<NodeId> nodes_;
  std::vector<bool> fixed_, field_;  // field_: the name of a field
};

}  // namespace

void simpler_values(std::string_view text, const std::function<bool(std::string)>& offer) {
  Simpler(text, offer).find();
}

std::size_t value_size(std::string_view text) {
  Graph graph;
  std::size_t size = 0;
  for (const NodeId id : nodes_of(graph, parse(graph, text))) size += 1 + graph.edges(id).size();
  return size;
}

}  // namespace assay::generators
