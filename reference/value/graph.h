// The value graph: what a decoder produces and an encoder consumes.
//
// A graph is an arena of 16-byte nodes addressed by index. Identity is the
// index: two edges to one NodeId are one object, so sharing and cycles are part
// of the value. Nothing that data names is imported or called; a global is a
// node, and a call is a node that remembers what would have been called.
//
// Strings and bytes are views: into the input where they stand there as they
// are, else into the graph's own byte store. The input must outlive the graph.
//
// Strings are generalized UTF-8: every code point, lone surrogates included, is
// encoded as UTF-8 would encode it (Python's 'surrogatepass').
#pragma once

#include <bit>
#include <cstdint>
#include <span>
#include <string_view>

#include "reference/bytes/cursor.h"
#include "reference/value/pool.h"

namespace assay {

using NodeId = std::uint32_t;
inline constexpr NodeId no_node = 0xffffffff;

enum class Kind : std::uint8_t {
  // Singletons; each has one node, with a fixed id, in every graph.
  none,
  false_,
  true_,
  ellipsis,
  not_implemented,
  stop_iteration,
  // Numbers.
  integer,      // fits 64 bits: `integer` holds it
  big_integer,  // anything wider: limbs in the byte store, flag::negative
  floating,
  complex,
  // Text and bytes.
  string,
  bytes,      // Python 2's str is this, too
  bytearray,  // mutable: has identity
  // Containers.
  list,
  tuple,
  dict,
  set,
  frozenset,
  frozendict,  // Python 3.15
  range,       // three items: start, stop, step
  slice,       // three items: start, stop, step
  code,        // a code object: name, value, name, value, … in the order of its fields
  // What the data names or the caller supplied.
  global,    // two strings: module, qualified name
  persid,    // one item: the persistent id
  buffer,    // `integer` is the index among the out-of-band buffers
  readonly,  // one item: a buffer made read-only (READONLY_BUFFER)
  ext,       // `integer` is the extension code, where it is not resolved
  // Instances: the recorded call and what was then done to the result.
  call,  // callee(*args, **kwargs)
  new_,  // callee.__new__(callee, *args, **kwargs)
};
inline constexpr std::size_t kind_count = static_cast<std::size_t>(Kind::new_) + 1;

// What was done to an instance after it was made, in order.
enum class Op : NodeId { build, append, set, add };

namespace flag {
inline constexpr std::uint8_t negative = 1;      // big_integer
inline constexpr std::uint8_t python2_long = 2;  // integer, big_integer: long(…)
// string, bytes: marshal wrote it as interned. No part of the value.
inline constexpr std::uint8_t interned = 4;
}  // namespace flag

struct Node {
  Kind kind;
  std::uint8_t flags;
  std::uint16_t extra;  // text: bits 32–47 of the size; growing: log2(capacity) + 1
  std::uint32_t size;   // bytes of text; limbs; edges of a container (2 a pair)
  union {
    std::int64_t integer;
    double floating;
    const std::uint8_t* data;  // text, bytes, limbs, complex
    std::uint64_t block;       // containers: index of the first edge
  };
};
static_assert(sizeof(Node) == 16);

class Graph {
 public:
  // Ids that every graph starts with.
  static constexpr NodeId none = 0, false_ = 1, true_ = 2, ellipsis = 3, not_implemented = 4,
                          stop_iteration = 5, empty_tuple = 6;
  // Integers from -5 to 256 are shared, as CPython shares them: a pickle of
  // small numbers would otherwise need a node for each.
  static constexpr std::int64_t smallest_shared = -5, largest_shared = 256;
  static constexpr NodeId first_shared = 7;
  static constexpr NodeId first_free =
      first_shared + static_cast<NodeId>(largest_shared - smallest_shared + 1);

  Graph();

  const Node& operator[](NodeId id) const { return nodes_[id]; }
  Kind kind(NodeId id) const { return nodes_[id].kind; }
  // Nodes so far; every id below this is valid.
  NodeId size() const { return static_cast<NodeId>(nodes_.size()); }

  // --- making nodes --------------------------------------------------------
  NodeId boolean(bool value) const { return value ? true_ : false_; }
  NodeId integer(std::int64_t value) {
    if (value >= smallest_shared && value <= largest_shared)
      return first_shared + static_cast<NodeId>(value - smallest_shared);
    return push_integer(Kind::integer, 0, value);
  }
  // Python 2's long: never equal in kind to an int, equal in value.
  NodeId python2_long(std::int64_t value) {
    return push_integer(Kind::integer, flag::python2_long, value);
  }
  NodeId floating(double value) {
    Node node = blank(Kind::floating);
    node.floating = value;
    return push(node);
  }
  NodeId complex(double real, double imaginary);

  // Views: `text` must outlive the graph (see keep()). `string` does not check
  // its UTF-8; decoders validate with value/utf8.h first.
  NodeId string(Bytes text) { return push_text(Kind::string, text); }
  NodeId bytes(Bytes data) { return push_text(Kind::bytes, data); }
  NodeId bytearray(Bytes data) { return push_text(Kind::bytearray, data); }
  NodeId string(std::string_view text) { return string(as_bytes(text)); }

  // Copies bytes into the graph's store and gives the copy: for text that does
  // not stand in the input as it is.
  Bytes keep(Bytes data);
  // `count` uninitialised bytes of the store, to be filled by the caller.
  std::uint8_t* allocate(std::size_t count) { return store_.allocate(count); }

  // An integer of any size from its magnitude's limbs (least significant
  // first). Normalises: leading zero limbs are dropped, and a value that fits
  // 64 bits becomes Kind::integer.
  NodeId integer_from_limbs(std::span<const std::uint64_t> limbs, bool negative,
                            bool python2_long = false);

  NodeId list() { return push(blank(Kind::list)); }
  NodeId list(std::span<const NodeId> items) { return push_edges(Kind::list, items); }
  NodeId tuple(std::span<const NodeId> items);
  NodeId dict() { return push(blank(Kind::dict)); }
  NodeId set() { return push(blank(Kind::set)); }
  NodeId frozenset() { return push(blank(Kind::frozenset)); }
  // A list, tuple, dict or frozendict (key, value, …), set, frozenset, range,
  // slice, code (name, value, …; the names are strings), global, persid or
  // readonly of exactly these edges, none compared with another.
  NodeId container(Kind kind, std::span<const NodeId> edges) {
    return kind == Kind::tuple ? tuple(edges) : push_edges(kind, edges);
  }
  NodeId range(NodeId start, NodeId stop, NodeId step);
  NodeId slice(NodeId start, NodeId stop, NodeId step);
  NodeId global(NodeId module, NodeId qualname);
  NodeId persid(NodeId pid);
  NodeId buffer(std::int64_t index) { return push_integer(Kind::buffer, 0, index); }
  NodeId readonly(NodeId of);
  NodeId ext(std::int64_t code) { return push_integer(Kind::ext, 0, code); }
  // `args` is a tuple node; `kwargs` a dict node with string keys, or no_node.
  NodeId call(NodeId callee, NodeId args, NodeId kwargs = no_node);
  NodeId new_(NodeId callee, NodeId args, NodeId kwargs = no_node);

  // --- changing mutable nodes ----------------------------------------------
  void append(NodeId list, NodeId item) { *grow(list, 1) = item; }
  // `items` must not point into this graph.
  void extend(NodeId list, std::span<const NodeId> items);
  // Forgets the items of a list from `size` on; `size` is at most what it has.
  void shrink(NodeId list, std::size_t size) {
    nodes_[list].size = static_cast<std::uint32_t>(size);
  }
  // Replaces one edge: list[i] = x, or the value of pair i / 2 of a dict.
  // `i` < edges(container).size().
  void set_edge(NodeId container, std::size_t i, NodeId to) {
    edges_[nodes_[container].block + i] = to;
  }
  void set_bytearray(NodeId bytearray, Bytes data);
  void record(NodeId instance, Op op, NodeId a, NodeId b = no_node);
  // Adds a pair or an item without looking for an equal key: for parsers of
  // trusted order and for value/mapping.h, which does look.
  void add_pair_unchecked(NodeId dict, NodeId key, NodeId value);
  void add_item_unchecked(NodeId set, NodeId item);
  // Turns a set just built into a frozenset (same node, same items), a dict into
  // a frozendict.
  void freeze(NodeId id) {
    nodes_[id].kind = nodes_[id].kind == Kind::dict ? Kind::frozendict : Kind::frozenset;
  }
  void set_interned(NodeId text) { nodes_[text].flags |= flag::interned; }
  bool interned(NodeId text) const { return (nodes_[text].flags & flag::interned) != 0; }
  // Gives a container that has no edges yet all of them, and its final kind:
  // for readers that need its id before they know what is inside.
  void fill(NodeId container, Kind kind, std::span<const NodeId> edges);

  // --- reading nodes -------------------------------------------------------
  // Spans are valid until the graph next grows.
  std::size_t text_size(NodeId id) const {
    const Node& node = nodes_[id];
    return (static_cast<std::size_t>(node.extra) << 32) | node.size;
  }
  Bytes data(NodeId id) const { return {nodes_[id].data, text_size(id)}; }
  std::string_view text(NodeId id) const { return as_text(data(id)); }
  double real(NodeId complex) const;
  double imaginary(NodeId complex) const;
  // Limbs of a big_integer's magnitude, least significant first.
  std::span<const std::uint64_t> limbs(NodeId id) const;
  bool negative(NodeId big) const { return (nodes_[big].flags & flag::negative) != 0; }

  // Everything a container or composite node points to, in order: items of a
  // list, tuple, set, …; key, value, key, value of a dict; name, value of a code
  // object; callee, args, kwargs
  // (or no_node), then op, a, b triples of an instance. Empty for scalars.
  std::span<const NodeId> edges(NodeId id) const {
    const Node& node = nodes_[id];
    if (!has_edges(node.kind) || node.size == 0) return {};
    return {edges_.data() + node.block, node.size};
  }
  std::span<const NodeId> items(NodeId id) const { return edges(id); }
  NodeId module(NodeId global) const { return edges_[nodes_[global].block]; }
  NodeId qualname(NodeId global) const { return edges_[nodes_[global].block + 1]; }
  NodeId callee(NodeId instance) const { return edges_[nodes_[instance].block]; }
  NodeId args(NodeId instance) const { return edges_[nodes_[instance].block + 1]; }
  NodeId kwargs(NodeId instance) const { return edges_[nodes_[instance].block + 2]; }
  std::span<const NodeId> ops(NodeId instance) const { return edges(instance).subspan(3); }

  static constexpr bool has_edges(Kind kind) {
    return (kind >= Kind::list && kind <= Kind::persid) || kind == Kind::readonly ||
           kind == Kind::call || kind == Kind::new_;
  }
  static constexpr bool is_instance(Kind kind) { return kind == Kind::call || kind == Kind::new_; }
  // Nodes whose identity is part of the value when graphs are compared.
  static constexpr bool has_identity(Kind kind) {
    return kind == Kind::list || kind == Kind::dict || kind == Kind::set ||
           kind == Kind::bytearray || kind == Kind::readonly || is_instance(kind);
  }

  // --- growing blocks, for value/mapping.h ----------------------------------
  // Room for `more` edges at the end of a list, dict, set or instance; gives
  // the first of them. The block moves when it is neither large enough nor the
  // last one; capacity doubles, so all blocks together stay linear.
  NodeId* grow(NodeId id, std::size_t more);
  // Makes room for `more` edges without adding any.
  void reserve(NodeId id, std::size_t more) {
    grow(id, more);
    nodes_[id].size -= static_cast<std::uint32_t>(more);
  }

 private:
  static Node blank(Kind kind) {
    Node node;
    node.kind = kind;
    node.flags = 0;
    node.extra = 0;
    node.size = 0;
    node.block = 0;
    return node;
  }
  NodeId push(const Node& node) {
    if (nodes_.size() >= node_limit_) too_many_nodes();
    nodes_.push(node);
    return static_cast<NodeId>(nodes_.size() - 1);
  }
  NodeId push_integer(Kind kind, std::uint8_t flags, std::int64_t value) {
    Node node = blank(kind);
    node.flags = flags;
    node.integer = value;
    return push(node);
  }
  NodeId push_text(Kind kind, Bytes text) {
    Node node = blank(kind);
    node.size = static_cast<std::uint32_t>(text.size());
    node.extra = static_cast<std::uint16_t>(static_cast<std::uint64_t>(text.size()) >> 32);
    node.data = text.data();
    return push(node);
  }
  NodeId push_edges(Kind kind, std::span<const NodeId> edges);
  NodeId push_edges(Kind kind, std::initializer_list<NodeId> edges);
  [[noreturn]] static void too_many_nodes();

  std::size_t node_limit_;
  Pool<Node> nodes_;
  Pool<NodeId> edges_;
  ByteStore store_;
};

}  // namespace assay
