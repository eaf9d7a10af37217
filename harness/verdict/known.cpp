#include "harness/verdict/known.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "harness/corpus/glob.h"

namespace assay {
namespace {

constexpr std::string_view no_reason = "not yet explained";

std::string head_of(std::string_view text) {
  std::size_t end = 0;
  while (end < text.size() && (text[end] == '#' || text[end] == '\n')) {
    const std::size_t newline = text.find('\n', end);
    end = newline == std::string_view::npos ? text.size() : newline + 1;
  }
  return std::string(text.substr(0, end));
}

bool was_run(const ResultRecord& result) {
  return result.verdict != Verdict::skipped;
}

bool differs(const ResultRecord& result) {
  return standing(result.verdict) == Standing::differs;
}

bool agrees(const ResultRecord& result) {
  return standing(result.verdict) == Standing::agrees ||
         standing(result.verdict) == Standing::lossy;
}

// Whether a result is as its entry says.
bool as_listed(const KnownFailure& entry, const ResultRecord& result) {
  if (result.verdict == entry.verdict) return true;
  return entry.unstable && (agrees(result) || result.verdict == Verdict::state_dependent);
}

// Entries in order, those that differ only in their ids put together.
class Entries {
 public:
  // Adds an id to the entry like `like`.
  void add(const KnownFailure& like, const std::string& id) {
    const auto key =
        std::tuple(like.verdict, like.reason, like.link, like.implementation, like.unstable);
    const auto [found, fresh] = at_.try_emplace(key, entries_.size());
    if (fresh) {
      entries_.push_back(like);
      entries_.back().ids.clear();
    }
    std::vector<std::string>& ids = entries_[found->second].ids;
    if (std::find(ids.begin(), ids.end(), id) == ids.end()) ids.push_back(id);
  }

  std::vector<KnownFailure> sorted() && {
    for (KnownFailure& entry : entries_) std::sort(entry.ids.begin(), entry.ids.end());
    return std::move(entries_);
  }

 private:
  std::vector<KnownFailure> entries_;
  std::map<std::tuple<Verdict, std::string, std::string, std::string, bool>, std::size_t> at_;
};

}  // namespace

KnownFailures::KnownFailures(std::string_view text, const std::string& file)
    : head_(head_of(text)), name_(file), entries_(read_known_failures(text, file)) {
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    for (std::size_t k = 0; k < entries_[i].ids.size(); ++k) {
      const std::string& id = entries_[i].ids[k];
      if (is_glob(id))
        globs_.push_back({i, k});
      else
        exact_.emplace(id, Place{i, k});
    }
  }
}

std::optional<KnownFailures::Place> KnownFailures::find(const ResultRecord& result) const {
  std::optional<Place> best;
  int rank = 0;
  const auto consider = [&](const Place& place, int by_id) {
    const std::string& implementation = entries_[place.entry].implementation;
    if (!implementation.empty() && implementation != result.implementation) return;
    const int found = by_id + (implementation.empty() ? 1 : 3);
    if (found <= rank) return;
    rank = found;
    best = place;
  };
  const auto [first, last] = exact_.equal_range(result.case_id);
  for (auto at = first; at != last; ++at) consider(at->second, 1);
  for (const Place& place : globs_)
    if (glob_match(entries_[place.entry].ids[place.id], result.case_id)) consider(place, 0);
  return best;
}

std::vector<std::string> KnownFailures::apply(std::vector<ResultRecord>& results,
                                              const FitsACase& fits_a_case,
                                              const std::set<std::string>& implementations) const {
  std::vector<std::string> problems;
  for (ResultRecord& result : results) {
    if (!implementations.empty() && !implementations.contains(result.implementation)) continue;
    const auto place = was_run(result) ? find(result) : std::nullopt;
    if (!place) continue;
    const KnownFailure& entry = entries_[place->entry];
    if (as_listed(entry, result)) {
      result.known = differs(result);
      if (result.known) result.known_reason = entry.reason;
      continue;
    }
    problems.push_back(fmt::format("{}:{}: {} of {} {}: listed as {}, is {}", name_, entry.line,
                                   result.case_id, result.implementation,
                                   agrees(result) ? "passes now" : "has changed",
                                   name(entry.verdict), name(result.verdict)));
  }
  for (const KnownFailure& entry : entries_)
    for (const std::string& id : entry.ids)
      if (!fits_a_case(id))
        problems.push_back(fmt::format("{}:{}: {}", name_, entry.line,
                                       is_glob(id)
                                           ? fmt::format("no case fits {}", id)
                                           : fmt::format("no case is called {} any more", id)));
  return problems;
}

std::string KnownFailures::updated(const std::vector<ResultRecord>& results,
                                   const FitsACase& fits_a_case) const {
  // The results that each id or glob answers for, and what nobody listed.
  std::map<Place, std::vector<const ResultRecord*>> of_place;
  std::vector<const ResultRecord*> unlisted;
  std::set<std::string> implementations;
  for (const ResultRecord& result : results) {
    implementations.insert(result.implementation);
    if (!was_run(result)) continue;
    if (const auto place = find(result))
      of_place[*place].push_back(&result);
    else if (differs(result))
      unlisted.push_back(&result);
  }
  const bool named = implementations.size() > 1 ||
                     std::any_of(entries_.begin(), entries_.end(), [](const KnownFailure& entry) {
                       return !entry.implementation.empty();
                     });
  Entries kept;
  const auto add = [&](KnownFailure like, const ResultRecord& result) {
    like.verdict = result.verdict;
    // A run of one implementation needs no names, unless the file has them.
    like.implementation = named ? result.implementation : "";
    kept.add(like, result.case_id);
  };
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    const KnownFailure& entry = entries_[i];
    for (std::size_t k = 0; k < entry.ids.size(); ++k) {
      const std::vector<const ResultRecord*>& found = of_place[{i, k}];
      const bool unchanged = std::all_of(found.begin(), found.end(), [&](const auto* result) {
        return as_listed(entry, *result);
      });
      if (unchanged) {
        if (!found.empty() || fits_a_case(entry.ids[k])) kept.add(entry, entry.ids[k]);
        continue;
      }
      for (const ResultRecord* result : found)
        if (differs(*result)) add(entry, *result);
    }
  }
  KnownFailure unexplained;
  unexplained.reason = no_reason;
  for (const ResultRecord* result : unlisted) add(unexplained, *result);
  return head_ + print_known_failures(std::move(kept).sorted());
}

}  // namespace assay
