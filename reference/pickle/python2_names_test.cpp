#include "reference/pickle/python2_names.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

#include "reference/pickle/python_for_tests.h"

namespace assay::pickle {
namespace {

TEST(Python2Names, AreSortedForTheSearch) {
  EXPECT_TRUE(std::is_sorted(renamed_globals().begin(), renamed_globals().end(),
                             [](const auto& a, const auto& b) {
                               return std::tie(a.python2.module, a.python2.name) <
                                      std::tie(b.python2.module, b.python2.name);
                             }));
  EXPECT_TRUE(std::is_sorted(renamed_modules().begin(), renamed_modules().end(),
                             [](const auto& a, const auto& b) { return a.python2 < b.python2; }));
}

TEST(Python2Names, AGlobalsOwnNameComesBeforeItsModules) {
  const Profile profile = Profile::parse("cpython-3.12-c").value();
  const auto now = [&](std::string_view module, std::string_view name) {
    const Python3Name found = python3_name(module, name, profile);
    return std::string(found.module) + " " + std::string(found.name);
  };
  EXPECT_EQ(now("__builtin__", "xrange"), "builtins range");
  EXPECT_EQ(now("__builtin__", "set"), "builtins set");
  EXPECT_EQ(now("itertools", "izip"), "builtins zip");
  EXPECT_EQ(now("itertools", "chain"), "itertools chain");
  EXPECT_EQ(now("Tix", "Tk"), "tkinter.tix Tk");
  EXPECT_EQ(now("", ""), " ");
}

TEST(Python2Names, AreTheOnesOfEachPython) {
  constexpr const char* script = R"(
import sys
from _compat_pickle import IMPORT_MAPPING, NAME_MAPPING
print('%d.%d.%d' % sys.version_info[:3])
# sys.platform == 'win32' adds a name to the mapping.
NAME_MAPPING.pop(('exceptions', 'WindowsError'), None)
for (module, name), (module3, name3) in sorted(NAME_MAPPING.items()):
    print(module, name, module3, name3)
for module, module3 in sorted(IMPORT_MAPPING.items()):
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
    std::string theirs, ours;
    for (std::string line; std::getline(lines, line);) theirs += line + "\n";
    const auto line = [&ours](std::initializer_list<std::string_view> words) {
      std::string_view gap;
      for (const std::string_view word : words) {
        ours.append(gap).append(word);
        gap = " ";
      }
      ours += "\n";
    };
    for (const RenamedGlobal& row : renamed_globals())
      line({row.python2.module, row.python2.name, row.python3.module, row.python3.name});
    for (const RenamedModule& row : renamed_modules())
      if (row.until == Quirk::end_ || !profile->has(row.until)) line({row.python2, row.python3});
    EXPECT_EQ(ours, theirs) << python;
    ++compared;
  }
  EXPECT_GT(compared, 0u) << "no python3 in PATH or under pyenv";
}

}  // namespace
}  // namespace assay::pickle
