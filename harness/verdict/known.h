// The file of known failures: what keeps a run's exit status 0 while an
// implementation is not yet right, and fails it as soon as that changes.
//
//   [[known]]
//   id = "int/leading-zero-ten"
//   verdict = "wrong-value"
//   reason = "octal, as C reads it"
//   link = "https://…"            optional
//   implementation = "ogorek"     optional: any in the run (of an adapter's own
//                                 known.toml: any of that adapter's)
//
// Comments before the first entry stay where they are when it is rewritten.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "reports/record.h"

namespace assay {

struct KnownFailure {
  std::string id;
  Verdict verdict = Verdict::wrong_value;
  std::string reason;
  std::string link;
  std::string implementation;  // empty: any
  unsigned line = 0;
};

class KnownFailures {
 public:
  KnownFailures() = default;
  // Takes the text of a file; throws std::runtime_error with "name:line: …".
  KnownFailures(std::string_view text, const std::string& name);

  const std::vector<KnownFailure>& entries() const { return entries_; }

  // Marks results that are listed with their very verdict as known, and gives
  // what fails the run, a line each: a listed case that agrees now, or differs
  // in another way, and entries for cases that `case_exists` denies. Cases that
  // were skipped say nothing. Of the results only those of `implementations` are
  // looked at, unless that is empty.
  std::vector<std::string> apply(std::vector<ResultRecord>& results,
                                 const std::function<bool(std::string_view)>& case_exists,
                                 const std::set<std::string>& implementations = {}) const;

  // The file as these results would have it: reasons and links of entries that
  // still fail are kept, what agrees now and what is stale is gone, new failures
  // are added without a reason. Entries of what was not run stay.
  std::string updated(const std::vector<ResultRecord>& results,
                      const std::function<bool(std::string_view)>& case_exists) const;

 private:
  const KnownFailure* find(const ResultRecord& result) const;

  std::string head_;  // comments before the first entry
  std::string name_;
  std::vector<KnownFailure> entries_;
};

}  // namespace assay
