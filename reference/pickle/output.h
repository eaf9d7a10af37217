// The bytes of a pickle while it is written, and the frames around them.
//
// A frame begins with the first byte behind the last one and ends where an
// object begins and it has 65536 bytes or more; strings of that size stand
// between frames (PEP 3154; _pickle.c _Pickler_OpcodeBoundary, pickle.py
// _Framer).
#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string>
#include <string_view>

#include "reference/bytes/cursor.h"
#include "reference/pickle/opcode.h"
#include "reference/pickle/profile.h"
#include "reference/value/pool.h"

namespace assay::pickle {

class Output {
 public:
  explicit Output(const Profile& profile)
      : always_framed_(profile.has(Quirk::always_framed)),
        large_in_frame_(profile.has(Quirk::large_in_frame)) {}

  // From here on, everything is in frames.
  void begin_framing() { framing_ = frame_missing_ = true; }
  // Ends the frame at the end of the pickle.
  void end_framing() {
    if (end_of_frame_ != no_frame) commit();
    framing_ = frame_missing_ = false;
  }
  // An object begins here, so a frame may end.
  void boundary() {
    if (bytes_.size() >= end_of_frame_) [[unlikely]]
      commit();
  }

  // Room for the next `count` bytes, to be filled by the caller.
  std::uint8_t* take(std::size_t count) {
    if (frame_missing_) [[unlikely]]
      open();
    return bytes_.extend(count);
  }
  void code(Code code) { *take(1) = static_cast<std::uint8_t>(code); }
  // An opcode with an argument of one byte.
  void code1(Code code, std::uint64_t argument) {
    std::uint8_t* at = take(2);
    at[0] = static_cast<std::uint8_t>(code);
    at[1] = static_cast<std::uint8_t>(argument);
  }
  // An opcode with a little-endian argument of `width` bytes.
  void code_le(Code code, std::uint64_t argument, std::size_t width) {
    std::uint8_t* at = take(1 + width);
    *at++ = static_cast<std::uint8_t>(code);
    if constexpr (std::endian::native == std::endian::little)
      std::memcpy(at, &argument, width);
    else
      for (std::size_t i = 0; i < width; ++i)
        at[i] = static_cast<std::uint8_t>(argument >> (8 * i));
  }
  // BINFLOAT, whose argument is big-endian.
  void binfloat(double value) {
    std::uint64_t bits = std::bit_cast<std::uint64_t>(value);
    if constexpr (std::endian::native == std::endian::little) bits = __builtin_bswap64(bits);
    std::uint8_t* at = take(9);
    at[0] = static_cast<std::uint8_t>(Code::BINFLOAT);
    std::memcpy(at + 1, &bits, sizeof bits);
  }
  // BININT1, BININT2 or BININT, the shortest that holds it.
  void binint(std::int32_t value) {
    // Without a branch: which one it is, is what nobody can predict.
    static constexpr Code codes[] = {Code::BININT1, Code::BININT1, Code::BININT2, Code::BININT2,
                                     Code::BININT};
    const auto bits = static_cast<std::uint32_t>(value);
    const std::size_t width = std::size_t{1} + (bits > 0xff) + 2 * std::size_t{bits > 0xffff};
    std::uint8_t* at = take(5);
    at[0] = static_cast<std::uint8_t>(codes[width]);
    for (std::size_t i = 0; i < 4; ++i) at[1 + i] = static_cast<std::uint8_t>(bits >> (8 * i));
    bytes_.shrink(bytes_.size() - (4 - width));
  }
  void text(std::string_view text) {
    if (!text.empty()) std::memcpy(take(text.size()), text.data(), text.size());
  }
  // An opcode, its little-endian count and the bytes counted: outside of any
  // frame if they are many.
  void counted(Code code, std::size_t width, Bytes data) {
    if (data.size() >= frame_target && !large_in_frame_) [[unlikely]]
      return between_frames(code, width, data);
    code_le(code, data.size(), width);
    if (!data.empty()) std::memcpy(take(data.size()), data.data(), data.size());
  }
  // Opcodes of the memo: MEMOIZE from protocol 4 on; before, the index is a line
  // in protocol 0, else a byte or four.
  void get(int protocol, std::uint64_t index) {
    indexed(Code::GET, Code::BINGET, Code::LONG_BINGET, protocol, index);
  }
  void put(int protocol, std::uint64_t index) {
    if (protocol >= 4) return code(Code::MEMOIZE);
    indexed(Code::PUT, Code::BINPUT, Code::LONG_BINPUT, protocol, index);
  }
  // Bytes that form a frame's content or stand alone (pickletools.optimize).
  void unframed(Bytes data) {
    if (end_of_frame_ != no_frame) commit();
    if (!data.empty()) std::memcpy(bytes_.extend(data.size()), data.data(), data.size());
  }

  std::size_t size() const { return bytes_.size(); }
  Pool<std::uint8_t>& bytes() { return bytes_; }

  static constexpr std::size_t frame_target = 65536;

 private:
  void indexed(Code line, Code byte, Code word, int protocol, std::uint64_t index) {
    if (protocol > 0) return index < 256 ? code1(byte, index) : code_le(word, index, 4);
    code(line);
    text(std::to_string(index));
    text("\n");
  }

  static constexpr std::size_t frame_minimum = 4, frame_header = 9;
  static constexpr std::size_t no_frame = std::numeric_limits<std::size_t>::max();

  void open() {
    frame_ = bytes_.size();
    bytes_.extend(frame_header);
    end_of_frame_ = bytes_.size() + frame_target;
    frame_missing_ = false;
  }

  // Writes the header of the open frame, or takes its room away.
  void commit() {
    std::uint8_t* at = bytes_.data() + frame_;
    const std::size_t size = bytes_.size() - frame_ - frame_header;
    if (size >= frame_minimum || always_framed_) {
      at[0] = static_cast<std::uint8_t>(Code::FRAME);
      for (std::size_t i = 0; i < 8; ++i)
        at[1 + i] = static_cast<std::uint8_t>(static_cast<std::uint64_t>(size) >> (8 * i));
    } else {
      std::memmove(at, at + frame_header, size);
      bytes_.shrink(bytes_.size() - frame_header);
    }
    end_of_frame_ = no_frame;
    frame_missing_ = framing_;
  }

  void between_frames(Code code, std::size_t width, Bytes data) {
    if (end_of_frame_ != no_frame) commit();
    const bool missing = frame_missing_;
    frame_missing_ = false;
    code_le(code, data.size(), width);
    std::memcpy(bytes_.extend(data.size()), data.data(), data.size());
    frame_missing_ = missing;
  }

  Pool<std::uint8_t> bytes_;
  std::size_t frame_ = 0;                // where the open frame's header goes
  std::size_t end_of_frame_ = no_frame;  // the size from which boundary() ends it
  bool framing_ = false, frame_missing_ = false;
  const bool always_framed_, large_in_frame_;
};

}  // namespace assay::pickle
