#include "reports/merge.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

namespace assay {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

ResultRecord result(const char* implementation, const char* id, Verdict verdict) {
  ResultRecord record;
  record.implementation = implementation;
  record.case_id = id;
  record.format = "pickle";
  record.verdict = verdict;
  return record;
}

Results shard(const char* which, std::vector<ResultRecord> results) {
  Results part;
  part.run.started = "2026-01-02T03:04:05Z";
  part.run.command = std::string("./assay run --shard ") + which;
  part.run.shard = which;
  part.run.cases = 1;
  part.run.seconds = which[0] == '1' ? 3 : 2;
  part.implementations = {{.name = "x", .version = "1", .seconds = 2}, {.name = "y"}};
  part.results = std::move(results);
  return part;
}

std::string text_of(const Results& results) {
  std::ostringstream text;
  write_results(text, results);
  return text.str();
}

TEST(Merge, ShardsInAnyOrderAreTheWholeRun) {
  const Results one =
      shard("1/2", {result("x", "b", Verdict::pass), result("y", "b", Verdict::crash)});
  const Results two =
      shard("2/2", {result("x", "a", Verdict::crash), result("y", "a", Verdict::pass)});
  Results whole = shard("", {result("x", "a", Verdict::crash), result("x", "b", Verdict::pass),
                             result("y", "a", Verdict::pass), result("y", "b", Verdict::crash)});
  whole.run.command = "./assay run";
  whole.run.cases = 2;
  whole.run.seconds = 3;
  whole.implementations[0].seconds = 4;
  const Merged merged = merge_results({one, two});
  EXPECT_THAT(merged.problems, IsEmpty());
  EXPECT_EQ(text_of(merged.results), text_of(whole));
  EXPECT_EQ(text_of(merge_results({two, one}).results), text_of(whole));
}

TEST(Merge, WhatIsMissingIsNamed) {
  EXPECT_THAT(merge_results({shard("1/4", {}), shard("3/4", {})}).problems,
              ElementsAre("of 4 shards these are missing: 2 4"));
  EXPECT_THAT(merge_results({shard("1/2", {}), shard("2/3", {})}).problems,
              ElementsAre("the parts are not shards of one division"));
}

TEST(Merge, PartsThatContradictEachOtherAreNamed) {
  Results one = shard("1/2", {result("x", "a", Verdict::pass)});
  Results two = shard("2/2", {result("x", "a", Verdict::crash)});
  two.implementations[0].version = "2";
  const Merged merged = merge_results({one, two});
  EXPECT_THAT(merged.problems, ElementsAre(HasSubstr("x is 1 in one part, 2 in another"),
                                           HasSubstr("x: a is pass in one part, crash in")));
  EXPECT_EQ(merged.results.results.size(), 1u);
}

}  // namespace
}  // namespace assay
