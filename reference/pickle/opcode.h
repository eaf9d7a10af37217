// The 68 opcodes of pickle protocols 0 to 5, in one table.
//
// Names, argument kinds and stack effects are pickletools' (Lib/pickletools.py,
// `opcodes`), so that a row can be compared with any CPython mechanically
// (opcode_test.cpp does). What each opcode does is written in README.md.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string_view>

namespace assay::pickle {

// The highest protocol the table covers.
inline constexpr int highest_protocol = 5;

// The opcode byte, spelled with pickletools' name.
enum class Code : std::uint8_t {
  // Protocol 0.
  MARK = '(',
  STOP = '.',
  POP = '0',
  DUP = '2',
  FLOAT = 'F',
  INT = 'I',
  LONG = 'L',
  NONE = 'N',
  PERSID = 'P',
  REDUCE = 'R',
  STRING = 'S',
  UNICODE = 'V',
  APPEND = 'a',
  BUILD = 'b',
  GLOBAL = 'c',
  DICT = 'd',
  GET = 'g',
  INST = 'i',
  LIST = 'l',
  PUT = 'p',
  SETITEM = 's',
  TUPLE = 't',
  // Protocol 1.
  EMPTY_TUPLE = ')',
  POP_MARK = '1',
  BINFLOAT = 'G',
  BININT = 'J',
  BININT1 = 'K',
  BININT2 = 'M',
  BINPERSID = 'Q',
  BINSTRING = 'T',
  SHORT_BINSTRING = 'U',
  BINUNICODE = 'X',
  EMPTY_LIST = ']',
  APPENDS = 'e',
  BINGET = 'h',
  LONG_BINGET = 'j',
  OBJ = 'o',
  BINPUT = 'q',
  LONG_BINPUT = 'r',
  SETITEMS = 'u',
  EMPTY_DICT = '}',
  // Protocol 2 (PEP 307).
  PROTO = 0x80,
  NEWOBJ = 0x81,
  EXT1 = 0x82,
  EXT2 = 0x83,
  EXT4 = 0x84,
  TUPLE1 = 0x85,
  TUPLE2 = 0x86,
  TUPLE3 = 0x87,
  NEWTRUE = 0x88,
  NEWFALSE = 0x89,
  LONG1 = 0x8a,
  LONG4 = 0x8b,
  // Protocol 3.
  BINBYTES = 'B',
  SHORT_BINBYTES = 'C',
  // Protocol 4 (PEP 3154).
  SHORT_BINUNICODE = 0x8c,
  BINUNICODE8 = 0x8d,
  BINBYTES8 = 0x8e,
  EMPTY_SET = 0x8f,
  ADDITEMS = 0x90,
  FROZENSET = 0x91,
  NEWOBJ_EX = 0x92,
  STACK_GLOBAL = 0x93,
  MEMOIZE = 0x94,
  FRAME = 0x95,
  // Protocol 5 (PEP 574).
  BYTEARRAY8 = 0x96,
  NEXT_BUFFER = 0x97,
  READONLY_BUFFER = 0x98,
};

// What follows the opcode byte in the stream: pickletools' argument
// descriptors, and `none`.
enum class Argument : std::uint8_t {
  none,
  uint1,
  uint2,
  int4,
  uint4,
  uint8,
  float8,                  // big-endian IEEE 754 binary64
  stringnl,                // a line: a quoted Python string
  stringnl_noescape,       // a line
  stringnl_noescape_pair,  // two lines
  decimalnl_short,         // a line: a number, or 00 and 01 for booleans
  decimalnl_long,          // a line: a number, L may follow
  floatnl,                 // a line: a float
  unicodestringnl,         // a line: raw-unicode-escape
  string1,
  string4,  // the only counted kind besides long4 whose count is signed
  bytes1,
  bytes4,
  bytes8,
  bytearray8,
  unicodestring1,
  unicodestring4,
  unicodestring8,
  long1,  // counted two's complement, little-endian
  long4,
};

// How an argument is delimited, which is all that finding the next opcode needs.
enum class Shape : std::uint8_t {
  none,
  fixed,    // `width` bytes
  line,     // up to a newline
  pair,     // two lines
  counted,  // a little-endian count of `width` bytes, then that many bytes
};

struct ArgumentInfo {
  std::string_view name;  // pickletools' name; empty for none
  Shape shape;
  std::uint8_t width;  // bytes: of a fixed argument, or of a count
  bool is_signed;      // the fixed number or the count is two's complement
};

// What an argument kind looks like in the stream.
constexpr ArgumentInfo info(Argument argument) {
  switch (argument) {
    case Argument::none:
      return {"", Shape::none, 0, false};
    case Argument::uint1:
      return {"uint1", Shape::fixed, 1, false};
    case Argument::uint2:
      return {"uint2", Shape::fixed, 2, false};
    case Argument::int4:
      return {"int4", Shape::fixed, 4, true};
    case Argument::uint4:
      return {"uint4", Shape::fixed, 4, false};
    case Argument::uint8:
      return {"uint8", Shape::fixed, 8, false};
    case Argument::float8:
      return {"float8", Shape::fixed, 8, false};
    case Argument::stringnl:
      return {"stringnl", Shape::line, 0, false};
    case Argument::stringnl_noescape:
      return {"stringnl_noescape", Shape::line, 0, false};
    case Argument::stringnl_noescape_pair:
      return {"stringnl_noescape_pair", Shape::pair, 0, false};
    case Argument::decimalnl_short:
      return {"decimalnl_short", Shape::line, 0, false};
    case Argument::decimalnl_long:
      return {"decimalnl_long", Shape::line, 0, false};
    case Argument::floatnl:
      return {"floatnl", Shape::line, 0, false};
    case Argument::unicodestringnl:
      return {"unicodestringnl", Shape::line, 0, false};
    case Argument::string1:
      return {"string1", Shape::counted, 1, false};
    case Argument::string4:
      return {"string4", Shape::counted, 4, true};
    case Argument::bytes1:
      return {"bytes1", Shape::counted, 1, false};
    case Argument::bytes4:
      return {"bytes4", Shape::counted, 4, false};
    case Argument::bytes8:
      return {"bytes8", Shape::counted, 8, false};
    case Argument::bytearray8:
      return {"bytearray8", Shape::counted, 8, false};
    case Argument::unicodestring1:
      return {"unicodestring1", Shape::counted, 1, false};
    case Argument::unicodestring4:
      return {"unicodestring4", Shape::counted, 4, false};
    case Argument::unicodestring8:
      return {"unicodestring8", Shape::counted, 8, false};
    case Argument::long1:
      return {"long1", Shape::counted, 1, false};
    case Argument::long4:
      return {"long4", Shape::counted, 4, true};
  }
  return {"", Shape::none, 0, false};
}

// What stands on the stack, in pickletools' words. `mark` and `stackslice`
// together are everything from the topmost mark on.
enum class StackItem : std::uint8_t {
  any,
  mark,
  stackslice,
  none,
  bool_,
  int_,
  int_or_bool,
  float_,
  bytes_or_str,
  bytes,
  bytearray,
  str,
  tuple,
  list,
  dict,
  set,
  frozenset,
  buffer,
};

// pickletools' name of a stack item ("None", "int_or_bool", ...).
std::string_view name(StackItem item);

// The top of the stack, deepest item first; at most three.
class StackTop {
 public:
  constexpr StackTop() = default;
  constexpr StackTop(std::initializer_list<StackItem> items) {
    for (StackItem item : items) items_[size_++] = item;
  }
  constexpr std::size_t size() const { return size_; }
  constexpr StackItem operator[](std::size_t i) const { return items_[i]; }
  constexpr const StackItem* begin() const { return items_.data(); }
  constexpr const StackItem* end() const { return items_.data() + size_; }
  // Whether the opcode works on everything down to the topmost mark.
  constexpr bool has_mark() const {
    for (StackItem item : *this)
      if (item == StackItem::mark) return true;
    return false;
  }

 private:
  std::array<StackItem, 3> items_{};
  std::uint8_t size_ = 0;
};

struct Opcode {
  std::string_view name;         // pickletools' name
  Code code;                     // the byte
  Argument argument;             // what follows it in the stream
  StackTop before;               // what it takes from the stack
  StackTop after;                // what it leaves in their place
  std::uint8_t protocol;         // the protocol it came with
  std::string_view citation;     // where CPython implements it
  std::string_view description;  // one line
};

inline constexpr std::size_t opcode_count = 68;

// All rows, in pickletools' order (by what they make).
std::span<const Opcode, opcode_count> opcodes();

// The row of an opcode byte, or nullptr where no opcode has it. O(1).
const Opcode* find_opcode(std::uint8_t byte);

// The row of a name as pickletools spells it ("BININT1"), or nullptr.
const Opcode* find_opcode(std::string_view name);

// The row of a code. Every enumerator has one.
const Opcode& opcode(Code code);

}  // namespace assay::pickle
