// assay diff of many files.
#include "harness/command/survey.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

namespace assay {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

std::string text_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

class Survey : public testing::Test {
 protected:
  void SetUp() override {
    folder_ =
        fs::path(testing::TempDir()) /
        (std::string("survey_") + testing::UnitTest::GetInstance()->current_test_info()->name());
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::string write(const std::string& name, std::string_view bytes) {
    fs::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name, std::ios::binary) << bytes;
    return (folder_ / name).string();
  }
  SurveyedFile file(const std::string& name, std::string_view bytes) {
    return survey_file(write(name, bytes), {});
  }
  int assay(const std::string& arguments) {
    const std::string line = fmt::format(
        "cd '{}' && ASSAY_ROOT='{}' PATH=/usr/bin:/bin PYENV_ROOT=/nowhere "
        "ASSAY_PYODIDE_DIR=/nowhere '{}/assay' {} >out 2>err </dev/null",
        folder_.string(), ASSAY_SOURCE_DIR, ASSAY_BIN_DIR, arguments);
    const int status = std::system(line.c_str());
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  std::string out() const { return text_of(folder_ / "out"); }

  fs::path folder_;
};

TEST_F(Survey, AFileThatAllRead) {
  const SurveyedFile found = file("a.pickle", "cos\ngetpid\n.");
  EXPECT_TRUE(found.good());
  EXPECT_THAT(found.others, IsEmpty());
  EXPECT_GE(found.readers.size(), 22u);
  EXPECT_THAT(found.globals, ElementsAre("os:getpid"));
  EXPECT_THAT(found.obstacles, IsEmpty());
}

TEST_F(Survey, TheFirstObstacleIsTheNewestPythons) {
  // A global, then BYTEARRAY8 at 0xa, which nothing before 3.8 reads.
  const SurveyedFile found = file("b.pickle", std::string("cos\nname\n0\x96\0\0\0\0\0\0\0\0.", 20));
  EXPECT_THAT(found.readers, AllOf(Contains("cpython-3.8-c"), Not(Contains("cpython-3.7-c"))));
  EXPECT_THAT(found.others, Contains("cpython-2.7-py"));
  ASSERT_FALSE(found.obstacles.empty());
  EXPECT_EQ(found.obstacles[0].offset, 0xau);
  EXPECT_THAT(found.obstacles[0].profiles, Contains("cpython-3.7-py"));
  EXPECT_THAT(found.globals, ElementsAre("os:name"));
  EXPECT_EQ(found.values, 1u);
}

TEST_F(Survey, ReadersThatPartAreAnObstacle) {
  // 010 is 8 or 10 or refused.
  const SurveyedFile found = file("octal.pickle", "(I0\nI010\nt.");
  EXPECT_FALSE(found.good());
  EXPECT_EQ(found.values, 2u);
  ASSERT_FALSE(found.obstacles.empty());
  EXPECT_EQ(found.obstacles[0].offset, 4u);
}

TEST_F(Survey, NamesOfEveryPickleInTheFile) {
  EXPECT_THAT(file("two.pickle", "ca\nb\n.cc\nd\n.").globals, ElementsAre("a:b", "c:d"));
}

TEST_F(Survey, OtherFormatsAreNamed) {
  EXPECT_EQ(file("a.zip", "PK\x03\x04....").told, "no pickle");
  EXPECT_EQ(survey_file((folder_ / "absent").string(), {}).format, "unreadable");
  const SurveyedFile dumb = [&] {
    write("d.dat", "abc");
    return file("d.dir", "'k', (0, 3)\n");
  }();
  EXPECT_THAT(dumb.format, HasSubstr("dbm.dumb"));
  EXPECT_THAT(dumb.told, HasSubstr("3."));
}

TEST_F(Survey, CsvIsQuotedAndJsonIsALine) {
  SurveyedFile found;
  found.path = "a,\"b\".pickle";
  found.format = "pickle";
  found.globals = {"a:b", "c:d"};
  found.obstacles = {{26, "ValueError", "says \"no\", twice", {"cpython-3.13-c"}}};
  found.others = {"cpython-3.13-c"};
  found.answers = {"no: TypeError"};
  EXPECT_THAT(csv_line(found), StartsWith("\"a,\"\"b\"\".pickle\",0,pickle,,3.13-c,,a:b c:d,26,"
                                          "ValueError,\"says \"\"no\"\", twice\",3.13-c,"));
  EXPECT_THAT(csv_head({"mine"}), HasSubstr(",stops_for,mine\r\n"));
  const auto json = nlohmann::json::parse(survey_json(found, {"mine"}));
  EXPECT_EQ(json["obstacles"][0]["offset"], 26);
  EXPECT_EQ(json["implementations"]["mine"], "no: TypeError");
}

TEST_F(Survey, TheCommandTakesFilesAndFolders) {
  write("in/fine.pickle", "N.");
  write("in/deep/new.pickle", std::string("\x96\0\0\0\0\0\0\0\0.", 10));
  write("in/\x1b[2Jname.txt", "X");
  EXPECT_EQ(assay("diff in"), 1);
  std::istringstream lines(out());
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 80u) << line;
  EXPECT_THAT(out(), AllOf(HasSubstr("read by   every Python"), HasSubstr("read by   3.8"),
                           HasSubstr("stops     at 0x0: "), HasSubstr("no known format"),
                           HasSubstr("3 files\n"), Not(HasSubstr("\x1b"))));
  EXPECT_EQ(assay("diff in/fine.pickle in/fine.pickle"), 0);
  EXPECT_EQ(assay("diff --csv in"), 1);
  EXPECT_THAT(out(), StartsWith("file,bytes,format,read_by,not_by,"));
  EXPECT_EQ(assay("diff --json in/fine.pickle in/deep"), 1);
  EXPECT_EQ(nlohmann::json::parse(out().substr(0, out().find('\n')))["values"], 1);
  EXPECT_EQ(assay("diff in nowhere"), 2);
  EXPECT_THAT(text_of(folder_ / "err"), HasSubstr("nowhere: there is no such file"));
}

TEST_F(Survey, OtherImplementationsAreAsked) {
  write("adapter.py", R"(import json, sys
for line in sys.stdin:
    request = json.loads(line)
    if request["op"] == "bye": break
    if request["op"] == "hello":
        answer = {"implementation": "mine", "version": "1", "formats": ["pickle:decode"]}
    elif request["data"] == "4e2e": answer = {"value": "None"}
    elif request["data"] == "4b012e": answer = {"value": "2"}
    else: answer = {"error": "Unreadable"}
    if "id" in request: answer["id"] = request["id"]
    print(json.dumps(answer), flush=True)
)");
  write("a", "N.");
  write("b", "K\x01.");
  write("c", "ca\nb\n.");
  EXPECT_EQ(assay("diff --csv a b c --impl 'python3 adapter.py'"), 0);
  EXPECT_THAT(out(), AllOf(HasSubstr(",mine-1\r\n"), HasSubstr(",yes\r\n"),
                           HasSubstr(",another value\r\n"), HasSubstr(",no: Unreadable\r\n")));
}

}  // namespace
}  // namespace assay
