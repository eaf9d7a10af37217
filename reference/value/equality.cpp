#include "reference/value/equality.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <utility>

#include "reference/value/integer.h"
#include "reference/value/seeded_hash.h"
#include "reference/value/utf8.h"

namespace assay {
namespace {

// Starting states, so that values of different kinds part at once.
enum Salt : std::uint64_t {
  text_salt = 1,
  bytes_salt,
  complex_salt,
  range_salt,
  global_salt,
  buffer_salt,
  ext_salt,
  identity_salt,
  composite_salt
};

bool is_number(Kind kind) {
  return is_integer(kind) || kind == Kind::floating || kind == Kind::complex;
}

// --- numbers: one hash for one value, whatever its type --------------------------

std::uint64_t hash_number(const Graph& graph, NodeId id) {
  const Node& node = graph[id];
  if (is_integer(node.kind)) return hash_integer_value(graph, id);
  switch (node.kind) {
    case Kind::floating:
      return std::isnan(node.floating) ? mix(identity_salt, id) : hash_double_value(node.floating);
    default: {
      const double real = graph.real(id);
      const double imaginary = graph.imaginary(id);
      if (std::isnan(real) || std::isnan(imaginary)) return mix(identity_salt, id);
      if (imaginary == 0) return hash_double_value(real);
      return mix(mix(complex_salt, hash_double_value(real)), hash_double_value(imaginary));
    }
  }
}

bool integers_equal(const Graph& graph, NodeId a, NodeId b) {
  const Node& x = graph[a];
  const Node& y = graph[b];
  if (x.kind == Kind::integer && y.kind == Kind::integer) return x.integer == y.integer;
  return compare_integers(graph, a, graph, b) == 0;
}

// Both are numbers; NaN is unequal to everything here.
bool numbers_equal(const Graph& graph, NodeId a, NodeId b) {
  const Kind x = graph.kind(a);
  const Kind y = graph.kind(b);
  if (is_integer(x) && is_integer(y)) return integers_equal(graph, a, b);
  if (is_integer(x)) return numbers_equal(graph, b, a);
  // A complex equals a real number when its imaginary part is zero.
  const double real = x == Kind::complex ? graph.real(a) : graph[a].floating;
  const double imaginary = x == Kind::complex ? graph.imaginary(a) : 0;
  if (is_integer(y)) return imaginary == 0 && compare_integer_double(graph, b, real) == 0;
  const double other_real = y == Kind::complex ? graph.real(b) : graph[b].floating;
  const double other_imaginary = y == Kind::complex ? graph.imaginary(b) : 0;
  return real == other_real && imaginary == other_imaginary;
}

std::string_view python_type(Kind kind) {
  switch (kind) {
    case Kind::list:
      return "list";
    case Kind::dict:
      return "dict";
    case Kind::set:
      return "set";
    case Kind::slice:
      return "slice";
    default:
      return "bytearray";
  }
}

}  // namespace

Unhashable::Unhashable(NodeId node, std::string_view type)
    : node_(node),
      type_(type),
      what_(type.empty() ? "hashing does not end" : fmt::format("unhashable type: '{}'", type)) {}

Equality::Equality(const Graph& graph, EqualityRules rules) : graph_(graph), rules_(rules) {}

// --- scalars: everything that is not compared item by item --------------------------

const SuppliedBuffer* Equality::supplied(const Node& node) const {
  const auto index = static_cast<std::uint64_t>(node.integer);
  return node.kind == Kind::buffer && index < rules_.buffers.size() ? &rules_.buffers[index]
                                                                    : nullptr;
}

// The content of a bytes object, one supplied as a buffer included.
std::optional<std::string_view> Equality::bytes_content(NodeId id) const {
  const Node& node = graph_[id];
  if (node.kind == Kind::bytes) return graph_.text(id);
  const SuppliedBuffer* buffer = supplied(node);
  return buffer == nullptr ? std::nullopt : std::optional(as_text(buffer->data));
}

// The type that makes hash() fail, or nothing.
std::string_view Equality::unhashable_type(NodeId id) const {
  const Node& node = graph_[id];
  switch (node.kind) {
    case Kind::list:
    case Kind::dict:
    case Kind::set:
    case Kind::bytearray:
    // A read-only view hashes what it views, and only writable buffers are
    // wrapped in one (CPython Objects/memoryobject.c, memory_hash).
    case Kind::readonly:
      return python_type(node.kind);
    case Kind::slice:
      return rules_.slice_hashable ? std::string_view{} : python_type(node.kind);
    case Kind::buffer: {
      const SuppliedBuffer* buffer = supplied(node);
      return buffer != nullptr && buffer->writable ? python_type(node.kind) : std::string_view{};
    }
    default:
      return {};
  }
}

std::uint64_t Equality::hash_scalar(NodeId id) const {
  const Node& node = graph_[id];
  if (is_number(node.kind)) return hash_number(graph_, id);
  switch (node.kind) {
    case Kind::string:
      return hash_bytes(graph_.data(id), text_salt);
    case Kind::bytes:
      return hash_bytes(graph_.data(id), rules_.python2 ? text_salt : bytes_salt);
    case Kind::range:
      if (rules_.python2) return mix(identity_salt, id);
      return hash_bytes(as_bytes(range_identity(graph_, id)), range_salt);
    case Kind::global:
      return mix(hash_bytes(graph_.data(graph_.module(id)), global_salt),
                 hash_bytes(graph_.data(graph_.qualname(id)), global_salt));
    case Kind::buffer:
      if (const SuppliedBuffer* buffer = supplied(node))
        return hash_bytes(buffer->data, bytes_salt);
      return mix(buffer_salt, static_cast<std::uint64_t>(node.integer));
    case Kind::ext:
      return mix(ext_salt, static_cast<std::uint64_t>(node.integer));
    default:  // the singletons, persistent ids, instances
      return mix(identity_salt, id);
  }
}

bool Equality::scalars_equal(NodeId a, NodeId b) const {
  if (a == b) return true;
  const Node& x = graph_[a];
  const Node& y = graph_[b];
  if (is_number(x.kind)) return is_number(y.kind) && numbers_equal(graph_, a, b);
  if (x.kind == y.kind) {
    switch (x.kind) {
      case Kind::string:
      case Kind::bytes:
        return graph_.text(a) == graph_.text(b);
      case Kind::range:
        return !rules_.python2 && range_identity(graph_, a) == range_identity(graph_, b);
      case Kind::global:
        return graph_.text(graph_.module(a)) == graph_.text(graph_.module(b)) &&
               graph_.text(graph_.qualname(a)) == graph_.text(graph_.qualname(b));
      case Kind::ext:
        return x.integer == y.integer;
      case Kind::buffer:
        if (x.integer == y.integer) return true;
        break;
      default:
        return false;
    }
  }
  if (rules_.python2 && (x.kind == Kind::string || x.kind == Kind::bytes) &&
      (y.kind == Kind::string || y.kind == Kind::bytes))
    return graph_.text(a) == graph_.text(b) && is_ascii(graph_.data(a));
  // A supplied bytes object is bytes like any other.
  const std::optional<std::string_view> left = bytes_content(a);
  return left && left == bytes_content(b);
}

// The type of a constant and the signs of its zeros: with ==, all that tells
// constants of a code object apart (CPython Objects/codeobject.c, _PyCode_ConstantKey).
std::uint64_t Equality::constant_type(NodeId id) const {
  const Node& node = graph_[id];
  const auto minus_zero = [](double value) { return value == 0 && std::signbit(value) ? 1U : 0U; };
  std::uint64_t signs = 0;
  Kind kind = node.kind;
  if (kind == Kind::big_integer) kind = Kind::integer;
  if (kind == Kind::integer) signs = node.flags & flag::python2_long;
  if (kind == Kind::floating) signs = minus_zero(node.floating);
  if (kind == Kind::complex)
    signs = minus_zero(graph_.real(id)) << 1 | minus_zero(graph_.imaginary(id));
  return static_cast<std::uint64_t>(kind) << 2 | signs;
}

// --- composites -----------------------------------------------------------------

namespace {

// A node whose items are being visited, and one whose visit was given up.
constexpr NodeId in_progress = no_node;
constexpr NodeId abandoned = no_node - 1;

constexpr std::string_view constants_field = "consts";

}  // namespace

void Equality::require_hashable(NodeId id) {
  if (is_composite(graph_.kind(id))) {
    intern(id);
  } else if (const std::string_view type = unhashable_type(id); !type.empty()) {
    throw Unhashable(id, type);
  }
}

std::uint64_t Equality::hash(NodeId id) {
  if (is_composite(graph_.kind(id))) return intern(id).hash;
  require_hashable(id);
  return hash_scalar(id);
}

bool Equality::equal(NodeId a, NodeId b) {
  require_hashable(a);
  require_hashable(b);
  return a == b || items_equal(a, b, Relation::value);
}

// What a part of a composite is to it. A code object among constants is compared
// as one that stands alone.
Equality::Relation Equality::relation_to(NodeId item, Relation relation) const {
  return graph_.kind(item) == Kind::code ? Relation::value : relation;
}

const Equality::Interned& Equality::known(Part part) const {
  const auto at = static_cast<std::size_t>(relation_to(part.node, part.relation));
  return *classes_[at].interned.find(part.node);
}

// Equality of two nodes whose composites are interned already.
bool Equality::items_equal(NodeId a, NodeId b, Relation relation) const {
  const bool left = is_composite(graph_.kind(a));
  const bool right = is_composite(graph_.kind(b));
  if (left != right) return false;
  if (left)
    return relation_to(a, relation) == relation_to(b, relation) &&
           known({a, relation}).first == known({b, relation}).first;
  return scalars_equal(a, b) &&
         (relation == Relation::value || constant_type(a) == constant_type(b));
}

// Gives `id` and every composite below it a representative, depth first and
// left to right: the order in which CPython hashes.
Equality::Interned Equality::intern(NodeId id) {
  const Interned* const found = classes(Relation::value).interned.find(id);
  if (found != nullptr && found->first < abandoned) return *found;
  stack_.clear();
  try {
    enter({id, Relation::value});
    while (!stack_.empty()) {
      Frame& frame = stack_.back();
      if (Part part; next_part(frame, part)) {
        visit(part);
        continue;
      }
      const Part node = {frame.node, frame.relation};
      const std::uint64_t hash = hash_items(node);
      classes(node.relation).interned[node.node] = {representative(node, hash), hash};
      stack_.pop_back();
    }
  } catch (...) {
    for (const Frame& frame : stack_)
      classes(frame.relation).interned[frame.node].first = abandoned;
    throw;
  }
  return *classes(Relation::value).interned.find(id);
}

// The parts of a composite in turn; of a code object, its constants once more, as
// constants.
bool Equality::next_part(Frame& frame, Part& part) const {
  const std::span<const NodeId> items = graph_.edges(frame.node);
  if (frame.next < items.size()) {
    part = {items[frame.next++], frame.relation};
    return true;
  }
  if (graph_.kind(frame.node) != Kind::code || frame.next > items.size()) return false;
  ++frame.next;
  for (std::size_t i = 0; i < items.size(); i += 2)
    if (graph_.text(items[i]) == constants_field) {
      part = {items[i + 1], Relation::constant};
      return true;
    }
  return false;
}

void Equality::enter(Part composite) {
  classes(composite.relation).interned[composite.node].first = in_progress;
  stack_.push_back({composite.node, composite.relation, 0});
}

void Equality::visit(Part item) {
  if (!is_composite(graph_.kind(item.node))) {
    require_hashable(item.node);
    return;
  }
  item.relation = relation_to(item.node, item.relation);
  const Interned* const found = classes(item.relation).interned.find(item.node);
  if (found == nullptr || found->first == abandoned) {
    enter(item);
  } else if (found->first == in_progress) {
    throw Unhashable(item.node, {});
  }
}

Equality::Relation Equality::relation_of(std::string_view field) {
  return field == constants_field ? Relation::constant : Relation::value;
}

bool Equality::is_left_out(std::string_view field) const {
  return std::ranges::find(rules_.fields_left_out, field) != rules_.fields_left_out.end();
}

// From the hashes of the items, which are all known.
std::uint64_t Equality::hash_items(Part composite) const {
  const auto [node, relation] = composite;
  const Kind kind = graph_.kind(node);
  std::uint64_t state = mix(composite_salt, static_cast<std::uint64_t>(kind));
  std::uint64_t sum = 0;
  const std::span<const NodeId> items = graph_.edges(node);
  switch (kind) {
    case Kind::frozenset:
      for (const NodeId item : items) sum += mix(composite_salt, hash_item({item, relation}));
      return mix(state, sum);
    case Kind::frozendict:
      if (relation == Relation::constant) return mix(identity_salt, node);
      for (std::size_t i = 0; i < items.size(); i += 2)
        sum += mix(mix(composite_salt, hash_item({items[i], relation})),
                   hash_item({items[i + 1], relation}));
      return mix(state, sum);
    case Kind::code:
      for (std::size_t i = 0; i < items.size(); i += 2)
        if (const std::string_view name = graph_.text(items[i]); !is_left_out(name))
          state = mix(state, hash_item({items[i + 1], relation_of(name)}));
      return state;
    default:
      for (const NodeId item : items) state = mix(state, hash_item({item, relation}));
      return state;
  }
}

std::uint64_t Equality::hash_item(Part item) const {
  if (is_composite(graph_.kind(item.node))) return known(item).hash;
  const std::uint64_t hash = hash_scalar(item.node);
  return item.relation == Relation::value ? hash : mix(hash, constant_type(item.node));
}

// The first node seen that equals this one: itself if there was none.
NodeId Equality::representative(Part composite, std::uint64_t hash) {
  Classes& known = classes(composite.relation);
  if (known.representatives * 3 >= known.table.size() * 2) grow(known);
  const auto kept = static_cast<std::uint32_t>(hash >> 32);
  const std::size_t mask = known.table.size() - 1;
  for (std::size_t at = kept & mask;; at = (at + 1) & mask) {
    Cell& cell = known.table[at];
    if (cell.first == no_node) {
      cell = {kept, composite.node};
      ++known.representatives;
      return composite.node;
    }
    if (cell.hash == kept && same_items(cell.first, composite.node, composite.relation))
      return cell.first;
  }
}

bool Equality::same_items(NodeId a, NodeId b, Relation relation) const {
  const std::span<const NodeId> left = graph_.edges(a);
  const std::span<const NodeId> right = graph_.edges(b);
  const Kind kind = graph_.kind(a);
  if (kind != graph_.kind(b) || left.size() != right.size()) return false;
  if (kind == Kind::frozenset) return same_items_unordered(left, right, 1, relation);
  // As a constant, a frozendict is equal only to itself.
  if (kind == Kind::frozendict)
    return relation == Relation::value && same_items_unordered(left, right, 2, relation);
  if (kind == Kind::code) return same_fields(a, b);
  for (std::size_t i = 0; i < left.size(); ++i)
    if (!items_equal(left[i], right[i], relation)) return false;
  return true;
}

// Two code objects of as many fields (CPython Objects/codeobject.c, code_richcompare).
bool Equality::same_fields(NodeId a, NodeId b) const {
  const std::span<const NodeId> left = graph_.edges(a);
  const std::span<const NodeId> right = graph_.edges(b);
  for (std::size_t i = 0; i < left.size(); i += 2) {
    const std::string_view name = graph_.text(left[i]);
    if (name != graph_.text(right[i])) return false;
    if (!is_left_out(name) && !items_equal(left[i + 1], right[i + 1], relation_of(name)))
      return false;
  }
  return true;
}

// Two frozensets of one size, or two frozendicts (`step` 2): every item of one
// has an equal in the other. Both are put in the order of their hashes, and only
// equal hashes are compared.
bool Equality::same_items_unordered(std::span<const NodeId> left, std::span<const NodeId> right,
                                    std::size_t step, Relation relation) const {
  const auto ordered = [this, step, relation](std::span<const NodeId> items) {
    std::vector<std::pair<std::uint64_t, std::size_t>> order;
    order.reserve(items.size() / step);
    for (std::size_t i = 0; i < items.size(); i += step)
      order.emplace_back(hash_item({items[i], relation}), i);
    std::sort(order.begin(), order.end());
    return order;
  };
  const auto equal_at = [&](std::size_t x, std::size_t y) {
    return items_equal(left[x], right[y], relation) &&
           (step == 1 || items_equal(left[x + 1], right[y + 1], relation));
  };
  const auto a = ordered(left);
  const auto b = ordered(right);
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i].first != b[i].first) return false;
    // Items of a frozenset are distinct: unequal items of one hash are a
    // collision, and those are few.
    std::size_t j = i;
    while (j > 0 && b[j - 1].first == a[i].first) --j;
    while (j < b.size() && b[j].first == a[i].first && !equal_at(a[i].second, b[j].second)) ++j;
    if (j == b.size() || b[j].first != a[i].first) return false;
  }
  return true;
}

void Equality::grow(Classes& classes) {
  std::vector<Cell> old(classes.table.empty() ? 64 : classes.table.size() * 2);
  old.swap(classes.table);
  const std::size_t mask = classes.table.size() - 1;
  for (const Cell& cell : old) {
    if (cell.first == no_node) continue;
    std::size_t at = cell.hash & mask;
    while (classes.table[at].first != no_node) at = (at + 1) & mask;
    classes.table[at] = cell;
  }
}

bool equal(const Graph& graph, NodeId a, NodeId b, EqualityRules rules) {
  return Equality(graph, rules).equal(a, b);
}

}  // namespace assay
