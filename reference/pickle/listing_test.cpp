#include "reference/pickle/listing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "reference/pickle/assembler.h"

namespace assay::pickle {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string list(std::string_view text, const ListingOptions& options = {}) {
  return listing(assemble(text), options);
}

// The line of `text` that holds `part`, without the text before it.
std::string from(const std::string& text, const std::string& part) {
  const std::size_t at = text.find(part);
  if (at == std::string::npos) return "absent: " + part + " in\n" + text;
  return text.substr(at, text.find('\n', at) - at);
}

// Columns of the widest line: every byte but those that continue a character.
std::size_t widest(const std::string& text) {
  std::size_t most = 0;
  std::size_t column = 0;
  for (const char c : text) {
    if ((c & 0xc0) != 0x80) column = c == '\n' ? 0 : column + 1;
    most = std::max(most, column);
  }
  return most;
}

TEST(Listing, OffsetsBytesNamesMarksAndMemo) {
  EXPECT_EQ(list("PROTO 4; .frame; EMPTY_LIST; MEMOIZE; MARK; BININT1 1; MARK; BININT 2; TUPLE;"
                 "BINPUT 7; BINGET 7; APPENDS; STOP; .endframe"),
            "   0  80 04              PROTO 4\n"
            "   2  95 12 00 00 00 …   FRAME 18  ; ends at 0x1d\n"
            "   b  5d                 EMPTY_LIST\n"
            "   c  94                 MEMOIZE  ; memo[0]\n"
            "   d  28                 MARK\n"
            "   e  4b 01                BININT1 1\n"
            "  10  28                   MARK\n"
            "  11  4a 02 00 00 00         BININT 2\n"
            "  16  74                   TUPLE  ; mark at 0x10\n"
            "  17  71 07                BINPUT 7  ; memo[7]\n"
            "  19  68 07                BINGET 7  ; stored at 0x17\n"
            "  1b  65                 APPENDS  ; mark at 0xd\n"
            "  1c  2e                 STOP\n"
            "                         opcodes up to protocol 4\n");
}

TEST(Listing, LongArgumentsAreCutUnlessAskedFor) {
  const std::string text = "BINBYTES b'" + std::string(100, 'a') + "'; STOP";
  EXPECT_EQ(list(text).substr(0, list(text).find('\n')),
            "   0  42 64 00 00 00 …   BINBYTES b'" + std::string(30, 'a') + "…  ; 105 bytes");
  EXPECT_THAT(list(text, {.full = true}), HasSubstr("BINBYTES b'" + std::string(100, 'a') + "'\n"));
}

TEST(Listing, AnArgumentThatJustFitsIsNotCut) {
  // 25 columns before, "BINBYTES b''" is 12: 43 are left of 80.
  EXPECT_THAT(list("BINBYTES b'" + std::string(43, 'a') + "'"), Not(HasSubstr("…\n")));
  EXPECT_THAT(list("BINBYTES b'" + std::string(43, 'a') + "'"), HasSubstr("a'\n"));
  EXPECT_THAT(list("BINBYTES b'" + std::string(44, 'a') + "'"), HasSubstr("a…  ; 49 bytes\n"));
}

TEST(Listing, PopThatRemovesAMarkClosesIt) {
  EXPECT_EQ(from(list("BININT1 1; MARK; POP; STOP"), "POP"), "POP  ; mark at 0x2");
  EXPECT_EQ(from(list("MARK; BININT1 1; POP; POP; NONE; STOP"), "NONE"), "NONE");
}

TEST(Listing, MemoizeCountsTheIndicesStoredSoFar) {
  const std::string text =
      list("NONE; BINPUT 1; MEMOIZE; LONG_BINPUT 9; PUT '010'; MEMOIZE; PUT 'name'; STOP");
  EXPECT_EQ(from(text, "BINPUT 1"), "BINPUT 1  ; memo[1]");
  // One index is stored, so MEMOIZE takes 1, again.
  EXPECT_EQ(from(text, "MEMOIZE"), "MEMOIZE  ; memo[1], also stored at 0x1");
  EXPECT_EQ(from(text, "PUT '010'"), "PUT '010'  ; memo[10]");
  EXPECT_EQ(from(text.substr(text.find("PUT '010'")), "MEMOIZE"), "MEMOIZE  ; memo[3]");
  EXPECT_EQ(from(text, "PUT 'name'"), "PUT 'name'");
}

TEST(Listing, SaysWhatIsMissing) {
  EXPECT_THAT(list("BINGET 3; STOP"), HasSubstr("! memo[3] was never stored\n"));
  EXPECT_THAT(list("BINPUT 3; STOP"), HasSubstr("! there is no item to store\n"));
  EXPECT_THAT(list("NONE; MARK; BINPUT 3; STOP"), HasSubstr("! there is no item to store\n"));
  EXPECT_THAT(list("NONE; TUPLE2; STOP"), HasSubstr("! takes 2 from the stack, 1 there\n"));
  EXPECT_THAT(list("NONE; MARK; NONE; TUPLE2; STOP"),
              HasSubstr("! takes 2 from the stack, 1 there above the mark\n"));
  EXPECT_THAT(list("TUPLE; STOP"), HasSubstr("! there is no mark on the stack\n"));
  EXPECT_THAT(list("MARK; NONE; APPENDS; STOP"), HasSubstr("! takes 1 from the stack, 0 there\n"));
  EXPECT_THAT(list("MARK; OBJ; STOP"), HasSubstr("! there is no class above the mark\n"));
  EXPECT_THAT(list("STOP"), HasSubstr("! takes 1 from the stack, 0 there\n"));
  EXPECT_THAT(list("PROTO 6; NONE; STOP"),
              HasSubstr("! every reader refuses a protocol above 5\n"));
  EXPECT_THAT(list("NONE"), HasSubstr("! the input ends before STOP\n"));
  EXPECT_THAT(list(""), HasSubstr("! the input ends before STOP\n"));
}

TEST(Listing, WellFormedPicklesHaveNoProblems) {
  for (const char* text :
       {"NONE; STOP", "MARK; NONE; NONE; DICT; STOP", "MARK; GLOBAL 'a' 'b'; NONE; OBJ; STOP",
        "MARK; INST 'a' 'b'; STOP", "EMPTY_SET; MARK; NONE; ADDITEMS; STOP",
        "MARK; FROZENSET; STOP", "EMPTY_DICT; NONE; NONE; SETITEM; STOP",
        "NONE; MARK; NONE; NONE; POP_MARK; STOP", "PROTO 5; NEXT_BUFFER; READONLY_BUFFER; STOP"})
    EXPECT_THAT(list(text), Not(HasSubstr("!"))) << text;
}

TEST(Listing, StopNamesWhatIsLeft) {
  EXPECT_EQ(from(list("NONE; MARK; NONE; NONE; STOP"), "STOP"),
            "STOP  ; 2 more on the stack, 1 open mark");
}

TEST(Listing, ProtocolStatedAndUsed) {
  EXPECT_THAT(list("PROTO 2; EMPTY_SET; STOP"),
              HasSubstr(" opcodes up to protocol 4, PROTO says 2\n"));
  EXPECT_THAT(list("PROTO 4; EMPTY_SET; STOP"), HasSubstr(" opcodes up to protocol 4\n"));
}

TEST(Listing, FramesLongerThanTheInput) {
  // Behind FRAME's nine bytes there are two.
  const std::string text = list("FRAME 10; NONE; STOP");
  EXPECT_THAT(text, HasSubstr("the frame is 8 bytes longer than the input: _pickle.c refuses it,"));
  EXPECT_THAT(list("FRAME 2; NONE; STOP"), Not(HasSubstr("!")));
  EXPECT_THAT(list("FRAME 18446744073709551615; NONE; STOP"),
              HasSubstr("is 18446744073709551613 bytes longer"));
}

TEST(Listing, FramesThatEndTooEarly) {
  // The frame holds BININT2 and one byte of its argument.
  EXPECT_THAT(list("FRAME 2; BININT2 1; STOP"),
              HasSubstr("! runs over the end of its frame at 0xb"));
  EXPECT_THAT(list("FRAME 3; UNICODE 'abc'; STOP"), HasSubstr("! runs over the end"));
  // Between two reads a frame may end: opcode and argument, count and bytes,
  // the two lines of GLOBAL.
  for (const char* text : {"FRAME 1; BININT2 1; STOP", "FRAME 2; SHORT_BINBYTES b'abc'; STOP",
                           "FRAME 4; GLOBAL 'os' 'system'; STOP", "FRAME 1; UNICODE 'a'; STOP"}) {
    EXPECT_THAT(list(text), Not(HasSubstr("!"))) << text;
    EXPECT_THAT(list(text), HasSubstr("; the frame ends inside\n")) << text;
  }
}

TEST(Listing, FrameBoundariesAreMarked) {
  EXPECT_EQ(list("FRAME 1; NONE; POP; NONE; STOP"),
            "   0  95 01 00 00 00 …   FRAME 1  ; ends at 0xa\n"
            "   9  4e                 NONE\n"
            "                         -- the frame ends\n"
            "   a  30                 POP\n"
            "   b  4e                 NONE\n"
            "   c  2e                 STOP\n"
            "                         opcodes up to protocol 4\n");
  EXPECT_THAT(list("FRAME 12; NONE; FRAME 2; POP; NONE; STOP"),
              HasSubstr("! begins inside the frame that ends at 0x15"));
  EXPECT_THAT(list("FRAME 1; NONE; FRAME 3; POP; NONE; STOP"), Not(HasSubstr("!")));
}

TEST(Listing, AFrameThatOutlastsStopIsSkipped) {
  // Unpickler(file).load() leaves the file behind the frame.
  const std::string text = list("FRAME 4; NONE; STOP; .hex 4e2e; NEWTRUE; STOP");
  EXPECT_EQ(from(text, "STOP"), "STOP  ; 2 bytes before its frame ends");
  EXPECT_THAT(text, HasSubstr("\n   b  4e 2e              rest of the frame"));
  EXPECT_THAT(text, HasSubstr("\n\npickle 2 at 0xd\n   d  88                 NEWTRUE\n"));
}

TEST(Listing, PicklesFollowOneAnother) {
  EXPECT_EQ(list("NONE; BINPUT 5; STOP; BINGET 5; STOP"),
            "   0  4e                 NONE\n"
            "   1  71 05              BINPUT 5  ; memo[5]\n"
            "   3  2e                 STOP\n"
            "                         opcodes up to protocol 1\n"
            "\n"
            "pickle 2 at 0x4\n"
            "   4  68 05              BINGET 5\n"
            "        ! memo[5] is of an earlier pickle: needs the Unpickler that read that\n"
            "   6  2e                 STOP\n"
            "                         opcodes up to protocol 1\n");
}

TEST(Listing, TrailingBytesAndBreaks) {
  EXPECT_EQ(list("NONE; STOP; NONE; .hex ff00"),
            "   0  4e                 NONE\n"
            "   1  2e                 STOP\n"
            "                         opcodes up to protocol 0\n"
            "\n"
            "3 trailing bytes after STOP, no whole pickle\n"
            "   2  4e                 NONE\n"
            "   3  ff 00              the stream breaks here\n"
            "        ! at 0x3: opcode: malformed: no opcode is 0xff\n"
            "        ! 2 bytes from 0x3 on are not listed\n");
}

TEST(Listing, DeepMarksAndLongNotesStayInTheirColumns) {
  std::string text = ".repeat 50; MARK; .end; LONG_BINPUT 4294967295; LONG_BINPUT 4294967295;";
  text += "GLOBAL '" + std::string(90, 'm') + "' 'n'; STOP";
  EXPECT_LE(widest(list(text)), listing_columns) << list(text);
  // Notes that need more than a line.
  EXPECT_LE(widest(list("FRAME 20; NONE; NONE; MARK; STOP; .repeat 16; NONE; .end")),
            listing_columns);
  // A fold just where the line is full.
  EXPECT_LE(widest(list("FRAME 906794744397434005; .hex 00")), listing_columns);
}

}  // namespace
}  // namespace assay::pickle
