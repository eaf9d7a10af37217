// A cursor over untrusted bytes: the only way the reference looks at input.
//
// Every read first compares what it needs with what remains, by subtraction
// (never `position + length`, which wraps), and throws DecodeError(truncated)
// with the offset in the original input and the name of the field.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

#include "reference/bytes/error.h"

namespace assay {

using Bytes = std::span<const std::uint8_t>;

inline Bytes as_bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
inline std::string_view as_text(Bytes bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

class Cursor {
 public:
  // `base` is the offset of data[0] in the original input, so that a window
  // made by `window()` reports original offsets.
  explicit Cursor(Bytes data, std::uint64_t base = 0)
      : begin_(data.data()), at_(begin_), end_(begin_ + data.size()), base_(base) {}

  std::uint64_t offset() const { return base_ + static_cast<std::uint64_t>(at_ - begin_); }
  std::size_t remaining() const { return static_cast<std::size_t>(end_ - at_); }
  bool at_end() const { return at_ == end_; }

  // Throws unless `count` bytes remain.
  void need(std::uint64_t count, const char* field) const {
    if (count > remaining()) truncated(count, field);
  }

  std::uint8_t u8(const char* field) {
    need(1, field);
    return *at_++;
  }
  std::uint16_t le16(const char* field) { return little<std::uint16_t>(field); }
  std::uint32_t le32(const char* field) { return little<std::uint32_t>(field); }
  std::uint64_t le64(const char* field) { return little<std::uint64_t>(field); }
  std::uint16_t be16(const char* field) { return big<std::uint16_t>(field); }
  std::uint32_t be32(const char* field) { return big<std::uint32_t>(field); }
  std::uint64_t be64(const char* field) { return big<std::uint64_t>(field); }

  // The next `count` bytes, as a view into the input.
  Bytes take(std::uint64_t count, const char* field) {
    need(count, field);
    Bytes taken{at_, static_cast<std::size_t>(count)};
    at_ += count;
    return taken;
  }

  // The bytes up to the next '\n', which is consumed and not returned.
  Bytes line(const char* field);

  // A cursor over the next `count` bytes that keeps original offsets. The
  // bytes are consumed from this cursor.
  Cursor window(std::uint64_t count, const char* field) {
    const std::uint64_t start = offset();
    return Cursor(take(count, field), start);
  }

  // Everything that remains, not consumed.
  Bytes rest() const { return {at_, remaining()}; }

  // Moves to `offset` in the original input; throws if that lies outside.
  void seek(std::uint64_t offset, const char* field);

 private:
  template <typename T>
  T little(const char* field) {
    need(sizeof(T), field);
    T value = 0;
    for (std::size_t i = 0; i < sizeof(T); ++i) value |= static_cast<T>(T{at_[i]} << (8 * i));
    at_ += sizeof(T);
    return value;
  }
  template <typename T>
  T big(const char* field) {
    need(sizeof(T), field);
    T value = 0;
    for (std::size_t i = 0; i < sizeof(T); ++i)
      value |= static_cast<T>(T{at_[i]} << (8 * (sizeof(T) - 1 - i)));
    at_ += sizeof(T);
    return value;
  }
  [[noreturn]] void truncated(std::uint64_t count, const char* field) const;

  const std::uint8_t* begin_;
  const std::uint8_t* at_;
  const std::uint8_t* end_;
  std::uint64_t base_;
};

}  // namespace assay
