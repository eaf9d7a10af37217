#include "harness/command/fuzz_campaign.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "harness/command/fleet.h"
#include "harness/command/fuzz_shrinking.h"
#include "harness/command/fuzz_stores.h"

namespace assay {
namespace {

using generators::Stream;

// Databases that scripts leave on the disk at a time.
constexpr std::uint64_t stores_lot = 2000;

// Streams asked at a time: the two processes start anew for each lot, so that
// none lives long enough to be full of what it was asked.
constexpr std::uint64_t lot = 20000;
constexpr std::uint64_t heavy_lot = 100000;  // for those that are slow to start
// A lot ends, too, where its streams have so many bytes: each is held several
// times, with what both sides answer.
constexpr std::size_t lot_bytes = std::size_t{128} << 20;

double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

Request request_of(const FuzzPlan& plan, const Stream& stream) {
  Request request;
  request.op = plan.format->operation;
  request.format = plan.format->name;
  (request.op == "decode"   ? request.data
   : request.op == "encode" ? request.value
                            : request.script) = stream.bytes;
  if (stream.protocol >= 0) request.protocol = stream.protocol;
  for (const CaseOption& option : stream.options) request.options[option.key] = option.value;
  request.buffers = stream.buffers;
  return request;
}

Errand errand_of(const FuzzPlan& plan, const FuzzSide& side, const std::vector<Stream>& streams) {
  Errand errand{side.candidate.implementation, {}, {}, side.candidate.heavy()};
  errand.jobs.reserve(streams.size());
  for (const Stream& stream : streams)
    errand.jobs.push_back({request_of(plan, stream), plan.case_seconds});
  errand.options.hello_seconds = std::max(side.candidate.start_seconds, 30.0);
  // A JVM and node reserve far more than they use.
  if (side.candidate.kind == Candidate::Kind::python)
    errand.options.address_space = std::uint64_t{4} << 30;
  return errand;
}

class Campaign {
 public:
  Campaign(const FuzzPlan& plan, const FuzzPair& pair,
           const std::function<void(const FuzzProgress&)>& progress)
      : plan_(plan), pair_(pair), progress_(progress), started_(now()) {}

  CampaignResult run() {
    const bool heavy = pair_.subject.candidate.heavy() || pair_.against.candidate.heavy();
    const std::uint64_t most = reads_stores(plan_, pair_) ? stores_lot : heavy ? heavy_lot : lot;
    try {
      for (std::uint64_t done = 0; done < plan_.count && !late();) {
        done += ask_lot(plan_.first + done, std::min(plan_.count - done, most));
      }
      result_.seconds = now() - started_;
      result_.causes = causes();
    } catch (const Interrupted&) {
      result_.interrupted = true;
      result_.seconds = now() - started_;
      result_.causes = found_.unshrunk();
    }
    return std::move(result_);
  }

 private:
  bool late() const { return plan_.seconds > 0 && now() - started_ >= plan_.seconds; }

  void report(std::uint64_t done, bool shrinking) const {
    progress_({done, result_.disagreed, now() - started_, shrinking});
  }

  // Asks at most so many streams, and says how many.
  std::uint64_t ask_lot(std::uint64_t first, std::uint64_t most) {
    std::vector<Stream> streams;
    for (std::size_t bytes = 0; streams.size() < most && bytes < lot_bytes;) {
      streams.push_back(
          make_stream(*plan_.format, plan_.seed, first + streams.size(), plan_.seeds));
      bytes += streams.back().bytes.size();
    }
    const std::uint64_t size = streams.size();
    const std::vector<Comparison> seen = ask_both(
        plan_, pair_, streams,
        [&](std::size_t settled) { report(result_.asked + settled / 2, false); }, result_);
    result_.asked += size;
    for (std::uint64_t i = 0; i < size; ++i) take(first + i, streams[i], seen[i]);
    report(result_.asked, false);
    return size;
  }

  void take(std::uint64_t index, const Stream& stream, const Comparison& seen) {
    switch (seen.kind) {
      case Comparison::Kind::same:
        ++result_.agreed;
        return;
      case Comparison::Kind::set_aside: {
        auto [at, is_new] = result_.set_aside.try_emplace(seen.reason, SetAside{0, index});
        ++at->second.count;
        return;
      }
      case Comparison::Kind::differs:
        ++result_.disagreed;
        found_.add(index, stream, seen, plan_.format->place(stream, pair_.against.hello.profile));
        return;
    }
  }

  std::vector<Cause> causes() {
    if (!plan_.shrink) return found_.unshrunk();
    return found_.shrunk(
        plan_, pair_, [&] { report(result_.asked, true); }, result_);
  }

  const FuzzPlan& plan_;
  const FuzzPair& pair_;
  const std::function<void(const FuzzProgress&)>& progress_;
  double started_;
  CampaignResult result_;
  Findings found_;
};

}  // namespace

std::vector<Comparison> ask_both(const FuzzPlan& plan, const FuzzPair& pair,
                                 const std::vector<Stream>& streams,
                                 const std::function<void(std::size_t)>& settled,
                                 CampaignResult& result) {
  std::vector<Errand> errands = {errand_of(plan, pair.subject, streams),
                                 errand_of(plan, pair.against, streams)};
  const std::vector<RunReport> reports = reads_stores(plan, pair)
                                             ? ask_writer_then_reader(errands, settled)
                                             : run_fleet(errands, 2, settled);
  const FuzzSide* sides[] = {&pair.subject, &pair.against};
  for (std::size_t i = 0; i < reports.size(); ++i) {
    result.restarts += reports[i].restarts;
    for (const std::string& note : reports[i].notes)
      result.notes.push_back(fmt::format("{}: {}", sides[i]->name, note));
  }
  std::vector<Comparison> seen;
  seen.reserve(streams.size());
  for (std::size_t i = 0; i < streams.size(); ++i)
    seen.push_back(compare(*plan.format, pair, streams[i], reports[0].observations[i],
                           reports[1].observations[i]));
  return seen;
}

CampaignResult run_campaign(const FuzzPlan& plan, const FuzzPair& pair,
                            const std::function<void(const FuzzProgress&)>& progress) {
  return Campaign(plan, pair, progress).run();
}

}  // namespace assay
