// Integers of any size: text, two's complement, order, Python's hash.
//
// Every function that takes a number node takes Kind::integer, big_integer,
// true_ and false_ (Python's bool is an int). All are linear, or as quick as
// GMP, in the size of the number.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "reference/value/graph.h"

namespace assay {

constexpr bool is_integer(Kind kind) {
  return kind == Kind::integer || kind == Kind::big_integer || kind == Kind::true_ ||
         kind == Kind::false_;
}

// The number that `digits` spell in base 2, 8, 10 or 16: nothing but digits, no
// sign, prefix, space or underscore. Gives no_node when `digits` is empty or
// holds anything else.
NodeId integer_from_text(Graph& graph, std::string_view digits, int base, bool negative = false,
                         bool python2_long = false);

// Two's complement of any length, least significant byte first; empty is 0
// (pickle's LONG1 of length 0).
NodeId integer_from_twos_complement(Graph& graph, Bytes little_endian, bool python2_long = false);

// The shortest two's complement, least significant byte first; 0 is empty. The
// inverse of the above, as pickle.encode_long writes it.
std::string integer_twos_complement(const Graph& graph, NodeId id);

// Base 10: as Python's str. Base 16: as Python's hex ("-0x1f").
std::string integer_text(const Graph& graph, NodeId id, int base = 10);

std::strong_ordering compare_integers(const Graph& a, NodeId x, const Graph& b, NodeId y);

// Exact, without rounding either side; unordered when `value` is a NaN.
std::partial_ordering compare_integer_double(const Graph& graph, NodeId id, double value);

// A text that two range nodes share exactly when Python finds them equal: the
// same numbers in the same order (Objects/rangeobject.c, range_equals). The
// items must be integer nodes.
std::string range_identity(const Graph& graph, NodeId range);

// CPython's hash of numbers on a 64-bit machine (modulo 2**61 - 1, never -1),
// so that equal numbers of different types have equal hashes. NaN hashes to 0:
// CPython from 3.10 uses the object's identity, which no value can depend on.
// Library reference, "Hashing of numeric types".
std::int64_t hash_integer(const Graph& graph, NodeId id);
std::int64_t hash_double(double value);

}  // namespace assay
