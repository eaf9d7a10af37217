// What the comparison of two keys does while Python 2.7 keeps an error, and what it
// does to that error.
//
// 2.7 reads on after an error inside a dict (Quirk::errors_go_on), and functions that
// ask whether an error is set take the kept one for their own.
#pragma once

#include <cstdint>

#include "reference/value/graph.h"

namespace assay::marshal {

enum class Meeting : std::uint8_t {
  apart,    // their hashes differ: they are not compared
  unequal,  // their hashes are equal, they are not
  equal,
  fails,    // with the kept error
  loses,    // they are unequal, and the error is forgotten
  unknown,  // not told here: items of items, or constants, would have to be compared
};

// `known` is a key already, `key` is to be one; both are hashable.
Meeting meet(const Graph& graph, NodeId known, NodeId key);

}  // namespace assay::marshal
