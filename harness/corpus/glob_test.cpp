#include "harness/corpus/glob.h"

#include <gtest/gtest.h>

#include <string>

namespace assay {
namespace {

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
