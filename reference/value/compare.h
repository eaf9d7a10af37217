// Whether two values are the same value, and where they first are not.
//
// Nodes with identity (lists, dicts, sets, bytearrays, read-only views,
// instances) must correspond one to one; everything else is compared by value,
// so that tuples may be shared or not, and cycles through them unrolled.
// README.md, "Comparison", gives the rules.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "reference/value/graph.h"

namespace assay {

// What a comparison may overlook, because a language cannot tell it apart. Each
// makes two things one: where both sides are what they are, they still must
// match.
namespace relax {
inline constexpr std::uint32_t tuple_is_list = 1u << 0;
inline constexpr std::uint32_t bytes_is_str = 1u << 1;  // bytes against the str's UTF-8
inline constexpr std::uint32_t bytearray_is_bytes = 1u << 2;
inline constexpr std::uint32_t set_is_list = 1u << 3;  // a set against a list, in any order
inline constexpr std::uint32_t frozenset_is_set = 1u << 4;
inline constexpr std::uint32_t int_is_float = 1u << 5;  // when exactly equal; 0 is not -0.0
inline constexpr std::uint32_t bool_is_int = 1u << 6;
inline constexpr std::uint32_t long_is_int = 1u << 7;         // Python 2's long
inline constexpr std::uint32_t ascii_str_is_bytes = 1u << 8;  // Python 2's str and unicode
inline constexpr std::uint32_t dict_order = 1u << 9;          // dicts without order
inline constexpr std::uint32_t no_identity = 1u << 10;        // sharing cannot be seen

// The bit of a name as adapters state it in `lossy` ("tuple=list"); 0 for none.
std::uint32_t named(std::string_view name);
}  // namespace relax

struct CompareOptions {
  std::uint32_t relaxed = 0;  // bits of namespace relax
  bool allows(std::uint32_t bit) const { return (relaxed & bit) != 0; }
};

struct Difference {
  std::string path;         // from the root, "[3]['k'].args[0]"; empty is the root itself
  std::string left, right;  // value text, cut after about 60 characters; or, where
                            // the identities differ, words
};

// Nothing when the values are the same. Linear in the graphs for all but sets
// whose items can be told apart only by trying; that is bounded, and beyond the
// bound throws DecodeError(limit).
std::optional<Difference> first_difference(const Graph& a, NodeId ra, const Graph& b, NodeId rb,
                                           CompareOptions options = {});

}  // namespace assay
