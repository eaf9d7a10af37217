// Bytes as hexadecimal text, as the protocol and the corpus write them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "reference/bytes/cursor.h"

namespace assay {

// Two lower-case digits a byte.
std::string to_hex(Bytes bytes);
inline std::string to_hex(std::string_view bytes) {
  return to_hex(as_bytes(bytes));
}

// Takes digits of either case and nothing else; nothing if `hex` is not that.
std::optional<std::string> from_hex(std::string_view hex);

// The same into `out`, which has room for hex.size() / 2 bytes; false where
// from_hex() gives nothing.
bool decode_hex(std::string_view hex, std::uint8_t* out);

}  // namespace assay
