#include "reference/shelve/key_encoding.h"

#include <array>
#include <cctype>

#include "reference/value/utf8.h"

namespace assay::shelve {
namespace {

// Bytes 80 to 9f of cp1252 (Lib/encodings/cp1252.py); 0 where it has none.
constexpr std::array<std::uint16_t, 32> cp1252_high = {
    0x20ac, 0,      0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021, 0x02c6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017d, 0,      0,      0x2018, 0x2019, 0x201c, 0x201d, 0x2022,
    0x2013, 0x2014, 0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0,      0x017e, 0x0178};

std::optional<std::string> from_bytes(Bytes key, bool cp1252) {
  std::string text;
  for (const std::uint8_t byte : key) {
    std::uint32_t point = byte;
    if (cp1252 && byte >= 0x80 && byte < 0xa0) point = cp1252_high[byte - 0x80];
    if (byte != 0 && point == 0) return std::nullopt;
    append_utf8(text, point);
  }
  return text;
}

std::uint32_t unit(Bytes key, std::size_t at, std::size_t width, bool big) {
  std::uint32_t number = 0;
  for (std::size_t i = 0; i < width; ++i)
    number = number << 8 | key[at + (big ? i : width - 1 - i)];
  return number;
}

// Objects/unicodeobject.c, PyUnicode_DecodeUTF16Stateful and …UTF32Stateful.
std::optional<std::string> from_units(Bytes key, std::size_t width, bool big, bool by_mark) {
  if (key.size() % width != 0) return std::nullopt;
  std::size_t at = 0;
  if (by_mark && !key.empty()) {
    big = unit(key, 0, width, true) == 0xfeff;
    if (big || unit(key, 0, width, false) == 0xfeff) at = width;
  }
  std::string text;
  for (; at < key.size(); at += width) {
    std::uint32_t point = unit(key, at, width, big);
    if (width == 2 && point >= 0xd800 && point < 0xdc00 && key.size() - at >= 4) {
      const std::uint32_t low = unit(key, at + 2, width, big);
      if (low < 0xdc00 || low > 0xdfff) return std::nullopt;
      point = 0x10000 + ((point - 0xd800) << 10) + (low - 0xdc00);
      at += 2;
    }
    if (point > 0x10ffff || (point >= 0xd800 && point < 0xe000)) return std::nullopt;
    append_utf8(text, point);
  }
  return text;
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

std::string_view key_encoding_names() {
  return "utf-8, latin-1, ascii, cp1252, utf-16, utf-16-le, utf-16-be, utf-32, utf-32-le, "
         "utf-32-be";
}

std::optional<std::string> decode_key(Bytes key, KeyEncoding encoding) {
  switch (encoding) {
    case KeyEncoding::utf8:
      return valid_utf8(key, false) ? std::optional(std::string(as_text(key))) : std::nullopt;
    case KeyEncoding::ascii:
      return is_ascii(key) ? std::optional(std::string(as_text(key))) : std::nullopt;
    case KeyEncoding::latin1:
    case KeyEncoding::cp1252:
      return from_bytes(key, encoding == KeyEncoding::cp1252);
    case KeyEncoding::utf16:
    case KeyEncoding::utf16_le:
    case KeyEncoding::utf16_be:
      return from_units(key, 2, encoding == KeyEncoding::utf16_be, encoding == KeyEncoding::utf16);
    case KeyEncoding::utf32:
    case KeyEncoding::utf32_le:
    case KeyEncoding::utf32_be:
      return from_units(key, 4, encoding == KeyEncoding::utf32_be, encoding == KeyEncoding::utf32);
  }
  return std::nullopt;
}

}  // namespace assay::shelve
