#include "reference/value/literal.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <string>

#include "reference/bytes/error.h"
#include "reference/value/integer.h"

namespace assay {
namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;

Literal read_all(std::string_view text) {
  std::size_t at = 0;
  Literal literal = read_literal(text, at);
  EXPECT_EQ(at, text.size()) << text;
  return literal;
}

std::string string_literal(std::string_view text) {
  std::string out;
  append_string_literal(out, text);
  return out;
}
std::string bytes_literal(std::string_view bytes) {
  std::string out;
  append_bytes_literal(out, bytes);
  return out;
}
std::string repr(double value) {
  std::string out;
  append_float_literal(out, value);
  return out;
}

TEST(Literal, StringsPrintTheirShortestEscapes) {
  EXPECT_EQ(string_literal("it's \"a\" \\"), R"('it\'s "a" \\')");
  EXPECT_EQ(string_literal("\n\r\t\x01\x7f"), R"('\n\r\t\x01\x7f')");
  EXPECT_EQ(string_literal("\0"sv), R"('\x00')");
  EXPECT_EQ(string_literal("\xc3\xa9 \xe4\xb8\xad \xf0\x9f\x98\x80"),
            R"('\xe9 \u4e2d \U0001f600')");
  EXPECT_EQ(string_literal("\xed\xa0\x80"), R"('\ud800')");
  EXPECT_EQ(bytes_literal("\x00\xff'\\\n~"sv), R"(b'\x00\xff\'\\\n~')");
}

TEST(Literal, StringsReadBack) {
  std::string all_bytes;
  for (int i = 0; i < 256; ++i) all_bytes.push_back(static_cast<char>(i));
  const Literal bytes = read_all(bytes_literal(all_bytes));
  EXPECT_EQ(bytes.kind, Literal::Kind::bytes);
  EXPECT_EQ(bytes.text, all_bytes);
  for (const std::string& text : {""s, "\xed\xa0\xbd\xed\xb8\x80"s, "a\0b"s, "\xf4\x8f\xbf\xbf"s}) {
    const Literal read = read_all(string_literal(text));
    EXPECT_EQ(read.kind, Literal::Kind::string);
    EXPECT_EQ(read.text, text);
  }
}

TEST(Literal, PythonsOtherEscapesAreRead) {
  EXPECT_EQ(read_all(R"("it's")").text, "it's");
  EXPECT_EQ(read_all(R"('\a\b\f\v\"\0\12\101')").text, "\a\b\f\v\"\0\nA"sv);
  EXPECT_EQ(read_all(R"('\777')").text, "\xc7\xbf");
  EXPECT_EQ(read_all(R"(b'\377\x4a')").text, "\xffJ");
  EXPECT_EQ(read_all(R"('\18')").text,
            "\x01"
            "8");
}

// str(x) of CPython 3.11.
TEST(Literal, FloatsPrintAsPythonsRepr) {
  const std::pair<double, const char*> rows[] = {
      {0.0, "0.0"},
      {-0.0, "-0.0"},
      {1.0, "1.0"},
      {-1.5, "-1.5"},
      {0.1, "0.1"},
      {1e15, "1000000000000000.0"},
      {1e16, "1e+16"},
      {123456789012345678.0, "1.2345678901234568e+17"},
      {0.0001, "0.0001"},
      {0.00001, "1e-05"},
      {1.5e-7, "1.5e-07"},
      {1e22, "1e+22"},
      {1e23, "1e+23"},
      {1.7976931348623157e308, "1.7976931348623157e+308"},
      {5e-324, "5e-324"},
      {9007199254740993.0, "9007199254740992.0"},
      {9999999999999998.0, "9999999999999998.0"},
      {2.5e-5, "2.5e-05"},
      {1e100, "1e+100"},
      {123456.789, "123456.789"}};
  for (const auto& [value, text] : rows) {
    EXPECT_EQ(repr(value), text);
    const Literal read = read_all(text);
    EXPECT_EQ(read.kind, Literal::Kind::floating);
    EXPECT_EQ(std::bit_cast<std::uint64_t>(read.floating), std::bit_cast<std::uint64_t>(value));
  }
}

TEST(Literal, NansKeepTheirBits) {
  EXPECT_EQ(repr(std::bit_cast<double>(0x7ff8000000000000)), "nan");
  EXPECT_EQ(repr(std::bit_cast<double>(0xfff8000000000000)), "nan(0xfff8000000000000)");
  EXPECT_EQ(repr(std::bit_cast<double>(0x7ff0000000000001)), "nan(0x7ff0000000000001)");
  for (const char* text : {"nan", "nan(0xfff8000000000000)", "nan(0x7ff0000000000001)"})
    EXPECT_EQ(repr(read_all(text).floating), text);
  EXPECT_EQ(repr(read_all("inf").floating), "inf");
  EXPECT_EQ(repr(read_all("-inf").floating), "-inf");
}

TEST(Literal, OtherSpellingsOfFloatsAreRead) {
  EXPECT_EQ(read_all("1e16").floating, 1e16);
  EXPECT_EQ(read_all("1E+16").floating, 1e16);
  EXPECT_EQ(read_all("1.").floating, 1.0);
  EXPECT_EQ(read_all("00.5").floating, 0.5);
  EXPECT_EQ(read_all("0.1000000000000000055511151231257827021181583404541015625").floating, 0.1);
}

TEST(Literal, IntegersKeepSignAndBase) {
  Graph graph;
  const std::pair<const char*, std::int64_t> rows[] = {{"0", 0},
                                                       {"-0", 0},
                                                       {"42", 42},
                                                       {"-0x1f", -31},
                                                       {"0XfF", 255},
                                                       {"0o17", 15},
                                                       {"-0b101", -5},
                                                       {"0x0010", 16},
                                                       {"9223372036854775807", INT64_MAX},
                                                       {"-9223372036854775808", INT64_MIN}};
  for (const auto& [text, value] : rows) {
    const NodeId id = add_literal(graph, read_all(text));
    ASSERT_EQ(graph.kind(id), Kind::integer) << text;
    EXPECT_EQ(graph[id].integer, value) << text;
  }
  std::string out;
  append_integer_literal(out, graph, add_literal(graph, read_all("-9223372036854775808")));
  out += ' ';
  append_integer_literal(out, graph, add_literal(graph, read_all("-9223372036854775809")));
  EXPECT_EQ(out, "-9223372036854775808 -0x8000000000000001");
}

TEST(Literal, StopsAtTheFirstCharacterPastIt) {
  const std::pair<const char*, std::size_t> rows[] = {{"12, 3", 2}, {"'a''b'", 3}, {"1.5]", 3},
                                                      {"inf)", 3},  {"b'a')", 4},  {"0x1f}", 4}};
  for (const auto& [text, end] : rows) {
    std::size_t at = 0;
    read_literal(text, at);
    EXPECT_EQ(at, end) << text;
  }
}

TEST(Literal, WrongLiteralsNameTheOffset) {
  struct Row {
    std::string_view text;
    std::uint64_t offset;
  };
  const Row rows[] = {{"", 0},
                      {"x", 0},
                      {"-", 1},
                      {"--1", 1},
                      {"+1", 0},
                      {".5", 0},
                      {"010", 0},
                      {"1_0", 1},
                      {"0x", 2},
                      {"0xg", 2},
                      {"0x1g", 3},
                      {"0o8", 2},
                      {"0b12", 3},
                      {"1e", 1},
                      {"1.5e+", 3},
                      {"1e999", 0},
                      {"1e-999", 0},
                      {"1L", 1},
                      {"1.5x", 3},
                      {"-nan", 1},
                      {"nan(", 4},
                      {"nan(0x", 4},
                      {"nan(0x7ff0000000000000)", 4},
                      {"nan(0x7ff8000000000001", 22},
                      {"nan(0x17ff8000000000001)", 4},
                      {"'abc", 4},
                      {"'a\\", 3},
                      {"'\\x4", 4},
                      {"'\\x4'", 1},
                      {"'\\q'", 1},
                      {"'\\N{DASH}'", 1},
                      {"'\\U00110000'", 1},
                      {"b'\\u0041'", 2},
                      {"b'\\400'", 2},
                      {"'\n'", 1},
                      {"'\xc3\xa9'", 1},
                      {"'\x7f'", 1},
                      {"b'\xff'", 2},
                      {"'a\"", 3},
                      {"'a\\\nb'", 2},
                      {"infinity", 0},
                      {"nano", 0}};
  for (const Row& row : rows) {
    std::size_t at = 0;
    try {
      read_literal(row.text, at);
      ADD_FAILURE() << "accepted " << testing::PrintToString(row.text);
    } catch (const DecodeError& error) {
      EXPECT_EQ(error.offset(), row.offset) << testing::PrintToString(row.text) << error.what();
    }
  }
}

}  // namespace
}  // namespace assay
