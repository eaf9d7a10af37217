#include "harness/corpus/recorded.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

namespace assay {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

bool never_same(std::string_view, std::string_view) {
  return false;
}
bool always_same(std::string_view, std::string_view) {
  return true;
}

RecordedOutcome value(std::string text, std::uint64_t consumed) {
  RecordedOutcome outcome;
  outcome.value = std::move(text);
  outcome.consumed = consumed;
  return outcome;
}

RecordedOutcome error(std::string name) {
  RecordedOutcome outcome;
  outcome.error = std::move(name);
  return outcome;
}

// Hand-written to the schema, not printed by us.
const char* const file_text = R"({"schema":"assay-recorded-1",
"oracles":{
"cpython-2.7-c":{"version":"2.7.18","word":64,"lossy":["dict=unordered"]},
"cpython-3.9-py":{"version":"3.9.18","word":64},
"cpython-3.14-c-32":{"version":"3.14.2","word":32}},
"cases":{
"int/b":{"input":"492b300a2e","outcomes":[
{"profiles":["cpython-2.7-c","cpython-3.14-c-32"],"value":"8","consumed":6},
{"profiles":["cpython-3.9-py"],"error":"ValueError"}]},
"int/a":{"input":"4e2e","options":"{\"loads\":2}","outcomes":[
{"profiles":["cpython-2.7-c"],"value":"'\\ud800'"}]}}}
)";

TEST(Recorded, ReadsEveryField) {
  const Recorded recorded = parse_recorded(file_text);
  EXPECT_EQ(recorded.oracles.at("cpython-3.14-c-32"), (OracleVersion{"3.14.2", 32, {}}));
  EXPECT_THAT(recorded.oracles.at("cpython-2.7-c").lossy, ElementsAre("dict=unordered"));
  const RecordedCase& b = recorded.cases.at("int/b");
  EXPECT_EQ(b.input, "492b300a2e");
  ASSERT_EQ(b.outcomes.size(), 2u);
  EXPECT_EQ(b.outcomes[0].value, "8");
  EXPECT_EQ(b.outcomes[0].consumed, 6u);
  EXPECT_THAT(b.outcomes[0].profiles, ElementsAre("cpython-2.7-c", "cpython-3.14-c-32"));
  EXPECT_FALSE(b.outcomes[1].accepted());
  EXPECT_EQ(b.outcomes[1].error, "ValueError");
  EXPECT_EQ(recorded.cases.at("int/a").options, "{\"loads\":2}");
  EXPECT_EQ(recorded.cases.at("int/a").outcomes[0].value, "'\\ud800'");
}

TEST(Recorded, PrintsOneOutcomeALineInTheOrderOfTheCases) {
  const Recorded recorded = parse_recorded(file_text);
  EXPECT_EQ(print_recorded(recorded, {"int/b", "int/a"}), file_text);
  EXPECT_THAT(print_recorded(recorded, {"int/a"}), testing::Not(HasSubstr("int/b")));
}

TEST(Recorded, SaysWhatIsWrong) {
  const auto message = [](const char* text) -> std::string {
    try {
      parse_recorded(text);
    } catch (const std::runtime_error& error) {
      return error.what();
    }
    return "accepted";
  };
  EXPECT_THAT(message("{"), HasSubstr("no JSON"));
  EXPECT_THAT(message("[]"), HasSubstr("schema"));
  EXPECT_THAT(message(R"({"schema":"assay-recorded-1","oracles":{}})"), HasSubstr("no 'cases'"));
  EXPECT_THAT(message(R"({"schema":"assay-recorded-1","oracles":{},"cases":{"a/b":
      {"input":"","outcomes":[{"profiles":["cpython-3.9-c"],"value":"1"}]}}})"),
              HasSubstr("not among the oracles"));
  EXPECT_THAT(message(R"({"schema":"assay-recorded-1","oracles":{},"cases":{"a/b":
      {"input":"","outcomes":[{"profiles":[],"value":"1","error":"E"}]}}})"),
              HasSubstr("one of"));
  EXPECT_THAT(message(R"({"schema":"assay-recorded-1","oracles":{},"cases":{"a/b":
      {"input":"","outcomes":[{"profiles":["me"],"value":"1"}]}}})"),
              HasSubstr("'me' is no profile"));
}

TEST(Recorded, AnOracleMayCrash) {
  const char* text = R"({"schema":"assay-recorded-1",
"oracles":{
"cpython-3.8-c":{"version":"3.8.18","word":64}},
"cases":{
"code/a":{"input":"63","outcomes":[
{"profiles":["cpython-3.8-c"],"crash":true}]}}}
)";
  const Recorded recorded = parse_recorded(text);
  EXPECT_TRUE(recorded.cases.at("code/a").outcomes[0].crashed());
  EXPECT_EQ(print_recorded(recorded, {"code/a"}), text);
}

TEST(Recorded, MarksLongInputsByTheirChecksum) {
  EXPECT_EQ(input_mark("ab\xff"), "6162ff");
  EXPECT_EQ(input_mark(std::string(256, 'a')).size(), 512u);
  // The check value of CRC-32 is that of "123456789"; 29 of it are 261 bytes,
  // whose checksum was computed with Python's zlib.crc32.
  std::string digits;
  for (int i = 0; i < 29; ++i) digits += "123456789";
  EXPECT_EQ(input_mark(digits), "crc32:5a36e2a3/261");
}

TEST(Recorded, GroupsEqualAnswersInNaturalOrder) {
  std::vector<RecordedOutcome> outcomes;
  add_outcome(outcomes, "cpython-3.10-c", value("1", 2), never_same);
  add_outcome(outcomes, "cpython-3.9-c", value("1", 2), never_same);
  add_outcome(outcomes, "cpython-2.7-py", error("KeyError"), never_same);
  add_outcome(outcomes, "cpython-3.11-c", error("ValueError"), never_same);
  add_outcome(outcomes, "cpython-3.12-c", value("1", 3), never_same);
  ASSERT_EQ(outcomes.size(), 4u);
  EXPECT_THAT(outcomes[0].profiles, ElementsAre("cpython-2.7-py"));
  EXPECT_THAT(outcomes[1].profiles, ElementsAre("cpython-3.9-c", "cpython-3.10-c"));
  EXPECT_EQ(outcomes[2].error, "ValueError");
  EXPECT_EQ(outcomes[3].consumed, 3u);
}

TEST(Recorded, AsksTheComparisonWhetherTextsMeanTheSame) {
  std::vector<RecordedOutcome> outcomes;
  add_outcome(outcomes, "cpython-3.9-c", value("{1, 2}", 2), always_same);
  add_outcome(outcomes, "cpython-3.8-c", value("{2, 1}", 2), always_same);
  ASSERT_EQ(outcomes.size(), 1u);
  EXPECT_EQ(outcomes[0].value, "{1, 2}");
}

TEST(Recorded, BytesThatWereWrittenAreHex) {
  const char* text = R"({"schema":"assay-recorded-1",
"oracles":{
"cpython-3.9-c":{"version":"3.9.18","word":64}},
"cases":{
"write/a":{"input":"31","options":"{\"operation\":\"encode\",\"protocol\":5}","outcomes":[
{"profiles":["cpython-3.9-c"],"data":"4b012e","buffers":["w:61"]}]}}}
)";
  const Recorded recorded = parse_recorded(text);
  const RecordedOutcome& outcome = recorded.cases.at("write/a").outcomes.at(0);
  EXPECT_EQ(outcome.data, "K\x01.");
  EXPECT_THAT(outcome.buffers, ElementsAre("w:61"));
  EXPECT_TRUE(outcome.accepted());
  EXPECT_EQ(print_recorded(recorded, {"write/a"}), text);
}

}  // namespace
}  // namespace assay
