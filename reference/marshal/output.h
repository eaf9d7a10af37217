// What a writer has written: bytes at the end of a string that grows by halves.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace assay::marshal {

static_assert(std::endian::native == std::endian::little, "numbers are copied as they are");

class Output {
 public:
  std::size_t size() const { return size_; }

  void byte(std::uint8_t value) {
    *room(1) = static_cast<char>(value);
    ++size_;
  }
  void le16(std::uint16_t value) { number(value); }
  void le32(std::uint32_t value) { number(value); }
  void le64(std::uint64_t value) { number(value); }
  void bytes(std::string_view text) {
    if (text.empty()) return;
    std::memcpy(room(text.size()), text.data(), text.size());
    size_ += text.size();
  }

  // All of it; then there is nothing.
  std::string take() {
    buffer_.resize(size_);
    size_ = 0;
    return std::move(buffer_);
  }

 private:
  template <typename T>
  void number(T value) {
    std::memcpy(room(sizeof value), &value, sizeof value);
    size_ += sizeof value;
  }

  // Where the next `count` bytes go.
  char* room(std::size_t count) {
    if (buffer_.size() - size_ < count)
      buffer_.resize(std::max(buffer_.size() + buffer_.size() / 2, size_ + count + 64));
    return buffer_.data() + size_;
  }

  std::string buffer_;
  std::size_t size_ = 0;
};

}  // namespace assay::marshal
