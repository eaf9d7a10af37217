#include "harness/command/fleet.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <numeric>
#include <thread>

#include "harness/command/progress.h"

namespace assay {
namespace {

class Fleet {
 public:
  Fleet(const std::vector<Errand>& errands, unsigned processes, const FleetWatch& watch,
        const std::atomic<bool>* stop)
      : errands_(errands),
        processes_(processes),
        watch_(watch),
        stop_(stop),
        settled_(errands.size()) {
    for (const Errand& errand : errands) total_ += errand.jobs.size();
    order_.resize(errands.size());
    std::iota(order_.begin(), order_.end(), std::size_t{0});
    std::stable_sort(order_.begin(), order_.end(), [&](std::size_t a, std::size_t b) {
      return errands[a].heavy && !errands[b].heavy;
    });
    reports_.resize(errands.size());
  }

  std::vector<RunReport> run() {
    const std::size_t threads = std::min<std::size_t>(processes_, errands_.size());
    std::vector<std::jthread> crew;
    for (std::size_t i = 0; i < threads; ++i) crew.emplace_back([this] { work(); });
    crew.clear();
    bar_.clear();
    return std::move(reports_);
  }

 private:
  void work() {
    for (std::size_t next; (next = next_++) < order_.size();) {
      const std::size_t index = order_[next];
      const Errand& errand = errands_[index];
      RunOptions options = errand.options;
      options.stop = stop_;
      options.jobs = workers(errand);
      options.progress = [this, index](const Progress& progress) {
        settled_[index] = progress.settled;
        show();
      };
      reports_[index] = assay::run(errand.implementation, errand.jobs, options);
      settled_[index] = errand.jobs.size();
      ++done_;
      show();
    }
  }

  // Starting costs more than the cases do, so one worker each, unless every
  // case is a process or there are cores to spare.
  unsigned workers(const Errand& errand) const {
    if (errand.implementation.mode == Implementation::Mode::exec) return processes_;
    if (errand.heavy) return 1;
    return std::max(1u, processes_ / static_cast<unsigned>(errands_.size()));
  }

  void show() {
    const std::lock_guard lock(mutex_);
    std::size_t settled = 0;
    for (const std::atomic<std::size_t>& count : settled_) settled += count;
    if (watch_) return watch_(settled);
    bar_.show(settled, total_, done_, errands_.size());
  }

  const std::vector<Errand>& errands_;
  unsigned processes_;
  const FleetWatch& watch_;
  const std::atomic<bool>* stop_;
  std::vector<std::size_t> order_;
  std::vector<std::atomic<std::size_t>> settled_;
  std::size_t total_ = 0;
  std::atomic<std::size_t> next_{0}, done_{0};
  std::vector<RunReport> reports_;
  std::mutex mutex_;
  ProgressBar bar_;
};

}  // namespace

Errand errand_to(const Candidate& candidate, std::vector<Job> jobs) {
  Errand errand{candidate.implementation, std::move(jobs), {}, candidate.heavy()};
  errand.options.hello_seconds = candidate.start_seconds;
  return errand;
}

std::vector<RunReport> run_fleet(const std::vector<Errand>& errands, unsigned processes,
                                 const FleetWatch& watch) {
  if (errands.empty()) return {};
  if (processes == 0) processes = std::max(1u, std::thread::hardware_concurrency());
  const InterruptGuard guard({SIGINT});
  std::vector<RunReport> reports = Fleet(errands, processes, watch, guard.flag()).run();
  guard.check();
  return reports;
}

}  // namespace assay
