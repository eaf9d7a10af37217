// The file of an unpickler, and the frame it has been read ahead into.
//
// The C lane reads from its buffer and then from the file; pickle.py reads from
// a BytesIO of the frame and then from the file. Both are a window here:
// without a frame the window is all that remains of the file, in a frame it is
// what remains of the frame, and the file stands at the window's end.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "reference/bytes/cursor.h"
#include "reference/pickle/faults.h"
#include "reference/pickle/profile.h"

namespace assay::pickle {

class Input {
 public:
  Input(Bytes file, const Profile& profile);

  // Where the next byte stands in the file.
  std::uint64_t offset() const { return static_cast<std::uint64_t>(at_ - begin_); }
  // The position of the file object.
  std::uint64_t file_position() const {
    return static_cast<std::uint64_t>((framed_ ? end_ : at_) - begin_);
  }

  // No argument can have more bytes than these, whatever frames there are.
  std::uint64_t remaining() const { return static_cast<std::uint64_t>(file_end_ - at_); }

  // Called at the start of each load(), and by a new unpickler on the file.
  void begin_load();
  void drop_frame();

  // The next byte is an opcode: false at the end of the file.
  bool next_opcode(std::uint8_t& opcode) {
    if (at_ == end_) [[unlikely]]
      if (!leave_empty_window()) return false;
    opcode = *at_++;
    return true;
  }

  // `count` bytes of a fixed-width argument, fewer only where the lane accepts
  // that; `fault` says what is missing.
  const std::uint8_t* fixed(std::size_t count, Fault fault) {
    if (static_cast<std::size_t>(end_ - at_) < count) [[unlikely]]
      return fixed_slowly(count, fault);
    const std::uint8_t* taken = at_;
    at_ += count;
    return taken;
  }

  // Whether `taken` is a number that the input cut off and the lane filled up:
  // it then has four bytes, however many were asked for.
  bool filled_up(const std::uint8_t* taken) const { return taken == padded_; }

  // The bytes of a counted argument: `count`, or in pickle.py what there is.
  // `crossing`: BINBYTES and BYTEARRAY8, which may read on behind a frame.
  Bytes payload(std::uint64_t count, bool crossing = false) {
    if (static_cast<std::uint64_t>(end_ - at_) < count) [[unlikely]]
      return payload_slowly(count, crossing);
    const Bytes taken{at_, static_cast<std::size_t>(count)};
    at_ += count;
    return taken;
  }

  // A line with its newline, which only lanes that allow it may lack at the end
  // of the file.
  Bytes line() {
    if (const void* newline = std::memchr(at_, '\n', static_cast<std::size_t>(end_ - at_)))
        [[likely]] {
      const auto* behind = static_cast<const std::uint8_t*>(newline) + 1;
      const Bytes taken{at_, static_cast<std::size_t>(behind - at_)};
      at_ = behind;
      return taken;
    }
    return line_slowly();
  }

  // Fails where a frame has bytes left: there is no place for another.
  void refuse_inside_frame() const;

  // FRAME: the next `size` bytes are a frame.
  void enter_frame(std::uint64_t size);

 private:
  std::size_t left() const { return static_cast<std::size_t>(end_ - at_); }
  bool leave_empty_window();
  void leave_frame();
  // Makes the window the file behind the frame, if it can give `count` bytes
  // that the frame no longer has.
  void refill(std::uint64_t count, bool crossing);
  const std::uint8_t* fixed_slowly(std::size_t count, Fault fault);
  Bytes payload_slowly(std::uint64_t count, bool crossing);
  Bytes line_slowly();

  const std::uint8_t* begin_;
  const std::uint8_t* at_;
  const std::uint8_t* end_;  // of the window
  const std::uint8_t* file_end_;
  bool framed_ = false;
  const Profile& profile_;
  std::uint8_t padded_[8] = {};  // a number cut off, as marshal reads it
};

}  // namespace assay::pickle
