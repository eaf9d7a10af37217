#include "reference/value/seeded_hash.h"

#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <random>
#include <span>

namespace assay {
namespace {

std::uint64_t load64(const std::uint8_t* at) {
  std::uint64_t word;
  std::memcpy(&word, at, sizeof(word));
  return word;
}
std::uint64_t load32(const std::uint8_t* at) {
  std::uint32_t word;
  std::memcpy(&word, at, sizeof(word));
  return word;
}

}  // namespace

const HashSecrets& hash_secrets() {
  static const HashSecrets secrets = [] {
    std::random_device source;
    // Odd, so that no input word can be sure to make a product zero.
    const auto draw = [&] { return (static_cast<std::uint64_t>(source()) << 32) | source() | 1; };
    return HashSecrets{draw(), draw()};
  }();
  return secrets;
}

std::uint64_t hash_bytes(Bytes bytes, std::uint64_t state) {
  const HashSecrets& secrets = hash_secrets();
  const std::uint8_t* at = bytes.data();
  std::size_t left = bytes.size();
  state ^= fold_product(left ^ secrets.a, state ^ secrets.b);
  for (; left > 16; at += 16, left -= 16)
    state = fold_product(load64(at) ^ secrets.a, load64(at + 8) ^ state ^ secrets.b);
  // The last 1 to 16 bytes as two words that may overlap.
  std::uint64_t low = 0;
  std::uint64_t high = 0;
  if (left >= 8) {
    low = load64(at);
    high = load64(at + left - 8);
  } else if (left >= 4) {
    low = load32(at);
    high = load32(at + left - 4);
  } else if (left > 0) {
    low = (std::uint64_t{at[0]} << 16) | (std::uint64_t{at[left / 2]} << 8) | at[left - 1];
  }
  return fold_product(secrets.a ^ fold_product(low ^ secrets.b, high ^ state), state ^ secrets.b);
}

namespace {

enum Salt : std::uint64_t { integer_salt = 0x6e756d, fraction_salt };

std::uint64_t hash_small(std::int64_t value) {
  return mix(integer_salt, static_cast<std::uint64_t>(value));
}

std::uint64_t hash_limbs(std::span<const std::uint64_t> limbs, bool negative) {
  std::uint64_t state = mix(integer_salt, negative);
  for (const std::uint64_t limb : limbs) state = mix(state, limb);
  return state;
}

}  // namespace

std::uint64_t hash_integer_value(const Graph& graph, NodeId id) {
  const Node& node = graph[id];
  switch (node.kind) {
    case Kind::integer:
      return hash_small(node.integer);
    case Kind::big_integer:
      return hash_limbs(graph.limbs(id), graph.negative(id));
    default:
      return hash_small(node.kind == Kind::true_);
  }
}

std::uint64_t hash_double_value(double value) {
  constexpr double two63 = 9223372036854775808.0;
  if (!std::isfinite(value) || value != std::floor(value))
    return mix(fraction_salt, std::bit_cast<std::uint64_t>(value));
  if (value >= -two63 && value < two63) return hash_small(static_cast<std::int64_t>(value));
  // An integer of 64 to 1024 bits: hash the limbs that a big_integer would have.
  int exponent = 0;
  const double fraction = std::frexp(std::fabs(value), &exponent);
  const auto mantissa = static_cast<std::uint64_t>(std::ldexp(fraction, 53));
  const auto shift = static_cast<std::size_t>(exponent - 53);
  std::array<std::uint64_t, 17> limbs{};
  limbs[shift / 64] = mantissa << (shift % 64);
  if (shift % 64 != 0) limbs[shift / 64 + 1] = mantissa >> (64 - shift % 64);
  const std::size_t count = (static_cast<std::size_t>(exponent) + 63) / 64;
  return hash_limbs({limbs.data(), count}, value < 0);
}

}  // namespace assay
