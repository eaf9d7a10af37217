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

TEST(Matrix, CountsByProtocolAndPutsOraclesFirst) {
  const Results run = small_run();
  const auto made = matrices(run);
  ASSERT_EQ(made.size(), 1u);
  EXPECT_EQ(made[0].protocols, (std::vector<int>{0, 4}));
  ASSERT_EQ(made[0].rows.size(), 2u);
  EXPECT_EQ(made[0].rows[0].implementation->name, "cpython-3.13-c");
  const Row& subject = made[0].rows[1];
  EXPECT_EQ(subject.cells[0].judged(), 3u);
  EXPECT_EQ(subject.cells[0].of(Standing::differs), 2u);
  EXPECT_EQ(subject.cells[0].known, 1u);
  EXPECT_EQ(subject.total.of(Verdict::crash), 1u);
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

TEST(Markdown, HasAPageForEachProtocol) {
  const auto pages = markdown_pages(small_run());
  ASSERT_EQ(pages.size(), 3u);
  EXPECT_EQ(pages[1].file, "pickle-0.md");
  EXPECT_EQ(pages[2].file, "pickle-4.md");
  EXPECT_THAT(pages[1].text, HasSubstr("expected `[1, '\\|']`"));
  EXPECT_THAT(pages[1].text, HasSubstr("known failure: no long integers"));
  EXPECT_THAT(pages[0].text, HasSubstr("✗ 2 of 3, 1 known"));
}

TEST(JUnit, CountsAndStaysWellFormed) {
  std::ostringstream out;
  write_junit(out, small_run());
  EXPECT_THAT(out.str(),
              HasSubstr(R"(name="subject-1 pickle int-text" tests="4" failures="2" errors="0")"));
  EXPECT_THAT(out.str(), HasSubstr("rejected-valid: no long integers"));
  EXPECT_THAT(out.str(), HasSubstr("SIGSEGV ?"));
}

}  // namespace
}  // namespace assay
