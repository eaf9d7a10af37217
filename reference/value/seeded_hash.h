// A keyed hash for tables that hold what hostile input chose: 64-bit words are
// folded by full multiplication with secrets drawn once in a process.
#pragma once

#include <cstdint>

#include "reference/value/graph.h"

namespace assay {

struct HashSecrets {
  std::uint64_t a, b;
};
// Drawn from std::random_device at first use.
const HashSecrets& hash_secrets();

inline std::uint64_t fold_product(std::uint64_t x, std::uint64_t y) {
  __extension__ using Wide = unsigned __int128;
  const Wide product = static_cast<Wide>(x) * y;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

// Mixes one word into a state.
inline std::uint64_t mix(std::uint64_t state, std::uint64_t word) {
  const HashSecrets& secrets = hash_secrets();
  return fold_product(word ^ secrets.a, state ^ secrets.b);
}

std::uint64_t hash_bytes(Bytes bytes, std::uint64_t state);

// Numbers by value, whatever their type: 1, True and 1.0 have one hash, and so
// have 2**70 and 2.0**70. Integer nodes (value/integer.h); any double.
std::uint64_t hash_integer_value(const Graph& graph, NodeId id);
std::uint64_t hash_double_value(double value);

}  // namespace assay
