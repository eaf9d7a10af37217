// The scalar functions that expressions may call: those of SQLite's own whose
// result depends on nothing but their arguments. Built-in Scalar SQL Functions
// (lang_corefunc.html); func.c.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "reference/sqlite/comparison.h"
#include "reference/sqlite/header.h"
#include "reference/sqlite/record.h"

namespace assay::sqlite {

// What the texts that an expression makes may have together, in bytes. SQLite's
// own bound is 10^9 for each.
constexpr std::size_t max_text = 16 << 20;

// A call: arguments in, result or failure out.
struct Call {
  std::span<const Field> arguments;
  TextEncoding encoding;
  Collation collation;  // for those that compare
  Field result;         // NULL until it is given
  std::string text;     // room for the bytes of the result
  // Why there is no result: what SQLite makes an error of, or differs in.
  const char* failure = nullptr;
  // Which argument the result is, if it is one of them.
  std::optional<std::size_t> chosen;

  // The result is an argument.
  void give_argument(std::size_t i);
  // The result is text, given in UTF-8.
  void give_text(std::string_view utf8);
};

struct Function {
  std::string_view name;
  std::size_t least, most;  // arguments
  void (*run)(Call& call);
};

// Nothing for a name that is not implemented; compared without case.
const Function* function_named(std::string_view name);

}  // namespace assay::sqlite
