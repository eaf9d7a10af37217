#include "harness/command/parting.h"

#include <gtest/gtest.h>

#include "harness/command/pickle_file.h"
#include "reference/pickle/assembler.h"

namespace assay {
namespace {

std::string assembled(std::string_view text) {
  const auto bytes = pickle::assemble(text);
  return std::string(bytes.begin(), bytes.end());
}

std::optional<Parting> parting(std::string_view text, const char* a = "cpython-3.13-c",
                               const char* b = "cpython-3.13-py") {
  return find_parting(assembled(text), *pickle::Profile::parse(a), *pickle::Profile::parse(b));
}

// INT '010' is 8 in the C lane and an error in the other; '0' is 0 in both.
TEST(Parting, IsTheInstructionThatIsReadDifferently) {
  const auto found = parting("EMPTY_LIST; INT '0'; APPEND; INT '010'; APPEND; STOP");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->offset, 5u);
  EXPECT_EQ(found->instruction, "INT '010'");
}

TEST(Parting, SeesBelowTheTopOfTheStackAndBelowMarks) {
  const auto found = parting("MARK; INT '010'; MARK; BININT1 1; BININT1 2; TUPLE; TUPLE; STOP",
                             "cpython-3.13-c", "cpython-2.7-py");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->offset, 1u);
}

TEST(Parting, SeesThroughFrames) {
  const auto found = parting("PROTO 4; .frame; BININT1 1; POP; INT '010'; STOP; .endframe");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->instruction, "INT '010'");
}

TEST(Parting, IsFoundInLongPicklesToo) {
  const auto found = parting("MARK; .repeat 3000; BININT1 1; .end; INT '010'; TUPLE; STOP");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->offset, 6001u);
}

TEST(Parting, ThereIsNoneWhereProfilesAgree) {
  EXPECT_FALSE(parting("EMPTY_LIST; INT '10'; APPEND; STOP"));
  EXPECT_FALSE(parting("MARK; .repeat 3000; BININT1 1; .end; TUPLE; STOP"));
}

TEST(PickleFile, LoadsOneAfterTheOther) {
  const auto all = load_pickles(assembled("BININT1 1; STOP; NONE; STOP"), {});
  ASSERT_EQ(all.size(), 2u);
  EXPECT_EQ(all[0].value, "1");
  EXPECT_EQ(all[1].offset, 3u);
  EXPECT_EQ(all[1].value, "None");
  EXPECT_EQ(all[1].consumed, 5u);
}

TEST(PickleFile, EndsAtTheFirstThatIsRefused) {
  const auto all = load_pickles(assembled("BININT1 1; STOP; POP; NONE; STOP"), {});
  ASSERT_EQ(all.size(), 2u);
  EXPECT_FALSE(all[1].accepted);
  EXPECT_EQ(all[1].outcome(), "!UnpicklingError");
  EXPECT_EQ(all[1].at, 3u);
}

TEST(PickleFile, AMemoIsSharedOnlyIfToldSo) {
  const std::string file = assembled("EMPTY_LIST; BINPUT 0; STOP; BINGET 0; STOP");
  LoadOptions options;
  EXPECT_FALSE(load_pickles(file, options).back().accepted);
  options.one_unpickler = true;
  EXPECT_EQ(load_pickles(file, options).back().value, "[]");
}

}  // namespace
}  // namespace assay
