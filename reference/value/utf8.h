// UTF-8 as Python's codec reads it, strict or with lone surrogates.
//
// Strings in the value graph are generalized UTF-8: what Python's handler
// 'surrogatepass' writes. `Surrogates::allow` is that, `reject` is 'strict'.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "reference/bytes/cursor.h"

namespace assay {

enum class Surrogates : bool { reject, allow };

// The first run of bytes that Python's decoder calls bad: what UnicodeDecodeError
// holds as start, end - start and reason, and what one U+FFFD replaces under
// errors='replace' (the maximal subpart of an ill-formed sequence, Unicode 3.9).
struct Utf8Fault {
  std::size_t offset;
  std::size_t length;
  // "invalid start byte", "invalid continuation byte" or "unexpected end of data".
  std::string_view reason;

  friend bool operator==(const Utf8Fault&, const Utf8Fault&) = default;
};

// The first fault of `text`, or nothing when all of it is well-formed. To go on
// as 'replace' and 'ignore' do, look again at text.subspan(offset + length).
// Faults are those of CPython 3's Objects/stringlib/codecs.h, utf8_decode.
std::optional<Utf8Fault> find_utf8_fault(Bytes text, Surrogates surrogates);

// True when `text` has no fault; else false, with the offset of the first bad
// byte in `bad_offset` if that is given.
bool valid_utf8(Bytes text, bool allow_surrogates, std::size_t* bad_offset = nullptr);

// True when every byte is below 0x80.
bool is_ascii(Bytes text);

// Writes the 1 to 4 bytes of a code point (at most 0x10ffff; surrogates as any
// other) to `out` and gives their count.
std::size_t encode_utf8(std::uint32_t code_point, std::uint8_t* out);
void append_utf8(std::string& out, std::uint32_t code_point);

// Appends a well-formed text (Surrogates::allow) with each high surrogate and the low
// one behind it as the one character that they stand for in UTF-16.
void append_joined(std::string& out, std::string_view text);

// The code point at `at`, which moves past it. `text` must be well-formed
// (Surrogates::allow) and `at` must be inside it, at a first byte.
std::uint32_t decode_utf8(Bytes text, std::size_t& at);

// Code points in well-formed text.
std::size_t count_code_points(Bytes text);

}  // namespace assay
