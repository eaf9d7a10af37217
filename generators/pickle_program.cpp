#include "generators/pickle_program.h"

#include <map>

#include "generators/pickle_arguments.h"

namespace assay::generators {
namespace {

using pickle::Code;

// What is known of an object on the stack.
enum class Kind : std::uint8_t { plain, text, tuple, list, dict, set, name, instance, buffer };

struct Item {
  Kind kind = Kind::plain;
  bool hashable = true;
  // Objects in it, counted as often as they are in it: CPython hashes a tuple
  // anew for every way to it.
  std::uint64_t weight = 1;
};

constexpr std::uint64_t heaviest_key = 1000;
constexpr std::uint64_t heaviest = 100000;

class Builder {
 public:
  Builder(Choices& choices, const ProgramWorld& world)
      : choices_(choices), world_(world), buffers_(world.buffers) {}

  Program build(std::size_t length) {
    if (world_.protocol >= 2 || choices_.chance(5))
      emit(number_instruction(Code::PROTO, static_cast<std::uint64_t>(world_.protocol)));
    if (choices_.chance(60)) {  // the whole stack is the value
      marks_.push_back(0);
      emit(Code::MARK);
    }
    while (program_.size() < length) step();
    finish();
    return std::move(program_);
  }

 private:
  void emit(std::string instruction) { program_.push_back(std::move(instruction)); }
  void emit(Code code) { emit(std::string(1, static_cast<char>(code))); }
  void emit_right(Code code) { emit(right_instruction(choices_, code)); }
  void push(Kind kind, bool hashable = true, std::uint64_t weight = 1) {
    stack_.push_back({kind, hashable && weight <= heaviest_key, weight});
  }
  // Items above the topmost mark, or all.
  std::size_t floor() const { return marks_.empty() ? 0 : marks_.back(); }
  std::size_t height() const { return stack_.size() - floor(); }
  const Item& top(std::size_t below = 0) const { return stack_[stack_.size() - 1 - below]; }
  bool at_least(int protocol) const { return world_.protocol >= protocol; }
  void drop(std::size_t count) { stack_.resize(stack_.size() - count); }

  std::uint64_t weight_of(std::size_t count) const {
    std::uint64_t weight = 1;
    for (std::size_t i = 0; i < count; ++i) weight += top(i).weight;
    return weight;
  }
  bool hashable(std::size_t count) const {
    for (std::size_t i = 0; i < count; ++i)
      if (!top(i).hashable) return false;
    return true;
  }
  // Whether the top `count` items are pairs whose first can be keys.
  bool pairs(std::size_t count) const {
    if (count % 2 != 0) return false;
    for (std::size_t i = 1; i < count; i += 2)
      if (!top(i).hashable) return false;
    return true;
  }

  void step();
  void scalar();
  void text();
  void container();
  void above_mark();
  void above_mark_into(const Item& target, std::size_t count);
  void combine();
  void into_container();
  void remember();
  void recall();
  void name();
  void make_instance();
  void resolved();
  void outside();
  void finish();
  std::string key() {
    return counted_instruction(Code::BINUNICODE, choices_.chance(50) ? "k" : "a b");
  }

  Choices& choices_;
  const ProgramWorld& world_;
  int buffers_;
  Program program_;
  std::vector<Item> stack_;
  std::vector<std::size_t> marks_;  // heights of the stack where they were set
  // Python 2's memo has texts (PUT) and numbers (BINPUT) apart: what was put by
  // one is not to be had by the other.
  struct Remembered {
    Item item;
    bool by_text = false;
  };
  std::map<std::uint64_t, Remembered> memo_;
};

void Builder::step() {
  switch (choices_.below(20)) {
    case 0:
    case 1:
    case 2:
      return scalar();
    case 3:
      return text();
    case 4:
    case 5:
      return container();
    case 6:
      marks_.push_back(stack_.size());
      return emit(Code::MARK);
    case 7:
    case 8:
    case 9:
      return above_mark();
    case 10:
    case 11:
      return combine();
    case 12:
    case 13:
      return into_container();
    case 14:
      return remember();
    case 15:
      return recall();
    case 16:
      return name();
    case 17:
      return make_instance();
    case 18:
      return resolved();
    default:
      return outside();
  }
}

void Builder::scalar() {
  constexpr Code codes[] = {Code::NONE,
                            Code::INT,
                            Code::LONG,
                            Code::FLOAT,
                            Code::STRING,
                            Code::BININT,
                            Code::BININT1,
                            Code::BININT2,
                            Code::BINFLOAT,
                            Code::BINSTRING,
                            Code::SHORT_BINSTRING,
                            Code::NEWTRUE,
                            Code::NEWFALSE,
                            Code::LONG1,
                            Code::LONG4,
                            Code::BINBYTES,
                            Code::SHORT_BINBYTES,
                            Code::BINBYTES8,
                            Code::BYTEARRAY8};
  const Code code = choices_.one_of(codes);
  if (!at_least(opcode(code).protocol)) return emit(Code::NONE), push(Kind::plain);
  emit_right(code);
  push(Kind::plain, code != Code::BYTEARRAY8);
}

void Builder::text() {
  constexpr Code codes[] = {Code::UNICODE, Code::BINUNICODE, Code::SHORT_BINUNICODE,
                            Code::BINUNICODE8};
  const Code code = choices_.one_of(codes);
  emit_right(at_least(opcode(code).protocol) ? code : Code::UNICODE);
  push(Kind::text);
}

void Builder::container() {
  switch (choices_.below(at_least(4) ? 4 : 3)) {
    case 0:
      if (!at_least(1)) break;
      emit(Code::EMPTY_LIST);
      return push(Kind::list, false);
    case 1:
      if (!at_least(1)) break;
      emit(Code::EMPTY_DICT);
      return push(Kind::dict, false);
    case 2:
      if (!at_least(1)) break;
      emit(Code::EMPTY_TUPLE);
      return push(Kind::tuple);
    default:
      emit(Code::EMPTY_SET);
      return push(Kind::set, false);
  }
  const bool list = choices_.chance(50);
  emit(Code::MARK);
  emit(list ? Code::LIST : Code::DICT);
  push(list ? Kind::list : Kind::dict, false);
}

// What takes everything above the topmost mark.
void Builder::above_mark() {
  if (marks_.empty()) return scalar();
  const std::size_t count = height();
  const std::uint64_t weight = weight_of(count);
  const bool all_hashable = hashable(count);
  const bool all_pairs = pairs(count);
  if (weight > heaviest) return;
  const bool below = marks_.back() > (marks_.size() > 1 ? marks_[marks_.size() - 2] : 0);
  if (below && choices_.chance(50)) return above_mark_into(stack_[marks_.back() - 1], count);
  const bool callable = count > 0 && stack_[floor()].kind == Kind::name;
  Code code = choices_.one_of({Code::TUPLE, Code::LIST, Code::DICT, Code::POP_MARK, Code::OBJ,
                               Code::INST, Code::FROZENSET});
  if (!at_least(opcode(code).protocol) || (code == Code::DICT && !all_pairs) ||
      (code == Code::OBJ && !callable) || (code == Code::FROZENSET && !all_hashable))
    code = Code::TUPLE;
  emit_right(code);
  marks_.pop_back();
  drop(count);
  if (code == Code::TUPLE) return push(Kind::tuple, all_hashable, weight);
  if (code == Code::LIST) return push(Kind::list, false, weight);
  if (code == Code::DICT) return push(Kind::dict, false, weight);
  if (code == Code::FROZENSET) return push(Kind::plain, true, weight);
  if (code != Code::POP_MARK) push(Kind::instance, true, weight);
}

void Builder::above_mark_into(const Item& target, std::size_t count) {
  Code code = Code::TUPLE;
  const bool instance = target.kind == Kind::instance;
  if (target.kind == Kind::list || (instance && choices_.chance(40))) {
    code = Code::APPENDS;
  } else if ((target.kind == Kind::dict && pairs(count)) ||
             (instance && count % 2 == 0 && choices_.chance(50))) {
    code = Code::SETITEMS;
  } else if ((target.kind == Kind::set && hashable(count)) || instance) {
    code = Code::ADDITEMS;
  }
  if (!at_least(opcode(code).protocol)) code = Code::TUPLE;
  const std::uint64_t weight = weight_of(count);
  const bool all_hashable = hashable(count);
  emit(code);
  marks_.pop_back();
  drop(count);
  if (code == Code::TUPLE) return push(Kind::tuple, all_hashable, weight);
  stack_.back().weight += weight;
}

// What takes a few items off the top.
void Builder::combine() {
  const std::size_t most = std::min<std::size_t>(height(), 3);
  if (most == 0 || !at_least(2)) return text();
  const std::size_t count = choices_.between(1, most);
  const std::uint64_t weight = weight_of(count);
  if (weight > heaviest) return emit(Code::POP), drop(1);
  if (count == 1 && choices_.chance(30)) {
    emit(choices_.chance(50) ? Code::DUP : Code::POP);
    if (program_.back()[0] == static_cast<char>(Code::POP)) return drop(1);
    const Item again = top();
    return stack_.push_back(again);
  }
  const bool all_hashable = hashable(count);
  emit(count == 1 ? Code::TUPLE1 : count == 2 ? Code::TUPLE2 : Code::TUPLE3);
  drop(count);
  push(Kind::tuple, all_hashable, weight);
}

void Builder::into_container() {
  if (height() >= 2 && (top(1).kind == Kind::list || top(1).kind == Kind::instance)) {
    emit(Code::APPEND);
  } else if (height() >= 3 &&
             ((top(2).kind == Kind::dict && top(1).hashable) || top(2).kind == Kind::instance)) {
    emit(Code::SETITEM);
    drop(1);
  } else {
    return scalar();
  }
  drop(1);
}

void Builder::remember() {
  if (height() == 0) return scalar();
  if (at_least(4) && choices_.chance(50)) {
    emit(Code::MEMOIZE);
    memo_[memo_.size()] = {top()};
    return;
  }
  const std::uint64_t index = choices_.chance(80) ? memo_.size() : choices_.below(300);
  const bool by_text = !at_least(1) || choices_.chance(20);
  memo_[index] = {top(), by_text};
  if (by_text) return emit(text_instruction(Code::PUT, std::to_string(index)));
  const bool short_form = index < 256 && choices_.chance(80);
  emit(number_instruction(short_form ? Code::BINPUT : Code::LONG_BINPUT, index));
}

void Builder::recall() {
  if (memo_.empty()) return scalar();
  auto chosen = memo_.begin();
  std::advance(chosen, static_cast<std::ptrdiff_t>(choices_.below(memo_.size())));
  const auto& [index, remembered] = *chosen;
  if (remembered.item.weight > heaviest_key) return;
  if (remembered.by_text) {
    emit(text_instruction(Code::GET, std::to_string(index)));
  } else {
    const bool short_form = index < 256 && choices_.chance(80);
    emit(number_instruction(short_form ? Code::BINGET : Code::LONG_BINGET, index));
  }
  stack_.push_back(remembered.item);
}

void Builder::name() {
  if (at_least(4) && choices_.chance(50)) {
    emit(counted_instruction(Code::SHORT_BINUNICODE, choices_.one_of({"m", "pkg.mod", "os"})));
    emit(counted_instruction(Code::BINUNICODE, choices_.one_of({"C", "A.B", "system"})));
    emit(Code::STACK_GLOBAL);
  } else {
    emit_right(Code::GLOBAL);
  }
  push(Kind::name);
}

// A call, a __new__ or a state on what stands there, or on a fresh name.
void Builder::make_instance() {
  if (height() >= 2 && top(1).kind == Kind::instance && choices_.chance(60)) {
    emit(Code::BUILD);
    return drop(1);
  }
  const bool ready = height() >= 2 && top().kind == Kind::tuple &&
                     (top(1).kind == Kind::name || top(1).kind == Kind::instance);
  if (!ready) {
    name();
    emit(Code::MARK);
    if (choices_.chance(60)) emit_right(Code::INT);
    emit(Code::TUPLE);
    push(Kind::tuple);
  }
  const std::uint64_t weight = weight_of(2);
  const bool is_name = top(1).kind == Kind::name;
  if (is_name && at_least(4) && choices_.chance(25)) {
    emit(Code::EMPTY_DICT);
    if (choices_.chance(60)) {
      emit(key());
      emit_right(Code::BININT1);
      emit(Code::SETITEM);
    }
    emit(Code::NEWOBJ_EX);
  } else {
    emit(is_name && at_least(2) && choices_.chance(50) ? Code::NEWOBJ : Code::REDUCE);
  }
  drop(2);
  push(Kind::instance, true, weight);
}

// The constructors by which picklers write values of built-in types. What they
// make is only looked at as a whole from here on.
void Builder::resolved() {
  const char* builtins = at_least(3) ? "builtins" : "__builtin__";
  const auto call = [&](const char* module, const char* function) {
    emit(name_instruction(Code::GLOBAL, module, function));
    emit(Code::MARK);
  };
  bool is_hashable = true;
  switch (choices_.below(6)) {
    case 0:
    case 1: {
      is_hashable = choices_.chance(50);
      call(builtins, is_hashable ? "frozenset" : "set");
      emit(Code::MARK);
      for (std::uint64_t i = choices_.below(3); i > 0; --i) emit_right(Code::INT);
      emit(Code::LIST);
      break;
    }
    case 2:
      call(builtins, "complex");
      emit_right(Code::FLOAT);
      emit_right(Code::FLOAT);
      break;
    case 3:
      call("_codecs", "encode");
      emit(text_instruction(Code::UNICODE, "ab"));
      emit(text_instruction(Code::UNICODE, "latin1"));
      break;
    case 4:
      call("copy_reg", "_reconstructor");
      emit_right(Code::GLOBAL);
      emit(name_instruction(Code::GLOBAL, builtins, "object"));
      emit(Code::NONE);
      emit(Code::TUPLE);
      emit(Code::REDUCE);
      return push(Kind::instance);
    default:
      call(builtins, "bytearray");
      is_hashable = false;
      break;
  }
  emit(Code::TUPLE);
  emit(Code::REDUCE);
  push(Kind::plain, is_hashable);
}

// What comes from outside of the pickle: persistent ids, buffers, extensions.
void Builder::outside() {
  const std::uint64_t pick = choices_.below(3);
  if (pick == 0 && world_.extensions && at_least(2)) {
    const Code code = choices_.one_of({Code::EXT1, Code::EXT2, Code::EXT4});
    emit(number_instruction(code, code == Code::EXT1 ? 1 : code == Code::EXT2 ? 300 : 70000));
    return push(Kind::name);
  }
  if (pick == 1 && at_least(5) && buffers_ > 0) {
    --buffers_;
    emit(Code::NEXT_BUFFER);
    if (choices_.chance(40)) emit(Code::READONLY_BUFFER);
    return push(Kind::buffer, false);
  }
  if (pick == 2 && world_.persistent) {
    if (height() > 0 && top().hashable && at_least(1)) {
      emit(Code::BINPERSID);
      drop(1);
    } else {
      emit_right(Code::PERSID);
    }
    return push(Kind::plain);
  }
  scalar();
}

// Closes what is open; STOP takes what is then on top.
void Builder::finish() {
  while (!marks_.empty()) {
    const std::size_t count = height();
    emit(choices_.chance(70) ? Code::TUPLE : Code::LIST);
    marks_.pop_back();
    drop(count);
    push(Kind::plain, false);
  }
  if (stack_.empty()) scalar();
  emit(Code::STOP);
}

}  // namespace

Program valid_program(Choices& choices, const ProgramWorld& world, std::size_t length) {
  return Builder(choices, world).build(length);
}

std::string assembled(const Program& program) {
  std::string bytes;
  for (const std::string& instruction : program) bytes += instruction;
  return bytes;
}

std::string framed(Choices& choices, const Program& program) {
  std::string bytes;
  std::size_t at = 0;
  if (!program.empty() && program[0][0] == static_cast<char>(Code::PROTO)) bytes = program[at++];
  while (at < program.size()) {
    std::string frame;
    for (std::uint64_t left = choices.between(1, 12); left > 0 && at < program.size(); --left)
      frame += program[at++];
    if (choices.chance(80)) bytes += number_instruction(Code::FRAME, frame.size());
    bytes += frame;
  }
  return bytes;
}

}  // namespace assay::generators
