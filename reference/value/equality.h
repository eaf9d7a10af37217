// Python's == and hash() for the values that may be keys.
//
// 1 == 1.0 == True, big integers against floats exactly; NaN and instances are
// equal only to themselves (the same NodeId); tuples compare their items with
// `is` before ==; frozensets have no order. Equality here is an equivalence
// relation, so every distinct tuple, frozenset, frozendict, code object or slice
// is given one representative, bottom up: shared parts are looked at once and nothing
// recurses.
#pragma once

#include <cstdint>
#include <exception>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "reference/value/graph.h"
#include "reference/value/id_map.h"

namespace assay {

// An out-of-band buffer as the caller of load() supplied it: bytes, or a
// bytearray if writable.
struct SuppliedBuffer {
  Bytes data;
  bool writable = false;
};

struct EqualityRules {
  // A str (Kind::bytes) of ASCII equals the unicode of the same text, and xrange
  // objects are equal only to themselves.
  bool python2 = false;
  // CPython 3.12 and later: slices hash and compare as tuples (#101264).
  bool slice_hashable = false;
  // What buffer(i) stands for. An index beyond these compares by index.
  std::span<const SuppliedBuffer> buffers = {};
};

// hash() of this node raises TypeError. `type` is the Python type's name; it is
// empty where hashing would not end (a tuple that holds itself, which only
// marshal can make).
class Unhashable : public std::exception {
 public:
  Unhashable(NodeId node, std::string_view type);
  NodeId node() const { return node_; }
  std::string_view type() const { return type_; }
  const char* what() const noexcept override { return what_.c_str(); }

 private:
  NodeId node_;
  std::string_view type_;
  std::string what_;
};

// Values must not change between calls where they are reachable through tuples,
// frozensets and slices alone.
class Equality {
 public:
  explicit Equality(const Graph& graph, EqualityRules rules = {});

  // Both throw Unhashable, naming the node that CPython would name: the first
  // in depth-first order.
  bool equal(NodeId a, NodeId b);
  // Equal values have equal hashes. Seeded once in a process, and no key's
  // collisions can be computed without the seed; never part of any result.
  std::uint64_t hash(NodeId id);
  // Throws unless hash(id) would succeed.
  void require_hashable(NodeId id);

  const EqualityRules& rules() const { return rules_; }

 private:
  // What is known of a composite: the first node that was equal to it.
  struct Interned {
    NodeId first = no_node;
    std::uint64_t hash = 0;
  };
  struct Cell {
    std::uint32_t hash = 0;
    NodeId first = no_node;
  };
  struct Frame {
    NodeId node;
    std::size_t next;
  };

  bool is_composite(Kind kind) const {
    return kind == Kind::tuple || kind == Kind::frozenset || kind == Kind::frozendict ||
           kind == Kind::code || (kind == Kind::slice && rules_.slice_hashable);
  }
  Interned intern(NodeId id);
  void enter(NodeId composite);
  void visit(NodeId item);
  NodeId representative(NodeId id, std::uint64_t hash);
  std::uint64_t hash_items(NodeId composite);
  std::uint64_t hash_item(NodeId item) const;
  bool items_equal(NodeId a, NodeId b);
  bool same_items(NodeId a, NodeId b);
  bool same_fields(NodeId a, NodeId b);
  bool same_items_unordered(std::span<const NodeId> left, std::span<const NodeId> right,
                            std::size_t step);
  void grow_table();

  std::uint64_t hash_scalar(NodeId id) const;
  bool scalars_equal(NodeId a, NodeId b) const;
  std::string_view unhashable_type(NodeId id) const;
  std::optional<std::string_view> bytes_content(NodeId id) const;
  const SuppliedBuffer* supplied(const Node& node) const;

  const Graph& graph_;
  EqualityRules rules_;
  IdMap<Interned> interned_;
  std::vector<Frame> stack_;
  std::vector<Cell> table_;  // of representatives, open addressing
  std::size_t representatives_ = 0;
};

// For a single question; an Equality is quicker for several.
bool equal(const Graph& graph, NodeId a, NodeId b, EqualityRules rules = {});

}  // namespace assay
