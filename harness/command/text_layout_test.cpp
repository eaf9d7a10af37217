#include "harness/command/text_layout.h"

#include <gtest/gtest.h>

#include "harness/command/project.h"

namespace assay {
namespace {

TEST(TextLayout, BreaksAtBlanksBeforeColumn80) {
  const std::string words = std::string(38, 'a') + " " + std::string(39, 'b') + " c";
  EXPECT_EQ(wrapped(words, 2),
            "  " + std::string(38, 'a') + " " + std::string(39, 'b') + "\n  c\n");
  EXPECT_EQ(wrapped(words, 3),
            "   " + std::string(38, 'a') + "\n   " + std::string(39, 'b') + " c\n");
  EXPECT_EQ(wrapped("", 2), "  \n");
  EXPECT_EQ(wrapped(std::string(100, 'x') + " y", 0), std::string(100, 'x') + "\ny\n");
}

TEST(TextLayout, LabelsStandInTheMargin) {
  EXPECT_EQ(labelled("  why", "because", 8), "  why   because\n");
  EXPECT_EQ(labelled("longer-than-that", "because", 8), "longer-than-that\n        because\n");
}

TEST(TextLayout, CutsLines) {
  EXPECT_EQ(cut_line("abcdefgh", 8), "abcdefgh");
  EXPECT_EQ(cut_line("abcdefghi", 8), "abcde...");
  EXPECT_EQ(cut_line("ab\ncd", 8), "ab...");
}

TEST(TextLayout, ShowsTheFirstLines) {
  EXPECT_EQ(first_lines("a\nb\nc\n", 3), "a\nb\nc\n");
  EXPECT_EQ(first_lines("a\nb\nc\n", 1), "a\n  ... 2 more lines\n");
}

TEST(TextLayout, DumpsBytes) {
  EXPECT_EQ(hex_dump(std::string("I1\n.\0\xff", 6), 4),
            "  000000  49 31 0a 2e 00 ff                                 I1....\n");
  EXPECT_EQ(hex_dump(std::string(33, 'A'), 1),
            "  000000  41 41 41 41 41 41 41 41  41 41 41 41 41 41 41 41  AAAAAAAAAAAAAAAA\n"
            "  ... 33 bytes in all\n");
}

TEST(Glob, StarAndQuestionMark) {
  EXPECT_TRUE(glob_match("int/*", "int/a/b"));
  EXPECT_TRUE(glob_match("*ten", "int/leading-zero-ten"));
  EXPECT_TRUE(glob_match("i?t/*-z*-t*n", "int/leading-zero-ten"));
  EXPECT_TRUE(glob_match("**", ""));
  EXPECT_FALSE(glob_match("int", "int/a"));
  EXPECT_FALSE(glob_match("i?", "i"));
  EXPECT_FALSE(glob_match("*a", "ab"));
  // Linear, however many stars.
  EXPECT_FALSE(glob_match("*a*a*a*a*a*a*a*a*a*a*b", std::string(5000, 'a')));
}

}  // namespace
}  // namespace assay
