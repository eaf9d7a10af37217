// What a CPython does when it makes a code object from its fields: what it
// refuses, and what it changes.
#pragma once

#include <array>
#include <functional>
#include <span>

#include "reference/marshal/code_layout.h"
#include "reference/marshal/profile.h"
#include "reference/value/graph.h"
#include "reference/value/id_map.h"

namespace assay::marshal {

class CodeCheck {
 public:
  CodeCheck(Graph& graph, const Profile& profile);

  std::span<const CodeField> fields() const { return fields_; }

  // Takes the values of all fields, in their order, and changes those that the
  // profile changes. Throws Rejection or Crash. `open_size` gives the number of
  // items of a tuple that is still being read, or -1 for any other node.
  // `cyclic`: some tuple may hold itself.
  void operator()(std::span<NodeId> values, bool cyclic,
                  const std::function<std::int64_t(NodeId)>& open_size);

  // Whether the constants of the code object checked last, or tuples in them, hold a
  // frozenset.
  bool constants_hold_frozenset();

 private:
  // Fields that are looked at, by their places in fields_.
  enum Place : std::uint8_t {
    argcount,
    posonlyargcount,
    kwonlyargcount,
    nlocals,
    stacksize,
    flags,
    code,
    consts,
    names,
    varnames,
    freevars,
    cellvars,
    localsplusnames,
    localspluskinds,
    filename,
    name,
    qualname,
    lnotab,
    linetable,
    exceptiontable,
    place_count
  };

  bool has(Place place) const { return places_[place] >= 0; }
  NodeId& at(Place place) { return values_[static_cast<std::size_t>(places_[place])]; }
  std::int64_t number(Place place) { return has(place) ? graph_[at(place)].integer : 0; }
  std::int64_t open_size(NodeId id) const;
  bool is_tuple(Place place);
  bool is_kind(Place place, Kind kind);
  std::int64_t tuple_size(NodeId id);

  bool types_are_right();
  void check_names(Place place);
  void check_constants(bool cyclic);
  void check_older();
  void check_locals_plus();

  Graph& graph_;
  const Profile& profile_;
  std::span<const CodeField> fields_;
  std::array<std::int8_t, place_count> places_{};
  std::span<NodeId> values_;
  const std::function<std::int64_t(NodeId)>* open_size_ = nullptr;
  IdMap<std::uint8_t> states_;  // of tuples: 1 on the way, 2 without cycles
};

}  // namespace assay::marshal
