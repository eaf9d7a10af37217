#include "harness/verdict/value_match.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "harness/runner/hello_words.h"

namespace assay {
namespace {

using testing::HasSubstr;

TEST(ValueMatch, SpellingAndLabelsDoNotMatter) {
  EXPECT_TRUE(same_value("[1, 2]", "[0x1,2]"));
  EXPECT_TRUE(same_value("[&1 [], *1]", "[&9 [], *9]"));
  EXPECT_TRUE(same_value("{1, 2}", "{2, 1}"));
  EXPECT_TRUE(same_value("&1 = [*2]\n&2 = []\n*1", "[[]]"));
  EXPECT_FALSE(same_value("{1: 2, 3: 4}", "{3: 4, 1: 2}"));
  EXPECT_FALSE(same_value("1", "True"));
  EXPECT_TRUE(same_value("{1: 2, 3: 4}", "{3: 4, 1: 2}", {"dict=unordered"}));
}

TEST(ValueMatch, ATextThatIsNoValueEqualsOnlyItself) {
  EXPECT_TRUE(same_value("]", "]"));
  EXPECT_FALSE(same_value("]", "["));
  EXPECT_FALSE(same_value("1", "1 1"));
}

TEST(ValueMatch, SaysWhatIsWrongWithAText) {
  EXPECT_FALSE(value_text_fault("[1]"));
  EXPECT_THAT(*value_text_fault("[1, "), HasSubstr("at 0x"));
  EXPECT_EQ(match_values("1", "[").match, Match::malformed);
}

TEST(ValueMatch, BlindnessOfTheOneWhoExpectsIsFree) {
  const Blindness unordered = {"dict=unordered"};
  EXPECT_EQ(match_values("{1: 2, 3: 4}", "{3: 4, 1: 2}", unordered).match, Match::equal);
  EXPECT_EQ(match_values("{1: 2, 3: 4}", "{3: 4, 1: 2}", {}, unordered).match, Match::lossy);
  EXPECT_EQ(match_values("{1: 2, 3: 4}", "{3: 4, 1: 5}", unordered, unordered).match,
            Match::different);
}

// The words of hello's `lossy`, each with a pair that it makes one.
TEST(ValueMatch, KnowsTheWordsOfLossy) {
  const std::vector<std::vector<std::string>> table = {
      {"tuple=list", "(1,)", "[1]"},
      {"bytes=str", "b'a'", "'a'"},
      {"bytearray=bytes", "bytearray(b'a')", "b'a'"},
      {"set=list", "{1}", "[1]"},
      {"frozenset=set", "frozenset({1})", "{1}"},
      {"int=float", "1", "1.0"},
      {"bool=int", "True", "1"},
      {"long=int", "long(1)", "1"},
      {"ascii-str=bytes", "'a'", "b'a'"},
      {"dict=unordered", "{1: 2, 3: 4}", "{3: 4, 1: 2}"},
      {"identity=none", "[&1 [], *1]", "[[], []]"}};
  for (const auto& row : table) {
    EXPECT_EQ(match_values(row[1], row[2]).match, Match::different) << row[0];
    EXPECT_EQ(match_values(row[1], row[2], {}, {row[0]}).match, Match::lossy) << row[0];
  }
  for (const std::string_view word : lossy_words)
    EXPECT_TRUE(std::any_of(table.begin(), table.end(), [&](const auto& row) {
      return row[0] == word;
    })) << word;
}

}  // namespace
}  // namespace assay
