// One literal of value text, read and printed: str, bytes, int, float.
//
// Printing is Python's ascii(): single quotes, shortest escapes of value text
// (README.md, "Atoms"). Reading also takes double quotes and all of Python's
// simple escapes, so that an adapter may print what its Python gave it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "reference/value/graph.h"

namespace assay {

struct Literal {
  enum class Kind : std::uint8_t { string, bytes, integer, floating };
  Kind kind = Kind::integer;
  // string: generalized UTF-8; bytes: the bytes; integer: digits of `base`,
  // without sign and prefix.
  std::string text;
  double floating = 0;
  int base = 10;          // integer: 2, 8, 10 or 16
  bool negative = false;  // integer
};

// True where read_literal would find a literal's first character (it may still
// find the literal to be wrong).
bool starts_literal(std::string_view text, std::size_t at);

// Reads the literal that starts at `at` and moves `at` past it. `into` is
// overwritten; its buffer is reused. Throws DecodeError with the offset in
// `text` when there is none or it is wrong.
void read_literal(std::string_view text, std::size_t& at, Literal& into);
inline Literal read_literal(std::string_view text, std::size_t& at) {
  Literal literal;
  read_literal(text, at, literal);
  return literal;
}

// The node of a literal; its text is copied into the graph.
NodeId add_literal(Graph& graph, const Literal& literal, bool python2_long = false);

// Printing, appended to `out`. `text` is well-formed generalized UTF-8.
void append_string_literal(std::string& out, std::string_view text);
void append_bytes_literal(std::string& out, std::string_view bytes);
// Python's repr (shortest round trip), inf, -inf, nan for the bits
// 7ff8000000000000, else nan(0x…) with all 16 digits.
void append_float_literal(std::string& out, double value);
// Decimal when the number fits 64 bits signed, else hex: no reader then needs
// quadratic time. An integer node; Python 2's long(…) is not written here.
void append_integer_literal(std::string& out, const Graph& graph, NodeId id);

}  // namespace assay
