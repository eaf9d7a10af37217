// Statements of the documentation, and the cases that witness them.
//
// Files of corpus/chapter hold them beside their cases. A case that has `expect` is
// a statement itself: `why` says it, `spec` says where it stands. A [[statement]]
// names the cases that witness it, or why nothing can:
//
//   [[statement]]
//   id = "doc/marshal/garbage-is-written"
//   says = "dump of an unsupported value raises ValueError, but writes garbage."
//   spec = "marshal, dump"
//   since = "3.0"                      # Python versions that it is said of:
//   until = "3.11"                     # all, unless told otherwise
//   cases = ["doc/marshal/…"]          # witnesses; the first one decides
//   expect = ["ValueError", "True"]    # lines printed, as the documentation has it
//   changed = [{ since = "3.4", expect = ["True"] }]
//   differs = "…"                      # known not to hold, where and how
//   untestable = "…"                   # instead of expect: why no case decides
#pragma once

#include <compare>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace assay {

struct Corpus;
struct Problem;

// A version of the language: 2.7, 3.13.
struct LanguageVersion {
  int major = 0, minor = 0;
  auto operator<=>(const LanguageVersion&) const = default;

  // Takes "3.13", and "3.13.0rc1" for the same; nothing for any other text.
  static std::optional<LanguageVersion> parse(std::string_view text);
  std::string text() const;
};

struct Statement {
  // What the documentation implies that the deciding case prints, from a version on.
  struct Expected {
    LanguageVersion since;
    std::vector<std::string> lines;
  };

  std::string id;
  std::string says;  // in our own words
  std::string spec;  // module and section
  std::string topic;
  std::string file;  // relative to the corpus' parent folder
  unsigned line = 0;
  std::optional<LanguageVersion> since, until;
  std::vector<std::string> cases;  // ids
  std::vector<Expected> expected;  // by version; none if untestable
  bool whole = false;              // `expected` is all lines; else these among others, in order
  std::string differs;
  std::string untestable;

  bool testable() const { return untestable.empty(); }
  // Whether the documentation says it of this version.
  bool applies_to(LanguageVersion version) const;
  // The lines that hold for this version, or null.
  const std::vector<std::string>* lines_for(LanguageVersion version) const;
  // The module, as the topic is named: "pickle", "sqlite3".
  std::string_view module() const;
};

// The format whose files hold statements.
inline constexpr std::string_view statements_format = "chapter";

// The statements of a corpus, cases with `expect` among them, by file and line. What is
// wrong with them goes to `problems`: each has a witness or a reason, each witness is
// there, and each case of a file with statements witnesses one.
std::vector<Statement> read_statements(const Corpus& corpus, std::vector<Problem>& problems);

// Whether `printed` has the lines, all of them or these among others in order.
bool has_lines(const std::vector<std::string>& printed, const std::vector<std::string>& lines,
               bool whole);

}  // namespace assay
