#include "reference/marshal/type_code.h"

#include <array>

namespace assay::marshal {
namespace {

constexpr Version always = {}, python3 = {3, 0, 0}, v3_4 = {3, 4, 0};

// clang-format off
// Columns: code, name, argument, first and last version that writes it, Pythons that read it
// (from, before), whether FLAG_REF numbers it. marshal.c, TYPE_ and r_object.
constexpr std::array<TypeCode, 32> table = {{
    {type::null,                 "NULL",                 Argument::none,         0, newest, always, always, false},
    {type::none,                 "NONE",                 Argument::none,         0, newest, always, always, false},
    {type::false_,               "FALSE",                Argument::none,         0, newest, always, always, false},
    {type::true_,                "TRUE",                 Argument::none,         0, newest, always, always, false},
    {type::stop_iteration,       "STOPITER",             Argument::none,         0, newest, always, always, false},
    {type::ellipsis,             "ELLIPSIS",             Argument::none,         0, newest, always, always, false},
    {type::integer,              "INT",                  Argument::int4,         0, newest, always, always, true},
    {type::integer64,            "INT64",                Argument::int8,         0, 2,      always, always, true},
    {type::long_,                "LONG",                 Argument::digits,       0, newest, always, always, true},
    {type::text_float,           "FLOAT",                Argument::text_float,   0, 1,      always, always, true},
    {type::binary_float,         "BINARY_FLOAT",         Argument::float8,       2, newest, always, always, true},
    {type::text_complex,         "COMPLEX",              Argument::text_complex, 0, 1,      always, always, true},
    {type::binary_complex,       "BINARY_COMPLEX",       Argument::float16,      2, newest, always, always, true},
    {type::bytes,                "STRING",               Argument::sized,        0, newest, always, always, true},
    {type::unicode,              "UNICODE",              Argument::sized,        0, newest, always, always, true},
    {type::interned,             "INTERNED",             Argument::sized,        1, newest, always, always, true},
    {type::ascii,                "ASCII",                Argument::sized,        4, newest, v3_4,   always, true},
    {type::ascii_interned,       "ASCII_INTERNED",       Argument::sized,        4, newest, v3_4,   always, true},
    {type::short_ascii,          "SHORT_ASCII",          Argument::short_sized,  4, newest, v3_4,   always, true},
    {type::short_ascii_interned, "SHORT_ASCII_INTERNED", Argument::short_sized,  4, newest, v3_4,   always, true},
    {type::tuple,                "TUPLE",                Argument::items,        0, newest, always, always, true},
    {type::small_tuple,          "SMALL_TUPLE",          Argument::short_items,  4, newest, v3_4,   always, true},
    {type::list,                 "LIST",                 Argument::items,        0, newest, always, always, true},
    {type::dict,                 "DICT",                 Argument::pairs,        0, newest, always, always, true},
    {type::set,                  "SET",                  Argument::items,        0, newest, always, always, true},
    {type::frozenset,            "FROZENSET",            Argument::items,        0, newest, always, always, true},
    {type::frozendict,           "FROZENDICT",           Argument::pairs,        6, newest, {3, 15, 0}, always, true},
    {type::slice,                "SLICE",                Argument::three,        5, newest, {3, 14, 0}, always, true},
    {type::code,                 "CODE",                 Argument::code,         0, newest, always, always, true},
    {type::reference,            "REF",                  Argument::int4,         3, newest, v3_4,   always, false},
    {type::string_reference,     "STRINGREF",            Argument::int4,         1, 2,      always, python3, false},
    {type::unknown,              "UNKNOWN",              Argument::none,         0, never,  {99, 0, 0}, always, false},
}};
// clang-format on

}  // namespace

std::span<const TypeCode> type_codes() {
  return table;
}

const TypeCode* find_type(std::uint8_t code, Version version) {
  for (const TypeCode& row : table)
    if (row.code == code)
      return version >= row.since && (row.until == Version{} || version < row.until) ? &row
                                                                                     : nullptr;
  return nullptr;
}

}  // namespace assay::marshal
