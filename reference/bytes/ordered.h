// Random access to untrusted bytes whose byte order is known only at run time:
// what files made of pages need, as Cursor is what streams need.
//
// Every read compares what it needs with what there is, by subtraction, and
// throws DecodeError(truncated) with the offset in the original input.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>

#include "reference/bytes/cursor.h"

namespace assay {

class Ordered {
 public:
  Ordered() = default;
  // `base` is the offset of data[0] in the original input.
  Ordered(Bytes data, bool big_endian, std::uint64_t base = 0)
      : data_(data), base_(base), swap_(big_endian != (std::endian::native == std::endian::big)) {}

  std::uint64_t size() const { return data_.size(); }
  Bytes data() const { return data_; }
  // The offset of byte `at` in the original input.
  std::uint64_t offset(std::uint64_t at) const { return base_ + at; }
  bool big_endian() const { return swap_ != (std::endian::native == std::endian::big); }

  std::uint8_t u8(std::uint64_t at, const char* field) const {
    need(at, 1, field);
    return data_[at];
  }
  std::uint16_t u16(std::uint64_t at, const char* field) const {
    const auto value = raw<std::uint16_t>(at, field);
    return swap_ ? __builtin_bswap16(value) : value;
  }
  std::uint32_t u32(std::uint64_t at, const char* field) const {
    const auto value = raw<std::uint32_t>(at, field);
    return swap_ ? __builtin_bswap32(value) : value;
  }
  std::uint64_t u64(std::uint64_t at, const char* field) const {
    const auto value = raw<std::uint64_t>(at, field);
    return swap_ ? __builtin_bswap64(value) : value;
  }

  // `count` bytes from `at`, as a view into the input.
  Bytes bytes(std::uint64_t at, std::uint64_t count, const char* field) const {
    need(at, count, field);
    return data_.subspan(at, count);
  }
  // The same bytes with the same byte order and original offsets.
  Ordered window(std::uint64_t at, std::uint64_t count, const char* field) const {
    need(at, count, field);
    Ordered part = *this;
    part.data_ = data_.subspan(at, count);
    part.base_ = base_ + at;
    return part;
  }

  // Throws unless `count` bytes stand at `at`.
  void need(std::uint64_t at, std::uint64_t count, const char* field) const {
    if (at > data_.size() || count > data_.size() - at) outside(at, count, field);
  }

 private:
  template <typename T>
  T raw(std::uint64_t at, const char* field) const {
    need(at, sizeof(T), field);
    T value;
    std::memcpy(&value, data_.data() + at, sizeof value);
    return value;
  }
  [[noreturn]] void outside(std::uint64_t at, std::uint64_t count, const char* field) const;

  Bytes data_;
  std::uint64_t base_ = 0;
  bool swap_ = false;
};

}  // namespace assay
