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

// Entries in order, those of a section and format that differ only in their ids put
// together. A section begins with an entry that has a comment.
class Entries {
 public:
  static constexpr std::size_t new_section = static_cast<std::size_t>(-1);

  // Adds an id to the entry like `like`.
  void add(const KnownFailure& like, const std::string& id, std::size_t section,
           const std::string& format) {
    Row* row = find(like, section, format);
    if (row == nullptr) {
      row = &rows_.emplace_back(Row{like, section, format});
      row->entry.ids.clear();
      row->entry.comment.clear();
    }
    std::vector<std::string>& ids = row->entry.ids;
    if (std::find(ids.begin(), ids.end(), id) == ids.end()) ids.push_back(id);
  }

  // The comments of sections come before what is left of them, or of the next.
  std::vector<KnownFailure> sorted(const std::map<std::size_t, std::string>& comments,
                                   std::string& tail) && {
    std::vector<KnownFailure> entries;
    auto comment = comments.begin();
    for (Row& row : rows_) {
      std::sort(row.entry.ids.begin(), row.entry.ids.end());
      for (; comment != comments.end() && comment->first <= row.section; ++comment)
        row.entry.comment += comment->second;
      entries.push_back(std::move(row.entry));
    }
    std::string left;
    for (; comment != comments.end(); ++comment) left += comment->second;
    tail = left + tail;
    return entries;
  }

 private:
  struct Row {
    KnownFailure entry;
    std::size_t section;
    std::string format;
  };
  // What is new goes to whatever is like it.
  Row* find(const KnownFailure& like, std::size_t section, const std::string& format) {
    const auto attributes = [](const KnownFailure& one) {
      return std::tie(one.verdict, one.reason, one.link, one.implementation, one.unstable);
    };
    for (Row& row : rows_)
      if ((section == new_section || row.section == section) && row.format == format &&
          attributes(row.entry) == attributes(like))
        return &row;
    return nullptr;
  }

  std::vector<Row> rows_;
};

}  // namespace

KnownFailures::KnownFailures(std::string_view text, const std::string& file)
    : head_(head_of(text)), name_(file), entries_(read_known_failures(text, file)) {
  tail_ = take_comments(text, entries_);
  if (entries_.empty()) tail_.clear();  // it is the head
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
  std::map<std::size_t, std::string> comments;
  std::size_t section = 0;
  std::string format;
  const auto add = [&](KnownFailure like, const ResultRecord& result) {
    like.verdict = result.verdict;
    // A run of one implementation needs no names, unless the file has them.
    like.implementation = named ? result.implementation : "";
    kept.add(like, result.case_id, section, format);
  };
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    const KnownFailure& entry = entries_[i];
    if (!entry.comment.empty()) comments[section = i] = entry.comment;
    format.clear();
    for (std::size_t k = 0; k < entry.ids.size() && format.empty(); ++k)
      if (const auto& found = of_place[{i, k}]; !found.empty()) format = found[0]->format;
    for (std::size_t k = 0; k < entry.ids.size(); ++k) {
      const std::vector<const ResultRecord*>& found = of_place[{i, k}];
      const bool unchanged = std::all_of(found.begin(), found.end(), [&](const auto* result) {
        return as_listed(entry, *result);
      });
      if (unchanged) {
        if (!found.empty() || fits_a_case(entry.ids[k]))
          kept.add(entry, entry.ids[k], section, format);
        continue;
      }
      for (const ResultRecord* result : found)
        if (differs(*result)) add(entry, *result);
    }
  }
  KnownFailure unexplained;
  unexplained.reason = no_reason;
  section = Entries::new_section;
  for (const ResultRecord* result : unlisted) {
    format = result->format;
    add(unexplained, *result);
  }
  std::string tail = tail_;
  const std::string text = print_known_failures(std::move(kept).sorted(comments, tail));
  return head_ + text + (tail.empty() || text.empty() ? "" : "\n") + tail;
}

}  // namespace assay
