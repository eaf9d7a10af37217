#include "reference/marshal/writer.h"

#include <gtest/gtest.h>

#include "reference/bytes/hex.h"
#include "reference/marshal/normal_form.h"
#include "reference/marshal/pyc.h"
#include "reference/value/text.h"

namespace assay::marshal {
namespace {

using namespace std::string_literals;

// The bytes, or the exception's class, or "unsupported".
std::string outcome(std::string_view value, int version, const char* python,
                    WriteOptions options = {}) {
  Graph graph;
  const NodeId root = parse(graph, value);
  const Written written = write(graph, root, version,
                                Profile::parse("cpython-" + std::string(python)).value(), options);
  if (written.accepted) return written.data;
  return written.status == Status::unsupported ? "unsupported" : std::string(written.error);
}

// As CPython writes them, without the flags of what nothing refers to.
TEST(Writer, TypesDependOnTheVersion) {
  EXPECT_EQ(outcome("'a'", 4, "3.13"), "z\1a");
  EXPECT_EQ(outcome("'a'", 3, "3.13"), "u\1\0\0\0a"s);
  EXPECT_EQ(outcome("'a'", 2, "2.7"), "u\1\0\0\0a"s);
  EXPECT_EQ(outcome("b'a'", 2, "2.7"), "s\1\0\0\0a"s);
  EXPECT_EQ(outcome("'\\xe9'", 4, "3.13"), "u\2\0\0\0\xc3\xa9"s);
  EXPECT_EQ(outcome("'\\ud800'", 4, "3.13"), "u\3\0\0\0\xed\xa0\x80"s);
  EXPECT_EQ(outcome("'" + std::string(256, 'x') + "'", 4, "3.13"),
            "a\0\1\0\0"s + std::string(256, 'x'));
  EXPECT_EQ(outcome("(1,)", 4, "3.13"), ")\1i\1\0\0\0"s);
  EXPECT_EQ(outcome("(1,)", 3, "3.13"), "(\1\0\0\0i\1\0\0\0"s);
  EXPECT_EQ(outcome("0.1", 1, "3.13"),
            "f\x13"
            "0.10000000000000001");
  EXPECT_EQ(outcome("1.5", 2, "3.13"), "g\0\0\0\0\0\0\xf8\x3f"s);
  EXPECT_EQ(outcome("complex(1.0, -inf)", 0, "3.13"),
            "x\1"
            "1\4-inf");
  EXPECT_EQ(outcome("2147483647", 4, "3.13"), "i\xff\xff\xff\x7f");
  EXPECT_EQ(outcome("2147483648", 4, "3.13"), "l\3\0\0\0\0\0\0\0\2\0"s);
  EXPECT_EQ(outcome("-2147483649", 4, "3.13"), "l\xfd\xff\xff\xff\1\0\0\0\2\0"s);
  EXPECT_EQ(outcome("2147483648", 2, "2.7"), "I\0\0\0\x80\0\0\0\0"s);
  EXPECT_EQ(outcome("long(1)", 2, "2.7"), "l\1\0\0\0\1\0"s);
  EXPECT_EQ(outcome("long(0)", 2, "2.7"), "l\0\0\0\0"s);
  EXPECT_EQ(outcome("bytearray(b'a')", 4, "3.13"), "s\1\0\0\0a"s);
  EXPECT_EQ(outcome("[None, True, False, Ellipsis, StopIteration]", 4, "3.13"), "[\5\0\0\0NTF.S"s);
  EXPECT_EQ(outcome("{1: None}", 4, "3.13"), "{i\1\0\0\0N0"s);
  EXPECT_EQ(outcome("slice(None, 1, None)", 5, "3.14"), ":Ni\1\0\0\0N"s);
  EXPECT_EQ(outcome("frozendict({1: None})", 6, "3.15"), "}i\1\0\0\0N0"s);
}

TEST(Writer, FlagsStandOnWhatIsReferredTo) {
  EXPECT_EQ(outcome("[&1 [], *1]", 4, "3.13"), "[\2\0\0\0\xdb\0\0\0\0r\0\0\0\0"s);
  EXPECT_EQ(outcome("[&1 [], *1]", 2, "3.13"), "[\2\0\0\0[\0\0\0\0[\0\0\0\0"s);
  EXPECT_EQ(outcome("&1 [*1]", 3, "3.13"), "\xdb\1\0\0\0r\0\0\0\0"s);
  EXPECT_EQ(outcome("&1 (*1,)", 4, "3.13"), "\xa9\1r\0\0\0\0"s);
  EXPECT_EQ(outcome("[1, 1]", 4, "3.13"), "[\2\0\0\0\xe9\1\0\0\0r\0\0\0\0"s);
}

// 40 lists of two, each twice the next: 2**40 lists where nothing is shared.
TEST(Writer, SharingIsNotUnfoldedWithoutLimit) {
  std::string value;
  for (int i = 1; i < 40; ++i)
    value += "&" + std::to_string(i) + " = [*" + std::to_string(i + 1) + ", *" +
             std::to_string(i + 1) + "]\n";
  Graph graph;
  const NodeId root = parse(graph, value + "&40 = []\n*1");
  const Profile profile;
  EXPECT_EQ(write(graph, root, 2, profile, {.most_bytes = 1 << 16}).status, Status::limit);
  EXPECT_TRUE(write(graph, root, 3, profile, {.most_bytes = 1 << 16}).accepted);
}

TEST(Writer, TheLimitHoldsToTheByteAndWithinOneList) {
  Graph graph;
  const NodeId root = parse(graph, "['" + std::string(100, 'a') + "']");
  const Profile profile;
  EXPECT_TRUE(write(graph, root, 2, profile, {.most_bytes = 110}).accepted);
  EXPECT_EQ(write(graph, root, 2, profile, {.most_bytes = 109}).status, Status::limit);
  std::string value = "&1 = '" + std::string(10000, 'a') + "'\n[*1";
  for (int i = 0; i < 1000; ++i) value += ", *1";
  const NodeId wide = parse(graph, value + "]");
  EXPECT_EQ(write(graph, wide, 2, profile, {.most_bytes = 1 << 16}).status, Status::limit);
  EXPECT_TRUE(write(graph, wide, 3, profile, {.most_bytes = 1 << 16}).accepted);
}

TEST(Writer, SetsAreSortedFrom3_11On) {
  const std::string one = "i\1\0\0\0"s, two = "i\2\0\0\0"s, a = "z\1a", two_items = "\2\0\0\0"s;
  EXPECT_EQ(outcome("{2, 1}", 4, "3.11"), "<" + two_items + one + two);
  EXPECT_EQ(outcome("{2, 1}", 4, "3.10"), "<" + two_items + two + one);
  EXPECT_EQ(outcome("frozenset({'a', 1})", 4, "3.13"), ">" + two_items + one + a);
  EXPECT_EQ(outcome("{2, 1}", 4, "3.11", {.keep_set_order = true}), "<" + two_items + two + one);
  EXPECT_EQ(outcome("{frozenset({2, 1}), 1}", 2, "3.13"),
            "<" + two_items + ">" + two_items + one + two + one);
}

TEST(Writer, WhatCannotBeMarshalledIsRefused) {
  for (const char* value :
       {"range(0, 1, 1)", "NotImplemented", "global('m', 'f')", "[call(global('m', 'f'))]",
        "persid(1)", "slice(None, 1, None)", "frozendict({1: 2})"})
    EXPECT_EQ(outcome(value, 4, "3.13"), "ValueError") << value;
  EXPECT_EQ(outcome("slice(None, 1, None)", 4, "3.14"), "ValueError");
  EXPECT_EQ(outcome("frozendict({1: 2})", 5, "3.15"), "ValueError");
  EXPECT_EQ(outcome("&1 [*1]", 2, "3.13"), "ValueError");
  EXPECT_EQ(outcome("&1 slice(*1, 1, 1)", 5, "3.15"), "ValueError");
  EXPECT_EQ(outcome("code(argcount=1)", 4, "3.13"), "unsupported");
  const auto nested = [](std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  EXPECT_EQ(outcome(nested(2000), 4, "3.13").size(), 10000u);
  EXPECT_EQ(outcome(nested(2001), 4, "3.13"), "ValueError");
  // The end of a dict is one level deeper.
  EXPECT_EQ(outcome(std::string(1999, '[') + "{}" + std::string(1999, ']'), 4, "3.13"),
            "ValueError");
}

TEST(NormalForm, FlagsAreDroppedAndReferencesNumberedAnew) {
  const Profile profile;
  const auto normal = [&](const std::string& data, NormalFormOptions options = {}) {
    return normal_form(as_bytes(data), profile, options);
  };
  EXPECT_EQ(normal("\xda\1a"), "Z\1a");
  EXPECT_EQ(normal("\xda\1a", {.forget_interned = true}), "z\1a");
  EXPECT_EQ(normal("\xdb\3\0\0\0\xe9\1\0\0\0\xe9\2\0\0\0r\2\0\0\0"s),
            "[\3\0\0\0i\1\0\0\0\xe9\2\0\0\0r\0\0\0\0"s);
  EXPECT_EQ(normal("\xfb\xce\xce"
                   "0rest"),
            "{NN0");
  EXPECT_THROW(normal("[\2\0\0\0N"s), DecodeError);
  EXPECT_THROW(normal("?"), DecodeError);
}

TEST(Pyc, Headers) {
  const auto header = [](std::string_view hex) {
    static std::string bytes;
    bytes = from_hex(hex).value();
    return read_pyc_header(as_bytes(bytes));
  };
  const PycHeader python2 = header("03f30d0a01000000");
  EXPECT_EQ(python2.magic->python, (Version{2, 7, 0}));
  EXPECT_EQ(python2.time, 1u);
  EXPECT_EQ(python2.bytes, 8u);
  const PycHeader v3_6 = header("330d0d0a0100000002000000");
  EXPECT_EQ(v3_6.magic->tag, "cpython-36");
  EXPECT_EQ(v3_6.size, 2u);
  EXPECT_EQ(v3_6.bytes, 12u);
  const PycHeader v3_13 = header("f30d0d0a000000000100000002000000");
  EXPECT_EQ(v3_13.magic->python, (Version{3, 13, 0}));
  EXPECT_EQ(v3_13.bytes, 16u);
  const PycHeader hashed = header("f30d0d0a030000000807060504030201");
  EXPECT_EQ(hashed.hash, 0x0102030405060708u);
  EXPECT_FALSE(hashed.time);
  EXPECT_THROW(header("f30d0d0a040000000000000000000000"), DecodeError);
  EXPECT_THROW(header("f30d0d0b"), DecodeError);
  EXPECT_THROW(header("01000d0a00000000"), DecodeError);
  EXPECT_THROW(header("f30d0d0a0000"), DecodeError);
}

TEST(Pyc, NumbersAreOfReleases) {
  for (const auto& [number, since] : {std::pair{62211, "2.7a0"},
                                      {62212, ""},
                                      {3100, ""},
                                      {3111, "3.0a4"},
                                      {3350, "3.5b3"},
                                      {3351, "3.5.3"},
                                      {3439, "3.10b1"},
                                      {3568, "3.13a1"},
                                      {3569, "3.13a5"},
                                      {3571, "3.13b1"},
                                      {3572, ""},
                                      {3627, "3.14rc3"},
                                      {3628, ""},
                                      {3656, "3.15a1"},
                                      {3657, ""},
                                      {1, ""}})
    EXPECT_EQ(pyc_magic_since(static_cast<std::uint16_t>(number)), since) << number;
  // Each is known by its Python.
  for (const PycMagic& row : pyc_magics())
    if (row.python < Version{3, 14, 0} && row.first != 3000) {
      const std::string name =
          std::to_string(row.python.major) + "." + std::to_string(row.python.minor);
      EXPECT_TRUE(pyc_magic_since(row.first).starts_with(name)) << row.first;
    }
}

TEST(Pyc, ReleasesAreAmongTheirNumbers) {
  for (const PycMagic& row : pyc_magics()) {
    EXPECT_LE(row.first, row.release);
    EXPECT_EQ(find_pyc_magic(row.release), &row);
  }
}

}  // namespace
}  // namespace assay::marshal
