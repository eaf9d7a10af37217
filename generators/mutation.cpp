#include "generators/mutation.h"

namespace assay::generators {
namespace {

void change(Choices& choices, std::string& bytes, std::span<const std::string_view> others) {
  const std::size_t at = choices.below(bytes.size());
  const std::uint64_t pick = choices.below(9);
  if (pick == 0 && !others.empty()) {
    const std::string_view other = choices.one_of(others);
    bytes = bytes.substr(0, at) + std::string(other.substr(choices.below(other.size() + 1)));
    return;
  }
  if (bytes.empty() || pick == 1) {
    bytes.insert(at, 1, static_cast<char>(choices.byte()));
    return;
  }
  switch (pick) {
    case 2:
      bytes.resize(at);
      break;
    case 3:
      bytes[at] = static_cast<char>(bytes[at] ^ (1 << choices.below(8)));
      break;
    case 4:
      bytes[at] = static_cast<char>(choices.byte());
      break;
    case 5:
      bytes.erase(at, choices.between(1, 4));
      break;
    case 6:
      bytes.insert(at, bytes.substr(at, choices.between(1, 8)));
      break;
    case 7:
      ++bytes[at];
      break;
    default:
      --bytes[at];
      break;
  }
}

}  // namespace

std::string mutated(Choices& choices, std::string bytes, std::span<const std::string_view> others) {
  for (std::uint64_t left = choices.between(1, 3); left > 0; --left) change(choices, bytes, others);
  return bytes;
}

}  // namespace assay::generators
