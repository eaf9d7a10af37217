#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "reports/junit.h"
#include "reports/markdown.h"
#include "reports/matrix.h"
#include "reports/terminal.h"

namespace assay {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

ResultRecord result(const char* implementation, const char* id, int protocol, Verdict verdict) {
  ResultRecord record;
  record.implementation = implementation;
  record.case_id = id;
  record.format = "pickle";
  record.protocol = protocol;
  record.topic = "int-text";
  record.verdict = verdict;
  return record;
}

// One oracle that agrees, one subject that passes, fails, crashes, has a known
// failure and a case it does not support.
Results small_run() {
  Results run;
  run.run.cases = 4;
  run.implementations = {{.name = "subject-1", .version = "1.0", .role = "subject"},
                         {.name = "cpython-3.13-c", .version = "3.13.0", .role = "oracle"}};
  for (const char* id : {"a/one", "a/two", "a/three", "b/four"})
    run.results.push_back(result("cpython-3.13-c", id, id[0] == 'a' ? 0 : 4, Verdict::pass));
  run.results.push_back(result("subject-1", "a/one", 0, Verdict::pass));
  ResultRecord wrong = result("subject-1", "a/two", 0, Verdict::wrong_value);
  wrong.expected = "[1, '|']";
  wrong.got = "[2, '|']";
  wrong.path = "[0]";
  wrong.expected_at = "1";
  wrong.got_at = "2";
  run.results.push_back(wrong);
  ResultRecord known = result("subject-1", "a/three", 0, Verdict::rejected_valid);
  known.known = true;
  known.known_reason = "no long integers";
  run.results.push_back(known);
  ResultRecord crash = result("subject-1", "b/four", 4, Verdict::crash);
  crash.detail = "SIGSEGV \x01";
  run.results.push_back(crash);
  return run;
}

TEST(Terminal, ReferenceRowsAreNamedByTheirProfile) {
  Results run = small_run();
  run.implementations.push_back({.name = "reference@cpython-3.14-py-32", .role = "reference"});
  run.results.push_back(result("reference@cpython-3.14-py-32", "a/one", 0, Verdict::pass));
  std::ostringstream out;
  print_terminal(out, run, {});
  EXPECT_THAT(out.str(), HasSubstr("\n  as 3.14-py-32 "));
}

TEST(Terminal, FitsTheScreenAndShowsWhatDiffers) {
  std::ostringstream out;
  print_terminal(out, small_run(), {});
  std::istringstream lines(out.str());
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 80u) << line;
  EXPECT_THAT(out.str(), HasSubstr("wrong-value a/two"));
  EXPECT_THAT(out.str(), HasSubstr("[0]: 2, not 1"));
  EXPECT_THAT(out.str(), Not(HasSubstr("a/three")));
  EXPECT_THAT(out.str(), HasSubstr("2 differ, 1 known"));
  EXPECT_THAT(out.str(), Not(HasSubstr("\x1b[")));
}

std::string terminal(const Results& run, const TerminalOptions& options = {}) {
  std::ostringstream out;
  print_terminal(out, run, options);
  return out.str();
}

TEST(Terminal, ACommandToCopyIsNeverCut) {
  Results run = small_run();
  const std::string adapter = "'python3 " + std::string(100, 'x') + " --option'";
  run.results[5].repeat = "./assay explain a/two --impl " + adapter;
  const std::string out = terminal(run);
  EXPECT_THAT(out, HasSubstr("    repeat   ./assay explain a/two --impl \\\n             " +
                             adapter + "\n"));
}

TEST(Terminal, OfStderrTheLastLinesAreShown) {
  Results run = small_run();
  run.results[7].detail =
      "exited with status 1 without answering; stderr: Traceback (most recent call last):\n"
      "  File one\n  File two\n  File three\n  File four\nValueError: the cause";
  const std::string out = terminal(run);
  EXPECT_THAT(out, HasSubstr("    detail   exited with status 1 without answering\n"));
  EXPECT_THAT(out, HasSubstr("             ValueError: the cause\n"));
  EXPECT_THAT(out, Not(HasSubstr("File one")));
}

TEST(Terminal, UnsupportedCasesAreCountedApart) {
  Results run = small_run();
  run.results.push_back(result("subject-1", "a/five", 0, Verdict::unsupported));
  run.results.push_back(result("subject-1", "b/six", 4, Verdict::unsupported));
  run.results.push_back(result("subject-1", "b/seven", 4, Verdict::unsupported));
  const std::string out = terminal(run);
  EXPECT_THAT(out, HasSubstr("\n  subject-1                1/3       0/1\n"
                             "    unsupported              1         2\n"));
  EXPECT_THAT(out, HasSubstr("2 differ, 1 known, 3 unsupported"));
}

TEST(Terminal, StaleEntriesComeBeforeTheSummaryAndChangeIt) {
  Results run = small_run();
  run.results.resize(5);
  EXPECT_THAT(terminal(run), HasSubstr("no unknown differences"));
  const std::string out = terminal(run, {.stale = {"known.toml:4: a/one passes now"}});
  EXPECT_THAT(out, Not(HasSubstr("no unknown differences")));
  EXPECT_THAT(out, HasSubstr("nothing new differs, 1 known failure\nstale"));
  EXPECT_LT(out.find("  known.toml:4: a/one passes now"), out.find("nothing new differs"));
}

TEST(Terminal, WhoDidNotStartIsNamedOnce) {
  Results run = small_run();
  run.implementations.push_back(
      {.name = "python3 my_adapter.py",
       .role = "subject",
       .note = "exited with status 1 before hello; stderr: Traceback\nImportError: no mypickle"});
  const std::string out = terminal(run);
  EXPECT_THAT(out, HasSubstr("\n  python3 my_adapter.py\n                      did not start\n"));
  EXPECT_THAT(out, HasSubstr("\npython3 my_adapter.py did not start: ImportError: no mypickle "
                             "(exited with\nstatus 1 before hello)\n"));
  EXPECT_THAT(out, HasSubstr("1 did not start"));
  EXPECT_THAT(out, Not(HasSubstr("nothing was judged")));
}

TEST(Terminal, RemarksAreShown) {
  Results run = small_run();
  run.implementations[0].remarks = {"after bye: killed by SIGSEGV"};
  EXPECT_THAT(terminal(run), HasSubstr("no case's fault\n  after bye: killed by SIGSEGV\n"));
}

TEST(Terminal, SaysWhenNothingWasJudged) {
  Results run;
  run.implementations = {{.name = "subject-1", .role = "subject"}};
  run.results.push_back(result("subject-1", "a/one", 0, Verdict::unsupported));
  const std::string out = terminal(run);
  EXPECT_THAT(out, HasSubstr("nobody here claims a case of: pickle\n"));
  EXPECT_THAT(out, HasSubstr("1 result: nothing was judged, 1 unsupported"));
}

TEST(Markdown, HasAPageForEachProtocol) {
  const auto pages = markdown_pages(small_run());
  ASSERT_EQ(pages.size(), 3u);
  EXPECT_EQ(pages[1].file, "pickle-0.md");
  EXPECT_EQ(pages[2].file, "pickle-4.md");
  EXPECT_THAT(pages[1].text, HasSubstr("expected `[1, '\\|']`"));
  EXPECT_THAT(pages[1].text, HasSubstr("known failure: no long integers"));
  EXPECT_THAT(pages[2].text, HasSubstr("`SIGSEGV \\x01`"));
  EXPECT_THAT(pages[0].text, HasSubstr("✗ 2 of 3, 1 known"));
}

TEST(Markdown, WhatIsKnownForOneReasonIsToldOnce) {
  Results run = small_run();
  for (const char* id : {"a/five", "a/six"}) {
    run.results.push_back(result("subject-1", id, 0, Verdict::rejected_valid));
    run.results.back().known = true;
    run.results.back().known_reason = "no long integers";
  }
  const std::string text = markdown_pages(run)[1].text;
  EXPECT_THAT(text, HasSubstr("  - known failure: no long integers\n"
                              "  - 2 more for this reason: a/five, a/six\n"));
  EXPECT_LT(text.find("**a/two**"), text.find("**a/three**")) << "unknown differences first";
}

TEST(JUnit, CountsAndStaysWellFormed) {
  std::ostringstream out;
  write_junit(out, small_run());
  EXPECT_THAT(out.str(),
              HasSubstr(R"(name="subject-1 pickle int-text" tests="4" failures="2" errors="0")"));
  EXPECT_THAT(out.str(), HasSubstr("rejected-valid: no long integers"));
  EXPECT_THAT(out.str(), HasSubstr("SIGSEGV ?"));
}

TEST(JUnit, WhoDidNotStartIsAnError) {
  Results run = small_run();
  run.implementations.push_back({.name = "silent", .role = "subject", .note = "no program"});
  std::ostringstream out;
  write_junit(out, run);
  EXPECT_THAT(out.str(),
              HasSubstr(R"(<testsuite name="silent" tests="1" failures="0" errors="1")"));
}

}  // namespace
}  // namespace assay
