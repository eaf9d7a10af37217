// Python's == and hash() for the values that may be keys.
//
// 1 == 1.0 == True, big integers against floats exactly; NaN and instances are
// equal only to themselves (the same NodeId); tuples compare their items with
// `is` before ==; frozensets have no order. Equality here is an equivalence
// relation, so every distinct tuple, frozenset, frozendict, code object or slice
// is given one representative, bottom up: shared parts are looked at once and nothing
// recurses. The constants of a code object are compared by a finer relation, in
// which 1, True and 1.0 are three, and have representatives of their own in that.
#pragma once

#include <array>
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
  // The fields of a code object that are not compared, by their names. They must
  // outlive the Equality.
  std::span<const std::string_view> fields_left_out = {};
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
  // ==, or how constants of a code object are compared.
  enum class Relation : std::uint8_t { value, constant };
  // What is known of one relation.
  struct Classes {
    IdMap<Interned> interned;
    std::vector<Cell> table;  // of representatives, open addressing
    std::size_t representatives = 0;
  };
  struct Frame {
    NodeId node;
    Relation relation;
    std::size_t next;
  };
  // What an item is to what holds it.
  struct Part {
    NodeId node;
    Relation relation;
  };

  bool is_composite(Kind kind) const {
    return kind == Kind::tuple || kind == Kind::frozenset || kind == Kind::frozendict ||
           kind == Kind::code || (kind == Kind::slice && rules_.slice_hashable);
  }
  Classes& classes(Relation relation) { return classes_[static_cast<std::size_t>(relation)]; }
  const Interned& known(Part part) const;
  Relation relation_to(NodeId item, Relation relation) const;
  static Relation relation_of(std::string_view field);
  bool is_left_out(std::string_view field) const;
  Interned intern(NodeId id);
  void enter(Part composite);
  void visit(Part item);
  bool next_part(Frame& frame, Part& part) const;
  NodeId representative(Part composite, std::uint64_t hash);
  std::uint64_t hash_items(Part composite) const;
  std::uint64_t hash_item(Part item) const;
  bool items_equal(NodeId a, NodeId b, Relation relation) const;
  bool same_items(NodeId a, NodeId b, Relation relation) const;
  bool same_fields(NodeId a, NodeId b) const;
  bool same_items_unordered(std::span<const NodeId> left, std::span<const NodeId> right,
                            std::size_t step, Relation relation) const;
  static void grow(Classes& classes);

  std::uint64_t hash_scalar(NodeId id) const;
  std::uint64_t constant_type(NodeId id) const;
  bool scalars_equal(NodeId a, NodeId b) const;
  std::string_view unhashable_type(NodeId id) const;
  std::optional<std::string_view> bytes_content(NodeId id) const;
  const SuppliedBuffer* supplied(const Node& node) const;

  const Graph& graph_;
  EqualityRules rules_;
  std::array<Classes, 2> classes_;
  std::vector<Frame> stack_;
};

// For a single question; an Equality is quicker for several.
bool equal(const Graph& graph, NodeId a, NodeId b, EqualityRules rules = {});

}  // namespace assay
