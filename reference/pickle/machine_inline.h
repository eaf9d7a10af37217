// The opcodes that pickles consist of, inlined into the machine's loop.
#pragma once

#include <bit>

#include "reference/pickle/machine_state.h"
#include "reference/pickle/number_text.h"

namespace assay::pickle {

// --- numbers ------------------------------------------------------------------

inline void Machine::op_int() {
  const Bytes line = nonempty_line();
  if (const auto plain = plain_decimal(line)) [[likely]]
    push(graph_.integer(*plain));
  else
    push_unusual_int(line);
}

inline void Machine::op_binint() {
  push(graph_.integer(little_signed_32(input_.fixed(4, Fault::short_number))));
}

inline void Machine::op_binint1() {
  push(graph_.integer(*input_.fixed(1, Fault::short_byte)));
}

inline void Machine::op_binint2() {
  push(graph_.integer(little_16(input_.fixed(2, Fault::short_number))));
}

inline void Machine::op_binfloat() {
  std::uint64_t bits = little_64(input_.fixed(8, Fault::short_float));
  bits = __builtin_bswap64(bits);  // the only big-endian argument
  push(graph_.floating(std::bit_cast<double>(bits)));
}

// --- strings ------------------------------------------------------------------

inline void Machine::push_text(Bytes data) {
  if (!valid_utf8(data, true)) [[unlikely]]
    fail(Fault::unicode_decode_error, "'utf-8' codec can't decode byte");
  push(graph_.string(data));
}

inline void Machine::op_short_binunicode() {
  const std::uint8_t size = *input_.fixed(1, Fault::short_byte);
  push_text(input_.payload(size));
}

// --- the stack and the memo -----------------------------------------------------

inline void Machine::op_mark() {
  if (marks_on_stack_) [[unlikely]] {
    push(mark_object_);
    return;
  }
  marks_.push(stack_.size());
  if (fenced_) [[likely]]
    fence_ = stack_.size();
}

inline void Machine::op_binget() {
  const std::uint8_t index = *input_.fixed(1, Fault::short_byte);
  push_memo(memo_.get(std::uint64_t{index}));
}

inline void Machine::op_binput() {
  const std::uint8_t index = *input_.fixed(1, Fault::short_byte);
  memo_.put(index, top());
}

inline void Machine::op_memoize() {
  memo_.put(memo_.size(), top());
}

// --- lists --------------------------------------------------------------------

inline void Machine::op_append() {
  need(2);
  const NodeId value = pop();
  const NodeId list = stack_.back();
  if (graph_.kind(list) == Kind::list) [[likely]]
    graph_.append(list, value);
  else
    append_to_other(list, {&value, 1});
}

}  // namespace assay::pickle
