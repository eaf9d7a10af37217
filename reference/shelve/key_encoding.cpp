#include "reference/shelve/key_encoding.h"

#include <cctype>
#include <vector>

#include "reference/pickle/encoding.h"
#include "reference/pickle/faults.h"

namespace assay::shelve {
namespace {

// In the order of KeyEncoding.
constexpr std::string_view offered[] = {"utf-8",     "latin-1",   "ascii",     "cp1252",
                                        "utf-16",    "utf-16-le", "utf-16-be", "utf-32",
                                        "utf-32-le", "utf-32-be"};

// The codec of an encoding; its tables are made once.
const pickle::Encoding& codec_of(KeyEncoding encoding) {
  static const std::vector<pickle::Encoding> codecs = [] {
    std::vector<pickle::Encoding> made;
    for (const std::string_view name : offered) made.emplace_back(name, "strict");
    return made;
  }();
  return codecs[static_cast<std::size_t>(encoding)];
}

}  // namespace

std::optional<KeyEncoding> parse_key_encoding(std::string_view name) {
  struct Name {
    std::string_view plain;
    KeyEncoding encoding;
  };
  // Lib/encodings/aliases.py
  static constexpr Name names[] = {
      {"utf8", KeyEncoding::utf8},        {"u8", KeyEncoding::utf8},
      {"latin1", KeyEncoding::latin1},    {"latin", KeyEncoding::latin1},
      {"iso88591", KeyEncoding::latin1},  {"l1", KeyEncoding::latin1},
      {"ascii", KeyEncoding::ascii},      {"usascii", KeyEncoding::ascii},
      {"cp1252", KeyEncoding::cp1252},    {"windows1252", KeyEncoding::cp1252},
      {"utf16", KeyEncoding::utf16},      {"u16", KeyEncoding::utf16},
      {"utf16le", KeyEncoding::utf16_le}, {"utf16be", KeyEncoding::utf16_be},
      {"utf32", KeyEncoding::utf32},      {"u32", KeyEncoding::utf32},
      {"utf32le", KeyEncoding::utf32_le}, {"utf32be", KeyEncoding::utf32_be},
  };
  std::string plain;
  for (const char c : name)
    if (c != '-' && c != '_' && c != ' ')
      plain += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  for (const Name& one : names)
    if (one.plain == plain) return one.encoding;
  return std::nullopt;
}

std::string key_encoding_names() {
  std::string names;
  for (const std::string_view name : offered)
    names += (names.empty() ? "" : ", ") + std::string(name);
  return names;
}

NodeId decode_key(Graph& graph, Bytes key, KeyEncoding encoding) {
  try {
    return codec_of(encoding).decode(graph, key, true);
  } catch (const pickle::Rejection&) {
    return no_node;
  }
}

}  // namespace assay::shelve
