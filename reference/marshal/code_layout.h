// What a code object holds, by Python version: the fields in the order in which
// marshal writes them.
#pragma once

#include <span>
#include <string_view>

#include "reference/marshal/quirks.h"

namespace assay::marshal {

struct CodeField {
  std::string_view name;  // without the co_ of the attribute
  bool integer;           // four bytes, signed; else an object
};

// Tests of code_layout_test.cpp hold them against the Pythons on the machine.
std::span<const CodeField> code_fields(Version version);

inline constexpr std::size_t most_code_fields = 16;

// The names of fields that == of code objects does not compare.
std::span<const std::string_view> fields_left_out(Version version);

// Whether the field is a tuple of names of variables and attributes, which are
// interned in every version (codeobject.c intern_strings).
bool holds_names(std::string_view field);

// Kinds of a variable in localspluskinds (Include/internal/pycore_code.h).
namespace local_kind {
inline constexpr unsigned argument_positional = 0x02, argument_keyword = 0x04,
                          argument_variable = 0x08,  // 3.14
    hidden = 0x10,                                   // 3.12
    local = 0x20, cell = 0x40, free = 0x80;
}  // namespace local_kind

// Bits of `flags` that readers must know (Include/cpython/code.h).
namespace code_flag {
inline constexpr std::int64_t varargs = 0x04, varkeywords = 0x08, nofree = 0x40;
}  // namespace code_flag

}  // namespace assay::marshal
