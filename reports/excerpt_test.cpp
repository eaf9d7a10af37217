#include "reports/excerpt.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace assay {
namespace {

using testing::ElementsAre;

TEST(Excerpt, ALineIsCutAtItsEnd) {
  EXPECT_EQ(one_line("[1, 2]", 20), "[1, 2]");
  EXPECT_EQ(one_line("[1, 2, 3, 4]", 10), "[1, 2, ...");
  EXPECT_EQ(one_line("", 10), "");
}

TEST(Excerpt, FlatFormIsPutTogetherFromItsRoot) {
  EXPECT_EQ(one_line("&1 = [*2, 5]\n&2 = [None]\n*1", 80), "[[None], 5]");
  // The beginning of the first line would say nothing of the root.
  EXPECT_EQ(one_line("&2 = 'innards'\n&1 = {'a': *2}\n&3 = (*1, 7)\n*3", 12), "({'a': 'i...");
  EXPECT_EQ(one_line("&1 = []\n[*1, 2]", 80), "[[], 2]");
}

TEST(Excerpt, SharedAndCyclicNodesKeepTheirLabels) {
  EXPECT_EQ(one_line("&1 = [*2, *2]\n&2 = []\n*1", 80), "[&2 [], *2]");
  EXPECT_EQ(one_line("&1 = [*1]\n*1", 80), "&1 [*1]");
}

TEST(Excerpt, WhatStandsInLiteralsIsNoReference) {
  EXPECT_EQ(one_line("&1 = ['*2', \"it's *2\", b'\\'*2', *2]\n&2 = 0\n*1", 80),
            "['*2', \"it's *2\", b'\\'*2', 0]");
}

TEST(Excerpt, OtherLinesAreJoined) {
  EXPECT_EQ(one_line("no value text\nat all: *1", 80), "no value text at all: *1");
  EXPECT_EQ(one_line("&1 = [*9]\n*1", 80), "[*9]") << "a reference to nothing stands";
}

TEST(Excerpt, TextIsFolded) {
  EXPECT_THAT(folded("one two three four", 9, 3), ElementsAre("one two", "three", "four"));
  EXPECT_THAT(folded("one two three four", 9, 2), ElementsAre("one two", "three..."));
  EXPECT_THAT(folded("", 9, 2), ElementsAre(""));
}

TEST(Excerpt, CommandsAreBrokenBetweenArgumentsOnly) {
  EXPECT_THAT(command_lines("./assay run --impl 'a b'", 80),
              ElementsAre("./assay run --impl 'a b'"));
  EXPECT_THAT(command_lines("./assay run --impl 'a long command line'", 20),
              ElementsAre("./assay run --impl \\", "'a long command line'"));
  EXPECT_THAT(command_lines("x 'it'\\''s one' \"b \\\" c\" d", 10),
              ElementsAre("x \\", "'it'\\''s one' \\", "\"b \\\" c\" \\", "d"));
}

TEST(Excerpt, TheEndOfStderrSaysWhatWentWrong) {
  const Detail detail = take_apart("exited with status 1; stderr: Traceback\n\n  line 2\nE: boom");
  EXPECT_EQ(detail.what, "exited with status 1");
  EXPECT_THAT(detail.errors, ElementsAre("Traceback", "  line 2", "E: boom"));
  EXPECT_EQ(last_words("exited with status 1; stderr: Traceback\nE: boom"),
            "E: boom (exited with status 1)");
  EXPECT_EQ(last_words("no answer"), "no answer");
}

}  // namespace
}  // namespace assay
