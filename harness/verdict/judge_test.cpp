#include "harness/verdict/judge.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace assay {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

RecordedOutcome accepts(std::vector<std::string> profiles, std::string value,
                        std::uint64_t consumed = 9) {
  RecordedOutcome outcome;
  outcome.profiles = std::move(profiles);
  outcome.value = std::move(value);
  outcome.consumed = consumed;
  return outcome;
}

RecordedOutcome rejects(std::vector<std::string> profiles, std::string error) {
  RecordedOutcome outcome;
  outcome.profiles = std::move(profiles);
  outcome.error = std::move(error);
  return outcome;
}

Observation gave(std::string value, std::optional<std::uint64_t> consumed = 9) {
  Observation observation;
  observation.status = Status::answered;
  observation.answer = Answer{"1", ValueAnswer{std::move(value), consumed}};
  return observation;
}

Observation raised(std::string name) {
  Observation observation;
  observation.status = Status::answered;
  observation.answer = Answer{"1", ErrorAnswer{std::move(name), "why", std::nullopt}};
  return observation;
}

Observation ended(Status status) {
  Observation observation;
  observation.status = status;
  observation.detail = "detail";
  return observation;
}

const std::vector<std::string> c = {"cpython-3.9-c"}, py = {"cpython-3.9-py"},
                               old = {"cpython-2.7-c"};
const Claim any_errors{};
const Claim python_errors{.python_errors = true};

Judgement judged(const std::vector<RecordedOutcome>& outcomes, const Observation& observation,
                 const Claim& claim = any_errors, const char* target = "cpython-3.8+") {
  return judge(expect(outcomes, ProfileSelection(target), false, 64, {}), observation, claim);
}

struct Row {
  const char* what;
  std::vector<RecordedOutcome> recorded;
  Observation observation;
  Claim claim;
  Level level;
  Verdict verdict;
};

TEST(Judge, Table) {
  const std::vector<RecordedOutcome> one = {accepts({"cpython-3.9-c", "cpython-3.9-py"}, "[1]")};
  const std::vector<RecordedOutcome> none = {rejects(c, "UnpicklingError"),
                                             rejects(py, "EOFError")};
  const std::vector<RecordedOutcome> same = {
      rejects({"cpython-3.9-c", "cpython-3.9-py"}, "UnpicklingError")};
  const std::vector<RecordedOutcome> split = {accepts(c, "8"), rejects(py, "ValueError")};
  const std::vector<RecordedOutcome> values = {accepts(c, "False"), accepts(py, "0")};
  const std::vector<RecordedOutcome> nan = {accepts(c, "nan")};
  const std::vector<RecordedOutcome> shared = {accepts(c, "[&1 [], *1]")};
  const Claim lists{.blind = {"tuple=list"}}, sharing{.no_identity = true};
  const auto must = Level::must, may = Level::may_differ, divergent = Level::divergent;
  const std::vector<Row> table = {
      {"the value", one, gave("[1]"), any_errors, must, Verdict::pass},
      {"the value without its size", one, gave("[1]", {}), any_errors, must, Verdict::pass},
      {"the value in another spelling", one, gave("[0x1]"), any_errors, must, Verdict::pass},
      {"the value of another size", one, gave("[1]", 8), any_errors, must, Verdict::wrong_consumed},
      {"another value", one, gave("[2]"), any_errors, must, Verdict::wrong_value},
      {"another value of another size", one, gave("[2]", 8), any_errors, must,
       Verdict::wrong_value},
      {"another type", one, gave("[1.0]"), any_errors, must, Verdict::wrong_value},
      {"True is not 1", one, gave("[True]"), any_errors, must, Verdict::wrong_value},
      {"a rejection of a value", one, raised("ValueError"), any_errors, must,
       Verdict::rejected_valid},
      {"no value text", one, gave("[1"), any_errors, must, Verdict::adapter_error},
      {"a tuple for a list", one, gave("(1,)"), any_errors, must, Verdict::wrong_value},
      {"a tuple for a list, said so",
       {accepts(c, "(1,)")},
       gave("[1]"),
       lists,
       must,
       Verdict::lossy},
      {"lossy, but another size",
       {accepts(c, "(1,)")},
       gave("[1]", 8),
       lists,
       must,
       Verdict::wrong_consumed},
      {"lossy claims nothing else",
       {accepts(c, "(1,)")},
       gave("[2]"),
       lists,
       must,
       Verdict::wrong_value},
      {"exact in spite of a lossy claim",
       {accepts(c, "(1,)")},
       gave("(1,)"),
       lists,
       must,
       Verdict::pass},

      {"nan is nan", nan, gave("nan"), any_errors, must, Verdict::pass},
      {"nan is any quiet nan", nan, gave("nan(0x7ff8000000000001)"), any_errors, must,
       Verdict::pass},
      {"nan with its sign set", nan, gave("nan(0xfff8000000000000)"), any_errors, must,
       Verdict::pass},
      {"nan is no signalling nan", nan, gave("nan(0x7ff0000000000001)"), any_errors, must,
       Verdict::wrong_value},
      {"zero has a sign",
       {accepts(c, "-0.0")},
       gave("0.0"),
       any_errors,
       must,
       Verdict::wrong_value},

      {"sharing", shared, gave("[&7 [], *7]"), any_errors, must, Verdict::pass},
      {"sharing lost", shared, gave("[[], []]"), any_errors, must, Verdict::wrong_value},
      {"sharing lost, said so", shared, gave("[[], []]"), sharing, must, Verdict::lossy},
      {"sharing invented",
       {accepts(c, "[[], []]")},
       gave("[&1 [], *1]"),
       any_errors,
       must,
       Verdict::wrong_value},
      {"sharing of what has no identity",
       {accepts(c, "[(1,), (1,)]")},
       gave("[&1 (1,), *1]"),
       any_errors,
       must,
       Verdict::pass},

      {"a rejection", same, raised("whatever"), any_errors, must, Verdict::pass},
      {"the very class", same, raised("UnpicklingError"), python_errors, must, Verdict::pass},
      {"another class", same, raised("EOFError"), python_errors, must, Verdict::wrong_error},
      {"another class without claims", same, raised("EOFError"), any_errors, must, Verdict::pass},
      {"either class", none, raised("EOFError"), python_errors, may, Verdict::pass},
      {"neither class", none, raised("KeyError"), python_errors, may, Verdict::wrong_error},
      {"a value for a rejection", none, gave("1"), any_errors, may, Verdict::accepted_invalid},
      {"no value text for a rejection", none, gave("1 2"), any_errors, may, Verdict::adapter_error},

      {"divergent, as one", split, gave("8"), python_errors, divergent, Verdict::pass},
      {"divergent, as the other", split, raised("ValueError"), python_errors, divergent,
       Verdict::pass},
      {"divergent, as neither", split, gave("10"), python_errors, divergent, Verdict::wrong_value},
      {"divergent, another class", split, raised("KeyError"), python_errors, divergent,
       Verdict::wrong_error},
      {"divergent values", values, gave("0"), any_errors, divergent, Verdict::pass},
      {"divergent values, rejected", values, raised("E"), any_errors, divergent,
       Verdict::rejected_valid},

      {"unsupported", one, ended(Status::unsupported), any_errors, must, Verdict::unsupported},
      {"crash", none, ended(Status::crash), any_errors, may, Verdict::crash},
      {"timeout", one, ended(Status::timeout), any_errors, must, Verdict::timeout},
      {"memory", one, ended(Status::out_of_memory), any_errors, must, Verdict::out_of_memory},
      {"protocol", one, ended(Status::adapter_error), any_errors, must, Verdict::adapter_error},
      {"state", one, ended(Status::state_dependent), any_errors, must, Verdict::state_dependent},
      {"skipped", one, ended(Status::skipped), any_errors, must, Verdict::skipped},
      {"a request it did not understand", same, raised("ProtocolError"), any_errors, must,
       Verdict::adapter_error},
      {"nothing recorded in the target",
       {accepts(old, "1")},
       gave("1"),
       any_errors,
       must,
       Verdict::skipped},
      {"nothing recorded, but a crash",
       {accepts(old, "1")},
       ended(Status::crash),
       any_errors,
       must,
       Verdict::crash},
  };
  for (const Row& row : table) {
    const Expectation expectation =
        expect(row.recorded, ProfileSelection("cpython-3.8+"), false, 64, {});
    EXPECT_EQ(name(expectation.level), name(row.level)) << row.what;
    EXPECT_EQ(name(judge(expectation, row.observation, row.claim).verdict), name(row.verdict))
        << row.what;
  }
}

TEST(Judge, AnOracleThatCrashesJudgesNobody) {
  RecordedOutcome crash;
  crash.profiles = c;
  EXPECT_EQ(judged({crash}, gave("1")).verdict, Verdict::skipped);
  EXPECT_EQ(judged({crash}, ended(Status::crash)).verdict, Verdict::skipped);
  EXPECT_EQ(judged({crash, accepts(py, "1")}, gave("1")).verdict, Verdict::pass);
  EXPECT_EQ(judged({crash, accepts(py, "1")}, gave("2")).verdict, Verdict::wrong_value);
  EXPECT_EQ(judged({crash, accepts(py, "1")}, ended(Status::crash)).verdict, Verdict::crash);
}

TEST(Judge, AnAnswerThatIsNoneIsToldWithItsFault) {
  const std::vector<RecordedOutcome> one = {accepts(c, "1")}, none = {rejects(c, "E")};
  for (const auto& outcomes : {one, none}) {
    const Judgement judgement = judged(outcomes, gave("<object>"));
    EXPECT_EQ(judgement.verdict, Verdict::adapter_error);
    EXPECT_EQ(judgement.got, "<object>");
    EXPECT_THAT(judgement.detail, HasSubstr("no value text: "));
  }
}

TEST(Judge, APassSaysNothing) {
  const Judgement judgement = judged({accepts(c, "1")}, gave("1"));
  EXPECT_EQ(judgement.expected, "");
  EXPECT_THAT(judgement.shares, IsEmpty());
}

TEST(Judge, AWrongValueSaysWhere) {
  const Judgement judgement = judged({accepts(c, "[0, {'k': 1}]")}, gave("[0, {'k': 2}]"));
  EXPECT_EQ(judgement.expected, "[0, {'k': 1}]");
  EXPECT_EQ(judgement.got, "[0, {'k': 2}]");
  EXPECT_EQ(judgement.path, "[1]['k']");
  EXPECT_EQ(judgement.expected_at, "1");
  EXPECT_EQ(judgement.got_at, "2");
}

TEST(Judge, AWrongSizeSaysBoth) {
  EXPECT_EQ(judged({accepts(c, "1", 4)}, gave("1", 5)).detail, "read 5 bytes, expected 4");
}

TEST(Judge, ExpectationsOfRejectionsNameEachClassOnce) {
  const Judgement judgement =
      judged({rejects(c, "A"), rejects({"cpython-3.9-py", "cpython-3.10-py"}, "B")}, gave("1"));
  EXPECT_EQ(judgement.expected, "!B or !A");
  EXPECT_EQ(judgement.got, "1");
}

TEST(Judge, NamesWhoseBehaviourADivergentCaseShares) {
  const std::vector<RecordedOutcome> outcomes = {
      accepts({"cpython-2.7-c", "cpython-3.9-c", "cpython-3.10-c"}, "8"),
      rejects({"cpython-3.9-py"}, "ValueError")};
  EXPECT_THAT(judged(outcomes, gave("8")).shares,
              ElementsAre("cpython-2.7-c", "cpython-3.9-c", "cpython-3.10-c"));
  EXPECT_THAT(judged(outcomes, raised("E")).shares, ElementsAre("cpython-3.9-py"));
  EXPECT_THAT(judged(outcomes, raised("E"), python_errors).shares, IsEmpty());
}

TEST(Judge, AFailureMayShareABehaviourOutsideOfTheTarget) {
  const std::vector<RecordedOutcome> outcomes = {accepts(c, "10"), accepts(old, "8")};
  const Judgement judgement = judged(outcomes, gave("8"));
  EXPECT_EQ(judgement.verdict, Verdict::wrong_value);
  EXPECT_THAT(judgement.shares, ElementsAre("cpython-2.7-c"));
}

TEST(Judge, DivergenceOfTheOraclesIsAMatterOfTheTarget) {
  const std::vector<RecordedOutcome> outcomes = {accepts(c, "10"), accepts(old, "8")};
  EXPECT_EQ(expect(outcomes, ProfileSelection("cpython-3.8+"), false, 64, {}).level, Level::must);
  EXPECT_EQ(expect(outcomes, ProfileSelection("all"), false, 64, {}).level, Level::divergent);
  EXPECT_EQ(judged(outcomes, gave("8"), any_errors, "cpython-2.7-c").verdict, Verdict::pass);
}

TEST(Judge, OutcomesThatDifferInSizeOnlyAreOneValue) {
  const std::vector<RecordedOutcome> outcomes = {accepts(c, "1", 4), accepts(py, "1", 5)};
  EXPECT_EQ(expect(outcomes, ProfileSelection("all"), false, 64, {}).level, Level::must);
  EXPECT_EQ(judged(outcomes, gave("1", 5)).verdict, Verdict::pass);
  EXPECT_EQ(judged(outcomes, gave("1", 6)).verdict, Verdict::wrong_consumed);
}

TEST(Judge, AWordCaseIsJudgedByOraclesOfTheSameWord) {
  const std::vector<RecordedOutcome> outcomes = {rejects({"cpython-3.13-c"}, "UnpicklingError"),
                                                 rejects({"cpython-3.14-c-32"}, "OverflowError")};
  const ProfileSelection target("cpython-3.8+");
  EXPECT_EQ(expect(outcomes, target, false, 64, {}).level, Level::may_differ);
  const Expectation wide = expect(outcomes, target, true, 64, {});
  EXPECT_EQ(wide.level, Level::must);
  EXPECT_EQ(judge(wide, raised("OverflowError"), python_errors).verdict, Verdict::wrong_error);
  const Expectation narrow = expect(outcomes, target, true, 32, {});
  EXPECT_EQ(judge(narrow, raised("OverflowError"), python_errors).verdict, Verdict::pass);
  EXPECT_EQ(judge(narrow, raised("UnpicklingError"), python_errors).verdict, Verdict::wrong_error);
}

TEST(Judge, WhatAnOracleCannotSeeIsNotAskedOfOthers) {
  const std::vector<RecordedOutcome> outcomes = {accepts(old, "{1: 2, 3: 4}")};
  const OracleBlindness blindness = {{"cpython-2.7-c", {"dict=unordered"}}};
  const ProfileSelection target("cpython-2.7-c");
  EXPECT_EQ(judge(expect(outcomes, target, false, 64, blindness), gave("{3: 4, 1: 2}"), any_errors)
                .verdict,
            Verdict::pass);
  EXPECT_EQ(
      judge(expect(outcomes, target, false, 64, {}), gave("{3: 4, 1: 2}"), any_errors).verdict,
      Verdict::wrong_value);
  // One oracle of the group that sees is enough.
  const std::vector<RecordedOutcome> both = {
      accepts({"cpython-2.7-c", "cpython-3.9-c"}, "{1: 2, 3: 4}")};
  EXPECT_EQ(judge(expect(both, ProfileSelection("all"), false, 64, blindness), gave("{3: 4, 1: 2}"),
                  any_errors)
                .verdict,
            Verdict::wrong_value);
}

TEST(Judge, TakesClaimsFromTheHello) {
  Hello hello;
  hello.errors = "python";
  hello.identity = "none";
  hello.lossy = {"bytes=str"};
  hello.word = 32;
  const Claim claim = claim_of(&hello);
  EXPECT_TRUE(claim.python_errors);
  EXPECT_TRUE(claim.no_identity);
  EXPECT_THAT(claim.blind, ElementsAre("bytes=str"));
  EXPECT_EQ(claim.word, 32);
  EXPECT_FALSE(claim_of(nullptr).python_errors);
}

TEST(Judge, LongTextsAreCut) {
  const std::string longest = "b'" + std::string(9000, 'x') + "'";
  const Judgement judgement = judged({accepts(c, "1")}, gave(longest));
  EXPECT_LT(judgement.got.size(), 4100u);
  EXPECT_THAT(judgement.got, HasSubstr("more)"));
}

// --- bytes that were written

RecordedOutcome writes(std::vector<std::string> profiles, std::string data,
                       std::vector<std::string> buffers = {}) {
  RecordedOutcome outcome;
  outcome.profiles = std::move(profiles);
  outcome.data = std::move(data);
  outcome.buffers = std::move(buffers);
  return outcome;
}

Observation wrote(std::string bytes, std::vector<std::string> buffers = {}) {
  Observation observation;
  observation.status = Status::answered;
  observation.answer = Answer{"1", DataAnswer{std::move(bytes), std::move(buffers)}};
  return observation;
}

// A format of digits: leading zeros are its own business, '+' changes no value,
// 9 came with protocol 2, '?' is no digit.
FormatRules digits() {
  FormatRules rules;
  rules.match_written = [](std::string_view expected, std::string_view got, int protocol) {
    using Match = WrittenMatch::Kind;
    const auto stripped = [](std::string_view text) {
      while (text.starts_with('0')) text.remove_prefix(1);
      return text;
    };
    if (got.find('?') != got.npos) return WrittenMatch{Match::unreadable, "", "", "", "no digit"};
    if (got.find('9') != got.npos && protocol < 2)
      return WrittenMatch{Match::too_new, "", "", "", "9 is of protocol 2"};
    if (stripped(expected) == stripped(got)) return WrittenMatch{Match::same_form, "", "", "", ""};
    if (got.starts_with('+') && got.substr(1) == expected)
      return WrittenMatch{Match::same_value, "", "", "", ""};
    return WrittenMatch{Match::other_value, "[0]", std::string(expected), std::string(got), ""};
  };
  return rules;
}

Verdict verdict_on(const std::vector<RecordedOutcome>& outcomes, const Observation& observation,
                   const Claim& claim = {}) {
  const FormatRules rules = digits();
  return judge(expect(outcomes, ProfileSelection("cpython-3.8+"), false, 64, {}), observation,
               claim, {"encode", 1, &rules})
      .verdict;
}

TEST(JudgeWritten, BytesOrWhatIsReadFromThem) {
  const std::vector<RecordedOutcome> seven = {writes(c, "7"), writes(py, "8")};
  EXPECT_EQ(verdict_on(seven, wrote("7")), Verdict::pass);
  EXPECT_EQ(verdict_on(seven, wrote("8")), Verdict::pass);
  EXPECT_EQ(verdict_on(seven, wrote("07")), Verdict::pass);
  EXPECT_EQ(verdict_on(seven, wrote("+8")), Verdict::other_bytes);
  EXPECT_EQ(verdict_on(seven, wrote("6")), Verdict::wrong_value);
  EXPECT_EQ(verdict_on(seven, wrote("?")), Verdict::wrong_value);
  EXPECT_EQ(verdict_on(seven, wrote("9")), Verdict::wrong_bytes);
  EXPECT_EQ(verdict_on(seven, raised("ValueError")), Verdict::rejected_valid);
  EXPECT_EQ(verdict_on(seven, gave("7")), Verdict::adapter_error);
  EXPECT_EQ(verdict_on({rejects(c, "ValueError")}, wrote("7")), Verdict::accepted_invalid);
}

TEST(JudgeWritten, WhoImitatesAProfileIsHeldToItsBytes) {
  const Claim profile{.imitates = true};
  EXPECT_EQ(verdict_on({writes(c, "7")}, wrote("+7"), profile), Verdict::wrong_bytes);
  EXPECT_EQ(verdict_on({writes(c, "7")}, wrote("07"), profile), Verdict::pass);
}

TEST(JudgeWritten, BuffersAreOfTheValue) {
  const std::vector<RecordedOutcome> one = {writes(c, "7", {"61"})};
  EXPECT_EQ(verdict_on(one, wrote("7", {"61"})), Verdict::pass);
  EXPECT_EQ(verdict_on(one, wrote("7")), Verdict::wrong_value);
  EXPECT_EQ(verdict_on(one, wrote("7", {"w:61"})), Verdict::wrong_value);
}

TEST(JudgeWritten, OraclesThatWriteOtherBytesAreDivergent) {
  EXPECT_EQ(expect({writes(c, "7"), writes(py, "8")}, ProfileSelection("all"), false, 64, {}).level,
            Level::divergent);
  EXPECT_EQ(expect({writes(c, "7")}, ProfileSelection("all"), false, 64, {}).level, Level::must);
}

TEST(JudgeWritten, AReaderGivesNoData) {
  EXPECT_EQ(judged({accepts(c, "7")}, wrote("7")).verdict, Verdict::adapter_error);
}

// --- what an inspector lists

Judgement inspected(const std::vector<RecordedOutcome>& outcomes, const Observation& observation,
                    const Claim& claim = {}) {
  return judge(expect(outcomes, ProfileSelection("cpython-3.8+"), false, 64, {}), observation,
               claim, {"inspect", -1, nullptr});
}

TEST(JudgeInspected, EveryGlobalOfEveryOracleCounts) {
  const std::vector<RecordedOutcome> two = {
      accepts(c, "[global('os', 'system'), global('a', 'b')]"), accepts(py, "[global('c', 'd')]")};
  EXPECT_EQ(
      inspected(two, gave("[global('a', 'b'), global('c', 'd'), global('os', 'system')]")).verdict,
      Verdict::seen);
  const Judgement missed = inspected(two, gave("[global('os', 'system'), global('a', 'b')]"));
  EXPECT_EQ(missed.verdict, Verdict::missed);
  EXPECT_EQ(missed.expected_at, "global('c', 'd')");
  EXPECT_EQ(inspected(two, gave("[]")).verdict, Verdict::missed);
  EXPECT_EQ(inspected(two, raised("Suspicious")).verdict, Verdict::failed_closed);
  EXPECT_EQ(inspected(two, raised("ProtocolError")).verdict, Verdict::adapter_error);
  EXPECT_EQ(inspected(two, gave("[")).verdict, Verdict::adapter_error);
}

TEST(JudgeInspected, WhatIsListedBeyondHidesNothing) {
  EXPECT_EQ(inspected({accepts(c, "[]")}, gave("[global('os', 'system')]")).verdict, Verdict::seen);
}

TEST(JudgeInspected, WhoImitatesAProfileGivesItsList) {
  const Claim profile{.imitates = true};
  EXPECT_EQ(inspected({accepts(c, "[]")}, gave("[global('a', 'b')]"), profile).verdict,
            Verdict::wrong_value);
  EXPECT_EQ(inspected({accepts(c, "[]")}, gave("[]"), profile).verdict, Verdict::pass);
}

}  // namespace
}  // namespace assay
