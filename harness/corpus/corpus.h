// The corpus: every case found under a folder, checked, with its recorded
// outcomes. Nothing is listed by hand; what is there is discovered and counted.
//
//   corpus/FORMAT/TOPIC.toml             cases
//   corpus/FORMAT/TOPIC.recorded.json    what the oracles said of them
//   corpus/FORMAT/data/…                 files that cases name
//   corpus/retired-ids.txt               ids that must not come back
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "harness/corpus/case.h"
#include "harness/corpus/recorded.h"

namespace assay {

// Something wrong with the corpus. `record` marks what `assay record` mends:
// outcomes that are missing, or were recorded for another input.
struct Problem {
  std::string file;   // relative to the corpus' parent folder
  unsigned line = 0;  // 0: the file as a whole
  std::string text;
  bool record = false;

  std::string message() const;  // "file:line: text"
};

// One option a format's cases may have.
struct OptionRule {
  enum class Type { text, boolean, count };
  std::string key;
  Type type = Type::text;
  std::vector<std::string> allowed;  // of a text; empty: any
};

// How bytes that somebody wrote compare with those that an oracle wrote.
struct WrittenMatch {
  enum class Kind : std::uint8_t {
    same_form,   // equal but for what the format leaves open (FLAG_REF of marshal)
    same_value,  // other bytes, from which the same value is read
    other_value,
    too_new,     // they need a later protocol than was asked for
    unreadable,  // nothing is read from them
  };
  Kind kind = Kind::unreadable;
  std::string path, expected_at, got_at;  // other_value: the first difference
  std::string detail;                     // too_new, unreadable: what and where
};

// What the corpus must know of a format to read its cases. The command line
// fills it from the format's room, so that the corpus links no decoder.
struct FormatRules {
  // What its cases may ask for; the first is what they ask for unless they say.
  std::vector<std::string> operations = {"decode"};
  // What `module` may say, beside the format's own name.
  std::set<std::string> modules;
  // Compares bytes written as `protocol`; empty: only equal bytes are right.
  std::function<WrittenMatch(std::string_view expected, std::string_view got, int protocol)>
      match_written;
  // Assembly text to bytes; throws std::runtime_error saying where it is wrong.
  std::function<std::string(std::string_view)> assemble;
  // The highest protocol of the opcodes in some bytes; -1 if there are none.
  std::function<int(std::string_view)> protocol;
  std::vector<OptionRule> options;
  bool buffers = false;          // cases may have `buffers`
  std::set<std::string> quirks;  // names of quirks; empty: not checked
};
using FormatTable = std::map<std::string, FormatRules>;

// The cases of one TOML file.
struct CaseFile {
  std::filesystem::path path;
  std::string name;    // relative to the corpus' parent folder
  std::string format;  // the folder it stands in
  std::string topic;   // its stem
  std::vector<Case> cases;
  Recorded recorded;

  std::filesystem::path recorded_path() const;
  std::vector<std::string> ids() const;
};

struct Corpus {
  std::vector<CaseFile> files;    // in alphabetical order
  std::vector<Problem> problems;  // by file and line

  std::size_t case_count() const;
  // Every recorded profile, in natural order, and its version.
  std::vector<std::string> profiles() const;
  std::map<std::string, OracleVersion> oracles() const;
  // The case of that id, or null.
  const Case* find(std::string_view id) const;
};

// Reads and checks the corpus in `folder`. Never throws for what stands in the
// files: that goes to `problems`. Throws std::runtime_error if there is no such
// folder.
Corpus load_corpus(const std::filesystem::path& folder, const FormatTable& formats);

// Reads one TOML file into `file.cases`; case_file.cpp.
void read_case_file(CaseFile& file, const std::string& text, const FormatRules& rules,
                    std::vector<Problem>& problems);

// Ids are lower-case words and numbers, joined by '-' and '.' into parts, and
// at least two parts by '/': "int/leading-zero-ten".
bool is_slug(std::string_view id);

}  // namespace assay
