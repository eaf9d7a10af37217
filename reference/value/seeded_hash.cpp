#include "reference/value/seeded_hash.h"

#include <cstring>
#include <random>

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

}  // namespace assay
