// The one error type of every decoder, and the four kinds that are never
// merged: a malformed input, an input we do not support, a limit of ours that
// was reached, and a bug of our own.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

namespace assay {

enum class ErrorKind : std::uint8_t {
  truncated,    // the input ends before the field does
  malformed,    // the input breaks a rule of the format
  unsupported,  // well-formed, but outside what this reader implements
  limit,        // a row of bytes/limits.h was exceeded
  internal,     // a broken invariant of ours: always a bug in Assay
};

// Name of a kind as printed in messages ("truncated", ...).
std::string_view name(ErrorKind kind);

// Thrown inside a room, caught at its door. `offset` counts bytes from the
// start of the original input (a file, a stream), never of a window into it;
// `field` is the format's own word for what was being read.
class DecodeError : public std::runtime_error {
 public:
  DecodeError(ErrorKind kind, std::uint64_t offset, std::string_view field, std::string_view what);

  ErrorKind kind() const { return kind_; }
  std::uint64_t offset() const { return offset_; }
  const std::string& field() const { return field_; }
  // What is wrong, alone: what() begins with offset, field and kind.
  const std::string& reason() const { return reason_; }

 private:
  ErrorKind kind_;
  std::uint64_t offset_;
  std::string field_, reason_;
};

}  // namespace assay
