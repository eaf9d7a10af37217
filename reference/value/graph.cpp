#include "reference/value/graph.h"

#include <algorithm>
#include <cstring>

#include "reference/bytes/limits.h"

namespace assay {

Graph::Graph() : node_limit_(limits::nodes) {
  nodes_.reserve(first_free + 16);
  for (const Kind kind : {Kind::none, Kind::false_, Kind::true_, Kind::ellipsis,
                          Kind::not_implemented, Kind::stop_iteration, Kind::tuple})
    push(blank(kind));
  for (std::int64_t value = smallest_shared; value <= largest_shared; ++value)
    push_integer(Kind::integer, 0, value);
}

void Graph::too_many_nodes() {
  throw DecodeError(ErrorKind::limit, 0, "value graph", "more than 2**32 nodes");
}

NodeId Graph::complex(double real, double imaginary) {
  const double parts[2] = {real, imaginary};
  Node node = blank(Kind::complex);
  node.data = keep({reinterpret_cast<const std::uint8_t*>(parts), sizeof(parts)}).data();
  return push(node);
}

double Graph::real(NodeId complex) const {
  double part;
  std::memcpy(&part, nodes_[complex].data, sizeof(part));
  return part;
}

double Graph::imaginary(NodeId complex) const {
  double part;
  std::memcpy(&part, nodes_[complex].data + sizeof(part), sizeof(part));
  return part;
}

Bytes Graph::keep(Bytes data) {
  if (data.empty()) return {};
  std::uint8_t* copy = store_.allocate(data.size());
  std::memcpy(copy, data.data(), data.size());
  return {copy, data.size()};
}

NodeId Graph::integer_from_limbs(std::span<const std::uint64_t> limbs, bool negative,
                                 bool python2_long) {
  while (!limbs.empty() && limbs.back() == 0) limbs = limbs.first(limbs.size() - 1);
  const std::uint8_t flags = python2_long ? flag::python2_long : 0;
  const std::uint64_t low = limbs.empty() ? 0 : limbs[0];
  const std::uint64_t widest = (std::uint64_t{1} << 63) - (negative ? 0 : 1);
  if (limbs.size() <= 1 && low <= widest) {
    const auto value = static_cast<std::int64_t>(negative ? std::uint64_t{0} - low : low);
    return python2_long ? push_integer(Kind::integer, flags, value) : integer(value);
  }
  Node node = blank(Kind::big_integer);
  node.flags = static_cast<std::uint8_t>(flags | (negative ? flag::negative : 0));
  node.size = static_cast<std::uint32_t>(limbs.size());
  // Limbs are read back as 64-bit words: align them.
  const std::size_t bytes = limbs.size_bytes();
  auto address = reinterpret_cast<std::uintptr_t>(store_.allocate(bytes + 7));
  address = (address + 7) & ~std::uintptr_t{7};
  auto* copy = reinterpret_cast<std::uint8_t*>(address);
  std::memcpy(copy, limbs.data(), bytes);
  node.data = copy;
  return push(node);
}

std::span<const std::uint64_t> Graph::limbs(NodeId id) const {
  const Node& node = nodes_[id];
  return {reinterpret_cast<const std::uint64_t*>(node.data), node.size};
}

NodeId Graph::push_edges(Kind kind, std::span<const NodeId> edges) {
  if (edges.size() > limits::items)
    throw DecodeError(ErrorKind::limit, 0, "value graph", "more than 2**32 items in one container");
  Node node = blank(kind);
  node.size = static_cast<std::uint32_t>(edges.size());
  node.block = edges_.size();
  if (!edges.empty()) std::memcpy(edges_.extend(edges.size()), edges.data(), edges.size_bytes());
  return push(node);
}

void Graph::fill(NodeId container, Kind kind, std::span<const NodeId> edges) {
  if (edges.size() > limits::items)
    throw DecodeError(ErrorKind::limit, 0, "value graph", "more than 2**32 items in one container");
  Node& node = nodes_[container];
  node.kind = kind;
  node.size = static_cast<std::uint32_t>(edges.size());
  node.block = edges_.size();
  if (!edges.empty()) std::memcpy(edges_.extend(edges.size()), edges.data(), edges.size_bytes());
}

NodeId Graph::push_edges(Kind kind, std::initializer_list<NodeId> edges) {
  return push_edges(kind, std::span<const NodeId>(edges.begin(), edges.size()));
}

NodeId Graph::tuple(std::span<const NodeId> items) {
  return items.empty() ? empty_tuple : push_edges(Kind::tuple, items);
}

NodeId Graph::range(NodeId start, NodeId stop, NodeId step) {
  return push_edges(Kind::range, {start, stop, step});
}

NodeId Graph::slice(NodeId start, NodeId stop, NodeId step) {
  return push_edges(Kind::slice, {start, stop, step});
}

NodeId Graph::global(NodeId module, NodeId qualname) {
  return push_edges(Kind::global, {module, qualname});
}

NodeId Graph::persid(NodeId pid) {
  return push_edges(Kind::persid, {pid});
}

NodeId Graph::readonly(NodeId of) {
  return push_edges(Kind::readonly, {of});
}

NodeId Graph::call(NodeId callee, NodeId args, NodeId kwargs) {
  return push_edges(Kind::call, {callee, args, kwargs});
}

NodeId Graph::new_(NodeId callee, NodeId args, NodeId kwargs) {
  return push_edges(Kind::new_, {callee, args, kwargs});
}

void Graph::extend(NodeId list, std::span<const NodeId> items) {
  if (items.empty()) return;
  std::memcpy(grow(list, items.size()), items.data(), items.size_bytes());
}

void Graph::set_bytearray(NodeId bytearray, Bytes data) {
  Node& node = nodes_[bytearray];
  node.size = static_cast<std::uint32_t>(data.size());
  node.extra = static_cast<std::uint16_t>(static_cast<std::uint64_t>(data.size()) >> 32);
  node.data = data.data();
}

void Graph::record(NodeId instance, Op op, NodeId a, NodeId b) {
  NodeId* triple = grow(instance, 3);
  triple[0] = static_cast<NodeId>(op);
  triple[1] = a;
  triple[2] = b;
}

void Graph::add_pair_unchecked(NodeId dict, NodeId key, NodeId value) {
  NodeId* pair = grow(dict, 2);
  pair[0] = key;
  pair[1] = value;
}

void Graph::add_item_unchecked(NodeId set, NodeId item) {
  *grow(set, 1) = item;
}

NodeId* Graph::grow(NodeId id, std::size_t more) {
  Node& node = nodes_[id];
  // A block made at its exact size (extra == 0) has no room to grow into.
  const std::size_t capacity = node.extra == 0 ? node.size : std::size_t{1} << (node.extra - 1);
  if (more <= capacity - node.size) {
    NodeId* added = edges_.data() + node.block + node.size;
    node.size += static_cast<std::uint32_t>(more);
    return added;
  }
  const std::size_t wanted = node.size + more;
  if (wanted > limits::items)
    throw DecodeError(ErrorKind::limit, 0, "value graph", "more than 2**32 items in one container");
  const std::size_t grown = std::bit_ceil(std::max<std::size_t>(wanted, 4));
  const bool last = capacity != 0 && node.block + capacity == edges_.size();
  if (last) {
    edges_.extend(grown - capacity);
  } else {
    const std::size_t moved_to = edges_.size();
    edges_.extend(grown);
    if (node.size != 0)
      std::memcpy(edges_.data() + moved_to, edges_.data() + node.block, node.size * sizeof(NodeId));
    node.block = moved_to;
  }
  node.extra = static_cast<std::uint16_t>(std::countr_zero(grown) + 1);
  NodeId* added = edges_.data() + node.block + node.size;
  node.size = static_cast<std::uint32_t>(wanted);
  return added;
}

}  // namespace assay
