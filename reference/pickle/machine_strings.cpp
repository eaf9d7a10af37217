// Text, bytes, bytearrays and out-of-band buffers.
#include "reference/bytes/limits.h"
#include "reference/pickle/machine_inline.h"
#include "reference/value/utf8.h"

namespace assay::pickle {
namespace {

bool is_quote(std::uint8_t byte) {
  return byte == '\'' || byte == '"';
}

}  // namespace

// --- Python 2's str ------------------------------------------------------------

void Machine::op_string() {
  Bytes text = input_.line();
  if (profile_.has(Quirk::string_trailing_junk)) {
    if (text.size() < 2) fail(Fault::truncated_line, "pickle data was truncated");
    // Characters up to the space, in a signed char: bytes from 80 on, too.
    while (!text.empty() && (text.back() <= ' ' || text.back() >= 0x80))
      text = text.first(text.size() - 1);
  } else if (!text.empty()) {
    text = text.first(text.size() - 1);
  }
  if (text.size() < 2 || text.front() != text.back() || !is_quote(text.front()))
    fail(Fault::not_quoted, "the STRING opcode argument must be quoted");
  push_string(decode_escapes(graph_, text.subspan(1, text.size() - 2)), false);
}

void Machine::op_short_binstring() {
  const std::uint8_t size = *input_.fixed(1, Fault::short_byte);
  push_string(input_.payload(size), true);
}

void Machine::op_binstring() {
  const std::uint32_t size = little_32(input_.fixed(4, Fault::short_number));
  const bool is_signed = profile_.has(Quirk::binstring_signed);
  push_string(is_signed ? signed_payload(static_cast<std::int32_t>(size)) : input_.payload(size),
              true);
}

// `counted`: BINSTRING and SHORT_BINSTRING.
void Machine::push_string(Bytes data, bool counted) {
  if (encoding_.keeps_bytes())
    push(graph_.bytes(data));
  else
    push(encoding_.decode(graph_, data, counted && profile_.has(Quirk::empty_string_needs_codec)));
}

// The data of an argument whose count is signed.
Bytes Machine::signed_payload(std::int64_t size) {
  if (size >= 0) [[likely]]
    return input_.payload(static_cast<std::uint64_t>(size));
  if (!profile_.has(Quirk::negative_count_reads_all))
    fail(Fault::negative_count, "negative byte count");
  return input_.payload(UINT64_MAX);
}

// --- text -------------------------------------------------------------------

void Machine::op_unicode() {
  Bytes line = input_.line();
  if (line.empty() && profile_.has(Quirk::lines_not_empty))
    fail(Fault::truncated_line, "pickle data was truncated");
  std::size_t readable_behind = 0;
  if (!line.empty()) {
    const bool cut = line.back() != '\n';
    if (cut && profile_.has(Quirk::escape_reads_past_cut)) readable_behind = 1;
    line = line.first(line.size() - 1);
  }
  push(raw_unicode_escape(graph_, line, readable_behind));
}

void Machine::op_binunicode() {
  const std::uint32_t size = little_32(input_.fixed(4, Fault::short_number));
  if (size > INT32_MAX) [[unlikely]] {
    if (profile_.python2()) {
      push_text(signed_payload(static_cast<std::int32_t>(size)));
      return;
    }
    check_size(size, Fault::size_too_large);
  }
  push_unicode(size);
}

void Machine::op_binunicode8() {
  const std::uint64_t size = count8();
  check_size(size, Fault::size_too_large);
  push_unicode(size);
}

void Machine::push_unicode(std::uint64_t size) {
  push_text(input_.payload(size));
}

// --- bytes ------------------------------------------------------------------

// An eight-byte count.
std::uint64_t Machine::count8() {
  return little_64(input_.fixed(8, Fault::short_number));
}

void Machine::check_size(std::uint64_t size, Fault fault) const {
  if (size > profile_.largest_size()) fail(fault, "exceeds system's maximum size");
}

void Machine::op_short_binbytes() {
  push_bytes(*input_.fixed(1, Fault::short_byte));
}

void Machine::op_binbytes() {
  const std::uint32_t size = little_32(input_.fixed(4, Fault::short_number));
  check_size(size, Fault::size_too_large);
  push_bytes(size);
}

void Machine::op_binbytes8() {
  const std::uint64_t size = count8();
  check_size(size, Fault::size_too_large);
  push_bytes(size);
}

// The object's memory is asked for before its data is read. Whether a machine has
// it matters only where the data is not there.
void Machine::allocate_first(std::uint64_t size) {
  if (size > limits::process_bytes) fail(Fault::memory_error);
  if (size > limits::assured_bytes && size > input_.remaining())
    throw DecodeError(ErrorKind::limit, opcode_offset_, "count",
                      "whether so many bytes can be allocated depends on the machine");
}

void Machine::push_bytes(std::uint64_t size) {
  if (size > INT32_MAX / 2 && profile_.has(Quirk::bytes_allocated_first)) {
    // The header of a bytes object, which the size must leave room for.
    const std::uint64_t header = profile_.word() == 32 ? 17 : 33;
    if (size > profile_.largest_size() - header)
      fail(Fault::overflow_error, "byte string is too large");
    allocate_first(size);
  }
  push(graph_.bytes(input_.payload(size, true)));
}

void Machine::op_bytearray8() {
  const std::uint64_t size = count8();
  check_size(size, Fault::size_too_large);
  if (profile_.has(Quirk::bytearray_allocated_first)) {
    if (size == profile_.largest_size()) fail(Fault::memory_error);
    allocate_first(size);
  }
  push(graph_.bytearray(input_.payload(size, true)));
}

// --- buffers ----------------------------------------------------------------

void Machine::op_next_buffer() {
  if (next_buffer_ == options_.buffers.size())
    fail(Fault::no_buffers, "not enough out-of-band buffers");
  push(graph_.buffer(static_cast<std::int64_t>(next_buffer_++)));
}

void Machine::op_readonly_buffer() {
  const NodeId buffer = top();
  switch (behaves_as(buffer)) {
    case Kind::bytes:
    case Kind::readonly:
      return;
    case Kind::bytearray:
      stack_.back() = graph_.readonly(buffer);
      ++readonly_views_;
      return;
    default:
      fail(Fault::type_error, "memoryview: a bytes-like object is required");
  }
}

}  // namespace assay::pickle
