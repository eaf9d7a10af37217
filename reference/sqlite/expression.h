// SQL expressions over one row, as generated columns have them. Parsed into a
// flat list in which operands stand before what uses them, so that one pass over
// it works the whole out; no recursion, whatever the depth.
// SQL Language Expressions (lang_expr.html); parse.y, "expr".
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "reference/sqlite/comparison.h"
#include "reference/sqlite/constant.h"
#include "reference/sqlite/create_table.h"

namespace assay::sqlite {

struct Function;  // expression_functions.h

enum class Operator : std::uint8_t {
  literal,
  column,
  negate,
  plus,  // and COLLATE: the operand as it is
  bit_not,
  logical_not,
  cast,
  is_null,
  not_null,
  is_true,  // the operand is taken for true; NULL is not
  is_false,
  logical_and,
  logical_or,
  equal,  // the eight comparisons
  not_equal,
  less,
  less_equal,
  greater,
  greater_equal,
  is,
  is_not,
  add,  // the five of arithmetic
  subtract,
  multiply,
  divide,
  remainder,
  bit_and,
  bit_or,
  shift_left,
  shift_right,
  concatenate,
  first_true,  // CASE: condition, value, condition, value, …, perhaps a last value
  first_not_null,
  function,
};

struct Node {
  Operator op = Operator::literal;
  bool collates = false;  // COLLATE stands in it
  bool constant = true;   // of literals alone, as parse.y takes it
  // As a comparison sees it. None is less than BLOB (expr.c, sqlite3ExprAffinity):
  // only columns and CASTs have one.
  std::optional<Affinity> affinity;
  std::optional<Collation> collation;  // expr.c, sqlite3ExprCollSeq
  Affinity applied = Affinity::blob;   // CAST: the type's; a comparison: to both sides
  Collation by = Collation::binary;    // comparisons and functions that compare
  std::uint32_t index = 0;             // of the literal, of the table's column
  std::uint32_t first = 0, count = 0;  // its operands
  const Function* function = nullptr;
};

struct Expression {
  std::vector<Node> nodes;              // the last is the whole
  std::vector<std::uint32_t> operands;  // of all nodes, each a node before
  std::vector<Constant> literals;       // text in UTF-8
};

// Parses an expression whose names are columns of `table`. Throws DecodeError of
// kind `unsupported`, its message naming the function, name or construct, for
// whatever is not implemented, and for what SQLite could not have stored either.
Expression parse_expression(std::string_view sql, const TableDefinition& table);

}  // namespace assay::sqlite
