// Variable-length integers: big-endian groups of seven bits, the ninth byte
// giving all of its eight. SQLite file format, 1.6 ("varint").
#pragma once

#include <cstdint>

#include "reference/bytes/cursor.h"

namespace assay::sqlite {

struct Varint {
  std::uint64_t value = 0;
  unsigned length = 0;  // bytes read, 1 to 9; 0 when the bytes end inside of it
};

inline Varint read_varint(Bytes bytes) {
  if (!bytes.empty() && bytes[0] < 0x80) return {bytes[0], 1};
  std::uint64_t value = 0;
  for (unsigned i = 0; i < 9 && i < bytes.size(); ++i) {
    if (i == 8) return {(value << 8) | bytes[i], 9};
    value = (value << 7) | (bytes[i] & 0x7f);
    if (bytes[i] < 0x80) return {value, i + 1};
  }
  return {};
}

// Big-endian integers inside of a page; `at` plus the width must be within it.
inline std::uint32_t be16_at(Bytes bytes, std::size_t at) {
  return static_cast<std::uint32_t>(bytes[at] << 8 | bytes[at + 1]);
}
inline std::uint32_t be32_at(Bytes bytes, std::size_t at) {
  return (be16_at(bytes, at) << 16) | be16_at(bytes, at + 2);
}

}  // namespace assay::sqlite
