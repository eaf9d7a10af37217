#include "reference/value/mapping.h"

#include <cstring>

#include "reference/value/utf8.h"

namespace assay {
namespace {

// Kind and size of a node in one word: equal words are the first test of equal
// text.
std::uint64_t head(Node node) {
  node.flags = 0;
  std::uint64_t word;
  std::memcpy(&word, &node, sizeof(word));
  return word;
}

bool is_text(Kind kind) {
  return kind == Kind::string || kind == Kind::bytes;
}

}  // namespace

std::size_t Keys::find(NodeId container, NodeId key) {
  const std::span<const NodeId> edges = graph_.edges(container);
  const Kind kind = graph_.kind(container);
  const std::size_t step = kind == Kind::dict || kind == Kind::frozendict ? 2 : 1;
  const bool text = is_text(graph_.kind(key));
  open_ = nullptr;
  if (edges.size() > scanned * step) return look_up(container, step, key);
  if (!text) equality_.require_hashable(key);
  if (text && !equality_.rules().python2 && equality_.rules().buffers.empty())
    return scan_for_text(edges, step, key);
  for (std::size_t i = 0; i < edges.size(); i += step)
    if (same(edges[i], key)) return i / step;
  return npos;
}

// Text of Python 3 equals nothing but text of the same kind.
std::size_t Keys::scan_for_text(std::span<const NodeId> edges, std::size_t step, NodeId key) const {
  const Node& wanted = graph_[key];
  const std::uint64_t wanted_head = head(wanted);
  const std::size_t size = graph_.text_size(key);
  for (std::size_t i = 0; i < edges.size(); i += step) {
    if (edges[i] == key) return i / step;
    const Node& node = graph_[edges[i]];
    if (head(node) == wanted_head && (size == 0 || std::memcmp(node.data, wanted.data, size) == 0))
      return i / step;
  }
  return npos;
}

// Equality with the commonest answers first.
bool Keys::same(NodeId known, NodeId key) {
  if (known == key) return true;
  const Node& a = graph_[known];
  const Node& b = graph_[key];
  if (a.kind == Kind::integer && b.kind == Kind::integer) return a.integer == b.integer;
  if (is_text(a.kind) && is_text(b.kind) && graph_.text_size(known) != graph_.text_size(key))
    return false;
  return equality_.equal(known, key);
}

std::size_t Keys::look_up(NodeId container, std::size_t step, NodeId key) {
  const auto hash = static_cast<std::uint32_t>(equality_.hash(key));
  Index& index = indices_[container];
  const std::size_t count = graph_.edges(container).size() / step;
  if (index.count < count) extend_index(index, container, step, count);
  const std::size_t mask = (std::size_t{1} << index.bits) - 1;
  const Cell* const cells = cells_.data() + index.first;
  const NodeId* const edges = graph_.edges(container).data();
  for (std::size_t at = hash & mask; cells[at].position != no_node; at = (at + 1) & mask)
    if (cells[at].hash == hash && same(edges[cells[at].position * step], key))
      return cells[at].position;
  open_ = &index;
  open_hash_ = hash;
  return npos;
}

void Keys::index_last() {
  // A full index is left to the next look_up, which moves it.
  if ((open_->count + std::size_t{1}) * 3 <= (std::size_t{2} << open_->bits))
    insert(*open_, {open_hash_, open_->count++});
  open_ = nullptr;
}

// Indexes the pairs from index.count up to `count`. The cells move to a new
// place of twice the size when two thirds are in use, so all places together
// stay linear in the pairs.
void Keys::extend_index(Index& index, NodeId container, std::size_t step, std::size_t count) {
  std::uint32_t bits = index.bits == 0 ? 5 : index.bits;
  while (count * 3 > (std::size_t{2} << bits)) ++bits;
  if (bits != index.bits) {
    const Index old = index;
    index.first = cells_.size();
    index.bits = bits;
    cells_.extend(std::size_t{1} << bits);
    std::memset(static_cast<void*>(cells_.data() + index.first), 0xff, sizeof(Cell) << bits);
    for (std::size_t i = 0; old.bits != 0 && i < std::size_t{1} << old.bits; ++i)
      if (const Cell cell = cells_[old.first + i]; cell.position != no_node) insert(index, cell);
  }
  for (; index.count < count; ++index.count) {
    const NodeId key = graph_.edges(container)[index.count * step];
    insert(index, {static_cast<std::uint32_t>(equality_.hash(key)), index.count});
  }
}

void Keys::insert(const Index& index, Cell cell) {
  const std::size_t mask = (std::size_t{1} << index.bits) - 1;
  std::size_t at = cell.hash & mask;
  while (cells_[index.first + at].position != no_node) at = (at + 1) & mask;
  cells_[index.first + at] = cell;
}

}  // namespace assay
