#include "reference/sqlite/text_encoding.h"

#include <algorithm>
#include <bit>
#include <cstdint>

namespace assay::sqlite {

std::uint32_t read_utf8(Bytes text, std::size_t& at) {
  std::uint32_t point = text[at++];
  if (point < 0xc0) return point;
  // The bits of the first byte behind its ones; none of FE and FF.
  const int ones = std::countl_one(static_cast<std::uint8_t>(point));
  point &= (0x7fu >> std::min(ones, 7));
  for (; at < text.size() && (text[at] & 0xc0) == 0x80; ++at)
    point = point << 6 | (text[at] & 0x3f);
  const bool bad = point < 0x80 || (point & 0xfffff800) == 0xd800 || (point & 0xfffffffe) == 0xfffe;
  return bad ? 0xfffd : point;
}

// Surrogates are written as any other code point.
void write_utf8(std::string& out, std::uint32_t point) {
  const auto put = [&out](std::uint32_t byte) { out += static_cast<char>(byte); };
  if (point < 0x80) {
    put(point);
  } else if (point < 0x800) {
    put(0xc0 + (point >> 6 & 0x1f));
    put(0x80 + (point & 0x3f));
  } else if (point < 0x10000) {
    put(0xe0 + (point >> 12 & 0x0f));
    put(0x80 + (point >> 6 & 0x3f));
    put(0x80 + (point & 0x3f));
  } else {
    put(0xf0 + (point >> 18 & 0x07));
    put(0x80 + (point >> 12 & 0x3f));
    put(0x80 + (point >> 6 & 0x3f));
    put(0x80 + (point & 0x3f));
  }
}

Bytes as_utf8(Bytes text, TextEncoding encoding, std::string& storage) {
  if (encoding == TextEncoding::utf8) return text;
  const std::size_t low = encoding == TextEncoding::utf16le ? 0 : 1;
  const auto unit = [&](std::size_t at) {
    return static_cast<std::uint32_t>(text[at + low] | text[at + 1 - low] << 8);
  };
  storage.clear();
  const std::size_t end = text.size() / 2 * 2;
  for (std::size_t at = 0; at < end;) {
    std::uint32_t point = unit(at);
    at += 2;
    if (point >= 0xd800 && point < 0xe000 && at < end) {
      const std::uint32_t second = unit(at);
      at += 2;
      point = (second & 0x3ff) + ((point & 0x3f) << 10) + (((point & 0x3c0) + 0x40) << 10);
    }
    write_utf8(storage, point);
  }
  return as_bytes(storage);
}

std::string from_utf8(Bytes text, TextEncoding encoding) {
  if (encoding == TextEncoding::utf8) return std::string(as_text(text));
  std::string out;
  const auto put = [&](std::uint32_t unit) {
    const char low = static_cast<char>(unit & 0xff), high = static_cast<char>(unit >> 8);
    out += encoding == TextEncoding::utf16le ? low : high;
    out += encoding == TextEncoding::utf16le ? high : low;
  };
  for (std::size_t at = 0; at < text.size();) {
    const std::uint32_t point = read_utf8(text, at);
    if (point <= 0xffff) {
      put(point);
    } else {  // WRITE_UTF16LE, which takes no more of a point than there is room for
      put(0xd800 + (point >> 10 & 0x3f) + ((point - 0x10000) >> 10 & 0x3c0));
      put(0xdc00 + (point & 0x3ff));
    }
  }
  return out;
}

}  // namespace assay::sqlite
