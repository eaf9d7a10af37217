// The other oracle of this room's tests: the sqlite3 module of every CPython on
// this machine.
#pragma once

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <regex>

#include "reference/sqlite/iterdump.h"
#include "reference/sqlite/sqlite_for_tests.h"

namespace assay::sqlite {

struct Python {
  std::string program;
  PythonVersion version;
  std::string command = "'" + program + "'";  // for a shell, behind which a script's name may stand
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

// The CPythons that are WebAssembly (harness/adapters/pyodide), each with an SQLite of
// its own; of the machine's files they see those below `folder`. They take seconds to
// start.
inline std::vector<Python> pyodides(const std::filesystem::path& folder) {
  const std::filesystem::path root = ASSAY_SOURCE_DIR;
  std::vector<Python> found;
  for (const int minor : {14, 15}) {
    const std::string name = fmt::format("pyodide3{}", minor);
    if (!std::filesystem::exists(root / ".cache/pyodide/node_modules" / name)) continue;
    Python python{name, {3, minor}};
    python.command = fmt::format("node '{}' --mount '{}' 3{}",
                                 (root / "harness/adapters/pyodide/run_python.mjs").string(),
                                 folder.string(), minor);
    found.push_back(python);
  }
  return found;
}

// A line whose numbers of 15 digits and more have 13: the last ones depend on the
// machine's long double.
inline std::string without_long_digits(std::string_view line) {
  static const std::regex digits("[0-9]\\.[0-9]{14,}(e[+-][0-9]+)?");
  std::string text(line), out;
  std::smatch found;
  while (std::regex_search(text, found, digits)) {
    out += found.prefix();
    out += fmt::format("{:.12e}", std::strtod(found.str().c_str(), nullptr));
    text = found.suffix();
  }
  return out + text;
}

// The first line in which two texts differ by more than that, for a message; empty if
// none does.
inline std::string first_difference(std::string_view ours, std::string_view theirs) {
  while (!ours.empty() || !theirs.empty()) {
    const std::string_view one = ours.substr(0, ours.find('\n'));
    const std::string_view other = theirs.substr(0, theirs.find('\n'));
    if (one != other && without_long_digits(one) != without_long_digits(other))
      return fmt::format("ours:   {}\ntheirs: {}", one.substr(0, 400), other.substr(0, 400));
    ours.remove_prefix(std::min(one.size() + 1, ours.size()));
    theirs.remove_prefix(std::min(other.size() + 1, theirs.size()));
  }
  return "";
}

// Runs a script of a Python's with the name of a file to write and those of files to
// read, and gives what it wrote.
inline std::string written_by(const Python& python, const char* source,
                              const std::vector<std::string>& files,
                              const std::filesystem::path& folder) {
  const std::string script = (folder / "script.py").string(), out = (folder / "out").string();
  std::ofstream(script) << source;
  std::string command = fmt::format("{} '{}' '{}'", python.command, script, out);
  for (const std::string& file : files) command += " '" + file + "'";
  EXPECT_EQ(std::system(command.c_str()), 0) << command;
  std::ifstream in(out, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// What iterdump() of a Python gives for each file, ended by a line of equals
// signs; an exception is a line "!Class". `folder` is for files in between.
inline std::string dumped_by(const Python& python, const std::vector<std::string>& files,
                             const std::filesystem::path& folder) {
  return written_by(python,
                    "import sqlite3, sys, io\n"
                    "out = io.open(sys.argv[1], 'wb')\n"
                    "for name in sys.argv[2:]:\n"
                    "    try:\n"
                    "        for line in sqlite3.connect(name).iterdump():\n"
                    "            out.write(line.encode('utf-8') + b'\\n')\n"
                    "    except Exception as error:\n"
                    "        out.write(b'!' + type(error).__name__.encode() + b'\\n')\n"
                    "    out.write(b'====\\n')\n"
                    "out.close()\n",
                    files, folder);
}

// The stored columns of every row, as a Python reads them, in the form of shown();
// sorted, since a WITHOUT ROWID table may be read in an index's order. Expressions that
// make text of floats, or floats of text, depend on the machine's long double.
inline std::string rows_by(const Python& python, const std::vector<std::string>& files,
                           const std::filesystem::path& folder) {
  return written_by(python, R"py(import sqlite3, struct, sys
out = open(sys.argv[1], "wb")
def quoted(name):
    return '"%s"' % name[0].decode().replace('"', '""')
def shown(value):
    if value is None: return b"NULL"
    if isinstance(value, int): return b"%d" % value
    if isinstance(value, float): return b"real:%x" % struct.unpack("<Q", struct.pack("<d", value))
    return b"'%s'" % value[0] if isinstance(value, tuple) else b"x'%s'" % value
for name in sys.argv[2:]:
    connection = sqlite3.connect(name)
    connection.text_factory = lambda data: (data,)
    tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    for table, in tables:
        info = connection.execute("PRAGMA table_xinfo(%s)" % quoted(table))
        columns = ", ".join(quoted(column[1]) for column in info if column[6] != 2)
        query = connection.execute("SELECT %s FROM %s" % (columns, quoted(table)))
        for row in sorted(b"|".join(map(shown, row)) for row in query):
            out.write(row + b"\n")
    connection.close()
out.close()
)py",
                    files, folder);
}
inline std::string rows_by_us(const std::vector<std::string>& files) {
  std::string out;
  for (const std::string& file : files) {
    const Database database(file);
    for (const Table& table : database.tables()) {
      std::vector<std::string> shown_rows;
      Rows rows(database, table);
      while (rows.next()) {
        std::vector<Field> stored;
        for (std::size_t i = 0; i < rows.row().size(); ++i)
          if (table.definition.columns[i].generated != Generated::virtual_)
            stored.push_back(rows.row()[i]);
        shown_rows.push_back(shown(stored, database.header().encoding));
      }
      std::sort(shown_rows.begin(), shown_rows.end());
      for (const std::string& row : shown_rows) out += row + "\n";
    }
  }
  return out;
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
