// "Will my file load?", of many files: who reads each, which globals it names, and
// the first obstacle.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace assay {

// Where somebody stops reading a file.
struct Obstacle {
  std::uint64_t offset = 0;  // of the opcode or type code
  std::string error;         // class of the exception; empty: not implemented here
  std::string reason;
  std::vector<std::string> profiles;  // who stops there
};

struct SurveyedFile {
  std::string path;
  std::uint64_t size = 0;
  // "pickle", "pyc", "dbm.gnu", "compressed with gzip", "no known format", "unreadable"
  std::string format;
  std::vector<std::string> readers;  // profiles that read it
  std::vector<std::string> others;   // profiles that were tried and do not
  std::string told;                  // where no profiles are: who reads it, or why not
  std::size_t values = 0;            // different values that readers make of it
  std::vector<std::string> globals;  // "module:name", as the file has them, each once
  // Where those stop who do not read it, the newest Python first; or the one place
  // where readers part.
  std::vector<Obstacle> obstacles;
  std::string value;                 // of the newest profile that reads it; or empty
  std::vector<std::string> answers;  // of implementations that were asked, one each

  bool pickle() const { return format == "pickle"; }
  // Every profile reads it and makes the same of it.
  bool good() const { return others.empty() && values == 1; }
};

struct SurveyOptions {
  std::string encoding;  // of Python 2's strings; empty: ASCII
  bool values = false;   // whether `value` is wanted
};

// Reads one file as every recorded profile, as far as its format has such. Never
// throws: a file that cannot be read says so in `format` and `told`.
SurveyedFile survey_file(const std::string& path, const SurveyOptions& options);

// The files that `names` stand for: files, and all that are in folders, in
// alphabetical order. Links to folders are not followed. Throws UsageError for a
// name that nothing has.
std::vector<std::string> files_of(const std::vector<std::string>& names);

// One file in lines of at most 80 columns but for its name. `implementations`
// gives the names for `answers`.
std::string survey_text(const SurveyedFile& file, const std::vector<std::string>& implementations);

// How many files are read by whom, sorted by number, in lines of 80 columns.
std::string survey_summary(const std::vector<SurveyedFile>& files);

// One file as a line of CSV (RFC 4180), and the line above all.
std::string csv_head(const std::vector<std::string>& implementations);
std::string csv_line(const SurveyedFile& file);

// One file as a JSON object on a line.
std::string survey_json(const SurveyedFile& file, const std::vector<std::string>& implementations);

}  // namespace assay
