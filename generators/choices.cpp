#include "generators/choices.h"

namespace assay::generators {
namespace {

// FNV-1a, 64 bits: a format's name as a number.
std::uint64_t number_of(std::string_view name) {
  std::uint64_t hash = 0xcbf29ce484222325u;
  for (const char c : name) hash = (hash ^ static_cast<std::uint8_t>(c)) * 0x100000001b3u;
  return hash;
}

}  // namespace

Choices::Choices(std::uint64_t seed, std::uint64_t index, std::string_view format)
    : random_(rc::Random::Key{seed, index, number_of(format), 0}) {}

}  // namespace assay::generators
