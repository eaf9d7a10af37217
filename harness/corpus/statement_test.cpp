#include "harness/corpus/statement.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "harness/corpus/corpus.h"

namespace assay {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

TEST(LanguageVersion, ReadsMajorAndMinor) {
  EXPECT_EQ(LanguageVersion::parse("3.13"), (LanguageVersion{3, 13}));
  EXPECT_EQ(LanguageVersion::parse("2.7.18"), (LanguageVersion{2, 7}));
  for (const char* wrong : {"", "3", "3.", "3.x", "x.3", "3.8+"})
    EXPECT_FALSE(LanguageVersion::parse(wrong)) << wrong;
  EXPECT_LT((LanguageVersion{3, 9}), (LanguageVersion{3, 10}));
}

TEST(HasLines, WholeOrAmongOthersInOrder) {
  const std::vector<std::string> printed = {"a", "b", "a", "c"};
  EXPECT_TRUE(has_lines(printed, {"a", "b", "a", "c"}, true));
  EXPECT_FALSE(has_lines(printed, {"a", "b"}, true));
  EXPECT_TRUE(has_lines(printed, {"b", "c"}, false));
  EXPECT_TRUE(has_lines(printed, {"a", "a"}, false));
  EXPECT_FALSE(has_lines(printed, {"c", "b"}, false));
  EXPECT_FALSE(has_lines(printed, {"b", "b"}, false));
}

class StatementTest : public testing::Test {
 protected:
  void SetUp() override {
    root_ = fs::path(testing::TempDir()) /
            testing::UnitTest::GetInstance()->current_test_info()->name();
    fs::remove_all(root_);
    fs::create_directories(root_ / "corpus/chapter");
    FormatRules rules;
    rules.operations = {"scenario"};
    formats_["chapter"] = rules;
  }
  void TearDown() override { fs::remove_all(root_); }

  // A corpus of one file whose one case is "doc/one", then `more`.
  Corpus load(const std::string& keys, const std::string& more = "") {
    std::ofstream(root_ / "corpus/chapter/pickle-a.toml")
        << "format = 'chapter'\ntopic = 'pickle-a'\n[[case]]\nid = 'doc/one'\nwhy = 'w'\n"
           "spec = 'pickle, Examples'\nprogram = 'print(1)'\n"
        << keys << "\n"
        << more;
    Corpus corpus = load_corpus(root_ / "corpus", formats_);
    statements_ = read_statements(corpus, corpus.problems);
    return corpus;
  }
  std::vector<std::string> problems(const std::string& keys, const std::string& more = "") {
    std::vector<std::string> texts;
    for (const Problem& problem : load(keys, more).problems)
      if (!problem.record) texts.push_back(problem.text);
    return texts;
  }

  fs::path root_;
  FormatTable formats_;
  std::vector<Statement> statements_;
};

TEST_F(StatementTest, ACaseWithExpectIsAStatement) {
  const Corpus corpus = load(
      "since = '3.0'\nuntil = '3.11'\nexpect = ['1']\n"
      "changed = [{ since = '3.8', expect = ['2', '3'] }]");
  ASSERT_THAT(statements_, SizeIs(1));
  const Statement& s = statements_[0];
  EXPECT_EQ(s.id, "doc/one");
  EXPECT_EQ(s.says, "w");
  EXPECT_EQ(s.module(), "pickle");
  EXPECT_TRUE(s.whole);
  EXPECT_FALSE(s.applies_to({2, 7}));
  EXPECT_TRUE(s.applies_to({3, 0}));
  EXPECT_TRUE(s.applies_to({3, 11}));
  EXPECT_FALSE(s.applies_to({3, 12}));
  EXPECT_THAT(*s.lines_for({3, 7}), ElementsAre("1"));
  EXPECT_THAT(*s.lines_for({3, 8}), ElementsAre("2", "3"));
}

TEST_F(StatementTest, AStatementNamesItsWitnesses) {
  const Corpus corpus = load("",
                             "[[statement]]\nid = 'doc/two'\nsays = 's'\nspec = 'p'\n"
                             "cases = ['doc/one']\nexpect = ['1']\n");
  ASSERT_THAT(statements_, SizeIs(1));
  EXPECT_THAT(statements_[0].cases, ElementsAre("doc/one"));
  EXPECT_FALSE(statements_[0].whole);
}

TEST_F(StatementTest, WhatIsWrongIsSaid) {
  const std::string head = "[[statement]]\nid = 'doc/two'\nsays = 's'\nspec = 'p'\n";
  EXPECT_THAT(problems("expect = ['1']"), IsEmpty());
  EXPECT_THAT(problems(""), IsEmpty());  // a file without statements is one of cases
  EXPECT_THAT(problems("expect = ['1']", head),
              ElementsAre("doc/two: either 'expect' or 'untestable'"));
  EXPECT_THAT(
      problems("expect = ['1']", head + "untestable = 'u'\nexpect = ['1']\ncases = ['doc/one']\n"),
      ElementsAre("doc/two: either 'expect' or 'untestable'"));
  EXPECT_THAT(problems("expect = ['1']", head + "expect = ['1']\n"),
              ElementsAre("doc/two: no witness in 'cases'"));
  EXPECT_THAT(problems("expect = ['1']", head + "expect = ['1']\ncases = ['doc/three']\n"),
              ElementsAre("doc/two: no case is called doc/three"));
  EXPECT_THAT(problems("", head + "untestable = 'u'\n"),
              ElementsAre("doc/one: witnesses no statement"));
  EXPECT_THAT(problems("expect = ['1']",
                       "[[statement]]\nid = 'doc/one'\nsays = 's'\nspec = 'p'\n"
                       "untestable = 'u'\n"),
              ElementsAre("doc/one: this id is already used"));
  EXPECT_THAT(problems("expect = ['1']\nsince = '3'"),
              ElementsAre("doc/one: 'since' is a version like \"3.8\""));
  EXPECT_THAT(problems("since = '3.0'"), testing::Contains("doc/one: 'since' without 'expect'"));
  EXPECT_THAT(problems("expect = ['1']\nchanged = [{ since = '3.8' }]"),
              ElementsAre(HasSubstr("a change is")));
  EXPECT_THAT(problems("expect = ['1']", head + "untestable = 'u'\nwords = 1\n"),
              ElementsAre("doc/two: unknown key 'words'"));
}

}  // namespace
}  // namespace assay
