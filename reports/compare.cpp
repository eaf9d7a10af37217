#include "reports/compare.h"

#include <algorithm>
#include <map>
#include <optional>

namespace assay {
namespace {

int worth(const ResultRecord& result) {
  switch (standing(result.verdict)) {
    case Standing::agrees:
      return 3;
    case Standing::lossy:
      return 2;
    case Standing::not_judged:
      return 1;
    case Standing::differs:
      break;
  }
  return 0;
}

// Nothing where the result is as it was. What an implementation answers where it
// agrees is not in the records, and its detail may hold addresses and times.
std::optional<ChangeKind> change(const ResultRecord& before, const ResultRecord& after) {
  const int old_worth = worth(before), new_worth = worth(after);
  if (new_worth < old_worth) return ChangeKind::regression;
  if (new_worth > old_worth) return new_worth >= 2 ? ChangeKind::fix : ChangeKind::changed;
  const bool same_answer = standing(after.verdict) != Standing::differs || before.got == after.got;
  if (before.verdict == after.verdict && same_answer) return std::nullopt;
  return ChangeKind::changed;
}

bool has(const Results& run, const std::string& implementation) {
  return std::any_of(
      run.implementations.begin(), run.implementations.end(),
      [&](const ImplementationRecord& record) { return record.name == implementation; });
}

// The only subject of `run` that is of this implementation and lane and that
// `other` does not have; null if there is none, or more than one.
const ImplementationRecord* only_one(const Results& run, const Results& other,
                                     const ImplementationRecord& like) {
  const ImplementationRecord* found = nullptr;
  for (const ImplementationRecord& record : run.implementations) {
    if (record.role != "subject" || record.implementation != like.implementation ||
        record.lane != like.lane || has(other, record.name))
      continue;
    if (found != nullptr) return nullptr;
    found = &record;
  }
  return found;
}

// Old names by new name, of implementations that both runs have; fills in who is
// new, gone or renamed.
std::map<std::string, std::string> match(const Results& before, const Results& after,
                                         Comparison& comparison) {
  std::map<std::string, std::string> old_names;
  for (const ImplementationRecord& record : after.implementations) {
    if (has(before, record.name)) {
      old_names[record.name] = record.name;
      continue;
    }
    const ImplementationRecord* old = only_one(before, after, record);
    if (old != nullptr && only_one(after, before, *old) == &record) {
      old_names[record.name] = old->name;
      comparison.renamed.emplace_back(old->name, record.name);
    } else {
      comparison.implementations_new.push_back(record.name);
    }
  }
  for (const ImplementationRecord& record : before.implementations) {
    const bool kept = std::any_of(old_names.begin(), old_names.end(),
                                  [&](const auto& pair) { return pair.second == record.name; });
    if (!kept) comparison.implementations_gone.push_back(record.name);
  }
  return old_names;
}

// Whether an implementation of the new run has no result because nobody could
// ask it: what agreed before has got worse.
bool silent(const Results& run, const std::string& implementation) {
  return std::any_of(run.implementations.begin(), run.implementations.end(),
                     [&](const ImplementationRecord& record) {
                       return record.name == implementation && !record.note.empty();
                     });
}

using Key = std::pair<std::string, std::string>;  // old implementation, case

}  // namespace

std::uint64_t Comparison::count(ChangeKind kind) const {
  return static_cast<std::uint64_t>(
      std::count_if(changes.begin(), changes.end(),
                    [&](const ResultChange& change) { return change.kind == kind; }));
}

Comparison compare_results(const Results& before, const Results& after) {
  Comparison comparison;
  const std::map<std::string, std::string> old_names = match(before, after, comparison);
  std::map<std::string, std::string> new_names;
  for (const auto& [now, old] : old_names) new_names[old] = now;

  std::map<Key, const ResultRecord*> earlier;
  for (const ResultRecord& result : before.results)
    if (new_names.contains(result.implementation))
      earlier[{result.implementation, result.case_id}] = &result;
  for (const ResultRecord& result : after.results) {
    const auto old_name = old_names.find(result.implementation);
    if (old_name == old_names.end()) continue;
    const auto old = earlier.find({old_name->second, result.case_id});
    if (old == earlier.end()) {
      comparison.changes.push_back({ChangeKind::appeared, nullptr, &result});
      continue;
    }
    if (const auto kind = change(*old->second, result))
      comparison.changes.push_back({*kind, old->second, &result});
    else
      ++comparison.same;
    earlier.erase(old);
  }
  for (const ResultRecord& result : before.results) {
    if (!earlier.contains({result.implementation, result.case_id})) continue;
    const bool lost = silent(after, new_names.at(result.implementation)) && worth(result) >= 2;
    comparison.changes.push_back(
        {lost ? ChangeKind::regression : ChangeKind::gone, &result, nullptr});
  }
  std::stable_sort(comparison.changes.begin(), comparison.changes.end(),
                   [](const ResultChange& a, const ResultChange& b) { return a.kind < b.kind; });
  return comparison;
}

}  // namespace assay
