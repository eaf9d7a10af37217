// Pickles with what CPython makes of them, for machine_test.cpp, and for
// machine_oracle_test.cpp, which asks the CPythons on the machine again.
//
// Outcomes are those of CPython 2.7.18, 3.6.15, 3.7.16, 3.8.18, 3.9.18, 3.10.13,
// 3.11.7, 3.12.1 and 3.13.0 (both lanes), and 3.14.2 and 3.15.0rc1 (WebAssembly).
#pragma once

#include <array>
#include <string_view>

namespace assay::pickle {

using namespace std::string_view_literals;

struct MachineCase {
  std::string_view data;
  // By profile: value text, or '!' and the class of the exception. Patterns are
  // tried in order; "*" is every profile, "2.7-", "-py" and "3.9-c" are parts
  // of names, "3.9+" is 3.9 and later.
  struct {
    std::string_view pattern;
    std::string_view outcome;
  } expected[5];
};

// clang-format off
inline constexpr std::array machine_cases = std::to_array<MachineCase>({
    // --- the stream ---------------------------------------------------------
    {""sv, {{"*", "!EOFError"}}},
    {"N."sv, {{"*", "None"}}},
    {"N"sv, {{"*", "!EOFError"}}},
    {"."sv, {{"-py", "!IndexError"}, {"*", "!UnpicklingError"}}},
    {"\x80\x02N."sv, {{"*", "None"}}},
    {"\x80\x05N."sv, {{"2.7-", "!ValueError"}, {"3.6-", "!ValueError"}, {"3.7-", "!ValueError"}, {"*", "None"}}},
    {"\x80\xffN."sv, {{"*", "!ValueError"}}},
    {"\x80"sv, {{"2.7-c", "!EOFError"}, {"2.7-py", "!TypeError"}, {"-py", "!IndexError"}, {"*", "!UnpicklingError"}}},
    {"\0N."sv, {{"2.7-c", "!EOFError"}, {"-py", "!KeyError"}, {"*", "!UnpicklingError"}}},
    {"\xffN."sv, {{"-py", "!KeyError"}, {"*", "!UnpicklingError"}}},
    {"C\x01" "a."sv, {{"2.7-c", "!UnpicklingError"}, {"2.7-py", "!KeyError"}, {"*", "b'a'"}}},
    // --- frames -------------------------------------------------------------
    {"\x95\x02\0\0\0\0\0\0\0N."sv, {{"2.7-c", "!UnpicklingError"}, {"2.7-py", "!KeyError"}, {"*", "None"}}},
    {"\x95\x05\0\0\0\0\0\0\0N."sv, {{"2.7-c", "!UnpicklingError"}, {"2.7-py", "!KeyError"}, {"3.15-py", "!EOFError"}, {"-py", "None"}, {"*", "!UnpicklingError"}}},
    {"\x95\x01\0\0\0\0\0\0\0K\x01."sv, {{"2.7-c", "!UnpicklingError"}, {"2.7-py", "!KeyError"}, {"*", "1"}}},
    {"\x95\x02\0\0\0\0\0\0\0M\x01\x02\x03."sv, {{"2.7-c", "!UnpicklingError"}, {"2.7-py", "!KeyError"}, {"-py", "!UnpicklingError"}, {"3.15-c", "!UnpicklingError"}, {"*", "770"}}},
    {"\x95\xff\xff\xff\xff\xff\xff\xff\xff"sv, {{"2.7-c", "!UnpicklingError"}, {"2.7-py", "!KeyError"}, {"-py", "!ValueError"}, {"*", "!OverflowError"}}},
    // --- numbers ------------------------------------------------------------
    {"I12\n."sv, {{"*", "12"}}},
    {"I00\n."sv, {{"*", "False"}}},
    {"I01\n."sv, {{"*", "True"}}},
    {"I-0\n."sv, {{"-py", "0"}, {"3.15-c", "0"}, {"*", "False"}}},
    {"I010\n."sv, {{"2.7-py", "10"}, {"3.14+", "10"}, {"-py", "!ValueError"}, {"*", "8"}}},
    {"I0x1f\n."sv, {{"2.7-py", "!ValueError"}, {"3.14+", "!ValueError"}, {"*", "31"}}},
    {"I1_0\n."sv, {{"2.7-", "!ValueError"}, {"*", "10"}}},
    {"I\n."sv, {{"-py", "!ValueError"}, {"*", "!UnpicklingError"}}},
    {"I1\0x\n."sv, {{"2.7-c", "long(1)"}, {"-py", "!ValueError"}, {"*", "1"}}},
    {"I9223372036854775808\n."sv, {{"2.7-", "long(0x8000000000000000)"}, {"*", "0x8000000000000000"}}},
    {"I9223372036854775807\n."sv, {{"*", "9223372036854775807"}}},
    {"I12L\n."sv, {{"2.7-", "long(12)"}, {"*", "!ValueError"}}},
    {"L12L\n."sv, {{"2.7-", "long(12)"}, {"*", "12"}}},
    {"L12\n."sv, {{"2.7-", "long(12)"}, {"*", "12"}}},
    {"L010L\n."sv, {{"2.7-", "long(8)"}, {"3.14+", "10"}, {"*", "!ValueError"}}},
    {"L\xff\n."sv, {{"2.7-", "!ValueError"}, {"-py", "!ValueError"}, {"*", "!UnicodeDecodeError"}}},
    {"J\xff\xff\xff\xff."sv, {{"*", "-1"}}},
    {"J\xff\xff."sv, {{"2.7-", "!EOFError"}, {"-py", "!struct.error"}, {"*", "!UnpicklingError"}}},
    {"K\xff."sv, {{"*", "255"}}},
    {"M\xff\xff."sv, {{"*", "65535"}}},
    {"\x8a\x00."sv, {{"2.7-", "long(0)"}, {"*", "0"}}},
    {"\x8a\x01\xff."sv, {{"2.7-", "long(-1)"}, {"*", "-1"}}},
    {"\x8a\x09\0\0\0\0\0\0\0\0\x01."sv, {{"2.7-", "long(0x10000000000000000)"}, {"*", "0x10000000000000000"}}},
    {"\x8b\xff\xff\xff\xff."sv, {{"2.7-py", "!EOFError"}, {"*", "!UnpicklingError"}}},
    {"F1.5\n."sv, {{"*", "1.5"}}},
    {"F 1.5 \n."sv, {{"-py", "1.5"}, {"*", "!ValueError"}}},
    {"F1_0.5\n."sv, {{"2.7-", "!ValueError"}, {"-py", "10.5"}, {"*", "!ValueError"}}},
    {"F1e999\n."sv, {{"-py", "inf"}, {"*", "!OverflowError"}}},
    {"F1e-999\n."sv, {{"*", "0.0"}}},
    {"F-infinity\n."sv, {{"*", "-inf"}}},
    {"F5e-324\n."sv, {{"*", "5e-324"}}},
    {"Fnan\n."sv, {{"2.7-", "nan(0xfff8000000000000)"}, {"*", "nan"}}},
    {"G\x3f\xf8\0\0\0\0\0\0."sv, {{"*", "1.5"}}},
    {"G\x7f\xf8\0\0\0\0\0\x01."sv, {{"*", "nan(0x7ff8000000000001)"}}},
    // --- strings ------------------------------------------------------------
    {"S'a\\n\\x41\\101\\q'\n."sv, {{"2.7-", "b'a\\nAA\\\\q'"}, {"*", "'a\\nAA\\\\q'"}}},
    {"S'abc\n."sv, {{"2.7-", "!ValueError"}, {"*", "!UnpicklingError"}}},
    {"S'abc'\r\n."sv, {{"2.7-c", "b'abc'"}, {"2.7-", "!ValueError"}, {"*", "!UnpicklingError"}}},
    {"S'\\x4'\n."sv, {{"*", "!ValueError"}}},
    {"S'\xe9'\n."sv, {{"2.7-", "b'\\xe9'"}, {"*", "!UnicodeDecodeError"}}},
    {"U\x02" "ab."sv, {{"2.7-", "b'ab'"}, {"*", "'ab'"}}},
    {"T\x02\0\0\0ab."sv, {{"2.7-", "b'ab'"}, {"*", "'ab'"}}},
    {"T\xff\xff\xff\xff" "ab."sv, {{"2.7-py", "!EOFError"}, {"*", "!UnpicklingError"}}},
    {"Va\\u0041\\\\u0041\xe9\n."sv, {{"*", "'aA\\\\\\\\u0041\\xe9'"}}},
    {"V\\u12\n."sv, {{"*", "!UnicodeDecodeError"}}},
    {"X\x02\0\0\0\xc3\xa9."sv, {{"*", "'\\xe9'"}}},
    {"X\x03\0\0\0\xed\xa0\x80."sv, {{"*", "'\\ud800'"}}},
    {"X\x01\0\0\0\xff."sv, {{"*", "!UnicodeDecodeError"}}},
    {"X\x05\0\0\0ab."sv, {{"2.7-c", "!EOFError"}, {"-py", "!EOFError"}, {"*", "!UnpicklingError"}}},
    {"\x8d\xff\xff\xff\xff\xff\xff\xff\xff."sv, {{"2.7-c", "!UnpicklingError"}, {"2.7-py", "!KeyError"}, {"-py", "!UnpicklingError"}, {"*", "!OverflowError"}}},
    {"\x96\x02\0\0\0\0\0\0\0ab."sv, {{"3.8+", "bytearray(b'ab')"}, {"-py", "!KeyError"}, {"*", "!UnpicklingError"}}},
    {"\x96\x02\0\0\0\0\0\0\0ab\x98."sv, {{"3.8+", "readonly(bytearray(b'ab'))"}, {"-py", "!KeyError"}, {"*", "!UnpicklingError"}}},
    {"\x97."sv, {{"3.8+", "!UnpicklingError"}, {"-py", "!KeyError"}, {"*", "!UnpicklingError"}}},
    // --- the stack and the memo -----------------------------------------------
    {"K\x01(0."sv, {{"*", "1"}}},
    {"K\x01(K\x02\x86."sv, {{"2.7-c", "(1, 2)"}, {"2.7-py", "(call(global('__builtin__', 'object')), 2)"}, {"-py", "!IndexError"}, {"*", "!UnpicklingError"}}},
    {"K\x01K\x02(\x86l."sv, {{"2.7-c", "!SystemError"}, {"2.7-py", "!IndexError"}, {"-py", "!IndexError"}, {"*", "!UnpicklingError"}}},
    {"NN2\x87."sv, {{"*", "(None, None, None)"}}},
    {"0."sv, {{"-py", "!IndexError"}, {"*", "!UnpicklingError"}}},
    {"1."sv, {{"-py", "!IndexError"}, {"*", "!UnpicklingError"}}},
    {"]q\0h\0\x86."sv, {{"*", "(&1 [], *1)"}}},
    {"]q\x01\x94h\x01\x86."sv, {{"2.7-c", "!UnpicklingError"}, {"2.7-py", "!KeyError"}, {"*", "(&1 [], *1)"}}},
    {"h\0."sv, {{"2.7-c", "!BadPickleGet"}, {"2.7-py", "!KeyError"}, {"3.9+", "!UnpicklingError"}, {"*", "!KeyError"}}},
    {"Np1\n0h\x01."sv, {{"2.7-c", "!BadPickleGet"}, {"*", "None"}}},
    {"Npabc\n0gabc\n."sv, {{"2.7-", "None"}, {"*", "!ValueError"}}},
    {"Np-1\n0g-1\n."sv, {{"2.7-", "None"}, {"*", "!ValueError"}}},
    {"Np99999999999999999999\n."sv, {{"2.7-", "None"}, {"-py", "None"}, {"*", "!OverflowError"}}},
    // --- containers -----------------------------------------------------------
    {"](K\x01K\x02" "e."sv, {{"*", "[1, 2]"}}},
    {"(K\x01K\x02l."sv, {{"*", "[1, 2]"}}},
    {"(K\x01K\x02t."sv, {{"*", "(1, 2)"}}},
    {"N(e."sv, {{"3.15-c", "!AttributeError"}, {"-py", "!AttributeError"}, {"*", "None"}}},
    {"(]e0."sv, {{"-py", "!IndexError"}, {"*", "!UnpicklingError"}}},
    {"(]q\0eh\0."sv, {{"2.7-py", "&1 [*1]"}, {"-py", "!IndexError"}, {"*", "!UnpicklingError"}}},
    {"(K\x01K\x02" "d."sv, {{"*", "{1: 2}"}}},
    {"(K\x01" "d."sv, {{"2.7-c", "{}"}, {"-py", "!IndexError"}, {"*", "!UnpicklingError"}}},
    {"}(K\x01NI1\nK\x02" "u."sv, {{"*", "{1: 2}"}}},
    {"}K\x01Ns\x88K\x02s."sv, {{"*", "{1: 2}"}}},
    {"}]Ns."sv, {{"*", "!TypeError"}}},
    {"(K\x01K\x02lJ\xff\xff\xff\xffNs."sv, {{"*", "[1, None]"}}},
    {"]K\0Ns."sv, {{"*", "!IndexError"}}},
    {"\x8f(K\x01K\x01K\x02\x90."sv, {{"2.7-c", "!UnpicklingError"}, {"2.7-py", "!KeyError"}, {"*", "{1, 2}"}}},
    {"(K\x01K\x02\x91."sv, {{"2.7-c", "!UnpicklingError"}, {"2.7-py", "!KeyError"}, {"*", "frozenset({1, 2})"}}},
    {"\x96\x01\0\0\0\0\0\0\0aKba."sv, {{"3.8+", "bytearray(b'ab')"}, {"-py", "!KeyError"}, {"*", "!UnpicklingError"}}},
    // --- names, calls, states ---------------------------------------------------
    {"cos\nsystem\n."sv, {{"*", "global('os', 'system')"}}},
    {"c__builtin__\nunicode\n."sv, {{"2.7-", "global('__builtin__', 'unicode')"}, {"*", "global('builtins', 'str')"}}},
    {"\x80\x03" "c__builtin__\nunicode\n."sv, {{"2.7-", "!ValueError"}, {"*", "global('__builtin__', 'unicode')"}}},
    {"c\n\n."sv, {{"-py", "!ValueError"}, {"*", "!UnpicklingError"}}},
    {"cTix\nTk\n."sv, {{"2.7-", "global('Tix', 'Tk')"}, {"3.13+", "global('Tix', 'Tk')"}, {"*", "global('tkinter.tix', 'Tk')"}}},
    {"X\x01\0\0\0mX\x01\0\0\0x\x93."sv, {{"2.7-c", "!UnpicklingError"}, {"2.7-py", "!KeyError"}, {"*", "global('m', 'x')"}}},
    {"NN\x93."sv, {{"2.7-py", "!KeyError"}, {"*", "!UnpicklingError"}}},
    {"cm\nx\n(K\x01tR."sv, {{"*", "call(global('m', 'x'), 1)"}}},
    {"cm\nx\n]R."sv, {{"-py", "call(global('m', 'x'))"}, {"*", "!TypeError"}}},
    {"NNR."sv, {{"*", "!TypeError"}}},
    {"cm\nx\n(K\x01t\x81."sv, {{"*", "new(global('m', 'x'), 1)"}}},
    {"N)\x81."sv, {{"-py", "!TypeError"}, {"*", "!UnpicklingError"}}},
    {"cm\nx\n)}X\x01\0\0\0aNs\x92."sv, {{"2.7-c", "!UnpicklingError"}, {"2.7-py", "!KeyError"}, {"*", "new(global('m', 'x'), a=None)"}}},
    {"(im\nx\n."sv, {{"2.7-", "call(global('m', 'x'))"}, {"*", "new(global('m', 'x'))"}}},
    {"(cm\nx\nNo."sv, {{"*", "call(global('m', 'x'), None)"}}},
    {"(NNo."sv, {{"-py", "!AttributeError"}, {"*", "!TypeError"}}},
    {"cm\nx\n)\x81Nb."sv, {{"*", "new(global('m', 'x')).build(None)"}}},
    {"cm\nx\n)R(NNe."sv, {{"*", "call(global('m', 'x')).append(None).append(None)"}}},
    {"cm\nx\n)RNNs."sv, {{"*", "call(global('m', 'x')).set(None, None)"}}},
    {"]Nb."sv, {{"*", "[]"}}},
    {"]]b."sv, {{"-py", "[]"}, {"*", "!UnpicklingError"}}},
    {"]}b."sv, {{"-py", "[]"}, {"*", "!AttributeError"}}},
    {"]N}K\x01Ns\x86" "b."sv, {{"*", "!TypeError"}}},
    {"]N}X\x01\0\0\0aNs\x86" "b."sv, {{"*", "!AttributeError"}}},
    {"\x82\x01."sv, {{"*", "!ValueError"}}},
    {"\x82\0."sv, {{"2.7-py", "!ValueError"}, {"*", "!UnpicklingError"}}},
    {"Pabc\n."sv, {{"2.7-", "persid(b'abc')"}, {"*", "persid('abc')"}}},
    {"P\xe9\n."sv, {{"2.7-", "persid(b'\\xe9')"}, {"*", "!UnpicklingError"}}},
    {"P\n."sv, {{"2.7-c", "!UnpicklingError"}, {"2.7-", "persid(b'')"}, {"*", "persid('')"}}},
    {"NQ."sv, {{"*", "persid(None)"}}},
    // --- constructors ---------------------------------------------------------
    {"c__builtin__\nset\n](K\x01K\x01" "e\x85R."sv, {{"*", "{1}"}}},
    {"c__builtin__\nset\n]]a\x85R."sv, {{"*", "!TypeError"}}},
    {"c__builtin__\nset\nN\x85R."sv, {{"2.7-", "call(global('__builtin__', 'set'), None)"}, {"*", "call(global('builtins', 'set'), None)"}}},
    {"c__builtin__\nxrange\nK\0K\x03K\x01\x87R."sv, {{"*", "range(0, 3, 1)"}}},
    {"c__builtin__\nxrange\nK\0K\x03K\0\x87R."sv, {{"*", "!ValueError"}}},
    {"c_codecs\nencode\nX\x02\0\0\0\xc3\xa9X\x06\0\0\0latin1\x86R."sv, {{"*", "b'\\xe9'"}}},
    {"c_codecs\nencode\nX\x03\0\0\0\xe2\x82\xacX\x06\0\0\0latin1\x86R."sv, {{"*", "!UnicodeEncodeError"}}},
    {"ccopy_reg\n_reconstructor\n(cm\nx\nc__builtin__\nobject\nNtR."sv, {{"*", "new(global('m', 'x'))"}}},
    {"c__builtin__\ncomplex\nG\0\0\0\0\0\0\0\0F1.5\n\x86R."sv, {{"*", "complex(0.0, 1.5)"}}},
    {"c__builtin__\nEllipsis\n."sv, {{"*", "Ellipsis"}}},
    {"]c__builtin__\nslice\nK\0K\0N\x87R(K\x01K\x02ls."sv, {{"*", "[1, 2]"}}},
    {"}c__builtin__\nslice\nNNN\x87RNs."sv, {{"2.7-", "!TypeError"}, {"3.12+", "{slice(None, None, None): None}"}, {"*", "!TypeError"}}},
});
// clang-format on

// What `profile` (a profile's name) should make of a case, or "".
constexpr std::string_view expected_outcome(const MachineCase& test, std::string_view profile) {
  const auto number = [](std::string_view text) {
    int value = 0;
    for (const char c : text)
      if (c >= '0' && c <= '9')
        value = value * 10 + (c - '0');
      else
        break;
    return value;
  };
  // "cpython-3.9-c"
  const std::string_view version = profile.substr(8);
  for (const auto& row : test.expected) {
    const std::string_view pattern = row.pattern;
    if (pattern.empty()) break;
    if (pattern.back() == '+') {
      if (version[0] == '3' && number(version.substr(2)) >= number(pattern.substr(2)))
        return row.outcome;
    } else if (pattern == "*" || profile.find(pattern) != std::string_view::npos) {
      return row.outcome;
    }
  }
  return "";
}

}  // namespace assay::pickle
