// Text, bytes, bytearrays and buffers.
#include <fmt/format.h>

#include "reference/pickle/pickler_state.h"
#include "reference/value/utf8.h"

namespace assay::pickle {

// --- text -----------------------------------------------------------------------

void Pickling::save_string(NodeId id, bool held) {
  const std::string_view text = graph_.text(id);
  if (!profile_.has(Quirk::short_text_not_memoized)) return save_text(text, text_slot(id));
  if (text.size() <= 4 && count_code_points(as_bytes(text)) < 2) return write_text(text);
  if (known(memo_[id])) return write_get(memo_[id]);
  write_text(text);
  memoize_counted(&memo_[id], id, held || has_persids_);
}

// Text whose identity is the slot; without one, it is new.
void Pickling::save_text(std::string_view text, std::uint32_t* slot) {
  if (slot != nullptr && known(*slot)) return write_get(*slot);
  write_text(text);
  const bool copy =
      protocol_ == 0 && profile_.has(Quirk::escaped_copy_memoized) && is_escaped(text);
  if (slot == nullptr || copy)
    memoize_fresh();
  else
    memoize(slot);
}

// Text that the lane made for the occasion; one character is one object.
void Pickling::save_temporary_text(std::string_view text) {
  out_.boundary();
  if (!profile_.has(Quirk::short_text_not_memoized)) return save_text(text, short_text_slot(text));
  write_text(text);
  // A persistent_id function leaves a reference behind.
  if (count_code_points(as_bytes(text)) >= 2) memoize_fresh(has_persids_);
}

void Pickling::write_text(std::string_view text) {
  if (protocol_ == 0) return write_escaped(text);
  if (profile_.has(Quirk::surrogates_joined)) text = join_surrogates(text);
  if (protocol_ >= 4) {
    if (text.size() <= 0xff) return out_.counted(Code::SHORT_BINUNICODE, 1, as_bytes(text));
    if (text.size() > 0xffffffff) return out_.counted(Code::BINUNICODE8, 8, as_bytes(text));
  }
  if (text.size() > 0xffffffff) unsupported("text of 4 GiB below protocol 4");
  out_.counted(Code::BINUNICODE, 4, as_bytes(text));
}

// Whether protocol 0 needs replace() for it.
bool Pickling::is_escaped(std::string_view text) const {
  using namespace std::string_view_literals;
  const bool few = profile_.has(Quirk::few_escapes);
  return text.find_first_of(few ? "\\\n"sv : "\\\n\0\r\x1a"sv) != std::string_view::npos;
}

void Pickling::write_escaped(std::string_view text) {
  scratch_.assign(1, static_cast<char>(Code::UNICODE));
  const bool few = profile_.has(Quirk::few_escapes);
  const Bytes bytes = as_bytes(text);
  for (std::size_t at = 0; at < bytes.size();) {
    const std::uint32_t c = decode_utf8(bytes, at);
    const bool rare = c == 0 || c == '\r' || c == 0x1a;
    if (c > 0xffff)
      fmt::format_to(std::back_inserter(scratch_), "\\U{:08x}", c);
    else if (c > 0xff || c == '\\' || c == '\n' || (rare && !few))
      fmt::format_to(std::back_inserter(scratch_), "\\u{:04x}", c);
    else
      scratch_ += static_cast<char>(c);
  }
  scratch_ += '\n';
  out_.text(scratch_);
}

// The text with each high surrogate and the low one behind it as one character;
// valid until the next call.
std::string_view Pickling::join_surrogates(std::string_view text) {
  if (text.find('\xed') == std::string_view::npos) return text;
  scratch_.clear();
  append_joined(scratch_, text);
  return scratch_;
}

// --- bytes ------------------------------------------------------------------------

bool Pickling::save_bytes(NodeId id, bool held) {
  const Bytes data = graph_.data(id);
  if (profile_.has(Quirk::short_text_not_memoized) && data.size() < 2) {
    write_python2_string(as_text(data));
    return true;
  }
  if (!python2_ && protocol_ < 3) {
    static constexpr Step empty[] = {Step::global_bytes, Step::empty_tuple, Step::reduce,
                                     Step::made, Step::end};
    static constexpr Step full[] = {Step::global_encode, Step::open,   Step::latin1_text,
                                    Step::latin1_name,   Step::close2, Step::reduce,
                                    Step::made,          Step::end};
    return save_by_recipe(id, data.empty() ? empty : full);
  }
  std::uint32_t* const place = slot(id);
  if (known(*place)) {
    write_get(*place);
    return true;
  }
  if (python2_)
    write_python2_string(as_text(data));
  else
    write_bytes(data);
  memoize_counted(place, id, held || has_persids_);
  return true;
}

void Pickling::write_bytes(Bytes data) {
  if (data.size() <= 0xff) return out_.counted(Code::SHORT_BINBYTES, 1, data);
  if (data.size() <= 0xffffffff) return out_.counted(Code::BINBYTES, 4, data);
  if (protocol_ < 4) unsupported("bytes of 4 GiB below protocol 4");
  out_.counted(Code::BINBYTES8, 8, data);
}

// A str of Python 2; as repr() quotes it in protocol 0.
void Pickling::write_python2_string(std::string_view text) {
  if (protocol_ > 0) {
    if (text.size() < 256) return out_.counted(Code::SHORT_BINSTRING, 1, as_bytes(text));
    if (text.size() > 0x7fffffff) unsupported("a string of 2 GiB");
    out_.code_le(Code::BINSTRING, text.size(), 4);
    return out_.text(text);
  }
  const bool doubled = text.find('\'') != text.npos && text.find('"') == text.npos;
  const char quote = doubled ? '"' : '\'';
  scratch_ = {static_cast<char>(Code::STRING), quote};
  for (const char c : text) {
    if (c == quote || c == '\\')
      (scratch_ += '\\') += c;
    else if (c == '\t' || c == '\n' || c == '\r')
      (scratch_ += '\\') += c == '\t' ? 't' : c == '\n' ? 'n' : 'r';
    else if (c < ' ' || c == 0x7f)
      fmt::format_to(std::back_inserter(scratch_), "\\x{:02x}", static_cast<std::uint8_t>(c));
    else
      scratch_ += c;
  }
  (scratch_ += quote) += '\n';
  out_.text(scratch_);
}

// --- bytearrays -----------------------------------------------------------------

bool Pickling::save_bytearray(NodeId id) {
  if (protocol_ >= 5) {
    if (known(memo_[id])) {
      write_get(memo_[id]);
      return true;
    }
    out_.counted(Code::BYTEARRAY8, 8, graph_.data(id));
    if (!profile_.has(Quirk::bytearray_not_memoized)) memoize(&memo_[id]);
    return true;
  }
  static constexpr Step as_text[] = {
      Step::global_bytearray, Step::open,   Step::latin1_text, Step::latin_1_text,
      Step::close2,           Step::reduce, Step::made,        Step::end};
  static constexpr Step empty[] = {Step::global_bytearray, Step::empty_tuple, Step::reduce,
                                   Step::made, Step::end};
  static constexpr Step full[] = {Step::global_bytearray, Step::open, Step::byte_copy, Step::close1,
                                  Step::reduce,           Step::made, Step::end};
  if (protocol_ < 3 && profile_.has(Quirk::bytearray_as_text)) return save_by_recipe(id, as_text);
  return save_by_recipe(id, graph_.data(id).empty() ? empty : full);
}

// The text of bytes taken as Latin-1.
void Pickling::save_latin1_text(NodeId id) {
  key_.clear();
  for (const std::uint8_t byte : graph_.data(id)) append_utf8(key_, byte);
  save_temporary_text(key_);
}

// bytes(bytearray), which is not empty.
void Pickling::save_byte_copy(NodeId id) {
  const Bytes data = graph_.data(id);
  out_.boundary();
  // bytearray.__reduce_ex__ of old made one byte the object that it always is, and
  // so does that of 3.15.
  const bool shared = data.size() == 1 && (profile_.has(Quirk::bytearray_as_text) ||
                                           profile_.has(Quirk::byte_copy_shared));
  std::uint32_t* const place = shared ? &short_bytes_[data[0]] : nullptr;
  if (shared && known(*place)) return write_get(*place);
  if (protocol_ >= 3) {
    write_bytes(data);
  } else {
    for (const Step step : {Step::global_encode, Step::open, Step::latin1_text, Step::latin1_name,
                            Step::close2, Step::reduce})
      perform(step, id);
  }
  if (shared)
    memoize(place);
  else
    memoize_fresh();
}

// --- buffers ----------------------------------------------------------------------

void Pickling::save_buffer(NodeId id) {
  if (!profile_.has(Quirk::protocol_5)) unsupported("this Python has no PickleBuffer");
  if (known(memo_[id])) return write_get(memo_[id]);
  if (protocol_ < 5)
    fail(Fault::not_picklable, "PickleBuffer can only be pickled with protocol >= 5");
  const bool readonly = graph_.kind(id) == Kind::readonly;
  const NodeId of = readonly ? graph_.items(id)[0] : id;
  Bytes data;
  bool writable = false;
  std::size_t index = options_.buffers.size();
  if (graph_.kind(of) == Kind::bytearray) {
    data = graph_.data(of);
  } else {
    if (graph_.kind(of) != Kind::buffer) unsupported("readonly() of such a value");
    const std::int64_t number = graph_[of].integer;
    if (number < 0 || static_cast<std::uint64_t>(number) >= options_.buffers.size())
      unsupported(fmt::format("there is no buffer {}", number));
    index = static_cast<std::size_t>(number);
    data = options_.buffers[index].data;
    writable = options_.buffers[index].writable && !readonly;
  }
  if (options_.out_of_band) {
    if (index == options_.buffers.size()) unsupported("a bytearray out of band");
    result_.buffers.push_back(index);
    result_.buffer_readonly.push_back(!writable);
    out_.code(Code::NEXT_BUFFER);
    if (!writable) out_.code(Code::READONLY_BUFFER);
    return;
  }
  if (profile_.has(Quirk::buffer_copied)) return save_buffer_copy(data, !writable);
  if (writable)
    out_.counted(Code::BYTEARRAY8, 8, data);
  else
    write_bytes(data);
  memoize(&memo_[id]);
}

// pickle.py before 3.15 writes and memoizes m.tobytes(), also where it is to
// become a bytearray. Empty bytes are one object.
void Pickling::save_buffer_copy(Bytes data, bool readonly) {
  std::uint32_t* const empty = data.empty() ? &short_bytes_[256] : nullptr;
  const bool memoized = empty != nullptr && known(*empty);
  if (readonly)
    write_bytes(data);
  else
    out_.counted(Code::BYTEARRAY8, 8, data);
  if (!readonly && profile_.has(Quirk::bytearray_not_memoized)) return;
  if (memoized) {
    if (profile_.has(Quirk::buffer_copy_checked)) return;
    fail(Fault::copy_memoized_already, "the copy of an empty buffer is in the memo");
  }
  if (empty != nullptr)
    memoize(empty);
  else
    memoize_fresh();
}

}  // namespace assay::pickle
