#include "harness/command/text_layout.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace assay {
namespace {

TEST(TextLayout, BreaksAtBlanksBeforeColumn80) {
  const std::string words = fmt::format("{} {} c", std::string(38, 'a'), std::string(39, 'b'));
  EXPECT_EQ(wrapped(words, 2),
            "  " + std::string(38, 'a') + " " + std::string(39, 'b') + "\n  c\n");
  EXPECT_EQ(wrapped(words, 3),
            "   " + std::string(38, 'a') + "\n   " + std::string(39, 'b') + " c\n");
  EXPECT_EQ(wrapped("", 2), "  \n");
  const std::string word(100, 'x');
  EXPECT_EQ(wrapped(fmt::format("{} y", word), 0), fmt::format("{}\ny\n", word));
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

}  // namespace
}  // namespace assay
