// The nodes of an expression, made from its parts: what each of them is in a
// comparison follows from its operands. Knows of no SQL text but that of numbers.
#pragma once

#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

#include "reference/sqlite/expression.h"

namespace assay::sqlite {

// Every function gives the node that it made: its place in the list.
class ExpressionNodes {
 public:
  std::uint32_t literal(Constant value);
  std::uint32_t integer(std::int64_t value);
  std::uint32_t text(std::string value);
  // An SQL number; nothing for a hexadecimal one of more than 64 bits. A sign
  // directly before a number is part of it (expr.c, codeInteger).
  std::optional<std::uint32_t> number(std::string_view digits, bool is_integer, bool negative);
  // The collation of the column must be a known one.
  std::uint32_t column(const TableDefinition& table, std::size_t index);
  // What a name in double quotes is that names nothing.
  std::uint32_t quoted_text(std::string value);

  // No affinity, and the collation of the first operand in which COLLATE stands.
  std::uint32_t make(Operator op, std::span<const std::uint32_t> operands);
  std::uint32_t make(Operator op, std::initializer_list<std::uint32_t> operands) {
    return make(op, std::span(operands.begin(), operands.size()));
  }
  // The operand itself, without its affinity.
  std::uint32_t plain(std::uint32_t operand);
  std::uint32_t cast(std::uint32_t operand, Affinity to);
  std::uint32_t collate(std::uint32_t operand, Collation collation);
  std::uint32_t negation(std::uint32_t operand) { return make(Operator::logical_not, {operand}); }
  std::uint32_t negation_if(bool negated, std::uint32_t operand) {
    return negated ? negation(operand) : operand;
  }
  // Affinity and collation of both sides (expr.c, sqlite3CompareAffinity,
  // sqlite3BinaryCompareCollSeq).
  std::uint32_t comparison(Operator op, std::uint32_t a, std::uint32_t b);
  // x IN (items); an empty list has nothing in it, not even NULL.
  std::uint32_t membership(std::uint32_t value, std::span<const std::uint32_t> items);
  std::uint32_t call(const Function& function, std::span<const std::uint32_t> arguments);
  // A function that is an operator here; no constant, as calls are none.
  std::uint32_t lazy_call(Operator op, std::span<const std::uint32_t> arguments);

  // Ends with `whole`.
  Expression finish(std::uint32_t whole);

 private:
  Node& node(std::uint32_t i) { return made_.nodes[i]; }
  std::uint32_t leaf(Operator op) { return make(op, std::span<const std::uint32_t>()); }

  Expression made_;
};

}  // namespace assay::sqlite
