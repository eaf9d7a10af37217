#include "reference/pickle/opcode.h"

#include <algorithm>

namespace assay::pickle {
namespace {

using S = StackItem;

// clang-format off
// Columns: name, code, argument, stack before, stack after, protocol,
// citation (functions of Modules/_pickle.c and Lib/pickle.py of CPython 3),
// description.
constexpr std::array<Opcode, opcode_count> table = {{
    {"INT", Code::INT, Argument::decimalnl_short, {}, {S::int_or_bool}, 0,
     "_pickle.c load_int; pickle.py load_int",
     "an int from a decimal line; the lines 00 and 01 are False and True"},
    {"BININT", Code::BININT, Argument::int4, {}, {S::int_}, 1,
     "_pickle.c load_binint; pickle.py load_binint",
     "an int from four signed bytes"},
    {"BININT1", Code::BININT1, Argument::uint1, {}, {S::int_}, 1,
     "_pickle.c load_binint1; pickle.py load_binint1",
     "an int from one unsigned byte"},
    {"BININT2", Code::BININT2, Argument::uint2, {}, {S::int_}, 1,
     "_pickle.c load_binint2; pickle.py load_binint2",
     "an int from two unsigned bytes"},
    {"LONG", Code::LONG, Argument::decimalnl_long, {}, {S::int_}, 0,
     "_pickle.c load_long; pickle.py load_long",
     "an int of any size from a decimal line that may end in L"},
    {"LONG1", Code::LONG1, Argument::long1, {}, {S::int_}, 2,
     "_pickle.c load_counted_long; pickle.py load_long1, decode_long",
     "an int from up to 255 bytes of two's complement"},
    {"LONG4", Code::LONG4, Argument::long4, {}, {S::int_}, 2,
     "_pickle.c load_counted_long; pickle.py load_long4, decode_long",
     "an int from a four-byte count of two's complement bytes"},
    {"STRING", Code::STRING, Argument::stringnl, {}, {S::bytes_or_str}, 0,
     "_pickle.c load_string; pickle.py load_string",
     "a Python 2 str from a quoted, escaped line"},
    {"BINSTRING", Code::BINSTRING, Argument::string4, {}, {S::bytes_or_str}, 1,
     "_pickle.c load_counted_binstring; pickle.py load_binstring",
     "a Python 2 str from a signed four-byte count of bytes"},
    {"SHORT_BINSTRING", Code::SHORT_BINSTRING, Argument::string1, {}, {S::bytes_or_str}, 1,
     "_pickle.c load_counted_binstring; pickle.py load_short_binstring",
     "a Python 2 str of up to 255 bytes"},
    {"BINBYTES", Code::BINBYTES, Argument::bytes4, {}, {S::bytes}, 3,
     "_pickle.c load_counted_binbytes; pickle.py load_binbytes",
     "bytes with a four-byte count"},
    {"SHORT_BINBYTES", Code::SHORT_BINBYTES, Argument::bytes1, {}, {S::bytes}, 3,
     "_pickle.c load_counted_binbytes; pickle.py load_short_binbytes",
     "bytes, 255 at most"},
    {"BINBYTES8", Code::BINBYTES8, Argument::bytes8, {}, {S::bytes}, 4,
     "_pickle.c load_counted_binbytes; pickle.py load_binbytes8",
     "bytes with an eight-byte count"},
    {"BYTEARRAY8", Code::BYTEARRAY8, Argument::bytearray8, {}, {S::bytearray}, 5,
     "_pickle.c load_counted_bytearray; pickle.py load_bytearray8",
     "a bytearray with an eight-byte count"},
    {"NEXT_BUFFER", Code::NEXT_BUFFER, Argument::none, {}, {S::buffer}, 5,
     "_pickle.c load_next_buffer; pickle.py load_next_buffer",
     "the next of the out-of-band buffers the caller supplied"},
    {"READONLY_BUFFER", Code::READONLY_BUFFER, Argument::none, {S::buffer}, {S::buffer}, 5,
     "_pickle.c load_readonly_buffer; pickle.py load_readonly_buffer",
     "makes the buffer on top read-only"},
    {"NONE", Code::NONE, Argument::none, {}, {S::none}, 0,
     "_pickle.c load_none; pickle.py load_none",
     "None"},
    {"NEWTRUE", Code::NEWTRUE, Argument::none, {}, {S::bool_}, 2,
     "_pickle.c load_bool; pickle.py load_true",
     "True"},
    {"NEWFALSE", Code::NEWFALSE, Argument::none, {}, {S::bool_}, 2,
     "_pickle.c load_bool; pickle.py load_false",
     "False"},
    {"UNICODE", Code::UNICODE, Argument::unicodestringnl, {}, {S::str}, 0,
     "_pickle.c load_unicode; pickle.py load_unicode",
     "a str from a line in raw-unicode-escape"},
    {"SHORT_BINUNICODE", Code::SHORT_BINUNICODE, Argument::unicodestring1, {}, {S::str}, 4,
     "_pickle.c load_counted_binunicode; pickle.py load_short_binunicode",
     "a str from up to 255 bytes of UTF-8"},
    {"BINUNICODE", Code::BINUNICODE, Argument::unicodestring4, {}, {S::str}, 1,
     "_pickle.c load_counted_binunicode; pickle.py load_binunicode",
     "a str from a four-byte count of UTF-8 bytes"},
    {"BINUNICODE8", Code::BINUNICODE8, Argument::unicodestring8, {}, {S::str}, 4,
     "_pickle.c load_counted_binunicode; pickle.py load_binunicode8",
     "a str from an eight-byte count of UTF-8 bytes"},
    {"FLOAT", Code::FLOAT, Argument::floatnl, {}, {S::float_}, 0,
     "_pickle.c load_float; pickle.py load_float",
     "a float from a line of text"},
    {"BINFLOAT", Code::BINFLOAT, Argument::float8, {}, {S::float_}, 1,
     "_pickle.c load_binfloat; pickle.py load_binfloat",
     "a float from eight bytes, big-endian"},
    {"EMPTY_LIST", Code::EMPTY_LIST, Argument::none, {}, {S::list}, 1,
     "_pickle.c load_empty_list; pickle.py load_empty_list",
     "a new list"},
    {"APPEND", Code::APPEND, Argument::none, {S::list, S::any}, {S::list}, 0,
     "_pickle.c load_append, do_append; pickle.py load_append",
     "appends the top item to the list below it"},
    {"APPENDS", Code::APPENDS, Argument::none, {S::list, S::mark, S::stackslice}, {S::list}, 1,
     "_pickle.c load_appends, do_append; pickle.py load_appends",
     "appends the items above the mark to the list below it"},
    {"LIST", Code::LIST, Argument::none, {S::mark, S::stackslice}, {S::list}, 0,
     "_pickle.c load_list; pickle.py load_list",
     "a new list of the items above the mark"},
    {"EMPTY_TUPLE", Code::EMPTY_TUPLE, Argument::none, {}, {S::tuple}, 1,
     "_pickle.c load_counted_tuple; pickle.py load_empty_tuple",
     "the empty tuple"},
    {"TUPLE", Code::TUPLE, Argument::none, {S::mark, S::stackslice}, {S::tuple}, 0,
     "_pickle.c load_tuple; pickle.py load_tuple",
     "a tuple of the items above the mark"},
    {"TUPLE1", Code::TUPLE1, Argument::none, {S::any}, {S::tuple}, 2,
     "_pickle.c load_counted_tuple; pickle.py load_tuple1",
     "a tuple of the top item"},
    {"TUPLE2", Code::TUPLE2, Argument::none, {S::any, S::any}, {S::tuple}, 2,
     "_pickle.c load_counted_tuple; pickle.py load_tuple2",
     "a tuple of the two top items"},
    {"TUPLE3", Code::TUPLE3, Argument::none, {S::any, S::any, S::any}, {S::tuple}, 2,
     "_pickle.c load_counted_tuple; pickle.py load_tuple3",
     "a tuple of the three top items"},
    {"EMPTY_DICT", Code::EMPTY_DICT, Argument::none, {}, {S::dict}, 1,
     "_pickle.c load_empty_dict; pickle.py load_empty_dictionary",
     "a new dict"},
    {"DICT", Code::DICT, Argument::none, {S::mark, S::stackslice}, {S::dict}, 0,
     "_pickle.c load_dict; pickle.py load_dict",
     "a new dict of the keys and values above the mark"},
    {"SETITEM", Code::SETITEM, Argument::none, {S::dict, S::any, S::any}, {S::dict}, 0,
     "_pickle.c load_setitem, do_setitems; pickle.py load_setitem",
     "stores one key and value into the dict below them"},
    {"SETITEMS", Code::SETITEMS, Argument::none, {S::dict, S::mark, S::stackslice}, {S::dict}, 1,
     "_pickle.c load_setitems, do_setitems; pickle.py load_setitems",
     "stores the keys and values above the mark into the dict below it"},
    {"EMPTY_SET", Code::EMPTY_SET, Argument::none, {}, {S::set}, 4,
     "_pickle.c load_empty_set; pickle.py load_empty_set",
     "a new set"},
    {"ADDITEMS", Code::ADDITEMS, Argument::none, {S::set, S::mark, S::stackslice}, {S::set}, 4,
     "_pickle.c load_additems; pickle.py load_additems",
     "adds the items above the mark to the set below it"},
    {"FROZENSET", Code::FROZENSET, Argument::none, {S::mark, S::stackslice}, {S::frozenset}, 4,
     "_pickle.c load_frozenset; pickle.py load_frozenset",
     "a frozenset of the items above the mark"},
    {"POP", Code::POP, Argument::none, {S::any}, {}, 0,
     "_pickle.c load_pop; pickle.py load_pop",
     "drops the top item, or the mark if that is on top"},
    {"DUP", Code::DUP, Argument::none, {S::any}, {S::any, S::any}, 0,
     "_pickle.c load_dup; pickle.py load_dup",
     "pushes the top item again"},
    {"MARK", Code::MARK, Argument::none, {}, {S::mark}, 0,
     "_pickle.c load_mark; pickle.py load_mark",
     "pushes the mark"},
    {"POP_MARK", Code::POP_MARK, Argument::none, {S::mark, S::stackslice}, {}, 1,
     "_pickle.c load_pop_mark; pickle.py load_pop_mark",
     "drops everything from the topmost mark on"},
    {"GET", Code::GET, Argument::decimalnl_short, {}, {S::any}, 0,
     "_pickle.c load_get; pickle.py load_get",
     "pushes what the memo holds at the decimal index"},
    {"BINGET", Code::BINGET, Argument::uint1, {}, {S::any}, 1,
     "_pickle.c load_binget; pickle.py load_binget",
     "pushes what the memo holds at a one-byte index"},
    {"LONG_BINGET", Code::LONG_BINGET, Argument::uint4, {}, {S::any}, 1,
     "_pickle.c load_long_binget; pickle.py load_long_binget",
     "pushes what the memo holds at a four-byte index"},
    {"PUT", Code::PUT, Argument::decimalnl_short, {}, {}, 0,
     "_pickle.c load_put; pickle.py load_put",
     "stores the top item into the memo at the decimal index"},
    {"BINPUT", Code::BINPUT, Argument::uint1, {}, {}, 1,
     "_pickle.c load_binput; pickle.py load_binput",
     "stores the top item into the memo at a one-byte index"},
    {"LONG_BINPUT", Code::LONG_BINPUT, Argument::uint4, {}, {}, 1,
     "_pickle.c load_long_binput; pickle.py load_long_binput",
     "stores the top item into the memo at a four-byte index"},
    {"MEMOIZE", Code::MEMOIZE, Argument::none, {S::any}, {S::any}, 4,
     "_pickle.c load_memoize; pickle.py load_memoize",
     "stores the top item into the memo at the index that is its length"},
    {"EXT1", Code::EXT1, Argument::uint1, {}, {S::any}, 2,
     "_pickle.c load_extension; pickle.py load_ext1, get_extension",
     "the object registered under a one-byte extension code"},
    {"EXT2", Code::EXT2, Argument::uint2, {}, {S::any}, 2,
     "_pickle.c load_extension; pickle.py load_ext2, get_extension",
     "the object registered under a two-byte extension code"},
    {"EXT4", Code::EXT4, Argument::int4, {}, {S::any}, 2,
     "_pickle.c load_extension; pickle.py load_ext4, get_extension",
     "the object registered under a four-byte extension code"},
    {"GLOBAL", Code::GLOBAL, Argument::stringnl_noescape_pair, {}, {S::any}, 0,
     "_pickle.c load_global; pickle.py load_global",
     "the object a module line and a name line say"},
    {"STACK_GLOBAL", Code::STACK_GLOBAL, Argument::none, {S::str, S::str}, {S::any}, 4,
     "_pickle.c load_stack_global; pickle.py load_stack_global",
     "the object that two strings, module and name, say"},
    {"REDUCE", Code::REDUCE, Argument::none, {S::any, S::any}, {S::any}, 0,
     "_pickle.c load_reduce; pickle.py load_reduce",
     "calls the callable with the tuple of arguments above it"},
    {"BUILD", Code::BUILD, Argument::none, {S::any, S::any}, {S::any}, 0,
     "_pickle.c load_build; pickle.py load_build",
     "gives the instance below its state"},
    {"INST", Code::INST, Argument::stringnl_noescape_pair, {S::mark, S::stackslice}, {S::any}, 0,
     "_pickle.c load_inst; pickle.py load_inst, _instantiate",
     "an instance of the class two lines say, with the arguments above the mark"},
    {"OBJ", Code::OBJ, Argument::none, {S::mark, S::any, S::stackslice}, {S::any}, 1,
     "_pickle.c load_obj; pickle.py load_obj, _instantiate",
     "an instance of the class just above the mark, with the arguments that follow it"},
    {"NEWOBJ", Code::NEWOBJ, Argument::none, {S::any, S::any}, {S::any}, 2,
     "_pickle.c load_newobj; pickle.py load_newobj",
     "cls.__new__(cls, *args)"},
    {"NEWOBJ_EX", Code::NEWOBJ_EX, Argument::none, {S::any, S::any, S::any}, {S::any}, 4,
     "_pickle.c load_newobj; pickle.py load_newobj_ex",
     "cls.__new__(cls, *args, **kwargs)"},
    {"PROTO", Code::PROTO, Argument::uint1, {}, {}, 2,
     "_pickle.c load_proto; pickle.py load_proto",
     "states the protocol; no opcode depends on it"},
    {"STOP", Code::STOP, Argument::none, {S::any}, {}, 0,
     "_pickle.c load; pickle.py load_stop",
     "ends the pickle; the top item is the result"},
    {"FRAME", Code::FRAME, Argument::uint8, {}, {}, 4,
     "_pickle.c load_frame; pickle.py load_frame",
     "the next bytes, as many as the argument says, form one frame"},
    {"PERSID", Code::PERSID, Argument::stringnl_noescape, {}, {S::any}, 0,
     "_pickle.c load_persid; pickle.py load_persid",
     "the object the caller knows under the id on the line"},
    {"BINPERSID", Code::BINPERSID, Argument::none, {S::any}, {S::any}, 1,
     "_pickle.c load_binpersid; pickle.py load_binpersid",
     "the object the caller knows under the id on the stack"},
}};
// clang-format on

constexpr std::uint8_t no_row = 0xff;

// Row of each byte; no_row where no opcode has it.
constexpr std::array<std::uint8_t, 256> by_byte = [] {
  std::array<std::uint8_t, 256> rows{};
  rows.fill(no_row);
  for (std::size_t i = 0; i < table.size(); ++i)
    rows[static_cast<std::uint8_t>(table[i].code)] = static_cast<std::uint8_t>(i);
  return rows;
}();

// Rows in the order of their names.
constexpr std::array<std::uint8_t, opcode_count> by_name = [] {
  std::array<std::uint8_t, opcode_count> rows{};
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i] = static_cast<std::uint8_t>(i);
  std::ranges::sort(rows, {}, [](std::uint8_t row) { return table[row].name; });
  return rows;
}();

constexpr bool codes_are_unique() {
  for (std::size_t i = 0; i < table.size(); ++i)
    if (by_byte[static_cast<std::uint8_t>(table[i].code)] != i) return false;
  return true;
}

constexpr bool names_are_unique() {
  for (std::size_t i = 1; i < by_name.size(); ++i)
    if (table[by_name[i - 1]].name == table[by_name[i]].name) return false;
  return true;
}

constexpr bool every_column_is_filled() {
  for (const Opcode& row : table)
    if (row.name.empty() || row.citation.empty() || row.description.empty() ||
        row.protocol > highest_protocol)
      return false;
  return true;
}

static_assert(codes_are_unique());
static_assert(names_are_unique());
static_assert(every_column_is_filled());

}  // namespace

std::string_view name(StackItem item) {
  switch (item) {
    case S::any:
      return "any";
    case S::mark:
      return "mark";
    case S::stackslice:
      return "stackslice";
    case S::none:
      return "None";
    case S::bool_:
      return "bool";
    case S::int_:
      return "int";
    case S::int_or_bool:
      return "int_or_bool";
    case S::float_:
      return "float";
    case S::bytes_or_str:
      return "bytes_or_str";
    case S::bytes:
      return "bytes";
    case S::bytearray:
      return "bytearray";
    case S::str:
      return "str";
    case S::tuple:
      return "tuple";
    case S::list:
      return "list";
    case S::dict:
      return "dict";
    case S::set:
      return "set";
    case S::frozenset:
      return "frozenset";
    case S::buffer:
      return "buffer";
  }
  return "unknown";
}

std::span<const Opcode, opcode_count> opcodes() {
  return table;
}

const Opcode* find_opcode(std::uint8_t byte) {
  const std::uint8_t row = by_byte[byte];
  return row == no_row ? nullptr : &table[row];
}

const Opcode* find_opcode(std::string_view name) {
  const auto found =
      std::ranges::lower_bound(by_name, name, {}, [](std::uint8_t row) { return table[row].name; });
  return found != by_name.end() && table[*found].name == name ? &table[*found] : nullptr;
}

const Opcode& opcode(Code code) {
  return table[by_byte[static_cast<std::uint8_t>(code)]];
}

}  // namespace assay::pickle
