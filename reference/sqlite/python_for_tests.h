// The other oracle of this room's tests: the sqlite3 module of every CPython on
// this machine.
#pragma once

#include <cstdlib>
#include <fstream>
#include <iterator>

#include "reference/sqlite/iterdump.h"
#include "reference/sqlite/sqlite_for_tests.h"

namespace assay::sqlite {

struct Python {
  std::string program;
  PythonVersion version;
};

// The CPythons of pyenv, and the system's.
inline std::vector<Python> pythons() {
  std::vector<Python> found;
  const auto add = [&](const std::string& program) {
    const std::string command =
        "'" + program + "' -c 'import sys, sqlite3; print(\"%d %d\" % sys.version_info[:2])' 2>&1";
    std::FILE* pipe = popen(command.c_str(), "r");
    Python python{program, {0, 0}};
    if (std::fscanf(pipe, "%d %d", &python.version.major, &python.version.minor) == 2)
      found.push_back(python);
    pclose(pipe);
  };
  const char* root = std::getenv("PYENV_ROOT");
  const char* home = std::getenv("HOME");
  const std::filesystem::path versions =
      std::filesystem::path(
          root != nullptr ? root : std::string(home == nullptr ? "" : home) + "/.pyenv") /
      "versions";
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(versions, error))
    if (std::filesystem::exists(entry.path() / "bin" / "python"))
      add(entry.path() / "bin" / "python");
  if (found.empty()) add("/usr/bin/python3");
  return found;
}

// What iterdump() of a Python gives for each file, ended by a line of equals
// signs; an exception is a line "!Class". `folder` is for files in between.
inline std::string dumped_by(const Python& python, const std::vector<std::string>& files,
                             const std::filesystem::path& folder) {
  const std::string script = (folder / "dump.py").string(), out = (folder / "out").string();
  std::ofstream(script) << "import sqlite3, sys, io\n"
                           "out = io.open(sys.argv[1], 'wb')\n"
                           "for name in sys.argv[2:]:\n"
                           "    try:\n"
                           "        for line in sqlite3.connect(name).iterdump():\n"
                           "            out.write(line.encode('utf-8') + b'\\n')\n"
                           "    except Exception as error:\n"
                           "        out.write(b'!' + type(error).__name__.encode() + b'\\n')\n"
                           "    out.write(b'====\\n')\n"
                           "out.close()\n";
  std::string command = fmt::format("'{}' '{}' '{}'", python.program, script, out);
  for (const std::string& file : files) command += " '" + file + "'";
  EXPECT_EQ(std::system(command.c_str()), 0) << command;
  std::ifstream in(out, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}
// The same of ours.
inline std::string dumped_by_us(PythonVersion version, const std::vector<std::string>& files) {
  std::string out;
  for (const std::string& file : files) {
    const auto error = iterdump(Database(file), version, [&](std::string_view line) {
      out += line;
      out += '\n';
    });
    if (error) out += "!" + error->exception.substr(error->exception.find('.') + 1) + "\n";
    out += "====\n";
  }
  return out;
}

}  // namespace assay::sqlite
