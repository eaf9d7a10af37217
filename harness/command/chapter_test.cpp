#include "harness/command/chapter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace assay {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

Statement statement(std::string topic, std::vector<std::string> lines) {
  Statement s;
  s.id = "doc/" + topic;
  s.topic = std::move(topic);
  s.says = "It says so.";
  s.spec = "marshal, dump";
  s.cases = {s.id};
  s.whole = true;
  s.expected.push_back({{}, std::move(lines)});
  return s;
}

Printed lines(std::vector<std::string> printed) {
  return {std::move(printed), ""};
}

TEST(Chapter, PrintedLinesAreReadFromValueText) {
  EXPECT_THAT(printed_lines("['a', 'it\\'s']"), ElementsAre("a", "it's"));
  EXPECT_THROW(printed_lines("'a'"), std::runtime_error);
  EXPECT_THROW(printed_lines("[1]"), std::runtime_error);
}

TEST(Chapter, AStatementHoldsOrNotOrDoesNotApply) {
  Statement s = statement("marshal", {"True"});
  s.since = {3, 0};
  s.expected.push_back({{3, 8}, {"False"}});
  EXPECT_EQ(judge_statement(s, {3, 7}, lines({"True"})).holding, Holding::held);
  EXPECT_EQ(judge_statement(s, {3, 8}, lines({"True"})).holding, Holding::not_held);
  EXPECT_EQ(judge_statement(s, {3, 8}, lines({"True"})).got, "True");
  EXPECT_EQ(judge_statement(s, {3, 7}, Printed{{}, "KeyError"}).got, "raised KeyError");
  EXPECT_EQ(judge_statement(s, {2, 7}, lines({"True"})).holding, Holding::not_applicable);
  EXPECT_EQ(judge_statement(s, {3, 7}, std::nullopt).holding, Holding::not_applicable);
  s.untestable = "advice";
  EXPECT_EQ(judge_statement(s, {3, 7}, lines({"True"})).holding, Holding::not_applicable);
}

class ChapterReport : public testing::Test {
 protected:
  void SetUp() override {
    statements_ = {statement("marshal", {"1"}), statement("pickle-what", {"2"}),
                   statement("pickle-format", {"3"})};
    statements_[2].expected.clear();
    statements_[2].untestable = "It is advice.";
    columns_ = {{"cpython-3.13-c", "3.13.0", {3, 13}, true, true, {}},
                {"pypy-7.3-py", "7.3.11", {3, 9}, false, false, {}}};
    for (ChapterColumn& column : columns_)
      for (const Statement& s : statements_)
        column.findings.push_back(judge_statement(s, column.language, lines({"1"})));
  }
  std::vector<Statement> statements_;
  std::vector<ChapterColumn> columns_;
};

TEST_F(ChapterReport, CountsByModule) {
  EXPECT_THAT(chapter_modules(statements_), ElementsAre("marshal", "pickle"));
  EXPECT_EQ(held_of(statements_, columns_[0], "pickle").held, 0u);
  EXPECT_EQ(held_of(statements_, columns_[0], "pickle").applicable, 1u);
  EXPECT_EQ(held_of(statements_, columns_[0], "").held, 1u);
  EXPECT_EQ(failing(columns_, 1).size(), 2u);
}

TEST_F(ChapterReport, TextFitsTheScreen) {
  const std::string text = chapter_text(statements_, columns_, true);
  EXPECT_THAT(text, HasSubstr("  cpython-3.13-c               1     0/1\n"));
  EXPECT_THAT(text, HasSubstr("3 statements, 2 testable"));
  EXPECT_THAT(text, HasSubstr("1 do not hold somewhere"));
  EXPECT_THAT(text, HasSubstr("It is advice."));
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find('\n', at);
    EXPECT_LE(end - at, 80u) << text.substr(at, end - at);
    at = end + 1;
  }
  EXPECT_THAT(chapter_text(statements_, columns_, false), Not(HasSubstr("It is advice.")));
}

TEST_F(ChapterReport, MarkdownHasTheTableAndTheReasons) {
  const std::string page = chapter_markdown(statements_, columns_);
  EXPECT_THAT(page, HasSubstr("| cpython-3.13-c (3.13.0), as recorded | 3.13 | 1 | 1 | 1 |"));
  EXPECT_THAT(page, HasSubstr("| pickle-format | 1 | 0 | 0 | 1 |"));
  EXPECT_THAT(page, HasSubstr("cpython-3.13-c pypy-7.3-py: `1` instead of `2`"));
  EXPECT_THAT(page, HasSubstr("*It is advice.*"));
}

}  // namespace
}  // namespace assay
