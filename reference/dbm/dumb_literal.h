// ast.literal_eval() of one line, as each Python has it: literals, tuples, lists,
// and what of other expressions it evaluates or refuses.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "reference/dbm/python.h"

namespace assay::dbm {

struct Literal {
  enum class Kind : std::uint8_t {
    text,     // 3.x: str; 2.7: unicode
    bytes,    // 3.x: bytes; 2.7: str
    integer,  // bool and long, too
    real,     // float
    complex,
    none,
    sequence,  // tuple and list; `items`
    dict,      // its keys are `items`, their values follow in `values`
    set,
    refused,  // well-formed, but no literal: ValueError where it stands
    signed_,  // + or - before the one of `items`: until it is evaluated
    sum,      // the two of `items` added or subtracted: until it is evaluated
  };
  Kind kind = Kind::none;
  std::u32string text;
  std::string bytes;
  std::int64_t integer = 0;
  bool huge = false;      // beyond 64 bits; `negative` is its sign, `bytes` its digits
  bool negative = false;  // also of signed_ and sum: the sign is a minus
  bool boolean = false;
  bool is_long = false;  // 2.7: written with an L
  bool list = false;     // a sequence in brackets
  double real = 0;
  std::vector<Literal> items;
  std::vector<Literal> values;
};

// The value of `line`, without its line ending and trailing blanks. Throws
// PythonError with the class of the exception; DecodeError, unsupported, for
// operators and forms that no dbm.dumb writes and this evaluator lacks.
// `offset` is that of the line in its file.
Literal literal_eval(std::string_view line, Python python, std::uint64_t offset);

}  // namespace assay::dbm
