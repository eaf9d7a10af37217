#include "reference/sqlite/expression_nodes.h"

#include <charconv>
#include <utility>

#include "reference/sqlite/float_text.h"

namespace assay::sqlite {
namespace {

bool numeric(Affinity affinity) {
  return affinity >= Affinity::numeric;
}

}  // namespace

std::uint32_t ExpressionNodes::literal(Constant value) {
  made_.literals.push_back(std::move(value));
  const std::uint32_t made = leaf(Operator::literal);
  node(made).index = static_cast<std::uint32_t>(made_.literals.size() - 1);
  return made;
}

std::uint32_t ExpressionNodes::integer(std::int64_t value) {
  Constant constant;
  constant.storage = Storage::integer;
  constant.integer = value;
  return literal(std::move(constant));
}

std::uint32_t ExpressionNodes::text(std::string value) {
  Constant constant;
  constant.storage = Storage::text;
  constant.bytes = std::move(value);
  return literal(std::move(constant));
}

std::optional<std::uint32_t> ExpressionNodes::number(std::string_view digits, bool is_integer,
                                                     bool negative) {
  // Hexadecimal digits are 64 bits of two's complement.
  if (digits.size() > 2 && (digits[1] == 'x' || digits[1] == 'X')) {
    std::uint64_t bits = 0;
    digits.remove_prefix(2);
    const auto read = std::from_chars(digits.data(), digits.data() + digits.size(), bits, 16);
    if (read.ec != std::errc() || (negative && bits == std::uint64_t{1} << 63)) return std::nullopt;
    return integer(static_cast<std::int64_t>(negative ? 0 - bits : bits));
  }
  const std::string text = (negative ? "-" : "") + std::string(digits);
  std::int64_t whole = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), whole);
  if (is_integer && read.ec == std::errc()) return integer(whole);
  Constant value;
  value.storage = Storage::real;
  value.real = real_from_text(text);
  return literal(std::move(value));
}

std::uint32_t ExpressionNodes::column(const TableDefinition& table, std::size_t index) {
  const std::uint32_t made = leaf(Operator::column);
  Node& one = node(made);
  one.index = static_cast<std::uint32_t>(index);
  one.constant = false;
  one.affinity = table.columns[index].affinity;
  one.collation = collation_named(table.columns[index].collation);
  return made;
}

std::uint32_t ExpressionNodes::quoted_text(std::string value) {
  const std::uint32_t made = text(std::move(value));
  node(made).constant = false;
  return made;
}

std::uint32_t ExpressionNodes::make(Operator op, std::span<const std::uint32_t> operands) {
  Node made;
  made.op = op;
  made.first = static_cast<std::uint32_t>(made_.operands.size());
  made.count = static_cast<std::uint32_t>(operands.size());
  for (const std::uint32_t one : operands) {
    made_.operands.push_back(one);
    made.constant &= node(one).constant;
    if (!made.collates && node(one).collates) made.collation = node(one).collation;
    made.collates |= node(one).collates;
  }
  made_.nodes.push_back(made);
  return static_cast<std::uint32_t>(made_.nodes.size() - 1);
}

std::uint32_t ExpressionNodes::plain(std::uint32_t operand) {
  const std::uint32_t made = make(Operator::plus, {operand});
  node(made).collation = node(operand).collation;
  return made;
}

std::uint32_t ExpressionNodes::cast(std::uint32_t operand, Affinity to) {
  const std::uint32_t made = make(Operator::cast, {operand});
  node(made).affinity = to;
  node(made).applied = to;
  node(made).collation = node(operand).collation;
  return made;
}

std::uint32_t ExpressionNodes::collate(std::uint32_t operand, Collation collation) {
  const std::uint32_t made = make(Operator::plus, {operand});
  node(made).affinity = node(operand).affinity;
  node(made).collation = collation;
  node(made).collates = true;
  return made;
}

std::uint32_t ExpressionNodes::comparison(Operator op, std::uint32_t a, std::uint32_t b) {
  const std::uint32_t made = make(op, {a, b});
  const Node &left = node(a), &right = node(b);
  Affinity applied = left.affinity.value_or(right.affinity.value_or(Affinity::blob));
  if (left.affinity && right.affinity)
    applied =
        numeric(*left.affinity) || numeric(*right.affinity) ? Affinity::numeric : Affinity::blob;
  node(made).applied = numeric(applied) ? Affinity::numeric : applied;
  const auto& first = left.collates || !right.collates ? left.collation : right.collation;
  node(made).by = first.value_or(right.collation.value_or(Collation::binary));
  return made;
}

// x = a OR x = b …, each by what x is alone; but a single constant is compared as
// any other operand is (parse.y, "IN ()").
std::uint32_t ExpressionNodes::membership(std::uint32_t value,
                                          std::span<const std::uint32_t> items) {
  if (items.empty()) return integer(0);
  const bool single = items.size() == 1 && node(items[0]).constant;
  std::uint32_t made = 0;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const std::uint32_t one = comparison(Operator::equal, value, plain(items[i]));
    if (!single) node(one).by = node(value).collation.value_or(Collation::binary);
    made = i == 0 ? one : make(Operator::logical_or, {made, one});
  }
  return made;
}

// The first argument that has a collation lends it (expr.c, SQLITE_FUNC_NEEDCOLL).
std::uint32_t ExpressionNodes::call(const Function& function,
                                    std::span<const std::uint32_t> arguments) {
  const std::uint32_t made = make(Operator::function, arguments);
  node(made).function = &function;
  node(made).constant = false;
  for (auto one = arguments.rbegin(); one != arguments.rend(); ++one)
    if (const auto& collation = node(*one).collation) node(made).by = *collation;
  return made;
}

std::uint32_t ExpressionNodes::lazy_call(Operator op, std::span<const std::uint32_t> arguments) {
  const std::uint32_t made = make(op, arguments);
  node(made).constant = false;
  return made;
}

Expression ExpressionNodes::finish(std::uint32_t whole) {
  if (whole + 1 != made_.nodes.size()) plain(whole);
  return std::move(made_);
}

}  // namespace assay::sqlite
