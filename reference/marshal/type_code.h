// The type codes: the first byte of every marshalled object.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "reference/marshal/quirks.h"

namespace assay::marshal {

namespace type {
inline constexpr std::uint8_t null = '0', none = 'N', false_ = 'F', true_ = 'T',
                              stop_iteration = 'S', ellipsis = '.', integer = 'i', integer64 = 'I',
                              long_ = 'l', text_float = 'f', binary_float = 'g', text_complex = 'x',
                              binary_complex = 'y', bytes = 's', interned = 't', unicode = 'u',
                              ascii = 'a', ascii_interned = 'A', short_ascii = 'z',
                              short_ascii_interned = 'Z', tuple = '(', small_tuple = ')',
                              list = '[', dict = '{', frozendict = '}', set = '<', frozenset = '>',
                              slice = ':', code = 'c', reference = 'r', string_reference = 'R',
                              unknown = '?';
// Set in a type code: the object is numbered, for references to it.
inline constexpr std::uint8_t flag_ref = 0x80;
}  // namespace type

// How a type's bytes go on behind the type code.
enum class Argument : std::uint8_t {
  none,
  int4,        // four bytes, signed
  int8,        // eight bytes, signed
  digits,      // a count of four bytes, its sign that of the number; digits of two bytes
  text_float,  // a length of one byte, and text
  text_complex,
  float8,
  float16,
  sized,        // a size of four bytes, and as many bytes
  short_sized,  // a size of one byte, and as many bytes
  items,        // a count of four bytes, and as many objects
  short_items,  // a count of one byte, and as many objects
  pairs,        // keys and values up to a NULL
  three,        // three objects
  code,         // the fields of code_layout.h
};

struct TypeCode {
  std::uint8_t code;
  std::string_view name;  // TYPE_… in marshal.c, without TYPE_
  Argument argument;
  int version;    // of the format, that writes it first
  int last;       // the last version that writes it, or newest, or never
  Version since;  // Pythons that read it
  Version until;  // 0.0.0: all later ones
  bool numbered;  // FLAG_REF means something
};
inline constexpr int newest = 99, never = -1;

// All types, in the order of README.md.
std::span<const TypeCode> type_codes();

// The type of a code without FLAG_REF as `version` knows it, or nullptr.
const TypeCode* find_type(std::uint8_t code, Version version);

}  // namespace assay::marshal
