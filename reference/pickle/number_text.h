// Numbers written as text, as the C library, CPython's C API and Python's int()
// and float() read them: INT, LONG, FLOAT, GET and PUT take different ones of
// these in different lanes.
//
// A line is given with its newline, as readline() gave it; only at the end of
// the file may it lack one.
#pragma once

#include <cstdint>
#include <optional>

#include "reference/pickle/profile.h"
#include "reference/value/graph.h"

namespace assay::pickle {

class NumberText {
 public:
  NumberText(Graph& graph, const Profile& profile) : graph_(graph), profile_(profile) {}

  // The argument of INT: an integer or a boolean node.
  NodeId int_line(Bytes line) const;
  // The argument of LONG.
  NodeId long_line(Bytes line) const;
  // The argument of FLOAT.
  double float_line(Bytes line) const;
  // The argument of GET and PUT in Python 3.
  NodeId index_line(Bytes line) const;
  // All throw Rejection: value_error, float_overflow, unicode_decode_error.

 private:
  NodeId c_int(Bytes line) const;
  NodeId python2_int(Bytes line) const;
  // PyLong_FromString of Python 3 and int(bytes, base); no_node where it fails.
  NodeId long_from_string(Bytes text, int base) const;
  // PyLong_FromString of 2.7; base 10 or 0. A long.
  NodeId python2_long(Bytes text, int base) const;
  [[noreturn]] void invalid_literal(Bytes text) const;

  Graph& graph_;
  const Profile& profile_;
};

// The decimal integer that is all of `line` but its newline, in its usual
// spelling, if it is one of at most 18 digits: what every lane reads alike.
inline std::optional<std::int64_t> plain_decimal(Bytes line) {
  const std::size_t size = line.size();
  if (size < 2 || line[size - 1] != '\n') return std::nullopt;
  std::size_t i = line[0] == '-' ? 1 : 0;
  const std::size_t digits = size - 1 - i;
  if (digits == 0 || digits > 18) return std::nullopt;
  // A leading zero may mean octal, or a boolean.
  if (line[i] == '0' && size != 2) return std::nullopt;
  std::int64_t value = 0;
  for (; i + 1 < size; ++i) {
    const unsigned digit = line[i] - unsigned{'0'};
    if (digit > 9) return std::nullopt;
    value = value * 10 + digit;
  }
  return line[0] == '-' ? -value : value;
}

}  // namespace assay::pickle
