#include "reference/pickle/assembler.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

#include "reference/bytes/hex.h"

namespace assay::pickle {
namespace {

std::string hex_of(std::string_view text) {
  return to_hex(assemble(text));
}

struct Row {
  const char* text;
  const char* hex;
};

void expect_rows(std::initializer_list<Row> rows) {
  for (const Row& row : rows) {
    try {
      EXPECT_EQ(hex_of(row.text), row.hex) << row.text;
    } catch (const AssemblyError& error) {
      ADD_FAILURE() << row.text << ": " << error.what();
    }
  }
}

TEST(Assembler, OpcodesWithoutArgument) {
  expect_rows({
      {"NONE", "4e"},       {"NEWTRUE", "88"},     {"NEWFALSE", "89"},
      {"EMPTY_LIST", "5d"}, {"APPEND", "61"},      {"APPENDS", "65"},
      {"LIST", "6c"},       {"EMPTY_TUPLE", "29"}, {"TUPLE", "74"},
      {"TUPLE1", "85"},     {"TUPLE2", "86"},      {"TUPLE3", "87"},
      {"EMPTY_DICT", "7d"}, {"DICT", "64"},        {"SETITEM", "73"},
      {"SETITEMS", "75"},   {"EMPTY_SET", "8f"},   {"ADDITEMS", "90"},
      {"FROZENSET", "91"},  {"POP", "30"},         {"DUP", "32"},
      {"MARK", "28"},       {"POP_MARK", "31"},    {"MEMOIZE", "94"},
      {"REDUCE", "52"},     {"BUILD", "62"},       {"OBJ", "6f"},
      {"NEWOBJ", "81"},     {"NEWOBJ_EX", "92"},   {"STACK_GLOBAL", "93"},
      {"BINPERSID", "51"},  {"NEXT_BUFFER", "97"}, {"READONLY_BUFFER", "98"},
      {"STOP", "2e"},
  });
}

TEST(Assembler, FixedIntegers) {
  expect_rows({
      {"BININT1 0", "4b00"},
      {"BININT1 255", "4bff"},
      {"BININT1 0xfe", "4bfe"},
      {"BININT1 -0", "4b00"},
      {"BININT2 65535", "4dffff"},
      {"BININT2 256", "4d0001"},
      {"BININT -1", "4affffffff"},
      {"BININT -2147483648", "4a00000080"},
      {"BININT 2147483647", "4affffff7f"},
      {"BININT -0x80000000", "4a00000080"},
      {"PROTO 5", "8005"},
      {"FRAME 18446744073709551615", "95ffffffffffffffff"},
      {"FRAME 0x0102030405060708", "950807060504030201"},
      {"EXT1 1", "8201"},
      {"EXT2 0xabcd", "83cdab"},
      {"EXT4 2147483647", "84ffffff7f"},
      {"EXT4 -1", "84ffffffff"},
      {"BINGET 7", "6807"},
      {"LONG_BINGET 4294967295", "6affffffff"},
      {"BINPUT 7", "7107"},
      {"LONG_BINPUT 4294967295", "72ffffffff"},
  });
}

TEST(Assembler, LinesAreWrittenAsTheyStand) {
  expect_rows({
      {"INT '010'", "493031300a"},
      {"INT ''", "490a"},
      {"LONG '1L'", "4c314c0a"},
      {"FLOAT '-inf'", "462d696e660a"},
      {R"(STRING "'abc'")", "5327616263270a"},
      {R"(STRING '\'a\\n\'')", "5327615c6e270a"},
      {R"(UNICODE b'a\xe9')", "5661e90a"},
      {R"(UNICODE '\\u00e9')", "565c75303065390a"},
      {R"(UNICODE '\r\x00')", "560d000a"},
      {"PERSID 'id'", "5069640a"},
      {"GET '0'", "67300a"},
      {"PUT b'key'", "706b65790a"},
      {"GLOBAL 'os' 'system'", "636f730a73797374656d0a"},
      {"GLOBAL '' ''", "630a0a"},
      {"INST 'a' b'b'", "69610a620a"},
  });
}

TEST(Assembler, CountedArgumentsCountThemselves) {
  expect_rows({
      {"SHORT_BINSTRING b'ab'", "55026162"},
      {"SHORT_BINSTRING ''", "5500"},
      {"BINSTRING b'ab'", "54020000006162"},
      {"SHORT_BINBYTES b'\\x00\\xff'", "430200ff"},
      {"BINBYTES b'ab'", "42020000006162"},
      {"BINBYTES8 b'ab'", "8e02000000000000006162"},
      {"BYTEARRAY8 b''", "960000000000000000"},
      {"SHORT_BINUNICODE '\\xe9'", "8c02c3a9"},
      {"BINUNICODE '\\ud800'", "5803000000eda080"},
      {"BINUNICODE '\\ud83d\\ude00'", "5806000000eda0bdedb880"},
      {"BINUNICODE '\\U0001f600'", "5804000000f09f9880"},
      {"BINUNICODE b'\\xff'", "5801000000ff"},
      {"BINUNICODE8 'a'", "8d010000000000000061"},
      {"BINUNICODE 'a\\nb;#'", "5805000000610a623b23"},
  });
}

TEST(Assembler, LenOverridesTheCount) {
  expect_rows({
      {"SHORT_BINBYTES b'a' len=255", "43ff61"},
      {"BINBYTES b'a' len=0", "420000000061"},
      {"BINBYTES b'' len=0xffffffff", "42ffffffff"},
      {"BINSTRING b'a' len=-1", "54ffffffff61"},
      {"LONG4 1 len=-2147483648", "8b0000008001"},
      {"LONG1 b'' len=3", "8a03"},
      {"BINUNICODE8 'a' len=18446744073709551615", "8dffffffffffffffff61"},
  });
}

TEST(Assembler, LongsAreTheShortestTwosComplement) {
  // pickle.encode_long's own examples, and the byte forms.
  expect_rows({
      {"LONG1 0", "8a00"},
      {"LONG1 255", "8a02ff00"},
      {"LONG1 32767", "8a02ff7f"},
      {"LONG1 -256", "8a0200ff"},
      {"LONG1 -32768", "8a020080"},
      {"LONG1 -128", "8a0180"},
      {"LONG1 127", "8a017f"},
      {"LONG1 -1", "8a01ff"},
      {"LONG1 0x10000000000000000", "8a09000000000000000001"},
      {"LONG1 b'\\xff\\xff'", "8a02ffff"},
      {"LONG4 128", "8b020000008000"},
      {"LONG4 b''", "8b00000000"},
  });
}

TEST(Assembler, FloatsAreBigEndian) {
  expect_rows({
      {"BINFLOAT -1.25", "47bff4000000000000"},
      {"BINFLOAT -0.0", "478000000000000000"},
      {"BINFLOAT inf", "477ff0000000000000"},
      {"BINFLOAT nan", "477ff8000000000000"},
      {"BINFLOAT nan(0xfff0000000000001)", "47fff0000000000001"},
      {"BINFLOAT 5e-324", "470000000000000001"},
      {"BINFLOAT b'\\x00\\x01\\x02\\x03\\x04\\x05\\x06\\x07'", "470001020304050607"},
  });
}

TEST(Assembler, StatementsCommentsAndBlanks) {
  expect_rows({
      {"", ""},
      {" \n\t;;\r\n# only a comment", ""},
      {"NONE;STOP", "4e2e"},
      {"NONE ; STOP # end", "4e2e"},
      {"  NONE\r\nSTOP\r\n", "4e2e"},
      {"INT'1'#comment; STOP\nNONE", "49310a4e"},
      {"UNICODE ';#' ; STOP", "563b230a2e"},
      {"# caf\xc3\xa9\nNONE", "4e"},
  });
}

// The example of README.md, "Assembly text", by hand.
TEST(Assembler, TheReadmesExampleIsRight) {
  std::ifstream file(ASSAY_SOURCE_DIR "/reference/pickle/README.md");
  const std::string readme(std::istreambuf_iterator<char>(file), {});
  const std::string fence = "```\n";
  const std::size_t begin = readme.find(fence, readme.find("## Assembly text")) + fence.size();
  const std::string example = readme.substr(begin, readme.find(fence, begin) - begin);
  EXPECT_EQ(hex_of(example),
            "8004"
            "951100000000000000"  // 1 + 1 + 1 + 2 + 10 + 1 + 1
            "5d94284b01580500000063"
            "6166c3a9652e");
}

TEST(Assembler, RawBytes) {
  expect_rows({
      {".hex 8004ff", "8004ff"},
      {".hex 80 04 FF # three", "8004ff"},
      {"NONE; .hex 2e; NONE", "4e2e4e"},
  });
}

TEST(Assembler, RepeatsNestAndMayBeEmpty) {
  expect_rows({
      {".repeat 3; NONE; .end", "4e4e4e"},
      {".repeat 0; NONE; .end; STOP", "2e"},
      {".repeat 1; NONE; .end", "4e"},
      {".repeat 2; MARK; .repeat 3; NONE; .end; TUPLE; .end", "284e4e4e74284e4e4e74"},
      {".repeat 0x5; .hex 0102; .end", "01020102010201020102"},
      // Nothing times anything takes no time.
      {".repeat 18446744073709551615; .repeat 18446744073709551615; .end; .end", ""},
  });
}

TEST(Assembler, FramesMeasureThemselves) {
  expect_rows({
      {"PROTO 4; .frame; NONE; STOP; .endframe",
       "800495"
       "0200000000000000"
       "4e2e"},
      {".frame; .endframe",
       "95"
       "0000000000000000"},
      {".frame; .frame; NONE; .endframe; .endframe",
       "95"
       "0a00000000000000"
       "95"
       "0100000000000000"
       "4e"},
  });
  EXPECT_EQ(hex_of(".frame; .repeat 300; NONE; .end; .endframe").substr(0, 18),
            "95"
            "2c01000000000000");
}

TEST(Assembler, RepeatIsBounded) {
  const auto limited = [](std::string_view text) { return assemble(text, {.repeat_limit = 10}); };
  EXPECT_EQ(limited(".repeat 10; NONE; .end").size(), 10u);
  EXPECT_EQ(limited("NONE;NONE; .repeat 4; .hex 0102; .end").size(), 10u);
  // Text that is written out is not limited.
  EXPECT_EQ(limited(".hex 000102030405060708090a0b").size(), 12u);
  for (const char* text : {".repeat 11; NONE; .end", "NONE; .repeat 5; .hex 0102; .end",
                           ".repeat 18446744073709551615; NONE; .end",
                           ".repeat 4294967296; .repeat 2; NONE; .end; .end",
                           ".hex 000102030405060708090a0b; .repeat 2; NONE; .end"}) {
    try {
      limited(text);
      ADD_FAILURE() << text;
    } catch (const AssemblyError& error) {
      EXPECT_EQ(error.kind(), ErrorKind::limit) << text;
    }
  }
  EXPECT_THROW(assemble(".repeat 99999999999; NONE; .end"), AssemblyError);
}

struct Wrong {
  const char* text;
  std::size_t line;
  std::size_t column;
  const char* expected;  // what() holds it
};

TEST(Assembler, ErrorsSayWhereAndWhatWasExpected) {
  for (const Wrong& wrong : std::initializer_list<Wrong>{
           {"NOPE", 1, 1, "expected an opcode's name"},
           {"none", 1, 1, "expected an opcode's name"},
           {"NONE\n  'x'", 2, 3, "expected an opcode's name"},
           {"NONE NONE", 1, 6, "expected a newline, ';' or '#'"},
           {"BININT1 1 2", 1, 11, "expected a newline, ';' or '#'"},
           {"STOP;BININT1", 1, 13, "expected an integer from 0 to 255"},
           {"BININT1 256", 1, 9, "expected an integer from 0 to 255"},
           {"BININT1 -1", 1, 9, "expected an integer from 0 to 255"},
           {"BININT1 1.0", 1, 9, "expected an integer from 0 to 255"},
           {"BININT1 '1'", 1, 9, "expected an integer from 0 to 255"},
           {"BININT1 99999999999999999999999", 1, 9, "expected an integer from 0 to 255"},
           {"BININT2 65536", 1, 9, "from 0 to 65535"},
           {"BININT 2147483648", 1, 8, "from -2147483648 to 2147483647"},
           {"BININT -2147483649", 1, 8, "from -2147483648 to 2147483647"},
           {"EXT4 0x80000000", 1, 6, "from -2147483648 to 2147483647"},
           {"LONG_BINPUT 4294967296", 1, 13, "from 0 to 4294967295"},
           {"FRAME 18446744073709551616", 1, 7, "from 0 to 18446744073709551615"},
           {"INT 10", 1, 5, "expected a str or bytes literal"},
           {"INT", 1, 4, "expected a str or bytes literal"},
           {"INT 'a\\nb'", 1, 5, "expected a line without a newline"},
           {"UNICODE '\\xe9'", 1, 9, "expected ASCII"},
           {"GLOBAL 'os'", 1, 12, "expected a str or bytes literal"},
           {"GLOBAL 'os' 'a\\n'", 1, 13, "expected a line without a newline"},
           {"INT 'abc", 1, 9, "no closing quote"},
           {"INT '\\q'", 1, 6, "unknown escape"},
           {"SHORT_BINBYTES 5", 1, 16, "expected a str or bytes literal"},
           {"SHORT_BINBYTES b'a' len=256", 1, 25, "from 0 to 255"},
           {"SHORT_BINBYTES b'a' len=", 1, 25, "from 0 to 255"},
           {"BINSTRING b'a' len=2147483648", 1, 20, "from -2147483648 to 2147483647"},
           {"BINBYTES b'a' len=-1", 1, 19, "from 0 to 4294967295"},
           {"LONG1 'a'", 1, 7, "expected an integer or bytes"},
           {"LONG1 1.0", 1, 7, "expected an integer or bytes"},
           {"BINFLOAT 1", 1, 10, "expected a float or eight bytes"},
           {"BINFLOAT b'1234567'", 1, 10, "expected a float or eight bytes"},
           {".hex", 1, 5, "expected hex digits"},
           {".hex 8", 1, 7, "expected the second hex digit"},
           {".hex 80 0", 1, 10, "expected the second hex digit"},
           {".hex 80zz", 1, 8, "expected hex digits"},
           {".what", 1, 1, "expected .hex, .repeat, .end, .frame or .endframe"},
           {".repeat\nNONE", 1, 8, "expected an integer"},
           {".repeat -1; .end", 1, 9, "expected an integer"},
           {"NONE\n.repeat 2; NONE", 2, 1, "expected .end for this block"},
           {".frame\n.frame; .endframe", 1, 1, "expected .endframe for this block"},
           {"NONE; .end", 1, 7, "no block is open"},
           {".endframe", 1, 1, "no block is open"},
           {".frame; .end", 1, 9, "expected .endframe first"},
           {".repeat 2; .endframe", 1, 12, "expected .end first"},
           {"# one\n\n\tNONE \xff", 3, 7, "expected a newline"},
       }) {
    try {
      assemble(wrong.text);
      ADD_FAILURE() << wrong.text << ": accepted";
    } catch (const AssemblyError& error) {
      EXPECT_EQ(error.line(), wrong.line) << wrong.text << ": " << error.what();
      EXPECT_EQ(error.column(), wrong.column) << wrong.text << ": " << error.what();
      EXPECT_NE(std::string(error.what()).find(wrong.expected), std::string::npos)
          << wrong.text << ": " << error.what();
    }
  }
}

TEST(Assembler, CountsThatDoNotFitNeedLen) {
  const std::string long_text = "SHORT_BINBYTES b'" + std::string(256, 'a') + "'";
  EXPECT_THROW(assemble(long_text), AssemblyError);
  EXPECT_EQ(to_hex(assemble(long_text + " len=7")).substr(0, 6), "430761");
  // 2**2040 needs 256 bytes.
  EXPECT_THROW(assemble("LONG1 0x1" + std::string(510, '0')), AssemblyError);
  EXPECT_EQ(assemble("LONG4 0x1" + std::string(510, '0')).size(), 5u + 256u);
}

}  // namespace
}  // namespace assay::pickle
