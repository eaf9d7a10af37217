// dbm.dumb written: the files of every Python on the machine, byte for byte.
#include "reference/dbm/dumb_database.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <random>

#include "reference/bytes/hex.h"
#include "reference/dbm/engine_for_tests.h"
#include "reference/dbm/pythons_for_tests.h"

namespace assay::dbm {
namespace {

using namespace std::string_literals;

std::string hex_of(const std::string& bytes) {
  return to_hex(as_bytes(bytes));
}

// The three files in hex, "-" for one that is not there.
std::string files_of(const std::string& base) {
  std::string text;
  for (const char* ending : {".dir", ".dat", ".bak"})
    text += (readable(base + ending) ? hex_of(read_file(base + ending)) : "-") + " ";
  return text;
}

// From Lib/dbm/dumb.py, by hand.
TEST(DumbDatabase, WritesTheLayout) {
  const TemporaryFolder folder;
  const std::string base = folder.path("x");
  DumbDatabase database(base, "n", {3, 12});
  EXPECT_EQ(read_file(base + ".dat"), "");
  EXPECT_FALSE(readable(base + ".dir"));
  database.set("a", "12345");
  database.set("\xe9'", "x");
  EXPECT_EQ(read_file(base + ".dir"), "'a', (0, 5)\n\"\xe9'\", (512, 1)\n");
  EXPECT_EQ(read_file(base + ".dat"), "12345" + std::string(507, '\0') + "x");
  database.set("a", "");
  EXPECT_EQ(read_file(base + ".dir"), "'a', (0, 5)\n\"\xe9'\", (512, 1)\n") << "until it is synced";
  database.set("\xe9'", std::string(513, 'y'));
  database.sync();
  EXPECT_EQ(read_file(base + ".dir"), "'a', (0, 0)\n\"\xe9'\", (1024, 513)\n");
  EXPECT_EQ(read_file(base + ".bak"), "'a', (0, 5)\n\"\xe9'\", (512, 1)\n");
  database.erase("a");
  EXPECT_EQ(read_file(base + ".dir"), "\"\xe9'\", (1024, 513)\n");
  EXPECT_EQ(database.get("\xe9'"), std::string(513, 'y'));
  database.close();
  EXPECT_EQ(read_file(base + ".bak"), "\"\xe9'\", (1024, 513)\n") << "3.12 commits again";
}

TEST(DumbDatabase, KnowsWhatVersionsDoWithFlags) {
  const auto raised = [](const std::string& base, const char* flag, Python python) {
    try {
      DumbDatabase(base, flag, python).close();
      return "nothing"s;
    } catch (const Raised& error) {
      return error.error();
    }
  };
  const TemporaryFolder folder;
  EXPECT_EQ(raised(folder.path("a"), "r", {3, 8}), "FileNotFoundError");
  EXPECT_EQ(raised(folder.path("a"), "r", {3, 7}), "nothing");
  EXPECT_EQ(raised(folder.path("a"), "x", {3, 7}), "nothing");
  EXPECT_EQ(raised(folder.path("a"), "x", {3, 13}), "ValueError");
  EXPECT_EQ(raised(folder.path("b"), "r", {2, 7}), "nothing");
  EXPECT_TRUE(readable(folder.path("b.dat")));
  EXPECT_FALSE(readable(folder.path("b.dir"))) << "opened for reading";
  DumbDatabase created(folder.path("c"), "c", {3, 13});
  EXPECT_TRUE(readable(folder.path("c.dir")));
  DumbDatabase reading(folder.path("c"), "r", {3, 13});
  EXPECT_THROW(reading.set("a", "b"), Raised);
}

// --- the order of 2.7's dicts ------------------------------------------------------

TEST(DumbDatabase, KeepsPython2sOrder) {
  const auto python2 = found_pythons().find({2, 7});
  if (python2 == found_pythons().end()) GTEST_SKIP() << "no Python 2.7 here";
  const TemporaryFolder folder;
  std::mt19937 random(5);
  std::string script = "import binascii\nd = {}\n";
  DumbIndex index(true);
  for (int i = 0; i < 2500; ++i) {
    std::string key = std::to_string(random() % 2000);
    if (random() % 10 == 0) key += static_cast<char>(random());
    const bool erase = random() % 3 == 0;
    script += (erase ? "d.pop(binascii.unhexlify('" : "d[binascii.unhexlify('") + hex_of(key) +
              (erase ? "'), 0)\n" : "')] = 0\n");
    if (erase) {
      index.erase(key);
    } else {
      index.set(key, {});
    }
  }
  write_file(folder.path("order.py"), script + "for k in d: print(binascii.hexlify(k))\n");
  std::string ours;
  index.visit([&](const DumbLine& line) { ours += hex_of(line.key) + "\n"; });
  EXPECT_TRUE(output_of("'" + python2->second + "' " + folder.path("order.py")) == ours);
}

// --- scripts, by every Python ------------------------------------------------------

// Reads lines "base", "open FLAG", "set KEY VALUE", "del KEY", "sync", "close" in
// hex; prints after each what was raised, and the files.
const char* const runner =
    "import sys, binascii, os, warnings\n"
    "warnings.simplefilter('ignore')\n"
    "try:\n    import dumbdbm as dumb\n"
    "except ImportError:\n    import dbm.dumb as dumb\n"
    "un = lambda text: binascii.unhexlify(text[1:])\n"
    "def content(path):\n"
    "    try:\n        f = open(path, 'rb')\n"
    "    except IOError:\n        return '-'\n"
    "    with f: return binascii.hexlify(f.read()).decode('ascii')\n"
    "db = base = None\n"
    "def step(words):\n"
    "    global db, base\n"
    "    if words[0] == 'base': db, base = None, words[1]\n"
    "    elif words[0] == 'open':\n        db = None\n        db = dumb.open(base, words[1])\n"
    "    elif words[0] == 'set': db[un(words[1])] = un(words[2])\n"
    "    elif words[0] == 'del': del db[un(words[1])]\n"
    "    elif words[0] == 'sync': db.sync()\n"
    "    else: db.close()\n"
    "for line in open(sys.argv[1]):\n"
    "    said = 'ok'\n"
    "    try: step(line.split())\n"
    "    except Exception: said = sys.exc_info()[0].__name__\n"
    "    print(said + ' ' + ' '.join(content(base + e) for e in ('.dir', '.dat', '.bak')) + ' ')\n";

struct Step {
  std::string word, key, value;
};

std::vector<Step> random_script(unsigned seed) {
  std::mt19937 random(seed);
  const auto one = [&](auto... all) {
    const std::string strings[] = {all...};
    return strings[random() % std::size(strings)];
  };
  std::vector<Step> steps = {{"open", one("n", "c"), ""}};
  for (std::size_t i = random() % 40; i > 0; --i) {
    std::string key(random() % 3, 'a');
    for (char& c : key)
      c = random() % 4 == 0 ? static_cast<char>(random()) : "abcd'\"\\"[random() % 7];
    const unsigned sizes[] = {0, 1, 20, 512, 513, 1030};
    const std::string value(sizes[random() % 6], static_cast<char>('a' + i % 26));
    const std::size_t what = random() % 20;
    if (what < 11) {
      steps.push_back({"set", key, value});
    } else if (what < 15) {
      steps.push_back({"del", key, ""});
    } else if (what < 17) {
      steps.push_back({"sync", "", ""});
    } else {
      steps.push_back({"close", "", ""});
      steps.push_back({"open", one("w", "c", "c", "r", "n"), ""});
    }
  }
  steps.push_back({"close", "", ""});
  return steps;
}

// What the reference says to a step.
std::string taken(const Step& step, const std::string& base, Python python,
                  std::unique_ptr<DumbDatabase>& database) {
  try {
    if (step.word == "open") {
      database = nullptr;
      database = std::make_unique<DumbDatabase>(base, step.key, python);
    } else if (step.word == "set") {
      database->set(step.key, step.value);
    } else if (step.word == "del") {
      database->erase(step.key);
    } else if (step.word == "sync") {
      database->sync();
    } else {
      database->close();
    }
  } catch (const Raised& raised) {
    return raised.error();
  }
  return "ok";
}

TEST(DumbDatabase, WritesWhatEachPythonWrites) {
  const auto& pythons = found_pythons();
  ASSERT_FALSE(pythons.empty()) << "no CPython on this machine";
  for (const auto& [version, program] : pythons) {
    const TemporaryFolder theirs, ours;
    std::string lines;
    const unsigned scripts = std::max(scripts_to_run() / 3, 1u);  // each by every Python
    for (unsigned seed = 0; seed < scripts; ++seed) {
      lines += "base " + theirs.path(std::to_string(seed)) + "\n";
      for (const Step& step : random_script(seed)) {
        const bool open = step.word == "open";
        lines += step.word + " " + (open ? step.key : "x" + hex_of(step.key)) + " x" +
                 hex_of(step.value) + "\n";
      }
    }
    write_file(theirs.path("script"), lines);
    write_file(theirs.path("runner.py"), runner);
    std::istringstream answers(
        output_of("'" + program + "' " + theirs.path("runner.py") + " " + theirs.path("script")));
    std::string answer;
    for (unsigned seed = 0; seed < scripts; ++seed) {
      ASSERT_TRUE(std::getline(answers, answer)) << program;
      const std::string base = ours.path(std::to_string(seed));
      std::unique_ptr<DumbDatabase> database;
      for (const Step& step : random_script(seed)) {
        const std::string said = taken(step, base, version, database);
        ASSERT_TRUE(std::getline(answers, answer)) << program;
        ASSERT_EQ(said + " " + files_of(base), answer)
            << program << ", script " << seed << ": " << step.word << " " << hex_of(step.key);
      }
    }
  }
}

}  // namespace
}  // namespace assay::dbm
