#include "reports/compare.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "reports/changes.h"

namespace assay {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::Pair;

ResultRecord result(const char* implementation, const char* id, Verdict verdict,
                    const char* got = "") {
  ResultRecord record;
  record.implementation = implementation;
  record.case_id = id;
  record.format = "pickle";
  record.verdict = verdict;
  record.got = got;
  return record;
}

Results run_of(const char* name, std::vector<ResultRecord> results) {
  Results run;
  run.run.started = "2026-01-02T03:04:05Z";
  run.implementations = {{.name = name, .implementation = "mine", .role = "subject"}};
  run.results = std::move(results);
  return run;
}

ChangeKind only_change(Verdict before, Verdict after) {
  const Results one = run_of("mine-1", {result("mine-1", "a", before, "1")});
  const Results two = run_of("mine-1", {result("mine-1", "a", after, "1")});
  const Comparison comparison = compare_results(one, two);
  EXPECT_EQ(comparison.changes.size(), 1u);
  return comparison.changes.empty() ? ChangeKind::gone : comparison.changes[0].kind;
}

TEST(Compare, WhatIsWorthLessIsARegression) {
  EXPECT_EQ(only_change(Verdict::pass, Verdict::wrong_value), ChangeKind::regression);
  EXPECT_EQ(only_change(Verdict::pass, Verdict::lossy), ChangeKind::regression);
  EXPECT_EQ(only_change(Verdict::pass, Verdict::unsupported), ChangeKind::regression);
  EXPECT_EQ(only_change(Verdict::pass, Verdict::skipped), ChangeKind::regression);
  EXPECT_EQ(only_change(Verdict::unsupported, Verdict::crash), ChangeKind::regression);
  EXPECT_EQ(only_change(Verdict::crash, Verdict::pass), ChangeKind::fix);
  EXPECT_EQ(only_change(Verdict::lossy, Verdict::pass), ChangeKind::fix);
  EXPECT_EQ(only_change(Verdict::unsupported, Verdict::pass), ChangeKind::fix);
  EXPECT_EQ(only_change(Verdict::crash, Verdict::unsupported), ChangeKind::changed);
  EXPECT_EQ(only_change(Verdict::crash, Verdict::timeout), ChangeKind::changed);
}

TEST(Compare, AnotherWrongAnswerIsAChangeAndTheSameIsNone) {
  const Results one = run_of("mine-1", {result("mine-1", "a", Verdict::wrong_value, "1"),
                                        result("mine-1", "b", Verdict::wrong_value, "1"),
                                        result("mine-1", "c", Verdict::pass)});
  const Results two = run_of("mine-1", {result("mine-1", "c", Verdict::pass),
                                        result("mine-1", "a", Verdict::wrong_value, "2"),
                                        result("mine-1", "b", Verdict::wrong_value, "1")});
  const Comparison comparison = compare_results(one, two);
  ASSERT_EQ(comparison.changes.size(), 1u);
  EXPECT_EQ(comparison.changes[0].kind, ChangeKind::changed);
  EXPECT_EQ(comparison.changes[0].after->case_id, "a");
  EXPECT_EQ(comparison.same, 2u);
}

TEST(Compare, CasesComeAndGo) {
  const Results one = run_of("mine-1", {result("mine-1", "a", Verdict::pass)});
  const Results two = run_of("mine-1", {result("mine-1", "b", Verdict::wrong_value, "1")});
  const Comparison comparison = compare_results(one, two);
  EXPECT_EQ(comparison.count(ChangeKind::appeared), 1u);
  EXPECT_EQ(comparison.count(ChangeKind::gone), 1u);
  EXPECT_EQ(comparison.count(ChangeKind::regression), 0u);
  std::ostringstream text;
  print_changes(text, comparison, {});
  EXPECT_THAT(text.str(), HasSubstr("new, and differ (1)\n  mine-1: b\n"));
  EXPECT_THAT(text.str(), HasSubstr("0 regressions, 0 fixes, 0 changed, 1 new, 1 gone; 0 as"));
}

TEST(Compare, TheNextVersionOfASubjectIsComparedWithTheLast) {
  const Results one = run_of("mine-1", {result("mine-1", "a", Verdict::pass)});
  Results two = run_of("mine-2", {result("mine-2", "a", Verdict::crash)});
  Comparison comparison = compare_results(one, two);
  EXPECT_THAT(comparison.renamed, ElementsAre(Pair("mine-1", "mine-2")));
  EXPECT_EQ(comparison.count(ChangeKind::regression), 1u);

  // With two candidates nobody can tell which it is.
  two.implementations.push_back({.name = "mine-3", .implementation = "mine", .role = "subject"});
  comparison = compare_results(one, two);
  EXPECT_THAT(comparison.renamed, IsEmpty());
  EXPECT_THAT(comparison.implementations_new, ElementsAre("mine-2", "mine-3"));
  EXPECT_THAT(comparison.implementations_gone, ElementsAre("mine-1"));
  EXPECT_THAT(comparison.changes, IsEmpty());
}

TEST(Compare, WhoDoesNotStartAnyMoreHasLostWhatAgreed) {
  const Results one = run_of(
      "mine-1", {result("mine-1", "a", Verdict::pass), result("mine-1", "b", Verdict::crash)});
  Results two = run_of("mine-1", {});
  two.implementations[0].note = "exited with status 127";
  const Comparison comparison = compare_results(one, two);
  EXPECT_EQ(comparison.count(ChangeKind::regression), 1u);
  EXPECT_EQ(comparison.count(ChangeKind::gone), 1u);
}

TEST(Changes, SayWhatWasExpectedAndWhatCame) {
  const Results one = run_of("mine-1", {result("mine-1", "a", Verdict::pass)});
  Results two = run_of("mine-1", {result("mine-1", "a", Verdict::wrong_value, "'a|`'")});
  two.results[0].expected = "'b'";
  two.results[0].repeat = "./assay explain a --impl mine-1";
  const Comparison comparison = compare_results(one, two);
  std::ostringstream text, markdown;
  print_changes(text, comparison, {});
  EXPECT_THAT(text.str(), HasSubstr("  mine-1: a\n    pass -> wrong-value\n    expected 'b'\n"));
  EXPECT_THAT(text.str(), HasSubstr("    repeat   ./assay explain a --impl mine-1\n"));
  write_changes_markdown(markdown, comparison, {});
  EXPECT_THAT(markdown.str(),
              HasSubstr("| mine-1 | a | pass | wrong-value | `'b'` | `` 'a\\|`' `` |\n"));
}

TEST(Changes, ManyAreCut) {
  std::vector<ResultRecord> passes, failures;
  for (const char* id : {"a", "b", "c"}) {
    passes.push_back(result("mine-1", id, Verdict::pass));
    failures.push_back(result("mine-1", id, Verdict::crash));
  }
  const Results one = run_of("mine-1", passes), two = run_of("mine-1", failures);
  std::ostringstream text;
  print_changes(text, compare_results(one, two), {.listed = 2});
  EXPECT_THAT(text.str(), HasSubstr("regressions (3)\n"));
  EXPECT_THAT(text.str(), HasSubstr("  … and 1 more\n"));
  EXPECT_THAT(text.str(), Not(HasSubstr("mine-1: c")));
}

}  // namespace
}  // namespace assay
