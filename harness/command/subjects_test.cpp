#include "harness/command/subjects.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

namespace assay {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::UnorderedElementsAre;

// A project with a pyenv of two CPythons, a PyPy on PATH and a described adapter.
class SubjectsTest : public testing::Test {
 protected:
  void SetUp() override {
    context_.root = fs::path(testing::TempDir()) /
                    testing::UnitTest::GetInstance()->current_test_info()->name();
    fs::remove_all(context_.root);
    fs::create_directories(context_.root / "harness/adapters/ogorek");
    program("pyenv/versions/3.9.18/bin/python");
    program("pyenv/versions/3.11.7/bin/python");
    program("bin/python3.11");
    program("bin/pypy3");
    program("bin/assay-reference");
    program("harness/adapters/ogorek/run");
    std::ofstream(context_.root / "harness/adapters/ogorek/adapter.toml")
        << "name='ogorek'\nformats=['pickle']\ncommand=['./run']\n";
    context_.program_folder = context_.root / "bin";
    setenv("PYENV_ROOT", (context_.root / "pyenv").c_str(), 1);
    setenv("PATH", (context_.root / "bin").c_str(), 1);
    setenv("ASSAY_PYODIDE_DIR", "/nowhere", 1);
    corpus_.files.emplace_back();
    corpus_.files[0].recorded.oracles = {{"cpython-3.9-c", {"3.9.18", 64, {}}},
                                         {"cpython-3.11-c", {"3.11.7", 64, {}}}};
  }
  void TearDown() override { fs::remove_all(context_.root); }

  void program(const std::string& name) {
    const fs::path path = context_.root / name;
    fs::create_directories(path.parent_path());
    std::ofstream(path) << "#!/bin/sh\n";
    fs::permissions(path, fs::perms::owner_all);
  }

  // "folder/program lane" or the name, of each subject.
  std::vector<std::string> chosen(const std::vector<std::string>& wanted,
                                  const std::vector<std::string>& exec = {}) {
    std::vector<std::string> lines;
    for (const Subject& subject : choose_subjects(context_, corpus_, {wanted, exec})) {
      const Candidate& c = subject.candidate;
      lines.push_back(c.kind == Candidate::Kind::python ? c.version + " " + c.lane
                                                        : c.implementation.name);
    }
    return lines;
  }

  Context context_;
  Corpus corpus_;
};

TEST_F(SubjectsTest, EverythingByDefault) {
  EXPECT_THAT(chosen({}),
              UnorderedElementsAre("3.9.18 c", "3.9.18 py", "3.11 c", "3.11 py", "3.11.7 c",
                                   "3.11.7 py", "pypy3", "ogorek", "reference@cpython-3.9-c",
                                   "reference@cpython-3.11-c"));
}

TEST_F(SubjectsTest, AKindIsAllOfIt) {
  EXPECT_THAT(chosen({"reference"}),
              ElementsAre("reference@cpython-3.9-c", "reference@cpython-3.11-c"));
  EXPECT_THAT(chosen({"cpython", "pypy"}), testing::SizeIs(7));
}

TEST_F(SubjectsTest, AProfileIsEveryInterpreterThatMayBeIt) {
  EXPECT_THAT(chosen({"cpython-3.9-py"}), ElementsAre("3.9.18 py"));
  EXPECT_THAT(chosen({"cpython-3.11-c"}), UnorderedElementsAre("3.11 c", "3.11.7 c"));
  EXPECT_THAT(chosen({"cpython-3.11.7-c"}), UnorderedElementsAre("3.11 c", "3.11.7 c"));
  EXPECT_THAT(chosen({"cpython-3.1*-c"}), testing::IsSupersetOf({"3.11 c", "3.11.7 c"}));
}

TEST_F(SubjectsTest, NamesOfAdaptersAndOfTheReference) {
  EXPECT_THAT(chosen({"ogorek"}), ElementsAre("ogorek"));
  EXPECT_THAT(chosen({"reference@*-3.9-*"}), ElementsAre("reference@cpython-3.9-c"));
}

TEST_F(SubjectsTest, ACommandIsAnAdapterToo) {
  const auto subjects = choose_subjects(context_, corpus_, {{"./mine --fast 'a b'"}, {}});
  ASSERT_EQ(subjects.size(), 1u);
  EXPECT_THAT(subjects[0].candidate.implementation.command.argv,
              ElementsAre("./mine", "--fast", "a b"));
  EXPECT_EQ(subjects[0].candidate.implementation.mode, Implementation::Mode::adapter);
  const auto exec = choose_subjects(context_, corpus_, {{}, {"mine {file}"}});
  ASSERT_EQ(exec.size(), 1u);
  EXPECT_EQ(exec[0].candidate.implementation.mode, Implementation::Mode::exec);
}

TEST_F(SubjectsTest, AnUnknownNameIsAnError) {
  for (const char* name : {"cpython-3.8-c", "orgorek", "reference@cpython-3.8-c", "'open"}) {
    EXPECT_THROW(chosen({name}), UsageError) << name;
  }
  fs::remove(context_.root / "harness/adapters/ogorek/run");
  try {
    chosen({"ogorek"});
    FAIL();
  } catch (const UsageError& error) {
    EXPECT_THAT(error.what(), HasSubstr("ogorek: ./run is not there"));
  }
}

TEST_F(SubjectsTest, ATargetThatIsNotRecordedIsAnError) {
  const auto adapter = [&](const char* target) {
    std::ofstream(context_.root / "harness/adapters/ogorek/adapter.toml")
        << "name='ogorek'\nformats=['pickle']\ncommand=['./run']\ntarget='" << target << "'\n";
  };
  adapter("cpython-3.9");
  EXPECT_THAT(chosen({"ogorek"}), ElementsAre("ogorek"));
  adapter("cpython-2.7");
  EXPECT_THROW(chosen({"ogorek"}), UsageError);
  EXPECT_THAT(chosen({"pypy"}), ElementsAre("pypy3"));  // not its business
}

TEST(OwnTarget, IsThatOfTheDescriptorIfThereIsOne) {
  Candidate candidate;
  candidate.target = "cpython-2.7";
  Hello hello;
  hello.profile = "cpython-3.9-c";
  EXPECT_EQ(own_target(candidate, &hello, {"cpython-3.9-c"}).text(), "cpython-2.7");
  EXPECT_EQ(own_target(candidate, nullptr, {"cpython-3.9-c"}).text(), "cpython-2.7");
}

TEST(OwnTarget, IsTheProfileOfTheHello) {
  const std::vector<std::string> recorded = {"cpython-3.9-c", "cpython-3.14-c-32"};
  Hello hello;
  hello.profile = "cpython-3.9-c";
  EXPECT_EQ(own_target({}, &hello, recorded).text(), "cpython-3.9-c");
  hello.profile = "cpython-3.9.7-c";
  EXPECT_EQ(own_target({}, &hello, recorded).text(), "cpython-3.9-c");
  hello.profile = "cpython-3.14-c";  // recorded with the other word size only
  EXPECT_EQ(own_target({}, &hello, recorded).text(), "cpython-3.14-c-32");
  hello.profile = "cpython-3.5-c";
  EXPECT_EQ(own_target({}, &hello, recorded).text(), "cpython-3.8+");
  hello.profile = "";
  EXPECT_EQ(own_target({}, &hello, recorded).text(), "cpython-3.8+");
  EXPECT_EQ(own_target({}, nullptr, recorded).text(), "cpython-3.8+");
}

TEST(Role, OraclesAreCPythons) {
  Hello hello;
  hello.implementation = "cpython";
  hello.profile = "cpython-3.9-c";
  EXPECT_EQ(role_of(&hello), "oracle");
  hello.implementation = "reference";
  EXPECT_EQ(role_of(&hello), "reference");
  hello.implementation = "pypy";
  hello.profile = "";
  EXPECT_EQ(role_of(&hello), "subject");
  EXPECT_EQ(role_of(nullptr), "subject");
}

}  // namespace
}  // namespace assay
