// What a writer has written: bytes that go to a string block by block.
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>

namespace assay::marshal {

static_assert(std::endian::native == std::endian::little, "numbers are copied as they are");

class Output {
 public:
  std::size_t size() const { return text_.size() + used_; }

  // Makes room for so many bytes, which need not come.
  void expect(std::uint64_t bytes) { text_.reserve(bytes); }

  void byte(std::uint8_t value) {
    *room(1) = static_cast<char>(value);
    ++used_;
  }
  void le16(std::uint16_t value) { number(value); }
  void le32(std::uint32_t value) { number(value); }
  void le64(std::uint64_t value) { number(value); }
  void bytes(std::string_view text) {
    if (text.empty()) return;
    if (text.size() > sizeof block_) {
      flush();
      text_ += text;
      return;
    }
    std::memcpy(room(text.size()), text.data(), text.size());
    used_ += text.size();
  }

  // All of it; then there is nothing.
  std::string take() {
    flush();
    return std::exchange(text_, {});
  }

 private:
  template <typename T>
  void number(T value) {
    std::memcpy(room(sizeof value), &value, sizeof value);
    used_ += sizeof value;
  }

  // Where the next `count` bytes go, at most a block.
  char* room(std::size_t count) {
    if (sizeof block_ - used_ < count) flush();
    return block_ + used_;
  }
  void flush() {
    text_.append(block_, used_);
    used_ = 0;
  }

  std::string text_;
  std::size_t used_ = 0;  // of the block
  char block_[4096];      // what comes behind the text
};

}  // namespace assay::marshal
