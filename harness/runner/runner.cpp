#include "harness/runner/runner.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <deque>

#include "harness/runner/exec_worker.h"
#include "harness/runner/schedule.h"
#include "harness/runner/session.h"

namespace assay {
namespace {

using Kind = Schedule::Kind;

// Bytes written ahead beyond what the pipe has taken; after that the window
// waits, so that large cases do not pile up in our memory.
constexpr std::size_t unsent_ahead = std::size_t{256} << 10;
// A replay stops after this time: it looks for a cause, the answers are known.
constexpr double replay_seconds = 60;
constexpr double progress_seconds = 0.1;
constexpr int poll_milliseconds = 50;
constexpr int poll_ending_milliseconds = 2;

double now_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

// A place for one worker process after the other.
struct Slot {
  Slot(const Implementation& implementation, const std::vector<Job>& jobs,
       const RunOptions& options)
      : session(implementation, jobs, options) {}

  Session session;
  Schedule::Task task;                    // what the session is doing
  std::optional<Schedule::Task> pending;  // waits for a fresh process
  std::size_t at = 0;                     // replay: position in the sequence
  double began = 0;                       // replay
  bool only_rechecks = false;             // all that the process was given
  unsigned fruitless = 0;                 // starts in a row of which nothing came
  bool retired = false;
};

class Run {
 public:
  Run(const Implementation& implementation, const std::vector<Job>& jobs, const RunOptions& options)
      : jobs_(jobs), options_(options), schedule_(jobs, options), started_(now_seconds()) {
    const std::size_t count = std::min<std::size_t>(std::max(1u, options.jobs), jobs.size());
    for (std::size_t i = 0; i < count; ++i) slots_.emplace_back(implementation, jobs, options);
  }

  RunReport go() {
    while (!schedule_.finished()) {
      const double now = now_seconds();
      look_at_limits(now);
      for (Slot& slot : slots_) feed(slot, now);
      if (schedule_.finished()) break;
      turn();
    }
    part();
    report_.observations = schedule_.take_observations();
    report_.notes = schedule_.take_notes();
    report_.seconds = now_seconds() - started_;
    show_progress(now_seconds(), true);
    return std::move(report_);
  }

 private:
  void look_at_limits(double now);
  void feed(Slot& slot, double now);
  void feed_ready(Slot& slot, double now);
  void begin(Slot& slot, Schedule::Task task, double now);
  void top_up(Slot& slot, double now);
  void go_on_replaying(Slot& slot, double now);
  void turn();
  void take_replies(Slot& slot);
  void take_failure(Slot& slot, Failure failure);
  void start_failed(Slot& slot, const std::string& reason, bool hopeless);
  void retire(Slot& slot, const std::string& reason);
  void part();
  void show_progress(double now, bool last);

  const std::vector<Job>& jobs_;
  const RunOptions& options_;
  Schedule schedule_;
  std::deque<Slot> slots_;
  RunReport report_;
  std::vector<pollfd> fds_;
  std::vector<Reply> replies_;
  double started_, progress_at_ = 0;
};

void Run::look_at_limits(double now) {
  if (options_.stop && options_.stop->load(std::memory_order_relaxed)) {
    schedule_.give_up(Status::skipped, "the run was stopped");
  } else if (options_.run_seconds > 0 && now - started_ > options_.run_seconds) {
    schedule_.give_up(Status::skipped,
                      fmt::format("the run had taken {:g} s", options_.run_seconds));
  }
  show_progress(now, false);
}

void Run::feed(Slot& slot, double now) {
  if (slot.session.state() == Session::State::ready) {
    feed_ready(slot, now);
  } else if (slot.session.state() == Session::State::down && !slot.retired &&
             (slot.pending || schedule_.waiting())) {
    if (const auto reason = slot.session.start(now)) start_failed(slot, *reason, true);
  }
}

void Run::feed_ready(Slot& slot, double now) {
  if (!report_.hello) report_.hello = slot.session.hello();
  if (slot.session.outstanding() > 0) {
    if (slot.task.kind == Kind::ordinary) top_up(slot, now);
    return;
  }
  if (slot.task.kind == Kind::replay) {
    go_on_replaying(slot, now);
    if (slot.session.outstanding() > 0) return;
  }
  Schedule::Task task = slot.pending ? *std::move(slot.pending) : schedule_.next();
  slot.pending.reset();
  slot.task = {};
  if (task.kind == Kind::none) return;
  const bool unused = slot.session.given().empty();
  if (!unused && (task.fresh || (task.kind == Kind::recheck && !slot.only_rechecks))) {
    slot.pending = std::move(task);
    slot.session.leave(now);
    return;
  }
  begin(slot, std::move(task), now);
}

void Run::begin(Slot& slot, Schedule::Task task, double now) {
  slot.task = std::move(task);
  slot.only_rechecks = slot.task.kind == Kind::recheck;
  slot.at = 0;
  slot.began = now;
  if (slot.task.kind == Kind::replay) {
    go_on_replaying(slot, now);
  } else {
    slot.session.give(slot.task.job, slot.task.kind != Kind::ordinary, now);
    if (slot.task.kind == Kind::ordinary) top_up(slot, now);
  }
}

void Run::top_up(Slot& slot, double now) {
  while (slot.session.outstanding() < slot.session.window() &&
         slot.session.unsent() < unsent_ahead) {
    const auto job = schedule_.next_ordinary();
    if (!job) return;
    slot.session.give(*job, false, now);
  }
}

void Run::go_on_replaying(Slot& slot, double now) {
  if (slot.at < slot.task.sequence.size() && now - slot.began < replay_seconds) {
    slot.session.give(slot.task.sequence[slot.at], true, now);
    return;
  }
  schedule_.replayed(slot.task);
  slot.task = {};
}

// Waits until something happens anywhere, then looks at every worker.
void Run::turn() {
  fds_.clear();
  bool ending = false;
  for (Slot& slot : slots_) {
    slot.session.add_polls(fds_);
    ending |= slot.session.ending();
  }
  ::poll(fds_.data(), fds_.size(), ending ? poll_ending_milliseconds : poll_milliseconds);
  for (Slot& slot : slots_) {
    replies_.clear();
    // Taken anew each time: killing another worker can last.
    auto failure = slot.session.step(now_seconds(), fds_, replies_);
    take_replies(slot);
    if (failure) take_failure(slot, *std::move(failure));
    if (std::string farewell = slot.session.take_farewell(); !farewell.empty()) {
      schedule_.note(std::move(farewell));
    }
  }
}

void Run::take_replies(Slot& slot) {
  for (Reply& reply : replies_) {
    slot.fruitless = 0;
    if (slot.task.kind == Kind::replay) {
      ++slot.at;
    } else {
      schedule_.answered(slot.task, std::move(reply));
    }
  }
}

void Run::take_failure(Slot& slot, Failure failure) {
  ++report_.restarts;
  if (failure.greeting) {
    start_failed(slot, failure.detail, failure.hopeless);
    return;
  }
  slot.fruitless = failure.suspects.empty() ? slot.fruitless + 1 : 0;
  const std::string reason = failure.detail;
  schedule_.failed(slot.task, std::move(failure), slot.session.given());
  slot.task = {};
  if (slot.fruitless >= options_.start_attempts) retire(slot, reason);
}

void Run::start_failed(Slot& slot, const std::string& reason, bool hopeless) {
  ++slot.fruitless;
  // A process that came up before may do so again.
  if ((hopeless && !report_.hello) || slot.fruitless >= options_.start_attempts) {
    retire(slot, reason);
  }
}

void Run::retire(Slot& slot, const std::string& reason) {
  slot.retired = true;
  if (slot.pending) schedule_.put_back(*slot.pending);
  slot.pending.reset();
  const bool all =
      std::all_of(slots_.begin(), slots_.end(), [](const Slot& each) { return each.retired; });
  if (!all || schedule_.finished()) return;
  if (!report_.hello) report_.not_started = reason;
  schedule_.give_up(Status::adapter_error, reason);
}

// Lets the workers go: with a bye where nothing is left to be answered.
void Run::part() {
  for (Slot& slot : slots_) {
    slot.task = {};
    slot.pending.reset();
    if (slot.session.state() == Session::State::ready && slot.session.outstanding() == 0) {
      slot.session.leave(now_seconds());
    } else if (slot.session.state() != Session::State::leaving) {
      slot.session.abandon();
    }
  }
  const auto up = [](const Slot& slot) { return slot.session.state() != Session::State::down; };
  while (std::any_of(slots_.begin(), slots_.end(), up)) turn();
}

void Run::show_progress(double now, bool last) {
  if (!options_.progress || (!last && now - progress_at_ < progress_seconds)) return;
  progress_at_ = now;
  options_.progress({schedule_.settled(), jobs_.size(), report_.restarts, now - started_});
}

}  // namespace

std::string_view name(Status status) {
  switch (status) {
    case Status::answered:
      return "answered";
    case Status::unsupported:
      return "unsupported";
    case Status::crash:
      return "crash";
    case Status::timeout:
      return "timeout";
    case Status::out_of_memory:
      return "out-of-memory";
    case Status::adapter_error:
      return "adapter-error";
    case Status::state_dependent:
      return "state-dependent";
    case Status::skipped:
      return "skipped";
  }
  return "?";
}

RunReport run(const Implementation& implementation, const std::vector<Job>& jobs,
              const RunOptions& options) {
  if (implementation.mode == Implementation::Mode::exec) {
    return run_exec(implementation, jobs, options);
  }
  return Run(implementation, jobs, options).go();
}

std::variant<Hello, std::string> greet(const Implementation& implementation,
                                       const RunOptions& options) {
  if (implementation.mode == Implementation::Mode::exec) {
    Hello hello;
    hello.implementation = implementation.name;
    return hello;
  }
  const std::vector<Job> nothing;
  Session session(implementation, nothing, options);
  if (auto reason = session.start(now_seconds())) return *std::move(reason);
  std::vector<Reply> replies;
  while (session.state() == Session::State::greeting ||
         session.state() == Session::State::leaving) {
    std::vector<pollfd> fds;
    session.add_polls(fds);
    ::poll(fds.data(), fds.size(), session.ending() ? poll_ending_milliseconds : poll_milliseconds);
    if (auto failure = session.step(now_seconds(), fds, replies)) {
      if (!session.hello()) return std::move(failure->detail);
    }
    if (session.state() == Session::State::ready) session.leave(now_seconds());
  }
  return *session.hello();
}

}  // namespace assay
