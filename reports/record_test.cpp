#include "reports/record.h"

#include <gtest/gtest.h>

#include <sstream>

namespace assay {
namespace {

ResultRecord wrong_value() {
  ResultRecord record;
  record.implementation = "pypy-3.9-py";
  record.case_id = "int/octal";
  record.format = "pickle";
  record.protocol = 0;
  record.topic = "int-text";
  record.verdict = Verdict::wrong_value;
  record.level = Level::divergent;
  record.expected = "[8, '\\ud800']";
  record.got = "[10, '\\ud800']";
  record.path = "[0]";
  record.shares = {"cpython-2.7-py"};
  return record;
}

TEST(Record, AResultSurvivesTheFile) {
  Results written;
  written.run.started = "2026-01-02T03:04:05Z";
  written.implementations.push_back({.name = "pypy-3.9-py", .role = "subject"});
  written.results.push_back(wrong_value());
  std::stringstream file;
  write_results(file, written);
  const Results read = read_results(file, "results.jsonl");
  ASSERT_EQ(read.results.size(), 1u);
  EXPECT_EQ(read.run.started, written.run.started);
  EXPECT_EQ(read.implementations.at(0).role, "subject");
  EXPECT_EQ(read.results[0].verdict, Verdict::wrong_value);
  EXPECT_EQ(read.results[0].level, Level::divergent);
  EXPECT_EQ(read.results[0].got, "[10, '\\ud800']");
  EXPECT_EQ(read.results[0].shares, std::vector<std::string>{"cpython-2.7-py"});
}

TEST(Record, APassIsShort) {
  ResultRecord record;
  record.implementation = "x";
  record.case_id = "int/zero";
  record.format = "pickle";
  record.verdict = Verdict::pass;
  EXPECT_EQ(to_line(record),
            R"({"record":"result","implementation":"x","case":"int/zero","format":"pickle",)"
            R"("verdict":"pass","level":"must"})");
}

TEST(Record, ErrorsNameTheLine) {
  std::stringstream file(
      "{\"record\":\"run\",\"schema\":\"assay-results-1\"}\n"
      "{\"record\":\"result\",\"implementation\":\"x\",\"case\":\"a\",\"format\":\"pickle\","
      "\"verdict\":\"fine\",\"level\":\"must\"}\n");
  try {
    read_results(file, "results.jsonl");
    FAIL() << "an unknown verdict was read";
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(), "results.jsonl:2: no verdict 'fine'");
  }
}

TEST(Verdict, EveryNameIsItsOwn) {
  for (std::size_t i = 0; i < verdict_count; ++i)
    EXPECT_EQ(verdict_from(verdict_names[i]), static_cast<Verdict>(i)) << verdict_names[i];
  EXPECT_FALSE(verdict_from("failed"));
}

}  // namespace
}  // namespace assay
