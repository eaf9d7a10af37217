#include "reference/bytes/cursor.h"

#include <fmt/format.h>

namespace assay {

Bytes Cursor::line(const char* field) {
  const void* found = at_end() ? nullptr : std::memchr(at_, '\n', remaining());
  if (found == nullptr)
    throw DecodeError(ErrorKind::truncated, offset(), field, "no newline ends the line");
  const auto* newline = static_cast<const std::uint8_t*>(found);
  Bytes text{at_, static_cast<std::size_t>(newline - at_)};
  at_ = newline + 1;
  return text;
}

void Cursor::seek(std::uint64_t offset, const char* field) {
  const auto size = static_cast<std::uint64_t>(end_ - begin_);
  if (offset < base_ || offset - base_ > size)
    throw DecodeError(ErrorKind::malformed, this->offset(), field,
                      fmt::format("points to {:#x}, outside the input", offset));
  at_ = begin_ + (offset - base_);
}

void Cursor::truncated(std::uint64_t count, const char* field) const {
  throw DecodeError(ErrorKind::truncated, offset(), field,
                    fmt::format("needs {} bytes, {} remain", count, remaining()));
}

}  // namespace assay
