// The CPythons on this machine, and files for them to make. Tests only.
#pragma once

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <system_error>

#include "reference/dbm/python.h"
#include "reference/dbm/whichdb.h"

namespace assay::dbm {

// The standard output of a shell command; its memory is limited.
inline std::string output_of(const std::string& command) {
  std::string output;
  if (std::FILE* pipe = ::popen(("ulimit -v 4000000; " + command).c_str(), "r")) {
    char block[65536];
    for (std::size_t n = 0; (n = std::fread(block, 1, sizeof block, pipe)) > 0;)
      output.append(block, n);
    ::pclose(pipe);
  }
  return output;
}

// A folder that is gone with its object.
class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "assay_dbm_XXXXXX").string();
    folder_ = ::mkdtemp(name.data());
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(folder_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  std::string path(const std::string& name) const { return folder_ + "/" + name; }

 private:
  std::string folder_;
};

inline void write_file(const std::string& path, const std::string& content) {
  std::filesystem::create_directories(std::filesystem::path(path).parent_path());
  std::ofstream(path, std::ios::binary) << content;
}

inline std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// Every CPython of pyenv and PATH, each version once.
inline const std::map<Python, std::string>& found_pythons() {
  static const std::map<Python, std::string> found = [] {
    std::set<std::string> candidates;
    const auto add = [&](const std::filesystem::path& program) {
      std::error_code ignored;
      if (std::filesystem::exists(program, ignored)) candidates.insert(program.string());
    };
    const char* home = std::getenv("HOME");
    const char* pyenv = std::getenv("PYENV_ROOT");
    const std::filesystem::path root = pyenv != nullptr  ? std::filesystem::path(pyenv)
                                       : home != nullptr ? std::filesystem::path(home) / ".pyenv"
                                                         : std::filesystem::path("/");
    std::error_code ignored;
    for (const auto& version : std::filesystem::directory_iterator(root / "versions", ignored))
      add(version.path() / "bin" / "python");
    std::istringstream path(std::getenv("PATH") != nullptr ? std::getenv("PATH") : "");
    for (std::string folder; std::getline(path, folder, ':');)
      for (const char* name : {"python3", "python2.7"}) add(std::filesystem::path(folder) / name);
    std::map<Python, std::string> all;
    for (const std::string& candidate : candidates) {
      const auto version = parse_python(
          output_of("'" + candidate +
                    "' -c 'import sys; sys.stdout.write(\"%d.%d\" % sys.version_info[:2] "
                    "if not hasattr(sys, \"pypy_version_info\") else \"\")' 2>/dev/null"));
      if (version) all.emplace(*version, candidate);
    }
    return all;
  }();
  return found;
}

inline NdbmLibrary ndbm_library(const std::string& program) {
  const std::string library =
      output_of("'" + program + "' -c 'import _dbm; print(_dbm.library)' 2>/dev/null");
  if (library.starts_with("Berkeley")) return NdbmLibrary::berkeley;
  return library.empty() ? NdbmLibrary::none : NdbmLibrary::gdbm_compat;
}

}  // namespace assay::dbm
