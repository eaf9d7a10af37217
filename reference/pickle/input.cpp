#include "reference/pickle/input.h"

#include <algorithm>

namespace assay::pickle {

namespace {

[[noreturn]] void fail(Fault fault, const char* message) {
  throw Rejection{fault, message};
}

}  // namespace

Input::Input(Bytes file, const Profile& profile)
    : begin_(file.data()),
      at_(begin_),
      end_(begin_ + file.size()),
      file_end_(end_),
      profile_(profile) {}

void Input::begin_load() {
  if (!profile_.has(Quirk::frame_outlives_load)) drop_frame();
}

void Input::drop_frame() {
  if (framed_) at_ = end_;
  leave_frame();
}

void Input::leave_frame() {
  end_ = file_end_;
  framed_ = false;
}

bool Input::leave_empty_window() {
  leave_frame();
  return at_ != end_;
}

void Input::refill(std::uint64_t count, bool crossing) {
  if (!framed_) return;
  if (at_ != end_) {
    const bool reads_on = profile_.has(Quirk::frame_drops_rest);
    if (!reads_on) fail(Fault::frame_exhausted, "pickle exhausted before end of frame");
    // The C lane forgets what its buffer still had, unless it copies into the
    // bytes object.
    if (!crossing || !profile_.has(Quirk::bytes_cross_frames)) at_ = end_;
  } else if (count == 0) {
    return;
  }
  leave_frame();
}

const std::uint8_t* Input::fixed_slowly(std::size_t count, Fault fault) {
  refill(count, false);
  if (left() >= count) {
    const std::uint8_t* taken = at_;
    at_ += count;
    return taken;
  }
  if (!profile_.has(Quirk::marshal_numbers) || fault != Fault::short_number)
    fail(fault, "pickle data was truncated");
  // 2.7's pickle.py hands what it got to marshal.loads, which reads ff behind
  // the end; for two bytes it adds two zeros first.
  std::memset(padded_, 0xff, sizeof(padded_));
  const std::size_t got = left();
  std::memcpy(padded_, at_, got);
  if (count == 2) std::memset(padded_ + got, 0, 2);
  at_ = end_;
  return padded_;
}

Bytes Input::payload_slowly(std::uint64_t count, bool crossing) {
  refill(count, crossing);
  if (left() < count) {
    if (!profile_.has(Quirk::short_reads)) fail(Fault::short_payload, "pickle data was truncated");
    count = left();
  }
  const Bytes taken{at_, static_cast<std::size_t>(count)};
  at_ += count;
  return taken;
}

Bytes Input::line_slowly() {
  refill(1, false);
  const auto* newline = std::find(at_, end_, std::uint8_t{'\n'});
  if (newline == end_ && !profile_.has(Quirk::line_without_newline))
    fail(Fault::truncated_line, "pickle data was truncated");
  const auto* behind = newline == end_ ? end_ : newline + 1;
  const Bytes taken{at_, static_cast<std::size_t>(behind - at_)};
  at_ = behind;
  return taken;
}

void Input::refuse_inside_frame() const {
  if (framed_ && at_ != end_)
    fail(Fault::frame_in_frame, "beginning of a new frame before end of current frame");
}

void Input::enter_frame(std::uint64_t size) {
  if (profile_.has(Quirk::frame_drops_rest)) {
    // A frame inside the buffered one changes nothing; else the file is read.
    if (framed_ && size <= left()) return;
    if (framed_) drop_frame();
    if (size > left()) fail(Fault::frame_cut_off, "pickle data was truncated");
    if (size == 0) return;
  } else {
    refuse_inside_frame();
    leave_frame();
    if (size > left()) {
      if (!profile_.has(Quirk::short_frames))
        fail(Fault::frame_cut_off, "pickle data was truncated");
      size = left();
    }
  }
  framed_ = true;
  end_ = at_ + size;
}

}  // namespace assay::pickle
