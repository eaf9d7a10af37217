// Codecs beyond ASCII, Latin-1 and UTF-8 that `encoding` may name, one step at a
// time: what the next bytes stand for, or which of them cannot be decoded.
//
// Code pages and the double-byte sets are the C library's (iconv). Only those
// are offered that decode every one- and two-byte sequence as CPython's codecs
// do; codecs_test.cpp compares them all.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string_view>

#include "reference/bytes/cursor.h"

namespace assay::pickle {

// Of `used` bytes: a code point, nothing, or (bad) bytes for the error handler.
struct CodecStep {
  std::uint32_t code_point = 0;
  std::size_t used = 0;
  bool bad = false;
  bool nothing = false;
};

class ByteCodec {
 public:
  enum class Family : std::uint8_t {
    single_byte,
    double_byte,
    utf16,
    utf32,
    utf8_sig,
    unicode_escape
  };

  // The codec of a name normalised as encodings.normalize_encoding does, or
  // nullptr where there is none.
  static std::unique_ptr<const ByteCodec> find(std::string_view normalised);
  // Every name that find() knows and iconv is behind.
  static std::array<std::string_view, 2> row(std::size_t i);  // name, iconv's name
  static std::size_t rows();

  Family family() const { return family_; }

  // The bytes to decode: without a byte order mark where the codec takes one
  // away. `big_endian` is what the mark says, for the steps.
  Bytes without_mark(Bytes data, bool& big_endian) const;

  // The first code point of `data`, which is not empty. `surrogates`: the error
  // handler is 'surrogatepass', which UTF-16 and UTF-32 know.
  CodecStep step(Bytes data, bool big_endian, bool surrogates) const;

 private:
  CodecStep utf16_step(Bytes data, bool big_endian, bool surrogates) const;
  CodecStep utf32_step(Bytes data, bool big_endian, bool surrogates) const;
  CodecStep double_byte_step(Bytes data) const;
  CodecStep escape_step(Bytes data) const;

  Family family_ = Family::single_byte;
  bool marked_ = false;      // a byte order mark is looked for
  bool big_endian_ = false;  // without one
  std::array<std::uint32_t, 256> single_{};
  std::string_view iconv_name_;
};

}  // namespace assay::pickle
