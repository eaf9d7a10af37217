#include "harness/command/known_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "harness/command/command.h"

namespace assay {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

// Two implementations of one adapter, "x-a" and "x-b", and one without a file.
class KnownFilesTest : public testing::Test {
 protected:
  void SetUp() override {
    root_ = fs::path(testing::TempDir()) /
            testing::UnitTest::GetInstance()->current_test_info()->name();
    fs::remove_all(root_);
    fs::create_directories(root_ / "harness/adapters/x");
    own_ = root_ / "harness/adapters/x/known.toml";
    named_ = root_ / "mine.toml";
    write(own_, "a/one", "wrong-value");
    subjects_.resize(3);
    subjects_[0].candidate.known = subjects_[1].candidate.known = own_;
    run_.known = {{"x-a", own_}, {"x-b", own_}};
    for (const char* name : {"x-a", "x-b", "other"}) {
      ResultRecord record;
      record.case_id = "a/one";
      record.implementation = name;
      record.verdict = Verdict::wrong_value;
      run_.results.results.push_back(record);
    }
  }
  void TearDown() override { fs::remove_all(root_); }

  static void write(const fs::path& file, const std::string& id, const std::string& verdict) {
    std::ofstream(file) << "[[known]]\nid='" << id << "'\nverdict='" << verdict
                        << "'\nreason='r'\n";
  }
  std::vector<std::string> apply(const std::string& named = "", bool update = false) {
    return KnownFiles(subjects_, named, update, root_).apply(run_, [](std::string_view id) {
      return id == "a/one";
    });
  }
  std::vector<bool> known() const {
    std::vector<bool> flags;
    for (const ResultRecord& result : run_.results.results) flags.push_back(result.known);
    return flags;
  }
  std::string text_of(const fs::path& file) const {
    std::ostringstream text;
    text << std::ifstream(file).rdbuf();
    return text.str();
  }

  fs::path root_, own_, named_;
  std::vector<Subject> subjects_;
  JudgedRun run_;
};

TEST_F(KnownFilesTest, AnAdaptersFileIsOfItsImplementationsOnly) {
  EXPECT_THAT(apply(), IsEmpty());
  EXPECT_THAT(known(), ElementsAre(true, true, false));
}

TEST_F(KnownFilesTest, AnAdaptersFileBites) {
  run_.results.results[1].verdict = Verdict::pass;
  EXPECT_THAT(apply(), ElementsAre(AllOf(HasSubstr("harness/adapters/x/known.toml:1: "),
                                         HasSubstr("x-b passes now"))));
  write(own_, "a/old", "crash");
  EXPECT_THAT(apply(), ElementsAre(HasSubstr("no case is called a/old any more")));
}

TEST_F(KnownFilesTest, NothingIsKnownOfAnotherTarget) {
  run_.known.clear();
  run_.results.results[1].verdict = Verdict::pass;
  EXPECT_THAT(apply(), IsEmpty());
  EXPECT_THAT(known(), ElementsAre(false, false, false));
}

TEST_F(KnownFilesTest, ANamedFileAddsToIt) {
  write(named_, "a/one", "wrong-value");
  EXPECT_THAT(apply(named_.string()), IsEmpty());
  EXPECT_THAT(known(), ElementsAre(true, true, true));
}

TEST_F(KnownFilesTest, AnUpdateHoldsWhatTheAdaptersFileDoesNot) {
  EXPECT_THAT(apply(named_.string(), true), IsEmpty());
  EXPECT_THAT(text_of(named_), AllOf(HasSubstr("id = \"a/one\""), Not(HasSubstr("x-a"))));
  EXPECT_THAT(known(), ElementsAre(true, true, true));
}

TEST_F(KnownFilesTest, AnUpdateOfTheAdaptersFileRewritesIt) {
  run_.results.results[0].verdict = run_.results.results[1].verdict = Verdict::crash;
  run_.results.results.pop_back();
  EXPECT_THAT(apply(own_.string(), true), IsEmpty());
  EXPECT_THAT(text_of(own_), AllOf(HasSubstr("verdict = \"crash\""), HasSubstr("x-a"),
                                   HasSubstr("x-b"), Not(HasSubstr("wrong-value"))));
}

TEST_F(KnownFilesTest, FilesThatCannotBeReadAreRefusedBeforeTheRun) {
  EXPECT_THROW(KnownFiles({}, "", true, root_), UsageError);
  EXPECT_THROW(KnownFiles({}, (root_ / "none.toml").string(), false, root_), UsageError);
  std::ofstream(own_) << "[[known]";
  EXPECT_THROW(KnownFiles(subjects_, "", false, root_), UsageError);
}

}  // namespace
}  // namespace assay
