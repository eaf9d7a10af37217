// The CPythons on this machine, asked through their adapter. Tests only.
#pragma once

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>
#include <string>
#include <system_error>
#include <vector>

#include "reference/bytes/hex.h"
#include "reference/marshal/profile.h"

namespace assay::marshal {

// The standard output of a shell command.
inline std::string output_of(const std::string& command) {
  std::string output;
  if (std::FILE* pipe = ::popen(command.c_str(), "r")) {
    char block[65536];
    for (std::size_t n = 0; (n = std::fread(block, 1, sizeof block, pipe)) > 0;)
      output.append(block, n);
    ::pclose(pipe);
  }
  return output;
}

// A file that is gone with its object.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& content) {
    static int count = 0;
    path_ = (std::filesystem::temp_directory_path() /
             ("assay_marshal_" + std::to_string(::getpid()) + "_" + std::to_string(count++)))
                .string();
    std::ofstream(path_, std::ios::binary) << content;
  }
  ~TemporaryFile() { std::filesystem::remove(path_); }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

struct Answer {
  bool crashed = false;
  std::string value, error, message, data;
  std::uint64_t consumed = 0;
};

struct Oracle {
  std::string command;  // starts the interpreter; of Pyodide, the adapter
  Profile profile;

  // One answer for each request (an object without its id), in order. A process
  // that dies is started again for what is left.
  std::vector<Answer> ask(const std::vector<nlohmann::json>& requests) const {
    std::vector<Answer> answers;
    while (answers.size() < requests.size()) {
      std::string lines;
      for (std::size_t i = answers.size(); i < requests.size(); ++i) {
        nlohmann::json request = requests[i];
        request["id"] = std::to_string(i);
        request["format"] = "marshal";
        lines += request.dump() + "\n";
      }
      const TemporaryFile file(lines);
      std::istringstream output(output_of(adapter() + " < '" + file.path() + "' 2>/dev/null"));
      for (std::string line; std::getline(output, line);) {
        const auto json = nlohmann::json::parse(line, nullptr, false);
        if (json.is_discarded()) break;
        Answer answer;
        answer.value = json.value("value", "");
        answer.error = json.value("error", json.value("unsupported", ""));
        answer.message = json.value("message", "");
        answer.data = json.value("data", "");
        answer.consumed = json.value("consumed", std::uint64_t{0});
        answers.push_back(std::move(answer));
      }
      if (answers.size() < requests.size()) answers.push_back({.crashed = true});
    }
    return answers;
  }

  bool native() const { return profile.word() == 64; }
  std::string adapter() const {
    if (!native()) return command;
    // A size that the data claim must not fill the machine.
    return "ulimit -v 6000000; " + command +
           " '" ASSAY_SOURCE_DIR "/harness/adapters/python/assay_adapter.py'";
  }
};

// Every CPython of pyenv and PATH that a profile is for, each version once,
// oldest first, then Pyodide where ASSAY_PYODIDE_DIR says it is. Empty only where
// there is none.
inline std::vector<Oracle> oracles() {
  std::vector<std::string> candidates;
  const auto add = [&](const std::filesystem::path& program) {
    std::error_code ignored;
    if (std::filesystem::exists(program, ignored)) candidates.push_back(program.string());
  };
  const char* home = std::getenv("HOME");
  const char* pyenv = std::getenv("PYENV_ROOT");
  const std::filesystem::path versions =
      (pyenv != nullptr ? std::filesystem::path(pyenv)
                        : std::filesystem::path(home != nullptr ? home : "/") / ".pyenv") /
      "versions";
  std::error_code ignored;
  for (const auto& version : std::filesystem::directory_iterator(versions, ignored))
    add(version.path() / "bin" / "python");
  std::istringstream path(std::getenv("PATH") != nullptr ? std::getenv("PATH") : "");
  for (std::string folder; std::getline(path, folder, ':');)
    for (const char* name : {"python3", "python2.7"}) add(std::filesystem::path(folder) / name);

  std::map<Version, std::string> found;
  for (const std::string& candidate : candidates) {
    const std::string text =
        output_of("'" + candidate +
                  "' -c 'import sys; print(\"%d %d %d\" % sys.version_info[:3] if not "
                  "hasattr(sys, \"pypy_version_info\") else \"\")' 2>/dev/null");
    Version version;
    if (std::sscanf(text.c_str(), "%d %d %d", &version.major, &version.minor, &version.patch) == 3)
      found.emplace(version, candidate);
  }
  std::vector<Oracle> all;
  for (const auto& [version, program] : found) {
    const std::string name = "cpython-" + std::to_string(version.major) + "." +
                             std::to_string(version.minor) + "." + std::to_string(version.patch);
    if (const auto profile = Profile::parse(name)) all.push_back({"'" + program + "'", *profile});
  }
  const char* pyodide = std::getenv("ASSAY_PYODIDE_DIR");
  for (const char* minor : {"14", "15"}) {
    if (pyodide == nullptr) break;
    const auto package =
        std::filesystem::path(pyodide) / "node_modules" / ("pyodide3" + std::string(minor));
    if (std::filesystem::exists(package, ignored))
      all.push_back({"node '" ASSAY_SOURCE_DIR "/harness/adapters/pyodide/assay_adapter.mjs' '" +
                         package.string() + "'",
                     Profile::parse("cpython-3." + std::string(minor) + "-32").value()});
  }
  return all;
}

}  // namespace assay::marshal
