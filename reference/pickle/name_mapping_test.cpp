#include "reference/pickle/name_mapping.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <sstream>

#include "reference/pickle/python_for_tests.h"

namespace assay::pickle {
namespace {

// The tables as a profile has them, a line each, sorted by what is renamed.
std::string names_to_read(const Profile& profile) {
  std::string out;
  for (const RenamedGlobal& row : renamed_globals())
    if (python3_name(row.python2, profile) == row.python3 && row.way != Way::writing)
      out += fmt::format("{} {} {} {}\n", row.python2.module, row.python2.name, row.python3.module,
                         row.python3.name);
  return out;
}

std::string names_to_write(const Profile& profile) {
  std::set<std::string> lines;
  for (const RenamedGlobal& row : renamed_globals())
    if (python2_name(row.python3, profile) == row.python2 && row.way != Way::reading)
      lines.insert(fmt::format("{} {} {} {}\n", row.python3.module, row.python3.name,
                               row.python2.module, row.python2.name));
  return fmt::format("{}", fmt::join(lines, ""));
}

std::string modules_to_read(const Profile& profile) {
  std::string out;
  for (const RenamedModule& row : renamed_modules())
    if (row.way != Way::writing &&
        python3_name({row.python2, "x"}, profile) == GlobalName{row.python3, "x"})
      out += fmt::format("{} {}\n", row.python2, row.python3);
  return out;
}

std::string modules_to_write(const Profile& profile) {
  std::set<std::string> lines;
  for (const RenamedModule& row : renamed_modules())
    if (row.way != Way::reading &&
        python2_name({row.python3, "x"}, profile) == GlobalName{row.python2, "x"})
      lines.insert(fmt::format("{} {}\n", row.python3, row.python2));
  return fmt::format("{}", fmt::join(lines, ""));
}

TEST(NameMapping, AreSortedForTheSearch) {
  EXPECT_TRUE(std::is_sorted(renamed_globals().begin(), renamed_globals().end(),
                             [](const auto& a, const auto& b) { return a.python2 < b.python2; }));
  EXPECT_TRUE(std::is_sorted(renamed_modules().begin(), renamed_modules().end(),
                             [](const auto& a, const auto& b) { return a.python2 < b.python2; }));
}

TEST(NameMapping, AGlobalsOwnNameComesBeforeItsModules) {
  const Profile profile = Profile::parse("cpython-3.12-c").value();
  const auto now = [&](std::string_view module, std::string_view name) {
    const GlobalName found = python3_name({module, name}, profile);
    return std::string(found.module) + " " + std::string(found.name);
  };
  EXPECT_EQ(now("__builtin__", "xrange"), "builtins range");
  EXPECT_EQ(now("__builtin__", "set"), "builtins set");
  EXPECT_EQ(now("itertools", "izip"), "builtins zip");
  EXPECT_EQ(now("itertools", "chain"), "itertools chain");
  EXPECT_EQ(now("Tix", "Tk"), "tkinter.tix Tk");
  EXPECT_EQ(now("", ""), " ");
}

TEST(NameMapping, NamesGoBackToOneOfSeveral) {
  const Profile profile = Profile::parse("cpython-3.12-c").value();
  const auto then = [&](std::string_view module, std::string_view name) {
    const GlobalName found = python2_name({module, name}, profile);
    return std::string(found.module) + " " + std::string(found.name);
  };
  EXPECT_EQ(then("builtins", "range"), "__builtin__ xrange");
  EXPECT_EQ(then("builtins", "set"), "__builtin__ set");
  EXPECT_EQ(then("builtins", "PermissionError"), "exceptions OSError");
  EXPECT_EQ(then("collections", "UserDict"), "UserDict IterableUserDict");
  EXPECT_EQ(then("dbm", "open"), "anydbm open");
  EXPECT_EQ(then("http.server", "CGIHTTPRequestHandler"), "CGIHTTPServer CGIHTTPRequestHandler");
}

TEST(NameMapping, AreTheOnesOfEachPython) {
  constexpr const char* script = R"(
import sys
from _compat_pickle import IMPORT_MAPPING, NAME_MAPPING
from _compat_pickle import REVERSE_IMPORT_MAPPING, REVERSE_NAME_MAPPING
print('%d.%d.%d' % sys.version_info[:3])
# sys.platform == 'win32' adds a name to the mapping.
NAME_MAPPING.pop(('exceptions', 'WindowsError'), None)
REVERSE_NAME_MAPPING.pop(('builtins', 'WindowsError'), None)
for names in NAME_MAPPING, REVERSE_NAME_MAPPING:
    for (module, name), (module3, name3) in sorted(names.items()):
        print(module, name, module3, name3)
for modules in IMPORT_MAPPING, REVERSE_IMPORT_MAPPING:
    for module, module3 in sorted(modules.items()):
        print(module, module3)
)";
  std::size_t compared = 0;
  for (const std::string& python : candidates({"python3"})) {
    const PythonRun run = run_python(python, script, true);
    if (run.status != 0) continue;  // a launcher without a Python
    std::istringstream lines(run.output);
    std::string version;
    std::getline(lines, version);
    const auto profile = Profile::parse("cpython-" + version + "-py");
    if (!profile) continue;  // older than the profiles
    std::string theirs;
    for (std::string line; std::getline(lines, line);) theirs += line + "\n";
    const std::string ours = names_to_read(*profile) + names_to_write(*profile) +
                             modules_to_read(*profile) + modules_to_write(*profile);
    EXPECT_EQ(ours, theirs) << python;
    ++compared;
  }
  EXPECT_GT(compared, 0u) << "no python3 in PATH or under pyenv";
}

}  // namespace
}  // namespace assay::pickle
