#include "reference/value/utf8.h"

#include <bit>
#include <cassert>
#include <cstring>

namespace assay {
namespace {

constexpr std::uint64_t high_bits = 0x8080808080808080;

// The number of the first of eight bytes that is above 7F; there is one.
std::size_t first_high(std::uint64_t word) {
  if constexpr (std::endian::native == std::endian::big)
    return static_cast<std::size_t>(std::countl_zero(word & high_bits)) / 8;
  return static_cast<std::size_t>(std::countr_zero(word & high_bits)) / 8;
}

// Bytes of ASCII at the start of [at, end), eight at a time while they last.
std::size_t ascii_prefix(const std::uint8_t* at, const std::uint8_t* end) {
  const std::uint8_t* start = at;
  while (end - at >= 8) {
    std::uint64_t word;
    std::memcpy(&word, at, sizeof(word));
    if ((word & high_bits) != 0) return static_cast<std::size_t>(at - start) + first_high(word);
    at += 8;
  }
  if (at != end && at - start >= 8) {
    // The last eight bytes once more, some of them for the second time.
    std::uint64_t word;
    std::memcpy(&word, end - 8, sizeof(word));
    if ((word & high_bits) == 0) return static_cast<std::size_t>(end - start);
    return static_cast<std::size_t>(end - 8 - start) + first_high(word);
  }
  while (at != end && *at < 0x80) ++at;
  return static_cast<std::size_t>(at - start);
}

bool continues(std::uint8_t byte) {
  return (byte & 0xc0) == 0x80;
}

constexpr std::string_view bad_start = "invalid start byte";
constexpr std::string_view bad_continuation = "invalid continuation byte";
constexpr std::string_view cut_short = "unexpected end of data";

// What stands at one first byte: `length` bytes that are well-formed (no
// reason) or bad.
struct Sequence {
  std::size_t length;
  std::string_view reason;
};

// The table of well-formed sequences (Unicode, table 3-7): the second byte's
// range depends on the first byte, later bytes are 80–BF.
Sequence look(const std::uint8_t* at, std::size_t left, Surrogates surrogates) {
  const std::uint8_t first = at[0];
  if (first < 0xc2 || first > 0xf4) return {1, bad_start};
  const std::size_t whole = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  if (left < 2) return {1, cut_short};
  const bool is_surrogate = first == 0xed && at[1] >= 0xa0;
  std::uint8_t lowest = 0x80;
  std::uint8_t highest = 0xbf;
  if (first == 0xe0) lowest = 0xa0;
  if (first == 0xf0) lowest = 0x90;
  if (first == 0xf4) highest = 0x8f;
  if (at[1] < lowest || at[1] > highest) return {1, bad_continuation};
  if (is_surrogate) {
    // 'surrogatepass' looks at all three bytes or leaves the strict decoder's
    // error as it was: one bad byte, even at the end of the data.
    if (surrogates == Surrogates::allow && left >= 3 && continues(at[2])) return {3, {}};
    return {1, bad_continuation};
  }
  for (std::size_t i = 2; i < whole; ++i) {
    if (i == left) return {i, cut_short};
    if (!continues(at[i])) return {i, bad_continuation};
  }
  return {whole, {}};
}

}  // namespace

std::optional<Utf8Fault> find_utf8_fault(Bytes text, Surrogates surrogates) {
  const std::uint8_t* const begin = text.data();
  const std::uint8_t* const end = begin + text.size();
  const std::uint8_t* at = begin;
  while (true) {
    at += ascii_prefix(at, end);
    // Text that is not ASCII seldom has eight ASCII bytes in a row: stay here
    // while first bytes above 7F follow one another.
    while (at != end && *at >= 0x80) {
      // Most such text is of two-byte sequences.
      if (end - at >= 2 && *at >= 0xc2 && *at <= 0xdf && continues(at[1])) {
        at += 2;
        continue;
      }
      const Sequence found = look(at, static_cast<std::size_t>(end - at), surrogates);
      if (!found.reason.empty())
        return Utf8Fault{static_cast<std::size_t>(at - begin), found.length, found.reason};
      at += found.length;
    }
    if (at == end) return std::nullopt;
  }
}

bool valid_utf8(Bytes text, bool allow_surrogates, std::size_t* bad_offset) {
  const auto fault =
      find_utf8_fault(text, allow_surrogates ? Surrogates::allow : Surrogates::reject);
  if (fault && bad_offset != nullptr) *bad_offset = fault->offset;
  return !fault;
}

bool is_ascii(Bytes text) {
  return ascii_prefix(text.data(), text.data() + text.size()) == text.size();
}

std::size_t encode_utf8(std::uint32_t code_point, std::uint8_t* out) {
  assert(code_point <= 0x10ffff);
  if (code_point < 0x80) {
    out[0] = static_cast<std::uint8_t>(code_point);
    return 1;
  }
  const std::size_t length = code_point < 0x800 ? 2 : code_point < 0x10000 ? 3 : 4;
  constexpr std::uint8_t first_bits[] = {0, 0, 0xc0, 0xe0, 0xf0};
  for (std::size_t i = length - 1; i > 0; --i) {
    out[i] = static_cast<std::uint8_t>(0x80 | (code_point & 0x3f));
    code_point >>= 6;
  }
  out[0] = static_cast<std::uint8_t>(first_bits[length] | code_point);
  return length;
}

void append_utf8(std::string& out, std::uint32_t code_point) {
  std::uint8_t encoded[4];
  const std::size_t length = encode_utf8(code_point, encoded);
  out.append(reinterpret_cast<const char*>(encoded), length);
}

void append_joined(std::string& out, std::string_view text) {
  const Bytes bytes = as_bytes(text);
  for (std::size_t at = 0; at < bytes.size();) {
    std::uint32_t c = decode_utf8(bytes, at);
    if (c >= 0xd800 && c < 0xdc00 && at < bytes.size()) {
      std::size_t behind = at;
      const std::uint32_t low = decode_utf8(bytes, behind);
      if (low >= 0xdc00 && low < 0xe000) {
        c = 0x10000 + ((c - 0xd800) << 10) + (low - 0xdc00);
        at = behind;
      }
    }
    append_utf8(out, c);
  }
}

std::uint32_t decode_utf8(Bytes text, std::size_t& at) {
  const std::uint8_t first = text[at];
  if (first < 0x80) {
    ++at;
    return first;
  }
  const std::size_t length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  assert(first >= 0xc2 && length <= text.size() - at);
  std::uint32_t code_point = first & (0xffu >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) code_point = (code_point << 6) | (text[at + i] & 0x3fu);
  at += length;
  return code_point;
}

std::size_t count_code_points(Bytes text) {
  std::size_t count = 0;
  for (const std::uint8_t byte : text) count += !continues(byte);
  return count;
}

}  // namespace assay
