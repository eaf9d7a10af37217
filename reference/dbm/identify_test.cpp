// Identification, and ndbm pages: against Perl's, Debian's and hand-made files.
#include "reference/dbm/identify.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include "reference/dbm/engine_for_tests.h"
#include "reference/dbm/ndbm.h"
#include "reference/dbm/open.h"
#include "reference/dbm/pythons_for_tests.h"

namespace assay::dbm {
namespace {

using namespace std::string_literals;

// Perl is part of every Debian; it brings sdbm, and ndbm of gdbm-compat.
const char* const perl_writer =
    "use Fcntl; my ($module, $path) = @ARGV; eval \"require $module\" or die;"
    "tie(my %h, $module, $path, O_RDWR|O_CREAT, 0644) or die;"
    "$h{''} = 'empty key' if $module ne 'ODBM_File'; $h{'empty value'} = '';"
    "for (1..2000) { $h{\"key $_\"} = chr($_ % 256) x ($_ % 90); }"
    "for (1..2000) { delete $h{\"key $_\"} if $_ % 3 == 0; }"
    "for my $k (keys %h) { print unpack('H*', $k), ' ', unpack('H*', $h{$k}), \"\\n\"; }";

std::string hex_lines(EntryStream& stream) {
  std::string text;
  const auto hex = [](const std::string& bytes) {
    std::string digits;
    for (const unsigned char c : bytes) {
      digits += "0123456789abcdef"[c >> 4];
      digits += "0123456789abcdef"[c & 15];
    }
    return digits;
  };
  for (const auto& [key, value] : all_of(stream)) text += hex(key) + " " + hex(value) + "\n";
  return text;
}

TEST(Identify, ReadsWhatPerlWrote) {
  const TemporaryFolder folder;
  write_file(folder.path("write.pl"), perl_writer);
  struct Made {
    const char* module;
    Format format;
  };
  std::string used;
  for (const Made& made : {Made{"SDBM_File", Format::ndbm}, Made{"NDBM_File", Format::gdbm},
                           Made{"ODBM_File", Format::gdbm}, Made{"GDBM_File", Format::gdbm},
                           Made{"DB_File", Format::berkeley_hash}}) {
    const std::string base = folder.path(made.module);
    const std::string expected =
        output_of("perl " + folder.path("write.pl") + " " + made.module + " " + base);
    if (expected.empty()) continue;
    used += " "s + made.module;
    const auto found = identify(base);
    ASSERT_TRUE(found) << made.module;
    EXPECT_EQ(found->format, made.format) << made.module;
    EXPECT_FALSE(found->big_endian);
    EXPECT_EQ(found->fault, "");
    const auto opened = open_dbm(*found, {}, {});
    EXPECT_EQ(hex_lines(*opened->stream), expected) << made.module;
    Entry entry;
    EXPECT_TRUE(opened->stream->find(as_bytes("key 1000"), entry)) << made.module;
    EXPECT_FALSE(opened->stream->find(as_bytes("key 999"), entry)) << made.module;
  }
  std::printf("modules of Perl:%s\n", used.c_str());
  EXPECT_NE(used.find("SDBM_File"), std::string::npos) << "no Perl";
}

// Pages as ndbm.c and sdbm.c lay them out, by hand.
std::string page_of(const Pairs& pairs, std::size_t size, bool big) {
  std::string page(size, '\0');
  const auto put = [&](std::size_t index, std::size_t value) {
    page[2 * index + (big ? 1 : 0)] = static_cast<char>(value);
    page[2 * index + (big ? 0 : 1)] = static_cast<char>(value >> 8);
  };
  std::size_t end = size, index = 0;
  for (const auto& [key, value] : pairs)
    for (const std::string& part : {key, value}) {
      end -= part.size();
      page.replace(end, part.size(), part);
      put(++index, end);
    }
  put(0, index);
  return page;
}

TEST(Ndbm, ReadsPagesOfBothByteOrders) {
  const Pairs pairs = {{"a", "first"}, {"", "empty key"}, {"b", ""}};
  for (const bool big : {false, true})
    for (const std::size_t size : {1024, 4096, 8192}) {
      const std::string file =
          page_of(pairs, size, big) + page_of({}, size, big) + page_of({{"c", "third"}}, size, big);
      NdbmStream stream(as_bytes(file), {});
      EXPECT_EQ(stream.shape().page_size, size);
      EXPECT_EQ(stream.shape().big_endian, big);
      Pairs expected = pairs;
      expected.emplace_back("c", "third");
      EXPECT_EQ(all_of(stream), expected);
    }
}

TEST(Ndbm, SalvagesSoundPages) {
  std::string file = page_of({{"a", "1"}}, 1024, false) + page_of({{"b", "2"}}, 1024, false) +
                     page_of({{"c", "3"}}, 1024, false) + std::string(100, '\0');
  file[1024] = 3;
  NdbmStream strict(as_bytes(file), {});
  EXPECT_THROW(all_of(strict), DecodeError);
  NdbmStream stream(as_bytes(file), {.salvage = true});
  EXPECT_EQ(all_of(stream), (Pairs{{"a", "1"}, {"c", "3"}}));
  ASSERT_EQ(stream.losses().size(), 2u);
  EXPECT_EQ(stream.losses()[0].offset, 1024u);
  EXPECT_EQ(stream.losses()[1].offset, 3072u);
}

TEST(Identify, NamesFormatsWithoutAskingPython) {
  const TemporaryFolder folder;
  const std::pair<const char*, std::string> files[] = {
      {"sqlite", "SQLite format 3\0"s + std::string(84, '\0')},
      {"old", "\x00\x06\x15\x61\x00\x00\x00\x02"s + std::string(300, '\0')},
      {"swapped", "\x13\x57\x9a\xcf"s + std::string(60, '\0')},
      {"text", "nothing of the kind"},
      {"dumb.dir", "'a', (0, 1)\n"},
      {"dumb.dat", "x"},
  };
  for (const auto& [name, content] : files) write_file(folder.path(name), content);
  EXPECT_EQ(identify(folder.path("sqlite"))->format, Format::sqlite);
  EXPECT_EQ(identify(folder.path("old"))->format, Format::old_hash);
  EXPECT_TRUE(identify(folder.path("old"))->big_endian);
  EXPECT_EQ(identify(folder.path("swapped"))->format, Format::gdbm);
  EXPECT_NE(identify(folder.path("swapped"))->fault, "");
  EXPECT_FALSE(identify(folder.path("text")));
  EXPECT_FALSE(identify(folder.path("absent")));
  for (const char* name : {"dumb", "dumb.dir", "dumb.dat", "dumb.bak"}) {
    const auto found = identify(folder.path(name));
    ASSERT_TRUE(found) << name;
    EXPECT_EQ(found->base, folder.path("dumb"));
    EXPECT_EQ(python_answers(*found, NdbmLibrary::none).front().whichdb, "'dumbdbm'");
  }
}

// What is said that a Python does with a file.
std::string claimed(const std::string& path, Python python) {
  std::string claim;
  for (const PythonAnswer& answer : python_answers(*identify(path), NdbmLibrary::none)) {
    const auto first = parse_python(answer.versions.substr(0, answer.versions.find(' ')));
    if (first && *first <= python) claim = answer.opens;
  }
  return claim;
}

// dbm.dumb's index, torn or odd, beside what each Python's dbm.dumb does with it.
TEST(Identify, SaysWhatPythonsDoWithADamagedIndex) {
  const TemporaryFolder folder;
  write_file(
      folder.path("read.py"),
      "import sys\n"
      "try:\n    import dumbdbm as dumb\n"
      "except ImportError:\n    import dbm.dumb as dumb\n"
      "try: db = dumb.open(sys.argv[1], 'r')\n"
      "except Exception as error: print(' fails in %s (%s)' % (dumb.__name__, "
      "type(error).__name__))\n"
      "else:\n"
      "    said = ' reads it with ' + dumb.__name__\n"
      "    try: [db[key] for key in db.keys()]\n"
      "    except Exception as error: said = ' opens it with %s, not whole: a value raises %s'"
      " % (dumb.__name__, type(error).__name__)\n"
      "    print(said)\n");
  const char* const lines[] = {"'b', (1, 2)\n",  "'b', (1,\n",      "'b'\n", "'b', (010, 1)\n",
                               "'b', (0L, 1)\n", "'b', ('x', 1)\n", "\n",    "'b', (0, 1)\n\0",
                               " 'b', (0, 1)\n", "b'b', (0, 1)\n",  "open\n"};
  for (const auto& [version, program] : found_pythons())
    for (const std::string line : lines) {
      write_file(folder.path("d.dir"), "'a', (0, 1)\n" + line);
      write_file(folder.path("d.dat"), "xyz");
      const std::string said =
          output_of("'" + program + "' " + folder.path("read.py") + " " + folder.path("d"));
      ASSERT_NE(said, "") << program;
      EXPECT_THAT(claimed(folder.path("d"), version),
                  testing::HasSubstr(said.substr(0, said.find('\n'))))
          << program << line;
    }
}

TEST(Identify, SaysWhatPythonsDoWithoutTheDat) {
  const TemporaryFolder folder;
  write_file(folder.path("read.py"),
             "import sys\n"
             "try:\n    import dumbdbm as dumb\n"
             "except ImportError:\n    import dbm.dumb as dumb\n"
             "try: db = dumb.open(sys.argv[1], 'r')\n"
             "except IOError: print('nothing, the .dat is missing')\n"
             "else:\n"
             "    empty = not any(db[key] for key in db.keys())\n"
             "    print('%s.open() %s' % (dumb.__name__, empty and 'with all values empty'))\n");
  write_file(folder.path("d.dir"), "'a', (0, 1)\n'b', (512, 3)\n");
  for (const auto& [version, program] : found_pythons()) {
    const std::string claim = claimed(folder.path("d"), version);
    const std::string said =
        output_of("'" + program + "' -W ignore " + folder.path("read.py") + " " + folder.path("d"));
    std::filesystem::remove(folder.path("d.dat"));  // those before 3.8 make it
    ASSERT_NE(said, "") << program;
    EXPECT_THAT(claim, testing::EndsWith("instead: " + said.substr(0, said.find('\n')))) << program;
  }
}

// What python_answers() says of real files, asked of the real Pythons.
TEST(Identify, SaysWhatPythonsDo) {
  const TemporaryFolder folder;
  std::string asked;
  for (const auto& [version, program] : found_pythons()) {
    if (version.major == 2) continue;
    const NdbmLibrary library = ndbm_library(program);
    const std::string modules = output_of(
        "cd " + folder.path("") + " && '" + program +
        "' -c \"import dbm\nfor name in 'dumb', 'gnu', 'ndbm':\n"
        "    try:\n        module = __import__('dbm.' + name, fromlist=['open'])\n"
        "    except ImportError: continue\n"
        "    with module.open('x' + name, 'n') as db: db['k'] = 'v'\n"
        "    with dbm.open('x' + name) as db: print(name, type(db).__module__)\n\" 2>/dev/null");
    std::istringstream lines(modules);
    for (std::string name, module; lines >> name >> module;) {
      const auto found = identify(folder.path("x" + name));
      ASSERT_TRUE(found) << name << " of " << program;
      bool said = false;
      for (const PythonAnswer& answer : python_answers(*found, library))
        said |= answer.opens == "dbm.open() reads it with dbm." + name;
      EXPECT_TRUE(said) << name << " of " << program << ": " << shown(*found);
      const auto opened = open_dbm(*found, version, {});
      EXPECT_EQ(all_of(*opened->stream), (Pairs{{"k", "v"}})) << name;
      asked += " " + name + "/" + std::to_string(version.minor);
    }
  }
  std::printf("opened by dbm.open():%s\n", asked.c_str());
  EXPECT_FALSE(asked.empty());
}

}  // namespace
}  // namespace assay::dbm
