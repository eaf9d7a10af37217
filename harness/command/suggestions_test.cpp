#include "harness/command/suggestions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace assay {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

const std::vector<std::string> ids = {
    "int/leading-zero-ten", "int/leading-zero-eight", "int/plus", "memo/get-missing", "long/plus",
    "constant/none"};

TEST(Suggestions, FindTypingMistakes) {
  EXPECT_THAT(nearest("int/leading-zero-tne", ids),
              ElementsAre("int/leading-zero-ten", "int/leading-zero-eight"));
  EXPECT_THAT(nearest("constnat/none", ids), ElementsAre("constant/none"));
  EXPECT_THAT(nearest("Constant/None", ids), ElementsAre("constant/none"));
}

TEST(Suggestions, FindParts) {
  EXPECT_THAT(nearest("leading-zero", ids),
              ElementsAre("int/leading-zero-ten", "int/leading-zero-eight"));
  EXPECT_THAT(nearest("memory/get-missing", ids), ElementsAre("memo/get-missing"));
  EXPECT_THAT(nearest("float/plus", ids), UnorderedElementsAre("int/plus", "long/plus"));
}

TEST(Suggestions, SayNothingOfWhatIsFar) {
  EXPECT_THAT(nearest("dictionary", ids), IsEmpty());
  EXPECT_THAT(nearest("", ids), IsEmpty());
  EXPECT_EQ(perhaps("dictionary", ids), "");
}

TEST(Suggestions, AreASentence) {
  EXPECT_EQ(perhaps("leading-zero-ten", ids), "; perhaps int/leading-zero-ten");
  EXPECT_EQ(perhaps("plus", ids), "; perhaps int/plus or long/plus");
}

}  // namespace
}  // namespace assay
