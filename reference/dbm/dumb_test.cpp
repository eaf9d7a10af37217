// dbm.dumb: files made, read and written wrong by every Python on the machine.
#include "reference/dbm/dumb.h"

#include <gtest/gtest.h>

#include "reference/bytes/hex.h"
#include "reference/dbm/python_error.h"
#include "reference/dbm/pythons_for_tests.h"

namespace assay::dbm {
namespace {

using namespace std::string_literals;

// All entries as lines "hex-of-key hex-of-value", sorted; the exception's name
// if the files are refused.
std::string entries(const std::string& base, Python python, ReadOptions options = {}) {
  std::set<std::string> lines;
  try {
    const std::string dir = read_file(base + ".dir"), dat = read_file(base + ".dat");
    DumbStream stream(as_bytes(dir), as_bytes(dat), python, options);
    for (Entry entry; stream.next(entry);)
      lines.insert(to_hex(entry.key) + " " + to_hex(entry.value));
  } catch (const DecodeError& error) {
    return "refused\n";
  }
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

const char* const reader =
    "import sys, binascii, warnings\n"
    "warnings.simplefilter('ignore')\n"
    "try:\n    import dumbdbm as dumb\n"
    "except ImportError:\n    import dbm.dumb as dumb\n"
    "def hexed(x):\n    return binascii.hexlify(x).decode('ascii')\n"
    "for base in open(sys.argv[1]).read().split():\n"
    "    try:\n"
    "        db = dumb.open(base, 'r')\n"
    "        lines = sorted(hexed(k) + ' ' + hexed(db[k]) for k in db.keys())\n"
    "    except Exception:\n        lines = ['refused']\n"
    "    print('\\n'.join(lines + ['.']))\n";

// What each Python makes of hand-written index files.
TEST(Dumb, ReadsIndexLinesAsEachPython) {
  const std::vector<std::string> indexes = {
      "'a', (0, 1)\n",
      "'a', (0, 1)",
      "\"it's\", (512, 3)\n",
      "'a', (0L, 1L)\n",
      "'a', (0, 1)\n'b', (0, 2)\n'a', (512, 2)\n",
      " 'a', (0, 1)\n",
      "\t'a', (0, 1)\n",
      "\x0c'a', (0, 1)\n",
      "'a', (00, 1)\n",
      "'a', (01, 1)\n",
      "'a', (0x10, 0o4)\n",
      "'a', (0b11, 1)\n",
      "'a', (1_0, 1)\n",
      "'a', (1__0, 1)\n",
      "'a', (_1, 1)\n",
      "'a', (0x_1, 1)\n",
      "'a', (1_, 1)\n",
      "'a', (+1, 1)\n",
      "'a', (-1, 1)\n",
      "'a', (0, -1)\n",
      "'a', (0, -2)\n",
      "'a' 'b', (0, 1)\n",
      "'a', (0, 1),\n",
      "('a', (0, 1))\n",
      "b'a', (0, 1)\n",
      "br'a\\n', (0, 1)\n",
      "r'a\\n', (0, 1)\n",
      "'a', [0, 1]\n",
      "'a', (0, 1,)\n",
      "'a', (0, 1) # comment\n",
      "'a', (0, 1) x\n",
      "'a', (0, 1);\n",
      "'\xe9', (0, 1)\n",
      "'\\xe9\\377\\t\\d', (0, 1)\n",
      "'\\u0041', (0, 1)\n",
      "'\\u0141', (0, 1)\n",
      "'\\U00000041', (0, 1)\n",
      "'\\777', (0, 1)\n",
      "'\\x4', (0, 1)\n",
      "\n",
      "'a', (0, 1)\n\n",
      "'a', (0, 1)\r\n'b', (1, 1)\r'c', (2, 1)\n",
      "'a', (0, 1)\xa0\n",
      "'a', (0, 1)\x1f\n",
      "'a', (0, 1) \n",
      "'a\n",
      "'a', (0\n",
      "'a'\n",
      "'a', 0, 1\n",
      "'a', (0)\n",
      "'a', (0, 1, 2)\n",
      "'a', ()\n",
      "7, (0, 1)\n",
      "'''a''', (0, 1)\n",
      "'''a'b''', (0, 1)\n",
      "'', (0, 1)\n",
      "'a', (99999, 1)\n",
      "'a', (600, 99999)\n",
      "'a', (9223372036854775808, 1)\n",
      "'a\0', (0, 1)\n"s,
      "'a', (0, 1\xff)\n",
      "'a' , ( 0 , 1 ) \n",
      "'a\\\n', (0, 1)\n",
      "'a', (08, 1)\n",
      "'a', (0L, 0xfL)\n",
      "f'a', (0, 1)\n",
  };
  std::string dat;
  for (int i = 0; i < 700; ++i) dat += static_cast<char>(i * 7);
  const TemporaryFolder folder;
  std::string bases;
  for (std::size_t i = 0; i < indexes.size(); ++i) {
    const std::string base = folder.path("i" + std::to_string(i));
    write_file(base + ".dir", indexes[i]);
    write_file(base + ".dat", dat);
    bases += base + "\n";
  }
  write_file(folder.path("bases"), bases);
  write_file(folder.path("reader.py"), reader);
  const auto pythons = found_pythons();
  ASSERT_FALSE(pythons.empty()) << "no CPython on this machine";
  for (const auto& [version, program] : pythons) {
    std::istringstream answers(output_of("'" + program + "' " + folder.path("reader.py") + " " +
                                         folder.path("bases") + " 2>/dev/null"));
    for (std::size_t i = 0; i < indexes.size(); ++i) {
      std::string expected, line;
      while (std::getline(answers, line) && line != ".") expected += line + "\n";
      if (expected == "\n") expected.clear();
      EXPECT_EQ(entries(folder.path("i" + std::to_string(i)), version), expected)
          << indexes[i] << " by " << program;
    }
  }
}

// Every Python writes; the reference reads as every Python.
TEST(Dumb, ReadsWhatEachPythonWrote) {
  const auto pythons = found_pythons();
  ASSERT_FALSE(pythons.empty()) << "no CPython on this machine";
  for (const auto& [version, program] : pythons) {
    const TemporaryFolder folder;
    write_file(
        folder.path("write.py"),
        "import sys, random, binascii\n"
        "try:\n    import dumbdbm as dumb\n"
        "except ImportError:\n    import dbm.dumb as dumb\n"
        "random.seed(7)\n"
        "db, model = dumb.open(sys.argv[1], 'n'), {}\n"
        "for i in range(3000):\n"
        "    k = bytes(bytearray(random.randrange(256) for _ in range(random.randrange(3))))\n"
        "    if random.randrange(4) or k not in model:\n"
        "        v = bytes(bytearray([i % 256]) * random.choice([0, 1, 511, 512, 513, 2000]))\n"
        "        db[k] = model[k] = v\n"
        "    elif random.randrange(40) == 0:\n        del db[k], model[k]\n"
        "db.close()\n"
        "def hexed(x):\n    return binascii.hexlify(x).decode('ascii')\n"
        "for k in sorted(model):\n    print(hexed(k) + ' ' + hexed(model[k]))\n");
    const std::string model = output_of("'" + program + "' " + folder.path("write.py") + " " +
                                        folder.path("db") + " 2>/dev/null");
    ASSERT_GT(model.size(), 1000u) << program;
    std::set<std::string> sorted;
    std::istringstream lines(model);
    for (std::string line; std::getline(lines, line);) sorted.insert(line);
    std::string expected;
    for (const std::string& line : sorted) expected += line + "\n";
    EXPECT_TRUE(entries(folder.path("db"), version) == expected) << program;
    EXPECT_TRUE(entries(folder.path("db"), {3, 13}) == expected) << program;
  }
}

TEST(Dumb, GivesShortValuesAndSaysSo) {
  const std::string dir = "'a', (0, 3)\n'b', (512, 9)\n",
                    dat = "abc" + std::string(509, '\0') + "de";
  DumbStream stream(as_bytes(dir), as_bytes(dat), {3, 13}, {});
  Entry entry;
  ASSERT_TRUE(stream.next(entry));
  EXPECT_EQ(as_text(entry.value), "abc");
  EXPECT_TRUE(stream.losses().empty());
  ASSERT_TRUE(stream.next(entry));
  EXPECT_EQ(as_text(entry.value), "de");
  ASSERT_EQ(stream.losses().size(), 1u);
  EXPECT_EQ(stream.losses()[0].offset, 12u);
  EXPECT_FALSE(stream.next(entry));
  ASSERT_TRUE(stream.find(as_bytes("a"), entry));
  EXPECT_EQ(as_text(entry.value), "abc");
  EXPECT_FALSE(stream.find(as_bytes("c"), entry));
}

// At the ends of 64 bits: what fetching the value raises in each Python here.
TEST(Dumb, RaisesAtTheEndsOf64BitsAsPythonDoes) {
  const TemporaryFolder folder;
  const std::string last = "9223372036854775807";
  const std::string pairs[] = {last + ", 0",
                               last + ", 5",
                               last + ", " + last,
                               "0, " + last,
                               "0, 9223372036854775775",  // 2**63 - 33
                               last + ", -1",
                               "9223372036854775808, 1"};
  write_file(folder.path("read.py"),
             "import sys\n"
             "try:\n    import dumbdbm as dumb\n"
             "except ImportError:\n    import dbm.dumb as dumb\n"
             "try: dumb.open(sys.argv[1], 'r')[b'a']\n"
             "except Exception as error: sys.stdout.write(type(error).__name__)\n");
  std::size_t asked = 0;
  for (const auto& [version, program] : found_pythons())
    for (const std::string& pair : pairs) {
      const std::string dir = "'a', (" + pair + ")\n", dat = "xyz";
      write_file(folder.path("d.dir"), dir);
      write_file(folder.path("d.dat"), dat);
      const std::string expected =
          output_of("'" + program + "' " + folder.path("read.py") + " " + folder.path("d"));
      ASSERT_NE(expected, "") << pair;
      DumbStream stream(as_bytes(dir), as_bytes(dat), version, {});
      Entry entry;
      std::string raised;
      try {
        stream.next(entry);
      } catch (const PythonError& error) {
        raised = error.exception();
      }
      EXPECT_EQ(raised, expected) << program << " " << pair;
      ++asked;
    }
  EXPECT_GT(asked, 0u) << "no Python";
}

TEST(Dumb, SalvagesGoodLines) {
  const std::string dir = "'a', (0, 1)\n'b', (1,\n'c', (2, 1)\n", dat = "xyz";
  EXPECT_THROW(DumbStream(as_bytes(dir), as_bytes(dat), {3, 13}, {}), DecodeError);
  DumbStream stream(as_bytes(dir), as_bytes(dat), {3, 13}, {.salvage = true});
  std::string keys;
  for (Entry entry; stream.next(entry);) keys += as_text(entry.key);
  EXPECT_EQ(keys, "ac");
  ASSERT_EQ(stream.losses().size(), 1u);
  EXPECT_EQ(stream.losses()[0].offset, 20u);
  EXPECT_THROW(DumbStream(as_bytes(dir), std::nullopt, {3, 13}, {}), DecodeError);
}

}  // namespace
}  // namespace assay::dbm
