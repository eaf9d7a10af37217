#include "reports/matrix.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "reports/markdown.h"
#include "reports/terminal.h"

namespace assay {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

ResultRecord result(const std::string& implementation, const std::string& format, int protocol,
                    Verdict verdict, const std::string& id = "a/one") {
  ResultRecord record;
  record.implementation = implementation;
  record.case_id = id;
  record.format = format;
  record.protocol = protocol;
  record.topic = "topic";
  record.verdict = verdict;
  return record;
}

std::vector<std::string> labels(const Matrix& matrix) {
  std::vector<std::string> all;
  for (const Column& column : matrix.columns) all.push_back(column.label);
  return all;
}

std::vector<std::string> titles(const Matrix& matrix) {
  std::vector<std::string> all;
  for (const RowGroup& group : folded_rows(matrix)) all.push_back(group.title());
  return all;
}

// Four CPythons and the reference as two of them; 3.8 differs in one case.
Results versions() {
  Results run;
  for (const char* version : {"3.6", "3.7", "3.8", "3.9"})
    for (const char* lane : {"c", "py"}) {
      const std::string name = std::string("cpython-") + version + "-" + lane;
      run.implementations.push_back({.name = name, .version = "9", .role = "oracle"});
      run.results.push_back(result(name, "pickle", 0, Verdict::pass));
    }
  for (const char* version : {"3.6", "3.7"}) {
    const std::string name = std::string("reference@cpython-") + version + "-c";
    run.implementations.push_back({.name = name, .version = "9", .role = "reference"});
    run.results.push_back(result(name, "pickle", 0, Verdict::pass));
  }
  run.results[4].verdict = Verdict::wrong_value;  // 3.8-c
  return run;
}

TEST(FormatName, IsFamilyPartAndOperation) {
  const FormatName write = take_apart_format("dbm.gnu:write");
  EXPECT_EQ(write.base, "dbm.gnu");
  EXPECT_EQ(write.family, "dbm");
  EXPECT_EQ(write.part, "gnu");
  EXPECT_EQ(write.title(), "dbm, writing");
  EXPECT_EQ(take_apart_format("pickle").title(), "pickle");
  EXPECT_EQ(take_apart_format("bsddb.hash").family, "dbm");
  EXPECT_EQ(take_apart_format("pickle:inspect").title(), "pickle, inspecting");
  EXPECT_EQ(operation_title(take_apart_format("chapter")), "programs");
  EXPECT_EQ(take_apart_format("sqlite:vacuum").title(), "sqlite, vacuum");
}

TEST(Matrix, CountsByProtocolAndPutsOraclesFirst) {
  Results run;
  run.implementations = {{.name = "subject-1", .version = "1.0", .role = "subject"},
                         {.name = "cpython-3.13-c", .version = "3.13.0", .role = "oracle"}};
  run.results = {result("cpython-3.13-c", "pickle", 0, Verdict::pass),
                 result("subject-1", "pickle", 0, Verdict::pass),
                 result("subject-1", "pickle", 0, Verdict::wrong_value),
                 result("subject-1", "pickle", 0, Verdict::rejected_valid),
                 result("subject-1", "pickle", 4, Verdict::crash)};
  run.results[3].known = true;
  const auto made = matrices(run);
  ASSERT_EQ(made.size(), 1u);
  EXPECT_THAT(labels(made[0]), ElementsAre("p0", "p4"));
  ASSERT_EQ(made[0].rows.size(), 2u);
  EXPECT_EQ(made[0].rows[0].implementation->name, "cpython-3.13-c");
  const Row& subject = made[0].rows[1];
  EXPECT_EQ(subject.cells[0].judged(), 3u);
  EXPECT_EQ(subject.cells[0].of(Standing::differs), 2u);
  EXPECT_EQ(subject.cells[0].known, 1u);
  EXPECT_EQ(subject.total.of(Verdict::crash), 1u);
}

TEST(Matrix, ModulesOfAFamilyAreColumnsAndOperationsMatrices) {
  Results run;
  run.implementations = {{.name = "subject-1", .role = "subject"}};
  for (const char* format : {"bsddb.hash", "dbm.sqlite3", "dbm.gnu", "dbm.gnu:write", "dbm.dumb",
                             "dbm:identify", "chapter", "pickle:encode", "pickle"})
    run.results.push_back(result("subject-1", format, format[0] == 'p' ? 2 : -1, Verdict::pass));
  const auto made = matrices(run);
  std::vector<std::string> heads;
  for (const Matrix& matrix : made) heads.push_back(matrix.title());
  EXPECT_THAT(heads, ElementsAre("pickle", "pickle, writing", "dbm", "dbm, identifying",
                                 "dbm, writing", "chapter"));
  EXPECT_THAT(labels(made[1]), ElementsAre("p2"));
  EXPECT_THAT(labels(made[2]), ElementsAre("dumb", "gnu", "sqlite", "hash"));
}

TEST(Matrix, NeighbouringVersionsThatAgreeAreOneRow) {
  const Results run = versions();
  const auto made = matrices(run);
  EXPECT_THAT(titles(made[0]),
              ElementsAre("cpython-3.6..3.7-c", "cpython-3.6..3.9-py", "cpython-3.8-c",
                          "cpython-3.9-c", "reference@cpython-3.6..3.7-c"));
}

TEST(Matrix, SubjectsAndThoseWhoDidNotStartStandAlone) {
  Results run = versions();
  run.implementations[2].note = "no program";  // 3.7-c
  std::erase_if(run.results,
                [](const ResultRecord& one) { return one.implementation == "cpython-3.7-c"; });
  for (const char* name : {"pypy-3.9-py", "pypy-3.10-py"}) {
    run.implementations.push_back({.name = name, .role = "subject"});
    run.results.push_back(result(name, "pickle", 0, Verdict::pass));
  }
  const auto made = matrices(run);
  EXPECT_THAT(
      titles(made[0]),
      ElementsAre("cpython-3.6-c", "cpython-3.6..3.9-py", "cpython-3.7-c", "cpython-3.8-c",
                  "cpython-3.9-c", "reference@cpython-3.6..3.7-c", "pypy-3.9-py", "pypy-3.10-py"));
}

TEST(Terminal, FoldedRowsFitBesideTheirNumbers) {
  Results run = versions();
  for (ImplementationRecord& record : run.implementations) {
    const std::string now = record.name + "-32";
    for (ResultRecord& one : run.results)
      if (one.implementation == record.name) one.implementation = now;
    record.name = now;
  }
  std::ostringstream out;
  print_terminal(out, run, {});
  EXPECT_THAT(out.str(), HasSubstr("\n  3.6..3.9-py-32 "));
  EXPECT_THAT(out.str(), HasSubstr("\n  cpython-3.8-c-32 "));
  EXPECT_THAT(out.str(), HasSubstr("\n  as 3.6..3.7-c-32 "));
}

TEST(Terminal, ManyModulesFitTheScreen) {
  Results run;
  run.implementations = {{.name = "subject-1", .role = "subject"}};
  for (const char* format : {"dbm.dumb", "dbm.gnu", "dbm.ndbm", "dbm.sqlite3", "bsddb.hash",
                             "bsddb.btree", "bsddb.queue", "bsddb.recno"})
    for (int i = 0; i < 120; ++i)
      run.results.push_back(
          result("subject-1", format, -1, i == 0 ? Verdict::lossy : Verdict::pass));
  std::ostringstream out;
  print_terminal(out, run, {});
  std::istringstream lines(out.str());
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 80u) << line;
  EXPECT_THAT(out.str(), HasSubstr("   ndbm sqlite   hash"));
  EXPECT_THAT(out.str(), HasSubstr("recno: bsddb's"));
  EXPECT_THAT(out.str(), HasSubstr("   120~   120~"));
}

TEST(Markdown, APageHoldsAllThatIsDoneToAProtocol) {
  Results run;
  run.implementations = {{.name = "subject-1", .version = "1", .role = "subject"}};
  run.results = {result("subject-1", "pickle", 2, Verdict::pass),
                 result("subject-1", "pickle:encode", 2, Verdict::other_bytes),
                 result("subject-1", "dbm.gnu", -1, Verdict::pass)};
  const auto pages = markdown_pages(run);
  ASSERT_EQ(pages.size(), 3u);
  EXPECT_EQ(pages[1].file, "pickle-2.md");
  EXPECT_EQ(pages[2].file, "dbm-gnu.md");
  EXPECT_THAT(pages[1].text, HasSubstr("# pickle, protocol 2\n"));
  EXPECT_THAT(pages[1].text, HasSubstr("## Reading\n\n| implementation | pass |"));
  EXPECT_THAT(pages[1].text, HasSubstr("## Writing\n\n| implementation | other-bytes |"));
  EXPECT_THAT(pages[0].text, HasSubstr("[dbm.gnu](dbm-gnu.md)"));
}

}  // namespace
}  // namespace assay
