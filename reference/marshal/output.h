// What a writer has written: bytes that go to a string block by block.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>

#include "reference/bytes/error.h"
#include "reference/value/pool.h"

namespace assay::marshal {

static_assert(std::endian::native == std::endian::little, "numbers are copied as they are");

class Output {
 public:
  // `most`: bytes after which DecodeError (limit) is thrown, if not at once then at
  // the end.
  explicit Output(std::uint64_t most) : most_(most) {}

  // Makes room for so many bytes, which need not come.
  void expect(std::uint64_t bytes) {
    text_.reserve(std::min(bytes, most_));
    if (text_.capacity() >= large_block) advise_large_pages(text_.data(), text_.capacity());
  }

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
      append(text);
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
    append({block_, used_});
    used_ = 0;
  }
  void append(std::string_view bytes) {
    if (bytes.size() > most_ - text_.size())
      throw DecodeError(ErrorKind::limit, most_, "output",
                        "more bytes than are allowed (limits.h, unfolded_bytes)");
    text_ += bytes;
  }

  std::uint64_t most_;
  std::string text_;
  std::size_t used_ = 0;  // of the block
  char block_[4096];      // what comes behind the text
};

}  // namespace assay::marshal
