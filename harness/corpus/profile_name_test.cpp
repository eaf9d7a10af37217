#include "harness/corpus/profile_name.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <stdexcept>

namespace assay {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::vector<std::string> recorded = {
    "cpython-2.7-c",  "cpython-2.7-py",  "cpython-3.6-c",     "cpython-3.6-py",
    "cpython-3.8-c",  "cpython-3.8-py",  "cpython-3.9-c",     "cpython-3.10-py",
    "cpython-3.13-c", "cpython-3.13-py", "cpython-3.14-c-32", "cpython-3.14-py-32"};

TEST(ProfileName, ReadsVersionLaneAndWord) {
  const auto name = ProfileName::parse("cpython-3.14.2-py-32");
  ASSERT_TRUE(name);
  EXPECT_EQ(name->major, 3);
  EXPECT_EQ(name->minor, 14);
  EXPECT_EQ(name->patch, "2");
  EXPECT_EQ(name->lane, Lane::py);
  EXPECT_EQ(name->word, 32);
  EXPECT_EQ(name->text(), "cpython-3.14.2-py-32");
  EXPECT_EQ(name->recorded(), "cpython-3.14-py-32");
}

TEST(ProfileName, KeepsReleaseCandidates) {
  const auto name = ProfileName::parse("cpython-3.15.0rc1-c");
  ASSERT_TRUE(name);
  EXPECT_EQ(name->patch, "0rc1");
  EXPECT_EQ(name->recorded(), "cpython-3.15-c");
}

TEST(ProfileName, RefusesWhatIsNoName) {
  for (const char* text : {"", "cpython", "cpython-3.13", "cpython-3-c", "cpython-3.13-x",
                           "pypy-3.9-py", "cpython-3.13-c-64", "cpython-3.13.-c", "cpython-3..1-c",
                           "cpython-99999999999.1-c", "cpython--3.1-c"})
    EXPECT_FALSE(ProfileName::parse(text)) << text;
}

TEST(ProfileName, OrdersNaturally) {
  std::vector<std::string> names = {
      "cpython-3.14-c-32", "cpython-3.10-c", "zebra", "cpython-3.9-py",
      "cpython-3.14-py",   "cpython-3.9-c",  "ape",   "cpython-2.7-py"};
  std::sort(names.begin(), names.end(), profile_before);
  EXPECT_THAT(names,
              ElementsAre("cpython-2.7-py", "cpython-3.9-c", "cpython-3.9-py", "cpython-3.10-c",
                          "cpython-3.14-py", "cpython-3.14-c-32", "ape", "zebra"));
}

TEST(ProfileSelection, StandardIs38AndLaterBothLanesBothWords) {
  EXPECT_THAT(
      ProfileSelection::standard().of(recorded),
      ElementsAre("cpython-3.8-c", "cpython-3.8-py", "cpython-3.9-c", "cpython-3.10-py",
                  "cpython-3.13-c", "cpython-3.13-py", "cpython-3.14-c-32", "cpython-3.14-py-32"));
}

TEST(ProfileSelection, AllIsAll) {
  EXPECT_THAT(ProfileSelection("all").of(recorded), testing::ElementsAreArray(recorded));
}

TEST(ProfileSelection, ListOfNames) {
  EXPECT_THAT(ProfileSelection("cpython-3.13-c,cpython-2.7-py").of(recorded),
              ElementsAre("cpython-2.7-py", "cpython-3.13-c"));
}

TEST(ProfileSelection, RangeWithLaneComparesVersionsAsNumbers) {
  EXPECT_THAT(ProfileSelection("cpython-3.6..3.10-c").of(recorded),
              ElementsAre("cpython-3.6-c", "cpython-3.8-c", "cpython-3.9-c"));
}

TEST(ProfileSelection, ANameIsExactAboutTheWord) {
  EXPECT_THAT(ProfileSelection("cpython-3.14-c").of(recorded), IsEmpty());
  EXPECT_THAT(ProfileSelection("cpython-3.14-c-32").of(recorded), ElementsAre("cpython-3.14-c-32"));
  EXPECT_THAT(ProfileSelection("cpython-3.14").of(recorded),
              ElementsAre("cpython-3.14-c-32", "cpython-3.14-py-32"));
  EXPECT_THAT(ProfileSelection("cpython-3.8+-32").of(recorded),
              ElementsAre("cpython-3.14-c-32", "cpython-3.14-py-32"));
}

TEST(ProfileSelection, APatchLevelMustFitIfBothNameOne) {
  const ProfileSelection selection("cpython-3.11.7-c");
  EXPECT_TRUE(selection.contains("cpython-3.11-c"));
  EXPECT_TRUE(selection.contains("cpython-3.11.7-c"));
  EXPECT_FALSE(selection.contains("cpython-3.11.2-c"));
}

TEST(SelectionText, IsShort) {
  const std::vector<std::string> all = {
      "cpython-2.7-c",  "cpython-2.7-py", "cpython-3.6-c",     "cpython-3.6-py",    "cpython-3.7-c",
      "cpython-3.7-py", "cpython-3.9-c",  "cpython-3.14-c-32", "cpython-3.14-py-32"};
  EXPECT_EQ(selection_text(all, all), "cpython-2.7..3.14");
  EXPECT_EQ(selection_text({"cpython-3.6-c", "cpython-3.7-c"}, all), "cpython-3.6..3.7-c");
  EXPECT_EQ(selection_text({"cpython-3.6-c"}, all), "cpython-3.6-c");
  EXPECT_EQ(selection_text({"cpython-2.7-c", "cpython-2.7-py", "cpython-3.7-py"}, all),
            "cpython-2.7,cpython-3.7-py");
  EXPECT_EQ(selection_text({"cpython-3.14-c-32"}, all), "cpython-3.14-c-32");
  EXPECT_EQ(selection_text({}, all), "");
}

TEST(SelectionText, SelectsExactlyWhatItNames) {
  // Every subset of the first and the last profiles.
  for (unsigned bits = 1; bits < (1u << recorded.size()); ++bits) {
    std::vector<std::string> part;
    for (std::size_t i = 0; i < recorded.size(); ++i)
      if ((bits >> i) & 1) part.push_back(recorded[i]);
    const std::string text = selection_text(part, recorded);
    EXPECT_EQ(ProfileSelection(text).of(recorded), part) << text;
  }
}

TEST(ProfileSelection, SaysWhichItemIsWrong) {
  for (const char* text : {"", "cpython-3.8+,", "pypy-3.9", "cpython-x", "cpython-3.9..3.6",
                           "cpython-3.6..", "cpython-3.8+x"}) {
    EXPECT_THROW(ProfileSelection{text}, std::invalid_argument) << text;
  }
  try {
    ProfileSelection("cpython-3.8+,python3");
    FAIL();
  } catch (const std::invalid_argument& error) {
    EXPECT_THAT(error.what(), HasSubstr("'python3'"));
  }
}

}  // namespace
}  // namespace assay
