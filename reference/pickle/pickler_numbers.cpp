// None, booleans, integers and floats.
#include <algorithm>
#include <charconv>
#include <cstdio>

#include "reference/pickle/pickler_state.h"
#include "reference/value/integer.h"
#include "reference/value/literal.h"

namespace assay::pickle {
namespace {

// An opcode and a decimal line.
void write_line(Output& out, Code code, std::int64_t value, std::string_view end) {
  char digits[24];
  const char* const last = std::to_chars(digits, digits + sizeof digits, value).ptr;
  out.code(code);
  out.text({digits, static_cast<std::size_t>(last - digits)});
  out.text(end);
}

}  // namespace

void Pickling::save_bool(bool value) {
  if (protocol_ >= 2)
    out_.code(value ? Code::NEWTRUE : Code::NEWFALSE);
  else
    out_.text(value ? "I01\n" : "I00\n");
}

void Pickling::save_integer(NodeId id) {
  const Node& node = graph_[id];
  if ((node.flags & flag::python2_long) != 0) return save_big_integer(id);
  const std::int64_t value = node.integer;
  if (value == static_cast<std::int32_t>(value)) return save_small_integer(value);
  if (!python2_) return save_big_integer(id);
  // An int of Python 2 that BININT cannot hold is text in every protocol.
  write_line(out_, Code::INT, value, "\n");
}

void Pickling::save_small_integer(std::int64_t value) {
  if (protocol_ > 0) return out_.binint(static_cast<std::int32_t>(value));
  if (profile_.has(Quirk::int_text_is_long)) return write_line(out_, Code::LONG, value, "L\n");
  write_line(out_, Code::INT, value, "\n");
}

// An int that BININT cannot hold, or Python 2's long.
void Pickling::save_big_integer(NodeId id) {
  const bool is_long = (graph_[id].flags & flag::python2_long) != 0;
  if (!python2_ && is_long) unsupported("a long of Python 2");
  if (protocol_ >= 2) {
    const std::string digits = integer_twos_complement(graph_, id);
    if (digits.size() < 256)
      out_.code1(Code::LONG1, digits.size());
    else
      out_.code_le(Code::LONG4, digits.size(), 4);
    return out_.text(digits);
  }
  const std::string text = integer_text(graph_, id);
  constexpr std::size_t digits_limit = 4300;
  if (profile_.has(Quirk::int_digits_limited) && text.size() - (text[0] == '-') > digits_limit)
    fail(Fault::value_error, "Exceeds the limit (4300 digits) for integer string conversion");
  out_.code(Code::LONG);
  out_.text(text);
  out_.text("L\n");
}

void Pickling::save_double(double value) {
  if (protocol_ > 0) return out_.binfloat(value);
  out_.code(Code::FLOAT);
  scratch_.clear();
  if (value != value) {
    scratch_ = "nan";
  } else if (profile_.has(Quirk::float_17_digits)) {
    char text[40];
    scratch_.assign(text,
                    static_cast<std::size_t>(std::snprintf(text, sizeof text, "%.17g", value)));
  } else {
    append_float_literal(scratch_, value);
  }
  scratch_ += '\n';
  out_.text(scratch_);
}

// What xrange.__reduce__ of Python 2 gives is the range that it made of its
// arguments: its end is where the last step leads, or the last number of 64 bits
// (Objects/rangeobject.c, get_stop_for_repr, 2.7).
void Pickling::save_range_item(NodeId id, std::uint8_t item) {
  const auto items = graph_.items(id);
  for (const NodeId edge : items)
    if (!is_integer(graph_.kind(edge))) unsupported("a range of what is no integer");
  if (!python2_) {
    save(items[item]);
    return;
  }
  std::int64_t of[3];
  for (int i = 0; i < 3; ++i) {
    const Kind kind = graph_.kind(items[i]);
    if (kind != Kind::integer) unsupported("xrange of such numbers");
    of[i] = graph_[items[i]].integer;
  }
  if (of[2] == 0) unsupported("a range without a step");
  if (item == 1) {
    using Wide = __int128;
    const Wide step = of[2], distance = Wide{of[1]} - of[0];
    const Wide length = step > 0 ? (distance > 0 ? (distance + step - 1) / step : 0)
                                 : (distance < 0 ? (distance + step + 1) / step : 0);
    const Wide stop = of[0] + length * step;
    of[1] = static_cast<std::int64_t>(std::clamp<Wide>(stop, INT64_MIN, INT64_MAX));
  }
  out_.boundary();
  if (of[item] == static_cast<std::int32_t>(of[item])) return save_small_integer(of[item]);
  write_line(out_, Code::INT, of[item], "\n");
}

}  // namespace assay::pickle
