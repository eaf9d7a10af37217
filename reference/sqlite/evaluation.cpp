#include "reference/sqlite/evaluation.h"

#include <cmath>
#include <limits>

#include "reference/bytes/error.h"
#include "reference/sqlite/expression_functions.h"
#include "reference/sqlite/operand.h"
#include "reference/sqlite/text_encoding.h"

namespace assay::sqlite {
namespace {

constexpr std::int64_t smallest = std::numeric_limits<std::int64_t>::min();

Field truth(bool value) {
  return Field::of(std::int64_t{value});
}

// Both integers, and the result as well; nothing where it must be worked out in
// floating point. NULL for a division by 0 (vdbe.c, OP_Add and those behind it).
std::optional<Field> of_integers(Operator op, std::int64_t a, std::int64_t b) {
  std::int64_t result = 0;
  switch (op) {
    case Operator::add:
      if (__builtin_add_overflow(a, b, &result)) return std::nullopt;
      break;
    case Operator::subtract:
      if (__builtin_sub_overflow(a, b, &result)) return std::nullopt;
      break;
    case Operator::multiply:
      if (__builtin_mul_overflow(a, b, &result)) return std::nullopt;
      break;
    case Operator::divide:
      if (b == 0) return Field();
      if (b == -1 && a == smallest) return std::nullopt;
      result = a / b;
      break;
    default:
      if (b == 0) return Field();
      result = b == -1 ? 0 : a % b;
  }
  return Field::of(result);
}

// The remainder of floats is that of the integers they are cut to.
Field of_reals(Operator op, double a, double b) {
  double result = 0;
  switch (op) {
    case Operator::add:
      result = a + b;
      break;
    case Operator::subtract:
      result = a - b;
      break;
    case Operator::multiply:
      result = a * b;
      break;
    default:
      if (b == 0) return Field();
      result = a / b;
  }
  return std::isnan(result) ? Field() : Field::of(result);
}

// A shift by less than 0 goes the other way (vdbe.c, OP_ShiftLeft).
std::int64_t shifted(std::int64_t value, std::int64_t by, bool left) {
  if (by < 0) {
    left = !left;
    by = by > -64 ? -by : 64;
  }
  if (by >= 64) return value >= 0 || left ? 0 : -1;
  return left ? static_cast<std::int64_t>(static_cast<std::uint64_t>(value) << by) : value >> by;
}

}  // namespace

Evaluation::Evaluation(Expression expression, TextEncoding encoding)
    : expression_(std::move(expression)),
      encoding_(encoding),
      slots_(expression_.nodes.size()),
      literal_texts_(expression_.literals.size()) {
  // Literals stay what they are.
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    const Node& node = expression_.nodes[i];
    if (node.op == Operator::literal)
      slots_[i].value.field =
          field_of(expression_.literals[node.index], encoding, literal_texts_[node.index]);
  }
}

std::vector<std::size_t> Evaluation::columns() const {
  std::vector<std::size_t> found;
  for (const Node& node : expression_.nodes)
    if (node.op == Operator::column) found.push_back(node.index);
  return found;
}

const Evaluated& Evaluation::value(std::span<const Evaluated> row, std::size_t& room) {
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    Slot& slot = slots_[i];
    const Node& node = expression_.nodes[i];
    if (node.op == Operator::literal) continue;
    if (slot.text.capacity() > 4096) slot.text = std::string();
    slot.text.clear();
    slot.value = Evaluated();
    slot.failure = nullptr;
    evaluate(node, slot, row);
    if (slot.text.size() > room)
      throw DecodeError(ErrorKind::limit, 0, "expression", "texts of more than 16 MiB");
    room -= slot.text.size();
  }
  if (slots_.back().failure != nullptr)
    throw DecodeError(ErrorKind::unsupported, 0, "expression", slots_.back().failure);
  return slots_.back().value;
}

const Evaluation::Slot& Evaluation::slot_of(const Node& node, std::size_t i) const {
  return slots_[expression_.operands[node.first + i]];
}
const Field& Evaluation::operand(const Node& node, std::size_t i) const {
  return slot_of(node, i).value.field;
}

bool Evaluation::operands_fail(const Node& node, Slot& slot) const {
  for (std::size_t i = 0; i < node.count; ++i)
    if (slot.failure == nullptr) slot.failure = slot_of(node, i).failure;
  return slot.failure != nullptr;
}

// A failure is passed on like a value, so that what CASE does not choose may fail.
void Evaluation::evaluate(const Node& node, Slot& slot, std::span<const Evaluated> row) {
  if (node.op == Operator::first_true) return first_true(node, slot);
  if (node.op == Operator::first_not_null) return first_not_null(node, slot);
  if (operands_fail(node, slot)) return;
  switch (node.op) {
    case Operator::literal:
      return;
    case Operator::column:
      slot.value = row[node.index];
      return;
    case Operator::function:
      return call(node, slot);
    case Operator::logical_and:
    case Operator::logical_or:
      return both(node, slot);
    case Operator::concatenate:
      return concatenate(node, slot);
    case Operator::bit_and:
    case Operator::bit_or:
    case Operator::shift_left:
    case Operator::shift_right:
      return bits(node, slot);
    case Operator::add:
    case Operator::subtract:
    case Operator::multiply:
    case Operator::divide:
    case Operator::remainder:
      return arithmetic(node, slot);
    default:
      if (node.count == 1) return unary(node, slot);
      return compare_operands(node, slot);
  }
}

void Evaluation::unary(const Node& node, Slot& slot) {
  const Field& value = operand(node, 0);
  const bool whole_real = slot_of(node, 0).value.whole_real;
  const auto is_true = truth_of(value, encoding_);
  switch (node.op) {
    case Operator::plus:
      slot.value = slot_of(node, 0).value;
      return;
    case Operator::cast:
      slot.value.field = cast_to(value, node.applied, encoding_, slot.text);
      slot.value.whole_real = whole_real && node.applied == Affinity::numeric;
      return;
    case Operator::is_null:
    case Operator::not_null:
      slot.value.field = truth((value.storage == Storage::null) == (node.op == Operator::is_null));
      return;
    case Operator::is_true:
      slot.value.field = truth(is_true && *is_true);
      return;
    case Operator::is_false:
      slot.value.field = truth(is_true && !*is_true);
      return;
    default:
      break;
  }
  if (!is_true) return;
  if (node.op == Operator::logical_not) slot.value.field = truth(!*is_true);
  if (node.op == Operator::bit_not) slot.value.field = Field::of(~integer_of(value, encoding_));
  if (node.op != Operator::negate) return;
  // expr.c, TK_UMINUS: 0 minus the operand.
  const Number number = number_of(value, encoding_);
  const auto whole = number.integer ? of_integers(Operator::subtract, 0, number.as_integer)
                                    : std::optional<Field>();
  slot.value.field = whole ? *whole : of_reals(Operator::subtract, 0, number.as_real);
}

// vdbe.c, OP_Eq.
void Evaluation::compare_operands(const Node& node, Slot& slot) {
  std::string texts[2];
  const Field a = with_affinity(operand(node, 0), node.applied, encoding_, texts[0]);
  const Field b = with_affinity(operand(node, 1), node.applied, encoding_, texts[1]);
  const bool null = a.storage == Storage::null || b.storage == Storage::null;
  if (null && node.op != Operator::is && node.op != Operator::is_not) return;
  const int order = compare(a, b, encoding_, node.by);
  switch (node.op) {
    case Operator::equal:
    case Operator::is:
      slot.value.field = truth(order == 0);
      return;
    case Operator::not_equal:
    case Operator::is_not:
      slot.value.field = truth(order != 0);
      return;
    case Operator::less:
      slot.value.field = truth(order < 0);
      return;
    case Operator::less_equal:
      slot.value.field = truth(order <= 0);
      return;
    case Operator::greater:
      slot.value.field = truth(order > 0);
      return;
    default:
      slot.value.field = truth(order >= 0);
  }
}

// Three values (vdbe.c, OP_And): the one that decides, else NULL, else the other.
void Evaluation::both(const Node& node, Slot& slot) {
  const bool decides = node.op == Operator::logical_or;
  const auto a = truth_of(operand(node, 0), encoding_);
  const auto b = truth_of(operand(node, 1), encoding_);
  if (a == decides || b == decides) {
    slot.value.field = truth(decides);
  } else if (a && b) {
    slot.value.field = truth(!decides);
  }
}

void Evaluation::arithmetic(const Node& node, Slot& slot) {
  const Field &left = operand(node, 0), &right = operand(node, 1);
  if (left.storage == Storage::null || right.storage == Storage::null) return;
  const Number a = number_of(left, encoding_), b = number_of(right, encoding_);
  if (a.integer && b.integer) {
    if (const auto whole = of_integers(node.op, a.as_integer, b.as_integer)) {
      slot.value.field = *whole;
      return;
    }
  }
  if (node.op != Operator::remainder) {
    slot.value.field = of_reals(node.op, a.as_real, b.as_real);
    return;
  }
  const auto whole =
      of_integers(node.op, integer_of(left, encoding_), integer_of(right, encoding_));
  if (whole && whole->storage == Storage::integer)
    slot.value.field = Field::of(static_cast<double>(whole->integer));
}

void Evaluation::bits(const Node& node, Slot& slot) {
  const Field &left = operand(node, 0), &right = operand(node, 1);
  if (left.storage == Storage::null || right.storage == Storage::null) return;
  const std::int64_t a = integer_of(left, encoding_), b = integer_of(right, encoding_);
  if (node.op == Operator::bit_and) {
    slot.value.field = Field::of(a & b);
  } else if (node.op == Operator::bit_or) {
    slot.value.field = Field::of(a | b);
  } else {
    slot.value.field = Field::of(shifted(a, b, node.op == Operator::shift_left));
  }
}

// The bytes as they are stored, blobs too; the result is text (vdbe.c, OP_Concat).
void Evaluation::concatenate(const Node& node, Slot& slot) {
  for (std::size_t i = 0; i < 2; ++i) {
    std::string storage;
    const Field& one = operand(node, i);
    if (one.storage == Storage::null) return;
    const Field text = with_affinity(one, Affinity::text, encoding_, storage);
    slot.text += as_text(text.bytes);
  }
  if (encoding_ != TextEncoding::utf8) slot.text.resize(slot.text.size() / 2 * 2);
  slot.value.field.storage = Storage::text;
  slot.value.field.bytes = as_bytes(slot.text);
}

void Evaluation::first_true(const Node& node, Slot& slot) {
  for (std::size_t i = 0; i < node.count; i += 2) {
    const bool condition = i + 1 < node.count;
    const Slot& one = slot_of(node, i);
    if (condition && one.failure == nullptr && truth_of(one.value.field, encoding_) != true)
      continue;
    const Slot& chosen = condition && one.failure == nullptr ? slot_of(node, i + 1) : one;
    slot.failure = chosen.failure;
    slot.value = chosen.value;
    return;
  }
}

void Evaluation::first_not_null(const Node& node, Slot& slot) {
  for (std::size_t i = 0; i < node.count; ++i) {
    const Slot& one = slot_of(node, i);
    slot.failure = one.failure;
    slot.value = one.value;
    if (one.failure != nullptr || one.value.field.storage != Storage::null) return;
  }
}

void Evaluation::call(const Node& node, Slot& slot) {
  arguments_.clear();
  for (std::size_t i = 0; i < node.count; ++i) arguments_.push_back(operand(node, i));
  Call call{arguments_, encoding_, node.by, {}, std::move(slot.text), nullptr, {}};
  node.function->run(call);
  // A short text moves with its bytes.
  const bool own = call.result.bytes.data() == as_bytes(call.text).data();
  slot.text = std::move(call.text);
  slot.value.field = call.result;
  if (own) slot.value.field.bytes = as_bytes(slot.text);
  slot.value.whole_real = call.chosen && slot_of(node, *call.chosen).value.whole_real;
  slot.failure = call.failure;
}

}  // namespace assay::sqlite
