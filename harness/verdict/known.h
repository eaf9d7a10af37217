// The file of known failures: what keeps a run's exit status 0 while an
// implementation is not yet right, and fails it as soon as that changes.
//
//   [[known]]
//   ids = ["int/leading-zero-ten", "long/*"]    ids and globs of ids; or
//   id = "int/leading-zero-ten"                 for one
//   verdict = "wrong-value"
//   reason = "octal, as C reads it"
//   link = "https://…"            optional
//   unstable = true               optional: left to chance (a garbage collector, a
//                                 compiler at run time). Such a case may also agree,
//                                 or be state-dependent
//   implementation = "ogorek"     optional: any in the run (of an adapter's own
//                                 known.toml: any of that adapter's)
//
// Of several entries that fit a case, one that names the implementation comes
// before one that does not, then an id before a glob, then the first.
// When it is rewritten, comments stay before the entry that they stand before or in.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "reports/record.h"

namespace assay {

struct KnownFailure {
  std::vector<std::string> ids;  // and globs
  Verdict verdict = Verdict::wrong_value;
  std::string reason;
  std::string link;
  std::string implementation;  // empty: any
  bool unstable = false;
  unsigned line = 0;
  std::string comment;  // lines before it, and those that stood in it; not the first one's
};

// Reads and prints the file (known_file.cpp). Reading throws std::runtime_error
// with "name:line: …".
std::vector<KnownFailure> read_known_failures(std::string_view text, const std::string& name);
// Gives the entries read from `text` their comments, and the comment behind the last.
std::string take_comments(std::string_view text, std::vector<KnownFailure>& entries);
std::string print_known_failures(const std::vector<KnownFailure>& entries);

class KnownFailures {
 public:
  // Whether some case fits an id or a glob.
  using FitsACase = std::function<bool(std::string_view)>;

  KnownFailures() = default;
  // Takes the text of a file; throws as read_known_failures() does.
  KnownFailures(std::string_view text, const std::string& name);

  const std::vector<KnownFailure>& entries() const { return entries_; }

  // Marks results that are listed with their very verdict as known, and gives
  // what fails the run, a line each: a listed case that agrees now, or differs
  // in another way, unless its entry says that it is unstable, and ids and globs
  // that fit no case. Cases that were skipped say nothing. Of the results only those of
  // `implementations` are looked at, unless that is empty.
  std::vector<std::string> apply(std::vector<ResultRecord>& results, const FitsACase& fits_a_case,
                                 const std::set<std::string>& implementations = {}) const;

  // The file as these results would have it. Entries stay as they are while all
  // the cases they fit still fail so; where some do not, a glob gives way to the
  // ids that do. A case that fails otherwise now keeps its reason, in an entry of
  // its own. Entries that differ only in their ids are put together, unless their
  // cases are of different formats or a comment stands between them; what nobody
  // listed is added without a reason, by format. What was not run stays, and so
  // does every comment.
  std::string updated(const std::vector<ResultRecord>& results, const FitsACase& fits_a_case) const;

 private:
  // An entry and the place among its ids that fits a result.
  struct Place {
    std::size_t entry = 0, id = 0;
    auto operator<=>(const Place&) const = default;
  };
  std::optional<Place> find(const ResultRecord& result) const;

  std::string head_, tail_;  // comments before the first entry, behind the last
  std::string name_;
  std::vector<KnownFailure> entries_;
  std::multimap<std::string, Place, std::less<>> exact_;  // by id
  std::vector<Place> globs_;
};

}  // namespace assay
