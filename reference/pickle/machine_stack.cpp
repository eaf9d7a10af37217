// The stack, its marks, and the memo.
#include <charconv>
#include <optional>

#include "reference/pickle/machine_state.h"
#include "reference/pickle/number_text.h"
#include "reference/value/integer.h"

namespace assay::pickle {

void Machine::underflow() const {
  fail(Fault::stack_underflow, "unpickling stack underflow");
}

Machine::Marked Machine::pop_mark() {
  if (marks_on_stack_) [[unlikely]]
    return find_mark_on_stack();
  if (marks_.empty()) fail(Fault::no_mark, "could not find MARK");
  const std::size_t mark = marks_.back();
  marks_.shrink(marks_.size() - 1);
  fence_ = fenced_ && !marks_.empty() ? marks_.back() : 0;
  return {mark, mark};
}

Machine::Marked Machine::find_mark_on_stack() {
  for (std::size_t i = stack_.size(); i-- > 0;)
    if (stack_[i] == mark_object_) return {i + 1, i};
  fail(Fault::no_mark, "list index out of range");
}

Machine::Items Machine::items(Marked marked) const {
  if (marked.first > stack_.size()) [[unlikely]]
    fail(Fault::negative_length, "bad argument to internal function");
  return {stack_.data() + marked.first, stack_.size() - marked.first};
}

NodeId Machine::target(Marked marked) const {
  if (marked.cut > fence_ && marked.first <= stack_.size()) [[likely]]
    return stack_[marked.cut - 1];
  // stack[mark - 1] with the mark at 0 is Python's stack[-1].
  if (marks_on_stack_) return stack_.back();
  fail(Fault::stack_underflow, "unpickling stack underflow");
}

void Machine::op_pop() {
  // A mark is popped when nothing stands above it.
  if (!marks_.empty() && marks_.back() == stack_.size())
    pop_mark();
  else
    pop();
}

void Machine::op_pop_mark() {
  const Marked marked = pop_mark();
  if (marked.cut < stack_.size()) cut(marked.cut);
}

void Machine::op_dup() {
  push(top());
}

// --- the memo ----------------------------------------------------------------

void Machine::push_memo(NodeId value) {
  if (value == no_node) [[unlikely]]
    fail(Fault::memo_missing, "Memo value not found");
  push(value);
}

namespace {

Bytes without_newline(Bytes line) {
  return line.empty() ? line : line.first(line.size() - 1);
}

// The index whose repr() a text key is, in 2.7's pickle.py.
std::optional<std::uint64_t> index_by_repr(std::string_view text) {
  std::uint64_t index = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), index);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  if (!whole || (text.size() > 1 && text[0] == '0') || index > INT64_MAX) return std::nullopt;
  return index;
}

}  // namespace

void Machine::op_long_binget() {
  const std::uint32_t index = little_32(input_.fixed(4, Fault::short_number));
  get_index(index);
}

// A four-byte index: 2.7's pickle.py reads it signed and uses its repr().
void Machine::get_index(std::uint32_t index) {
  if (profile_.has(Quirk::memo_index_signed) && index > INT32_MAX)
    push_memo(memo_.get(std::to_string(static_cast<std::int32_t>(index))));
  else
    push_memo(memo_.get(std::uint64_t{index}));
}

void Machine::op_long_binput() {
  const std::uint32_t index = little_32(input_.fixed(4, Fault::short_number));
  if (profile_.has(Quirk::memo_index_signed) && index > INT32_MAX) {
    memo_.put(std::to_string(static_cast<std::int32_t>(index)), top());
    return;
  }
  if (profile_.has(Quirk::put_checks_stack_first)) need(1);
  if (index > profile_.largest_size())
    fail(Fault::memo_index_negative, "negative LONG_BINPUT argument");
  put_index(index);
}

void Machine::op_get() {
  const Bytes line = nonempty_line();
  if (profile_.has(Quirk::memo_by_text)) {
    const std::string_view key = as_text(without_newline(line));
    const auto index = profile_.has(Quirk::memo_text_apart) ? std::nullopt : index_by_repr(key);
    push_memo(index ? memo_.get(*index) : memo_.get(key));
    return;
  }
  if (const auto plain = plain_decimal(line)) {
    std::int64_t index = *plain;
    if (profile_.word() == 32) index = index_of_number(graph_.integer(index)).value();
    push_memo(index < 0 ? no_node : memo_.get(static_cast<std::uint64_t>(index)));
    return;
  }
  const NodeId number = NumberText(graph_, profile_).index_line(line);
  const std::optional<std::int64_t> index = index_of_number(number);
  if (!index)
    push_memo(memo_.get(integer_text(graph_, number, 16)));
  else
    push_memo(*index < 0 ? no_node : memo_.get(static_cast<std::uint64_t>(*index)));
}

// The value of an integer node as an index; nothing where a lane that takes any
// index has to use its text.
std::optional<std::int64_t> Machine::index_of_number(NodeId number) const {
  const bool big = graph_.kind(number) == Kind::big_integer;
  const std::int64_t value = big ? 0 : graph_[number].integer;
  const auto largest = static_cast<std::int64_t>(profile_.largest_size());
  if (profile_.has(Quirk::memo_index_limited)) {
    if (big || value > largest || value < -largest - 1)
      fail(Fault::overflow_error, "Python int too large to convert to C ssize_t");
  } else if (big) {
    if (!graph_.negative(number)) return std::nullopt;
    return -1;
  }
  return value;
}

void Machine::op_put() {
  const Bytes line = nonempty_line();
  if (profile_.has(Quirk::memo_by_text)) {
    const std::string_view key = as_text(without_newline(line));
    const auto index = profile_.has(Quirk::memo_text_apart) ? std::nullopt : index_by_repr(key);
    if (index)
      memo_.put(*index, top());
    else
      memo_.put(key, top());
    return;
  }
  if (profile_.has(Quirk::put_checks_stack_first)) need(1);
  std::int64_t index = 0;
  if (const auto plain = plain_decimal(line)) {
    index = *plain;
    if (profile_.word() == 32) index = index_of_number(graph_.integer(index)).value();
  } else {
    const NodeId number = NumberText(graph_, profile_).index_line(line);
    const std::optional<std::int64_t> within = index_of_number(number);
    if (!within) {
      memo_.put(integer_text(graph_, number, 16), top());
      return;
    }
    index = *within;
  }
  if (index < 0) fail(Fault::memo_index_negative, "negative PUT argument");
  put_index(static_cast<std::uint64_t>(index));
}

void Machine::put_index(std::uint64_t index) {
  const NodeId value = top();
  // The C lane's array would need twice as many pointers.
  if (profile_.has(Quirk::memo_is_array) && memo_.get(index) == no_node) {
    const std::uint64_t pointer = profile_.word() == 32 ? 4 : 8;
    const std::uint64_t most =
        profile_.word() == 32 ? profile_.largest_size() : limits::process_bytes;
    if (index > most / pointer / 2) fail(Fault::memory_error);
  }
  memo_.put(index, value);
}

}  // namespace assay::pickle
