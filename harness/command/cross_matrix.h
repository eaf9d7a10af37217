// Files written by A, opened by B: every writer's files against every reader here.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "harness/runner/runner.h"

namespace assay {

// One file, or the stem of several, and what was stored in it, as value text.
struct CrossFile {
  std::string path;
  std::string entries;  // of a shelf: empty, its values are counted
};

// The files of one writer.
struct CrossFamily {
  std::string name;                  // of its folder in data/
  std::vector<std::string> writers;  // who wrote them: "CPython 3.8.18 dbm.dumb"
  std::vector<CrossFile> files;
};

// What a reader made of a family's files.
struct CrossCell {
  std::size_t read = 0;     // exactly what was stored
  std::size_t other = 0;    // accepted with other entries
  std::size_t refused = 0;  // an error, no answer, or a crash

  bool operator==(const CrossCell&) const = default;
  // "yes", "-", "3/12" (read of all), with "!" where some came out otherwise.
  std::string text() const;
};

// One way to open files: a module of one or more implementations that did alike.
struct CrossReader {
  std::string module;                        // "dbm.gnu"
  std::vector<std::string> implementations;  // "cpython-3.8-c", "perl-5.36.0"
  std::vector<CrossCell> cells;              // by family
};

struct CrossMatrix {
  std::string format;  // "dbm", "shelve"
  std::vector<CrossFamily> families;
  std::vector<CrossReader> readers;
};

// Whether a reader has the module that it was asked about: a Python without dbm can
// say of no file what comes of it, and is no reader.
bool has_module(const std::vector<Observation>& answers);

// The families that `file` (corpus/dbm/data/writers.json) names; throws
// UsageError when it is not what generators/dbm_files writes.
std::vector<CrossFamily> read_families(const std::filesystem::path& file);

// The matrix for a terminal: 80 columns, a letter a reader, a legend below.
std::string matrix_text(const CrossMatrix& matrix);
std::string matrix_markdown(const CrossMatrix& matrix);
std::string matrix_json(const CrossMatrix& matrix);

}  // namespace assay
