// How a shelf's keys are decoded: Shelf's `keyencoding`, strictly, as bytes.decode()
// of Python 3 does. The codecs are those of pickle/encoding.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "reference/bytes/cursor.h"
#include "reference/value/graph.h"

namespace assay::shelve {

// utf16 and utf32 go by a byte order mark, without one little-endian, as on most
// machines; the others have their order in their name and keep a mark as U+FEFF.
enum class KeyEncoding : std::uint8_t {
  utf8,
  latin1,
  ascii,
  cp1252,
  utf16,
  utf16_le,
  utf16_be,
  utf32,
  utf32_le,
  utf32_be
};

// The encoding of a name as Python spells it ("utf-8", "latin-1", …); nothing
// for one that is not offered.
std::optional<KeyEncoding> parse_key_encoding(std::string_view name);

// The names that are offered, for messages: "utf-8, latin-1, …".
std::string key_encoding_names();

// The key as a str of the graph, a view of `key` where it stands there as it is; no_node
// where Python raises UnicodeDecodeError.
NodeId decode_key(Graph& graph, Bytes key, KeyEncoding encoding);

}  // namespace assay::shelve
