// What is said of damaged files of GNU dbm, beside what Python's dbm.gnu does with
// them.
#include "reference/dbm/module_opening.h"

#include <fmt/format.h>
#include <gdbm.h>
#include <gtest/gtest.h>

#include "reference/dbm/identify.h"
#include "reference/dbm/pythons_for_tests.h"

namespace assay::dbm {
namespace {

// Opens each file, lists its keys, looks each up, and says how far that goes; in a
// process of its own, since libgdbm may die of a file.
const char* const reader =
    "import os, signal, sys, dbm.gnu\n"
    "def look(path):\n"
    "    try: db = dbm.gnu.open(path, 'r')\n"
    "    except dbm.gnu.error: return 'refuses'\n"
    "    keys = db.keys()\n"
    "    try:\n"
    "        for key in keys: db[key]\n"
    "    except KeyError: return '%d KeyError' % len(keys)\n"
    "    return '%d' % len(keys)\n"
    "for name in sorted(os.listdir(sys.argv[1])):\n"
    "    print(name, end=' ', flush=True)\n"
    "    child = os.fork()\n"
    "    if child == 0:\n"
    "        signal.alarm(20)\n"
    "        print(look(os.path.join(sys.argv[1], name)), flush=True)\n"
    "        os._exit(0)\n"
    "    if os.waitpid(child, 0)[1] != 0: print('dies')\n";

// Debian's python3 has dbm.gnu where its package is installed; others may.
std::string python_with_gnu() {
  std::vector<std::string> programs{"/usr/bin/python3"};
  for (const auto& [version, program] : found_pythons()) programs.push_back(program);
  for (const std::string& program : programs)
    if (output_of("'" + program + "' -c 'import dbm.gnu; print(1)' 2>/dev/null") == "1\n")
      return program;
  return "";
}

constexpr int entries = 500;

std::string written(const std::string& path, int flags) {
  GDBM_FILE file = gdbm_open(path.c_str(), 0, GDBM_NEWDB | flags, 0644, nullptr);
  for (int i = 0; i < entries; ++i) {
    std::string key = fmt::format("key {}", i), value(static_cast<std::size_t>(i % 90), 'v');
    gdbm_store(file, {key.data(), static_cast<int>(key.size())},
               {value.data(), static_cast<int>(value.size())}, GDBM_REPLACE);
  }
  gdbm_close(file);
  return read_file(path);
}

std::string patched(std::string file, std::size_t at, std::uint32_t number) {
  for (std::size_t i = 0; i < 4; ++i) file[at + i] = static_cast<char>(number >> (8 * i));
  return file;
}

std::uint32_t word(const std::string& file, std::size_t at) {
  std::uint32_t number = 0;
  for (std::size_t i = 4; i-- > 0;) number = number << 8 | static_cast<std::uint8_t>(file[at + i]);
  return number;
}

// Every word of the header, of the first places of the directory, and of the first
// bucket's head and elements, as other numbers; the file cut, and longer.
std::map<std::string, std::string> damaged(const std::string& file) {
  std::map<std::string, std::string> all{{"whole", file}, {"longer", file + '\0'}};
  const std::size_t directory = word(file, 8), bucket = word(file, directory);
  std::vector<std::size_t> places;
  for (std::size_t at = 4; at < 128; at += 4) places.push_back(at);
  for (std::size_t at = 0; at < 32; at += 4) places.push_back(directory + at);
  for (std::size_t at = 0; at < 240; at += 4) places.push_back(bucket + at);
  for (const std::size_t at : places) {
    const std::uint32_t was = word(file, at);
    for (const std::uint32_t number :
         {0u, 1u, was + 1, was - 1, was * 2, was / 2, 0x7fffffffu, 0xffffffffu})
      if (number != was) all[fmt::format("{}-{:x}", at, number)] = patched(file, at, number);
  }
  for (const std::size_t size :
       {file.size() - 1, file.size() / 2, bucket + 1, directory + 8, std::size_t{4096},
        std::size_t{72}, std::size_t{40}, std::size_t{39}, std::size_t{16}})
    all[fmt::format("cut-{}", size)] = file.substr(0, size);
  return all;
}

class GnuOpening : public testing::TestWithParam<int> {};
INSTANTIATE_TEST_SUITE_P(Plain, GnuOpening, testing::Values(0));
INSTANTIATE_TEST_SUITE_P(Numsync, GnuOpening, testing::Values(GDBM_NUMSYNC));

TEST_P(GnuOpening, IsAsPythonsDbmGnu) {
  const std::string program = python_with_gnu();
  ASSERT_FALSE(program.empty()) << "no Python with dbm.gnu";
  const bool numsync = GetParam() != 0;
  const TemporaryFolder folder;
  const auto files = damaged(written(folder.path("sound"), GetParam()));
  for (const auto& [name, content] : files) write_file(folder.path("files/" + name), content);
  write_file(folder.path("read.py"), reader);
  std::istringstream lines(
      output_of("'" + program + "' " + folder.path("read.py") + " " + folder.path("files")));
  std::map<std::string, int> answers;
  for (std::string line; std::getline(lines, line);) {
    const std::size_t blank = line.find(' ');
    const std::string name = line.substr(0, blank), said = line.substr(blank + 1);
    const auto found = identify(folder.path("files/" + name));
    ASSERT_TRUE(found) << name;
    // What 3.x's of this libgdbm are said to do.
    const std::string claim = python_answers(*found, NdbmLibrary::none).back().opens;
    const std::string whole = numsync ? "dbm.open() refuses it; instead: dbm.gnu.open(), if its"
                                      : "dbm.open() reads it with dbm.gnu";
    std::string expected = whole;
    if (said == "refuses") {
      expected = numsync ? "dbm.open() refuses it; instead: nothing, "
                         : "dbm.open() fails in dbm.gnu (error); instead: nothing, ";
    } else if (said != std::to_string(entries)) {
      const std::size_t keys = std::stoul(said);
      // One element that says it is empty leaves no trace.
      if (keys == entries - 1 && claim.starts_with(whole) && !said.ends_with("Error")) continue;
      expected = numsync ? "dbm.open() refuses it; instead: dbm.gnu.open()"
                         : "dbm.open() opens it with dbm.gnu";
      expected +=
          fmt::format("{} {} key{}{}", numsync ? " for" : ", not whole:", keys,
                      keys == 1 ? "" : "s", said.ends_with("Error") ? ", then KeyError" : "");
    }
    EXPECT_TRUE(claim.starts_with(expected)) << name << ": " << said << ": " << claim;
    EXPECT_LE(claim.size(), 76u);
    ++answers[said == "refuses" ? "refused" : said == std::to_string(entries) ? "read" : "partly"];
  }
  for (const char* kind : {"refused", "read", "partly"}) EXPECT_GT(answers[kind], 20) << kind;
  std::printf("%d refused, %d read, %d in part\n", answers["refused"], answers["read"],
              answers["partly"]);
}

}  // namespace
}  // namespace assay::dbm
