#include "reference/bytes/hex.h"

#include <array>

namespace assay {
namespace {

constexpr std::uint8_t no_digit = 0xff;

constexpr std::array<std::uint8_t, 256> digit_values = [] {
  std::array<std::uint8_t, 256> values{};
  values.fill(no_digit);
  for (unsigned i = 0; i < 10; ++i) values['0' + i] = static_cast<std::uint8_t>(i);
  for (unsigned i = 0; i < 6; ++i)
    values['a' + i] = values['A' + i] = static_cast<std::uint8_t>(10 + i);
  return values;
}();

}  // namespace

std::string to_hex(Bytes bytes) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string hex;
  hex.reserve(2 * bytes.size());
  for (const std::uint8_t byte : bytes) {
    hex += digits[byte >> 4];
    hex += digits[byte & 15];
  }
  return hex;
}

bool decode_hex(std::string_view hex, std::uint8_t* out) {
  if (hex.size() % 2 != 0) return false;
  // No digit has a bit above the lowest four, so one test at the end will do.
  std::uint8_t seen = 0;
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    const std::uint8_t high = digit_values[static_cast<std::uint8_t>(hex[i])];
    const std::uint8_t low = digit_values[static_cast<std::uint8_t>(hex[i + 1])];
    seen |= high | low;
    *out++ = static_cast<std::uint8_t>(high << 4 | low);
  }
  return seen < 16;
}

std::optional<std::string> from_hex(std::string_view hex) {
  std::string bytes(hex.size() / 2, '\0');
  if (!decode_hex(hex, reinterpret_cast<std::uint8_t*>(bytes.data()))) return std::nullopt;
  return bytes;
}

}  // namespace assay
