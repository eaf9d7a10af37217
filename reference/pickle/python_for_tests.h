// The Pythons that tests compare with, and a way to run them. Tests only.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <system_error>
#include <vector>

namespace assay::pickle {

struct PythonRun {
  int status;          // 0 when the script ended well
  std::string output;  // its standard output
};

// Runs `script` in the interpreter at `python` and gives what it wrote;
// `quiet` drops its stderr.
inline PythonRun run_python(const std::string& python, const std::string& script,
                            bool quiet = false) {
  static int count = 0;
  const std::string path = testing::TempDir() + "assay_pickle_test_" + std::to_string(::getpid()) +
                           "_" + std::to_string(count++) + ".py";
  std::ofstream(path) << script;
  std::FILE* pipe =
      ::popen(("'" + python + "' -E '" + path + (quiet ? "' 2>/dev/null" : "'")).c_str(), "r");
  PythonRun run{-1, {}};
  if (pipe != nullptr) {
    char block[65536];
    for (std::size_t n = 0; (n = std::fread(block, 1, sizeof block, pipe)) > 0;)
      run.output.append(block, n);
    run.status = ::pclose(pipe);
  }
  std::filesystem::remove(path);
  return run;
}

namespace detail {

// "python3", "python3.13" for the stem "python3".
inline bool is_python_name(const std::string& name, const std::vector<std::string>& stems) {
  for (const std::string& stem : stems) {
    if (name == stem) return true;
    if (name.rfind(stem + ".", 0) == 0 && name.size() > stem.size() + 1 &&
        name.find_first_not_of("0123456789", stem.size() + 1) == std::string::npos)
      return true;
  }
  return false;
}

inline void add_pythons_in(const std::filesystem::path& folder,
                           const std::vector<std::string>& stems, std::set<std::string>& found) {
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(folder, ignored))
    if (is_python_name(entry.path().filename().string(), stems))
      found.insert(entry.path().string());
}

}  // namespace detail

// The programs in PATH and among pyenv's versions that are named `stem`,
// `stem.N`: interpreters and launchers for them.
inline std::set<std::string> candidates(const std::vector<std::string>& stems) {
  std::set<std::string> found;
  const char* path = std::getenv("PATH");
  std::stringstream folders(path == nullptr ? "" : path);
  for (std::string folder; std::getline(folders, folder, ':');)
    detail::add_pythons_in(folder, stems, found);
  const char* home = std::getenv("HOME");
  const char* pyenv = std::getenv("PYENV_ROOT");
  std::filesystem::path versions = pyenv != nullptr  ? std::filesystem::path(pyenv)
                                   : home != nullptr ? std::filesystem::path(home) / ".pyenv"
                                                     : std::filesystem::path();
  std::error_code ignored;
  for (const auto& version : std::filesystem::directory_iterator(versions / "versions", ignored))
    detail::add_pythons_in(version.path() / "bin", stems, found);
  return found;
}

// Every Python from 3.8 on (all 68 opcodes), each interpreter once. Empty only
// where there is none.
inline std::vector<std::string> pythons() {
  // A launcher stands for the interpreter it starts, or for none.
  std::set<std::string> interpreters;
  for (const std::string& candidate : candidates({"python3", "pypy3"})) {
    const PythonRun run = run_python(candidate,
                                     "import os, sys\n"
                                     "if sys.version_info >= (3, 8):\n"
                                     "    print(os.path.realpath(sys.executable))\n",
                                     true);
    if (run.status == 0 && run.output.size() > 1)
      interpreters.insert(run.output.substr(0, run.output.size() - 1));
  }
  return {interpreters.begin(), interpreters.end()};
}

}  // namespace assay::pickle
