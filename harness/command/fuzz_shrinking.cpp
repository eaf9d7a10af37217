#include "harness/command/fuzz_shrinking.h"

#include <fmt/format.h>

#include <algorithm>

namespace assay {
namespace {

using generators::Stream;

constexpr std::size_t kept_of_a_look = 3;
constexpr std::size_t shrunk_at_most = 90;  // streams; the rest stays as it was found
constexpr std::size_t tried_at_a_step = 400;
// Where a process dies or hangs each try costs several of its starts.
constexpr std::size_t tried_where_it_dies = 24;
constexpr int steps_at_most = 100;

std::string look_of(const Comparison& seen, const std::string& place) {
  return fmt::format("{}|{}|{}|{}", seen.verdict, seen.subject_kind, seen.against_kind, place);
}

// Whether a simpler stream shows what the stream did; where it does may change.
bool alike(const Comparison& a, const Comparison& b) {
  return b.kind == Comparison::Kind::differs && a.verdict == b.verdict &&
         a.subject_kind == b.subject_kind && a.against_kind == b.against_kind;
}

void sort_by_count(std::vector<Cause>& causes) {
  std::stable_sort(causes.begin(), causes.end(),
                   [](const Cause& a, const Cause& b) { return a.count > b.count; });
}

bool answered(const Comparison& seen) {
  for (const Status status : {Status::crash, Status::timeout, Status::out_of_memory,
                              Status::adapter_error, Status::state_dependent})
    if (seen.subject_kind == name(status) || seen.against_kind == name(status)) return false;
  return true;
}

// A stream that is being shrunk.
struct Shrinking {
  Cause cause;
  std::vector<Stream> candidates;
  bool done = false;
};

// Asks the streams themselves again; those about which both sides now agree are
// not to be shrunk.
void confirm(const FuzzPlan& plan, const FuzzPair& pair, std::vector<Shrinking>& all,
             CampaignResult& result) {
  std::vector<Stream> streams;
  for (const Shrinking& one : all) streams.push_back(one.cause.smallest);
  const auto seen = ask_both(
      plan, pair, streams, [](std::size_t) {}, result);
  for (std::size_t i = 0; i < all.size(); ++i)
    all[i].done = all[i].cause.unsteady = !alike(all[i].cause.comparison, seen[i]);
}

// One step: every candidate of every stream, in one lot. Whether any was taken.
bool take_step(const FuzzPlan& plan, const FuzzPair& pair, std::vector<Shrinking>& all,
               CampaignResult& result) {
  std::vector<Stream> streams;
  for (Shrinking& one : all) {
    one.candidates.clear();
    const std::size_t tries =
        answered(one.cause.comparison) ? tried_at_a_step : tried_where_it_dies;
    if (!one.done) one.candidates = plan.format->simpler(one.cause.smallest, tries);
    streams.insert(streams.end(), one.candidates.begin(), one.candidates.end());
  }
  if (streams.empty()) return false;
  const auto seen = ask_both(
      plan, pair, streams, [](std::size_t) {}, result);
  auto at = seen.begin();
  bool taken = false;
  for (Shrinking& one : all) {
    const auto end = at + static_cast<std::ptrdiff_t>(one.candidates.size());
    const auto found =
        std::find_if(at, end, [&](const Comparison& c) { return alike(one.cause.comparison, c); });
    if (found == end) {
      one.done = true;
    } else {
      one.cause.comparison = *found;
      one.cause.smallest = one.candidates[static_cast<std::size_t>(found - at)];
      taken = true;
    }
    at = end;
  }
  return taken;
}

}  // namespace

void Findings::add(std::uint64_t index, const Stream& stream, const Comparison& seen,
                   const std::string& place) {
  Look& look = looks_[look_of(seen, place)];
  ++look.count;
  const auto longer = std::find_if(look.shortest.begin(), look.shortest.end(), [&](const Cause& c) {
    return c.smallest.bytes.size() > stream.bytes.size();
  });
  if (longer == look.shortest.end() && look.shortest.size() >= kept_of_a_look) return;
  look.shortest.insert(longer, {1, index, stream, place, seen});
  if (look.shortest.size() > kept_of_a_look) look.shortest.pop_back();
}

std::vector<Cause> Findings::unshrunk() const {
  std::vector<Cause> causes;
  for (const auto& [name, look] : looks_) {
    causes.push_back(look.shortest.front());
    causes.back().count = look.count;
  }
  sort_by_count(causes);
  return causes;
}

std::vector<Cause> Findings::shrunk(const FuzzPlan& plan, const FuzzPair& pair,
                                    const std::function<void()>& step,
                                    CampaignResult& result) const {
  std::vector<Shrinking> all;
  std::vector<Cause> causes;
  for (const auto& [name, look] : looks_) {
    // The first of a look stands for all that were not kept.
    const std::size_t kept = answered(look.shortest.front().comparison) ? look.shortest.size() : 1;
    for (std::size_t i = 0; i < kept; ++i) {
      Cause cause = look.shortest[i];
      cause.count = i == 0 ? look.count - kept + 1 : 1;
      if (all.size() < shrunk_at_most) {
        all.push_back({std::move(cause), {}, false});
      } else {
        causes.push_back(std::move(cause));
      }
    }
  }
  if (all.empty()) return causes;
  step();
  confirm(plan, pair, all, result);
  for (int steps = 0; steps < steps_at_most; ++steps) {
    step();
    if (!take_step(plan, pair, all, result)) break;
  }
  for (Shrinking& one : all) {
    one.cause.place = plan.format->place(one.cause.smallest, pair.against.hello.profile);
    causes.push_back(std::move(one.cause));
  }
  std::map<std::string, Cause> joined;
  for (Cause& cause : causes) {
    const std::string look =
        look_of(cause.comparison, cause.place) + (cause.unsteady ? "|unsteady" : "");
    auto [at, is_new] = joined.try_emplace(look, cause);
    if (is_new) continue;
    const std::uint64_t count = at->second.count + cause.count;
    if (cause.smallest.bytes.size() < at->second.smallest.bytes.size()) at->second = cause;
    at->second.count = count;
  }
  causes.clear();
  for (auto& [look, cause] : joined) causes.push_back(std::move(cause));
  sort_by_count(causes);
  return causes;
}

}  // namespace assay
