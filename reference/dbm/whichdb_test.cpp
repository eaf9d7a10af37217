// whichdb() against the whichdb() of every Python on the machine.
#include "reference/dbm/whichdb.h"

#include <gtest/gtest.h>

#include "reference/dbm/pythons_for_tests.h"

namespace assay::dbm {
namespace {

using namespace std::string_literals;

// name -> content; each database is asked for by the part before the last dot,
// and by the whole name.
const std::vector<std::pair<std::string, std::string>>& files() {
  static const std::vector<std::pair<std::string, std::string>> all = {
      {"pages.pag", ""},
      {"pages.dir", ""},
      {"half.pag", "x"},
      {"dumb.dir", "'a', (0, 1)\n"},
      {"dumb.dat", "x"},
      {"double.dir", "\"a'\", (0, 1)\n"},
      {"double.dat", "x"},
      {"nokeys.dir", ""},
      {"nokeys.dat", ""},
      {"blank.dir", " 'a', (0, 1)\n"},
      {"blank.dat", ""},
      {"nodat.dir", "'a', (0, 1)\n"},
      {"empty", ""},
      {"three", "abc"},
      {"four", "abcd"},
      {"gdbm-o", "\xce\x9a\x57\x13"s},
      {"gdbm-32", "\xcd\x9a\x57\x13...."s},
      {"gdbm-64", "\xcf\x9a\x57\x13............"s},
      {"gdbm-big", "\x13\x57\x9a\xcf............"s},
      {"numsync-32", "\xd0\x9a\x57\x13............"s},
      {"numsync-64", "\xd1\x9a\x57\x13............"s},
      {"bsd185", "\x61\x15\x06\x00............"s},
      {"bsd185-big", "\x00\x06\x15\x61............"s},
      {"hash", "............\x61\x15\x06\x00"s},
      {"hash-big", "............\x00\x06\x15\x61"s},
      {"hash-short", "..\x61\x15\x06\x00"s},
      {"btree", "............\x62\x31\x05\x00"s},
      {"sqlite", "SQLite format 3\0"s},
      {"sqlite-short", "SQLite format 3"s},
      {"both.pag", ""},
      {"both.dir", ""},
      {"both.dat", ""},
      {"text.db", "no database"},
      {"text", "no database"},
      {"folder.dir/x", "x"},
      {"folder.dat", ""},
      {"sub/x", "x"},
  };
  return all;
}

TEST(Whichdb, AnswersAsEachPython) {
  const auto pythons = found_pythons();
  ASSERT_FALSE(pythons.empty()) << "no CPython on this machine";
  const TemporaryFolder folder;
  std::set<std::string> paths = {folder.path("absent"), folder.path("sub"), ""};
  for (const auto& [name, content] : files()) {
    write_file(folder.path(name), content);
    paths.insert(folder.path(name));
    paths.insert(folder.path(name.substr(0, name.rfind('.'))));
  }
  std::string list;
  for (const std::string& path : paths) list += path + "\n";
  write_file(folder.path("paths.txt"), list);
  const std::string script = folder.path("ask.py");
  write_file(script,
             "import sys\n"
             "try:\n    from whichdb import whichdb\n"
             "except ImportError:\n    from dbm import whichdb\n"
             "def ask(path):\n    try:\n        print(repr(whichdb(path)))\n"
             "    except Exception as error:\n        print(type(error).__name__)\n"
             "for line in open(sys.argv[1]):\n    ask(line[:-1])\n"
             "ask(None)\n");
  std::string names;
  for (const auto& [version, program] : pythons) {
    names += " " + std::to_string(version.major) + "." + std::to_string(version.minor);
    std::istringstream answers(
        output_of("'" + program + "' " + script + " " + folder.path("paths.txt")));
    std::string answer;
    const NdbmLibrary library = ndbm_library(program);
    for (const std::string& path : paths) {
      ASSERT_TRUE(std::getline(answers, answer)) << program;
      EXPECT_EQ(shown(whichdb(path, version, library)), answer) << path << " by " << program;
    }
    ASSERT_TRUE(std::getline(answers, answer)) << program;
    EXPECT_EQ(shown(whichdb(std::nullopt, version)), answer) << "None by " << program;
  }
  std::printf("%zu paths asked of%s\n", paths.size(), names.c_str());
}

// Whether Berkeley DB opens a `.db` decides, and it looks at more than the magic.
TEST(Whichdb, OpensNdbmFilesAsBerkeleyDb) {
  const TemporaryFolder folder;
  std::string program;
  Python python;
  for (const auto& [version, path] : found_pythons())
    if (program.empty() && ndbm_library(path) == NdbmLibrary::berkeley)
      program = path, python = version;
  if (program.empty()) GTEST_SKIP() << "no Python here has dbm.ndbm over Berkeley DB";
  write_file(folder.path("write.py"),
             "import sys, dbm.ndbm\n"
             "db = dbm.ndbm.open(sys.argv[1], 'n')\n"
             "for i in range(50): db['k%d' % i] = 'v' * i\n"
             "db.close()\n");
  output_of("'" + program + "' " + folder.path("write.py") + " " + folder.path("whole"));
  const std::string whole = read_file(folder.path("whole.db"));
  ASSERT_FALSE(whole.empty());
  const auto patched = [&](std::size_t at, const std::string& bytes) {
    return std::string(whole).replace(at, bytes.size(), bytes);
  };
  const std::vector<std::string> variants = {
      whole + "x",
      whole.substr(0, whole.size() - 1),
      whole.substr(0, 72),
      whole.substr(0, 4096),
      patched(16, "\x06"),           // version
      patched(16, "\x07"),           //
      patched(16, "\x0a"),           //
      patched(20, "\x00\x0c\0\0"s),  // pagesize 3072
      patched(20, "\x01\x10\0\0"s),  // pagesize 4097
      patched(24, "\x01"),           // encrypt_alg
      patched(26, "\x02"),           // metaflags
      patched(26, "\x08"),           //
      patched(48, "\x07"),           // flags
      patched(48, "\x08"),           //
      patched(48, "\x00\x01"s),      //
  };
  std::size_t number = 0, opened = 0;
  for (const std::string& content : variants) {
    const std::string path = folder.path("v" + std::to_string(number++));
    write_file(path + ".db", content);
    const std::string said =
        output_of("'" + program + "' -c 'import sys, dbm; print(repr(dbm.whichdb(sys.argv[1])))' " +
                  path + " 2>/dev/null");
    const std::string ours = shown(whichdb(path, python, NdbmLibrary::berkeley));
    EXPECT_EQ(ours + "\n", said) << "variant " << number - 1;
    opened += ours != "None";
  }
  EXPECT_EQ(opened, 5u);
}

}  // namespace
}  // namespace assay::dbm
