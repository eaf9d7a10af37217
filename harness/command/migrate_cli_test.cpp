// assay migrate: files made by the python3 here, copied, and read by it again.
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
using testing::HasSubstr;

class Migrate : public testing::Test {
 protected:
  void SetUp() override {
    folder_ =
        fs::path(testing::TempDir()) /
        (std::string("migrate_") + testing::UnitTest::GetInstance()->current_test_info()->name());
    fs::remove_all(folder_);
    fs::create_directories(folder_);
    setenv("ASSAY_ROOT", ASSAY_SOURCE_DIR, 1);
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::string content(const std::string& name) const {
    std::ifstream in(folder_ / name, std::ios::binary);
    std::stringstream text;
    text << in.rdbuf();
    return std::move(text).str();
  }
  void write(const std::string& name, std::string_view text) const {
    std::ofstream(folder_ / name, std::ios::binary) << text;
  }
  int shell(const std::string& command) const {
    const std::string line =
        fmt::format("cd '{}' && {} >out 2>err </dev/null", folder_.string(), command);
    const int status = std::system(line.c_str());
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }
  int migrate(const std::string& arguments) const {
    return shell(fmt::format("'{}/assay' migrate {}", ASSAY_BIN_DIR, arguments));
  }
  // Debian's, which has dbm.ndbm, and dbm.gnu where its package is installed.
  int python(const std::string& program) const {
    write("program.py", program);
    return shell("/usr/bin/python3 program.py");
  }

  fs::path folder_;
};

constexpr const char* two = "'a', (0, 3)\n'\xe9', (512, 1)\n";

TEST_F(Migrate, WritesDumbFilesItself) {
  write("old.dir", two);
  write("old.dat", "abc" + std::string(509, '\0') + "d");
  ASSERT_EQ(migrate("old new --to dbm.dumb"), 0) << content("err");
  EXPECT_THAT(content("out"), HasSubstr("2 entries carried over"));
  EXPECT_EQ(content("new.dir"), two);
  EXPECT_EQ(content("new.dat"), content("old.dat"));
  EXPECT_EQ(content("old.dir"), two);
  std::size_t files = 0;
  for (const auto& file : fs::directory_iterator(folder_))
    files += file.path().filename() != "out" && file.path().filename() != "err";
  EXPECT_EQ(content("new.bak"), two) << "what .dir was when it was committed";
  EXPECT_EQ(files, 5u) << "nothing else is left";
  ASSERT_EQ(migrate("old other --to dbm.dumb --as cpython-2.7-c"), 0);
  EXPECT_EQ(content("other.dir"), "'a', (0, 3)\n'\\xe9', (512, 1)\n");
}

TEST_F(Migrate, NeverWritesOver) {
  write("old.dir", two);
  write("old.dat", "abc");
  for (const char* taken : {"new", "new.dir", "new.db"}) {
    write(taken, "mine");
    EXPECT_EQ(migrate("old new --to dbm.dumb"), 2);
    EXPECT_THAT(content("err"), HasSubstr(std::string(taken) + " is there already"));
    EXPECT_EQ(content(taken), "mine");
    fs::remove(folder_ / taken);
  }
}

TEST_F(Migrate, SaysWhatCannotBeDone) {
  write("old.dir", "'a', (0, 1)\n'b', (1,\n'c', (2, 1)\n");
  write("old.dat", "xyz");
  EXPECT_EQ(migrate("old new --to dbm.dumb"), 2);
  EXPECT_THAT(content("err"), HasSubstr("--salvage"));
  EXPECT_EQ(migrate("old new --to dbm.dumb --salvage --json"), 1);
  const auto report = nlohmann::json::parse(content("out"));
  EXPECT_EQ(report["carried"], 2);
  EXPECT_EQ(report["lost"].size(), 1u);
  EXPECT_EQ(content("new.dir"), "'a', (0, 1)\n'c', (512, 1)\n");
  EXPECT_EQ(migrate("old other --to dbm.paper"), 2);
  EXPECT_EQ(migrate("nothing other --to dbm.dumb"), 2);
  EXPECT_EQ(migrate("old other --to dbm.sqlite3 --python /bin/false"), 2);
  EXPECT_THAT(content("err"), HasSubstr("CPython 3.13"));
  EXPECT_FALSE(fs::exists(folder_ / "other"));
}

// dbm.open() of a Python without _dbm makes another kind of file.
TEST_F(Migrate, TakesNoOtherModuleForNdbm) {
  write("old.dir", two);
  write("old.dat", "abc" + std::string(509, '\0') + "d");
  fs::create_directories(folder_ / "without");
  write("without/_dbm.py", "raise ImportError('no _dbm')\n");
  write("python", "#!/bin/sh\nPYTHONPATH=without exec /usr/bin/python3 \"$@\"\n");
  fs::permissions(folder_ / "python", fs::perms::owner_all);
  EXPECT_EQ(migrate("old new --to dbm.ndbm --python ./python"), 2) << content("out");
  EXPECT_THAT(content("err"), HasSubstr("dbm.ndbm"));
  for (const char* ending : {"", ".db", ".dir", ".pag"})
    EXPECT_FALSE(fs::exists(folder_ / (std::string("new") + ending))) << ending;
}

// A file that Berkeley DB wrote with databases inside of it: its own entries are
// their names.
TEST_F(Migrate, RefusesAFileOfSeveralDatabases) {
  const fs::path data =
      fs::path(ASSAY_SOURCE_DIR) / "corpus/dbm/data/btree-little-512-in-a-subdatabase/several";
  ASSERT_TRUE(fs::exists(data));
  fs::copy_file(data, folder_ / "old.db");
  EXPECT_EQ(migrate("old.db new --to dbm.dumb"), 2);
  EXPECT_THAT(content("err"), HasSubstr("holds several databases"));
  EXPECT_FALSE(fs::exists(folder_ / "new.dir"));
}

TEST_F(Migrate, CarriesAShelfToAnotherModuleAndBack) {
  ASSERT_EQ(python("import shelve, dbm.ndbm\n"
                   "s = shelve.Shelf(dbm.ndbm.open('old', 'n'), 4)\n"
                   "for i in range(500): s['key%d' % i] = [i, {'x': 'y' * i}]\n"
                   "s.close()\n"),
            0)
      << content("err");
  const std::string before = content("old.db");
  ASSERT_EQ(migrate("old.db middle --to dbm.dumb"), 0) << content("err");
  EXPECT_THAT(content("out"), HasSubstr("shelve.open('middle')"));
  ASSERT_EQ(migrate("middle new --to dbm.ndbm --python /usr/bin/python3"), 0) << content("err");
  EXPECT_EQ(content("old.db"), before);
  for (const char* name : {"middle", "new"})
    EXPECT_EQ(python(fmt::format("import shelve\ns = shelve.open('{}', 'r')\n"
                                 "assert len(s) == 500\n"
                                 "for i in range(500): "
                                 "assert s['key%d' % i] == [i, {{'x': 'y' * i}}]\n",
                                 name)),
              0)
        << content("err");
  // 2.7 cannot load protocol 4.
  EXPECT_EQ(migrate("old.db python2 --to dbm.dumb --as cpython-2.7-c"), 1);
  EXPECT_THAT(content("out"), HasSubstr("500 carried over, but not to be loaded"));
}

TEST_F(Migrate, LeavesOneFileOfSqlite) {
  write("old.dir", "'a', (0, 1)\n'', (512, 0)\n");
  write("old.dat", "x");
  const int status = migrate("old new --to dbm.sqlite3 --json");
  if (status == 2) {  // no Python here has it
    EXPECT_THAT(content("err"), HasSubstr("CPython 3.13 and later have it"));
    GTEST_SKIP() << "no Python here has dbm.sqlite3";
  }
  ASSERT_EQ(status, 0) << content("err");
  const auto report = nlohmann::json::parse(content("out"));
  EXPECT_EQ(report["carried"], 2);
  EXPECT_EQ(report["files"], nlohmann::json::array({"new"}));
  ASSERT_EQ(migrate("new again --to dbm.dumb"), 0) << content("err");
  EXPECT_EQ(content("again.dir"), "'', (0, 0)\n'a', (0, 1)\n") << "SQLite has an order of its own";
}

// What the folder holds but for what the test wrote itself.
std::size_t files_of_the_copy(const fs::path& folder) {
  std::size_t count = 0;
  for (const auto& file : fs::directory_iterator(folder)) {
    const std::string name = file.path().filename().string();
    count += name.starts_with("new") || name.starts_with(".new");
  }
  return count;
}

TEST_F(Migrate, SaysThatTheDiskIsFullAndLeavesNothing) {
  std::string index, values;
  for (int i = 0; i < 400; ++i) {
    index += fmt::format("'key{}', ({}, 500)\n", i, 512 * i);
    values += std::string(512, 'v');
  }
  write("old.dir", index);
  write("old.dat", values);
  // A limit to the size of files stands for a full disk.
  for (const char* how : {"--to dbm.dumb", "--to dbm.gnu --python /usr/bin/python3"}) {
    EXPECT_EQ(
        shell(fmt::format("ulimit -f 100 && '{}/assay' migrate old new {}", ASSAY_BIN_DIR, how)), 2)
        << how;
    const std::string said = content("err");
    EXPECT_THAT(said, HasSubstr("new: the copy cannot be written: ")) << how;
    EXPECT_THAT(said, HasSubstr("File too large")) << how;
    EXPECT_THAT(said, testing::Not(HasSubstr("Traceback"))) << how;
    EXPECT_EQ(files_of_the_copy(folder_), 0u) << how;
  }
}

TEST_F(Migrate, SaysWhyATargetCannotBe) {
  write("old.dir", "'a', (0, 1)\n");
  write("old.dat", "x");
  fs::create_directories(folder_ / "folder");
  const std::pair<const char*, const char*> targets[] = {
      {"folder", "folder: names a folder\n  name the copy, as in folder/copy"},
      {"folder/", "folder/: names a folder\n  name the copy, as in folder/copy"},
      {"absent/", "absent/: names a folder\n  name the copy, as in absent/copy"},
      {"absent/new", "absent: there is no such folder\n  make it first"},
      {"/proc/new", "/proc: nothing can be made in this folder: "},
  };
  for (const auto& [target, said] : targets) {
    EXPECT_EQ(migrate(fmt::format("old {} --to dbm.dumb", target)), 2) << target;
    EXPECT_THAT(content("err"), HasSubstr(said));
  }
  EXPECT_TRUE(fs::is_empty(folder_ / "folder"));
}

// The program that shall write it sends the signal, as a user would.
TEST_F(Migrate, PutsEverythingAwayWhenItIsInterrupted) {
  write("old.dir", "'a', (0, 1)\n");
  write("old.dat", "x");
  for (const auto& [signal, status] : {std::pair("INT", 130), std::pair("TERM", 143)}) {
    write("python", fmt::format("#!/bin/sh\ncase \"$2\" in *stream*) kill -{} $PPID; "
                                "cat >/dev/null; exit 1;; esac\n",
                                signal));
    fs::permissions(folder_ / "python", fs::perms::owner_all);
    EXPECT_EQ(migrate("old new --to dbm.gnu --python ./python"), status) << content("err");
    EXPECT_THAT(content("err"), HasSubstr("interrupted; nothing was written"));
    EXPECT_EQ(files_of_the_copy(folder_), 0u) << signal;
  }
}

TEST_F(Migrate, ReportsWhatNdbmDoesNotFindAgain) {
  write("old.dir", "'a', (0, 0)\n'b', (0, 1)\n");
  write("old.dat", "x");
  EXPECT_EQ(migrate("old new --to dbm.ndbm --python /usr/bin/python3"), 1) << content("err");
  EXPECT_THAT(content("out"), HasSubstr("b'a': an empty value"));
}

}  // namespace
}  // namespace assay
