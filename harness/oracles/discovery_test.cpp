#include "harness/oracles/discovery.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

namespace assay {
namespace {

namespace fs = std::filesystem;
using testing::Contains;
using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class DiscoveryTest : public testing::Test {
 protected:
  void SetUp() override {
    where_.root = fs::path(testing::TempDir()) /
                  testing::UnitTest::GetInstance()->current_test_info()->name();
    fs::remove_all(where_.root);
    fs::create_directories(where_.root / "harness/adapters");
    where_.program_folder = where_.root / "bin";
    where_.pyenv = where_.root / "pyenv";
    where_.pyodide = where_.root / "node_modules";
    where_.path = {where_.root / "shims", where_.root / "usr"};
  }
  void TearDown() override { fs::remove_all(where_.root); }

  void file(const std::string& name, const std::string& text = "", bool executable = false) {
    const fs::path path = where_.root / name;
    fs::create_directories(path.parent_path());
    std::ofstream(path) << text;
    if (executable) fs::permissions(path, fs::perms::owner_all);
  }
  void program(const std::string& name, const std::string& text = "#!/bin/sh\n") {
    file(name, text, true);
  }
  // "origin lane" of each candidate, origins relative to the test's folder.
  std::vector<std::string> found() {
    std::vector<std::string> lines;
    for (const Candidate& c : find_candidates(where_))
      lines.push_back(fs::path(c.origin).lexically_relative(where_.root).string() + " " + c.lane);
    return lines;
  }

  Surroundings where_;
};

TEST_F(DiscoveryTest, AnEmptyMachineHasNothing) {
  EXPECT_THAT(found(), IsEmpty());
}

TEST_F(DiscoveryTest, EachInterpreterOnceByVersionThenLane) {
  program("pyenv/versions/3.10.13/bin/python");
  program("pyenv/versions/3.9.18/bin/python");
  program("pyenv/versions/2.7.18/bin/python");
  program("shims/python", "#!/usr/bin/env bash\nexec /opt/pyenv/bin/pyenv exec python\n");
  program("usr/python3.11");
  fs::create_symlink("python3.11", where_.root / "usr/python3");
  fs::create_symlink(where_.root / "pyenv/versions/3.9.18/bin/python",
                     where_.root / "usr/python3.9");
  file("usr/python3.8");  // not executable
  program("usr/python3-config");
  program("usr/pythonic");
  EXPECT_THAT(
      found(),
      ElementsAre("pyenv/versions/2.7.18/bin/python c", "pyenv/versions/2.7.18/bin/python py",
                  "pyenv/versions/3.9.18/bin/python c", "pyenv/versions/3.9.18/bin/python py",
                  "pyenv/versions/3.10.13/bin/python c", "pyenv/versions/3.10.13/bin/python py",
                  "usr/python3 c", "usr/python3 py"));
}

TEST_F(DiscoveryTest, TheVersionOfALinkIsThatOfWhatItNames) {
  program("usr/python3.11");
  fs::create_symlink("python3.11", where_.root / "usr/python3");
  const auto candidates = find_candidates(where_);
  ASSERT_THAT(candidates, SizeIs(2));
  EXPECT_EQ(candidates[0].version, "3.11");
  EXPECT_THAT(candidates[1].implementation.command.argv,
              ElementsAre((where_.root / "usr/python3").string(),
                          (where_.root / "harness/adapters/python/assay_adapter.py").string(),
                          "--lane", "py"));
}

TEST_F(DiscoveryTest, OtherInterpretersFollow) {
  program("usr/pypy3");
  program("usr/jython");
  program("usr/node");
  program("usr/python3.9");
  file("node_modules/pyodide314/pyodide.mjs");
  file("node_modules/pyodide315/package.json");  // not installed
  file("node_modules/ws/pyodide.mjs");
  EXPECT_THAT(found(), ElementsAre("usr/python3.9 c", "usr/python3.9 py", "usr/pypy3 ",
                                   "usr/jython java", "usr/jython py", "node_modules/pyodide314 c",
                                   "node_modules/pyodide314 py"));
}

TEST_F(DiscoveryTest, PyodideIsTheCPythonOfItsPackage) {
  program("usr/node");
  file("node_modules/pyodide314/pyodide.mjs");
  file("node_modules/pyodide314/package.json", "{\n  \"version\": \"314.0.7\"}");
  const Candidate candidate = find_candidates(where_)[0];
  EXPECT_EQ(candidate.version, "3.14");
  const std::vector<std::string>& argv = candidate.implementation.command.argv;
  ASSERT_THAT(argv, SizeIs(7));
  EXPECT_THAT(argv[1], EndsWith("pyodide/deep_node.sh"));
  EXPECT_THAT(argv[2], EndsWith("usr/node"));
}

TEST_F(DiscoveryTest, PyodideNeedsNode) {
  file("node_modules/pyodide314/pyodide.mjs");
  EXPECT_THAT(found(), IsEmpty());
}

TEST_F(DiscoveryTest, DescriptorsNameThirdParties) {
  program("harness/adapters/ogorek/adapter");
  file("harness/adapters/ogorek/adapter.toml",
       "name = 'ogorek'\nlanguage = 'Go'\nformats = ['pickle']\ncommand = ['./adapter', '-x']\n"
       "install = 'go build -o adapter .'\n");
  file("harness/adapters/readme-only/README.md");
  const auto candidates = find_candidates(where_);
  ASSERT_THAT(candidates, SizeIs(1));
  EXPECT_EQ(candidates[0].implementation.name, "ogorek");
  EXPECT_EQ(candidates[0].missing, "");
  EXPECT_EQ(candidates[0].install, "go build -o adapter .");
  EXPECT_THAT(candidates[0].implementation.command.argv, ElementsAre("./adapter", "-x"));
  EXPECT_EQ(candidates[0].implementation.command.directory,
            (where_.root / "harness/adapters/ogorek").string());
}

TEST_F(DiscoveryTest, ADescriptorMayNameATargetAndKnownFailures) {
  program("harness/adapters/x/adapter");
  file("harness/adapters/x/adapter.toml",
       "name = 'x'\nformats = ['pickle']\ncommand = ['./adapter']\ntarget = "
       "'cpython-3.9..3.11-c'\n");
  EXPECT_EQ(find_candidates(where_).at(0).known, "");
  file("harness/adapters/x/known.toml");
  const Candidate candidate = find_candidates(where_).at(0);
  EXPECT_EQ(candidate.missing, "");
  EXPECT_EQ(candidate.target, "cpython-3.9..3.11-c");
  EXPECT_EQ(candidate.known, where_.root / "harness/adapters/x/known.toml");
}

TEST_F(DiscoveryTest, ADescriptorWithLanesIsACandidateForEach) {
  program("harness/adapters/x/adapter");
  file("harness/adapters/x/adapter.toml",
       "name = 'x'\nformats = ['pickle']\ncommand = ['./adapter', '-v']\nlanes = ['c', 'py']\n");
  const auto candidates = find_candidates(where_);
  ASSERT_THAT(candidates, SizeIs(2));
  EXPECT_EQ(candidates[0].implementation.name, "x-c");
  EXPECT_EQ(candidates[1].implementation.name, "x-py");
  EXPECT_EQ(candidates[1].lane, "py");
  EXPECT_THAT(candidates[1].implementation.command.argv,
              ElementsAre("./adapter", "-v", "--lane", "py"));
}

TEST_F(DiscoveryTest, ADescriptorOfAKindIsOfTheInterpretersFound) {
  program("usr/jython");
  program("usr/pypy3");
  file("harness/adapters/j/adapter.toml", "kind = 'jython'\ntarget = 'cpython-2.7'\n");
  file("harness/adapters/j/known.toml");
  const auto candidates = find_candidates(where_);
  ASSERT_THAT(candidates, SizeIs(3));
  for (const Candidate& candidate : candidates) {
    const bool jython = candidate.kind == Candidate::Kind::jython;
    EXPECT_EQ(candidate.target, jython ? "cpython-2.7" : "") << candidate.lane;
    EXPECT_EQ(candidate.known.filename(), jython ? "known.toml" : "") << candidate.lane;
  }
}

TEST_F(DiscoveryTest, ADescriptorOfAKindThatIsNotThereIsNothing) {
  file("harness/adapters/j/adapter.toml", "kind = 'jython'\n");
  EXPECT_THAT(found(), IsEmpty());
}

TEST_F(DiscoveryTest, ADescriptorSaysWhyItCannotBeUsed) {
  program("harness/adapters/x/there");
  const std::string head = "name = 'x'\nformats = ['pickle']\n";
  const std::vector<std::pair<std::string, std::string>> table = {
      {head + "command = ['./adapter']\ninstall = 'make'", "./adapter is not there"},
      {head + "command = ['no-such-program', 'a']", "no-such-program is not there"},
      {head + "command = ['./there']\nneeds = ['/no/such.so']", "/no/such.so is not there"},
      {head + "command = ['sh']\nneeds = './x'", "adapter.toml:4: 'needs' is a list of texts"},
      {head + "command = ['sh']\nlanes = []", "adapter.toml:4: 'lanes' is a list of texts"},
      {head, "'command' and 'formats' are needed"},
      {head + "command = []", "'command' and 'formats' are needed"},
      {head + "command = ['x']\nmode = 'fast'", "'mode' is"},
      {head + "comand = ['x']", "adapter.toml:3: unknown key 'comand'"},
      {"name = ", "adapter.toml:1"},
      {head + "command = ['sh']\ntarget = 'cpython-x'", "adapter.toml:4: 'target': "},
      {head + "command = ['sh']\ntarget = 3", "adapter.toml:4: 'target': "},
      {"kind = 'ironpython'", "adapter.toml:1: 'kind' is"},
      {"kind = 'pypy'\ncommand = ['sh']", "adapter.toml:2: unknown key 'command'"},
  };
  for (const auto& [text, expected] : table) {
    file("harness/adapters/x/adapter.toml", text);
    const auto candidates = find_candidates(where_);
    ASSERT_THAT(candidates, SizeIs(1)) << text;
    EXPECT_THAT(candidates[0].missing, HasSubstr(expected)) << text;
  }
}

TEST_F(DiscoveryTest, TheReferenceStandsBesideTheProgram) {
  EXPECT_EQ(reference_candidate(where_, "cpython-3.9-c").missing, "assay-reference is not built");
  program("bin/assay-reference");
  const Candidate candidate = reference_candidate(where_, "cpython-3.9-c");
  EXPECT_EQ(candidate.missing, "");
  EXPECT_THAT(candidate.implementation.command.argv,
              ElementsAre((where_.root / "bin/assay-reference").string(), "--as", "cpython-3.9-c"));
}

TEST(ImplementationName, ShowsThePatchLevelUnlessItIsTheRecordedOne) {
  const std::map<std::string, std::string> recorded = {{"cpython-3.11-c", "3.11.7"},
                                                       {"cpython-3.14-py-32", "3.14.2"}};
  Hello hello;
  hello.implementation = "cpython";
  hello.version = "3.11.7";
  hello.lane = "c";
  EXPECT_EQ(implementation_name(hello, recorded), "cpython-3.11-c");
  hello.version = "3.11.2";
  EXPECT_EQ(implementation_name(hello, recorded), "cpython-3.11.2-c");
  hello.version = "3.14.2";
  hello.lane = "py";
  EXPECT_EQ(implementation_name(hello, recorded), "cpython-3.14.2-py");
  hello.word = 32;
  EXPECT_EQ(implementation_name(hello, recorded), "cpython-3.14-py-32");
}

TEST(ImplementationName, OthersAreNamedForWhatTheyAre) {
  Hello hello;
  hello.implementation = "pypy";
  hello.version = "7.3.11";
  EXPECT_EQ(implementation_name(hello, {}), "pypy-7.3.11");
  hello.lane = "py";
  EXPECT_EQ(implementation_name(hello, {}), "pypy-7.3.11-py");
  hello.implementation = "reference";
  hello.profile = "cpython-2.7-c";
  EXPECT_EQ(implementation_name(hello, {}), "reference@cpython-2.7-c");
}

}  // namespace
}  // namespace assay
