// What changed between two runs: for CI, and for the report's list of changes.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "reports/record.h"

namespace assay {

// A result is worth more the more it says for the implementation: pass, then
// lossy, then not judged, then every kind of difference.
enum class ChangeKind : std::uint8_t {
  regression,  // worth less than before
  fix,         // it differed and agrees, or was lossy and passes
  changed,     // another difference than before, or another kind of not judged
  appeared,    // the case was not asked before
  gone,        // the case is not asked any more
};

inline constexpr std::array<std::string_view, 5> change_names = {"regression", "fix", "changed",
                                                                 "new", "gone"};

constexpr std::string_view name(ChangeKind kind) {
  return change_names[static_cast<std::size_t>(kind)];
}

struct ResultChange {
  ChangeKind kind;
  const ResultRecord* before;  // null where it appeared
  const ResultRecord* after;   // null where it is gone

  const ResultRecord& either() const { return after != nullptr ? *after : *before; }
  // All but new results that agree or are not judged.
  bool worth_listing() const {
    return kind != ChangeKind::appeared || standing(after->verdict) == Standing::differs;
  }
};

struct Comparison {
  std::vector<ResultChange> changes;  // by kind, then in the order of the run
  std::uint64_t same = 0;             // results that are as they were
  // Implementations of one run only, by name. Their results are no changes.
  std::vector<std::string> implementations_gone, implementations_new;
  // Subjects under another name, usually another version: before, after.
  std::vector<std::pair<std::string, std::string>> renamed;

  std::uint64_t count(ChangeKind kind) const;
};

// Compares by implementation and case. A subject that only `after` has is taken
// for a new version of one that only `before` has if both are of the same
// implementation and lane and no other is. Results of an implementation that
// could not be asked in the new run count as regressions where they agreed.
// The comparison points into both runs, which must outlive it.
Comparison compare_results(const Results& before, const Results& after);

}  // namespace assay
