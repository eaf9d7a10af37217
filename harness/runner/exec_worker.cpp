#include "harness/runner/exec_worker.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <deque>
#include <filesystem>
#include <fstream>
#include <system_error>

#include "harness/runner/session.h"
#include "harness/runner/temporary_folder.h"
#include "harness/runner/worker.h"

namespace assay {
namespace {

constexpr double memory_look_seconds = 0.1;
constexpr double progress_seconds = 0.1;
constexpr int poll_milliseconds = 10;

double now_seconds() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

// A directory for the inputs, removed at the end.
class InputDirectory {
 public:
  // Writes the input of a slot; its path, or nothing when that failed.
  std::optional<std::string> write(std::size_t slot, const std::string& data) const {
    if (folder_.path().empty()) return std::nullopt;
    std::string path = fmt::format("{}/input-{}", folder_.path().string(), slot);
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    file.write(data.data(), static_cast<std::streamsize>(data.size()));
    file.close();
    if (!file) return std::nullopt;
    return path;
  }

 private:
  TemporaryFolder folder_{std::filesystem::temp_directory_path() / "assay-exec-"};
};

struct Slot {
  explicit Slot(std::size_t limit) : worker(limit) {}
  Worker worker;
  bool busy = false;
  std::size_t job = 0;
  double since = 0, memory_look = 0;
  std::string output;
};

// Why such a program cannot be asked this; empty when it can.
std::string beyond_exec(const Request& request) {
  if (!request.options.empty()) return "an --exec implementation is told no options";
  if (!request.buffers.empty()) return "an --exec implementation is given no buffers";
  if (request.op == "encode" || request.op == "write" || request.op == "scenario") {
    return fmt::format("an --exec implementation cannot {}", request.op);
  }
  return "";
}

std::string trimmed(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  return text;
}

bool is_value_text(const std::string& text) {
  return !text.empty() && std::all_of(text.begin(), text.end(),
                                      [](char c) { return (c >= 0x20 && c <= 0x7e) || c == '\n'; });
}

class ExecRun {
 public:
  ExecRun(const Implementation& implementation, const std::vector<Job>& jobs,
          const RunOptions& options)
      : implementation_(implementation),
        jobs_(jobs),
        options_(options),
        started_(now_seconds()),
        last_turn_(started_) {
    report_.observations.resize(jobs.size());
    for (std::size_t i = 0; i < jobs.size(); ++i) report_.observations[i].index = i;
    const std::size_t count = std::min<std::size_t>(std::max(1u, options.jobs), jobs.size());
    for (std::size_t i = 0; i < count; ++i) slots_.emplace_back(options.max_line);
  }

  RunReport go() {
    while (settled_ < jobs_.size()) {
      look_at_limits();
      for (std::size_t i = 0; i < slots_.size(); ++i) {
        while (!slots_[i].busy && next_ < jobs_.size()) begin(i, next_++);
      }
      turn();
    }
    report_.seconds = now_seconds() - started_;
    show_progress(true);
    return std::move(report_);
  }

 private:
  void look_at_limits();
  void begin(std::size_t slot, std::size_t job);
  void turn();
  void look(Slot& slot, double now);
  void judge(Slot& slot, const ExitStatus& status);
  void fail(Slot& slot, Status status, std::string detail);
  void settle(std::size_t job, Status status, std::string detail, double seconds);
  void give_up(Status status, const std::string& reason);
  void show_progress(bool last);

  const Implementation& implementation_;
  const std::vector<Job>& jobs_;
  const RunOptions& options_;
  InputDirectory inputs_;
  std::deque<Slot> slots_;
  RunReport report_;
  std::size_t next_ = 0, settled_ = 0;
  unsigned failures_in_a_row_ = 0;
  double started_, last_turn_, progress_at_ = 0;
};

void ExecRun::look_at_limits() {
  if (options_.stop && options_.stop->load(std::memory_order_relaxed)) {
    give_up(Status::skipped, "the run was stopped");
  } else if (options_.run_seconds > 0 && now_seconds() - started_ > options_.run_seconds) {
    give_up(Status::skipped, fmt::format("the run had taken {:g} s", options_.run_seconds));
  }
  show_progress(false);
}

void ExecRun::begin(std::size_t index, std::size_t job) {
  const Request& request = jobs_[job].request;
  if (const std::string why = beyond_exec(request); !why.empty()) {
    report_.observations[job].answer = Answer{request.id, UnsupportedAnswer{why}};
    settle(job, Status::unsupported, "", 0);
    return;
  }
  const auto path = request.path.empty() ? inputs_.write(index, request.data) : request.path;
  if (!path) {
    settle(job, Status::adapter_error, "the input cannot be written to a temporary file", 0);
    return;
  }
  Command command = implementation_.command;
  for (std::string& word : command.argv) {
    for (std::size_t at = 0; (at = word.find("{file}", at)) != std::string::npos;) {
      word.replace(at, 6, *path);
      at += path->size();
    }
  }
  Slot& slot = slots_[index];
  if (const auto reason = slot.worker.start(command, options_.address_space)) {
    settle(job, Status::adapter_error, *reason, 0);
    if (settled_ == 1) report_.not_started = *reason;
    give_up(Status::adapter_error, *reason);
    return;
  }
  slot.worker.finish_input();
  slot.busy = true;
  slot.job = job;
  slot.since = slot.memory_look = now_seconds();
  slot.output.clear();
}

void ExecRun::turn() {
  std::vector<pollfd> fds;
  for (Slot& slot : slots_) {
    if (slot.busy) slot.worker.add_polls(fds);
  }
  ::poll(fds.data(), fds.size(), poll_milliseconds);
  const double now = now_seconds();
  // We were not running ourselves for some time: not the programs' fault.
  const double stall = now - last_turn_ > 0.5 ? now - last_turn_ : 0;
  last_turn_ = now;
  for (Slot& slot : slots_) {
    if (!slot.busy) continue;
    slot.since += stall;
    slot.worker.pump(fds);
    look(slot, now);
  }
}

void ExecRun::look(Slot& slot, double now) {
  const auto collect = [&slot] {
    while (const auto line = slot.worker.next_line()) {
      slot.output += *line;
      slot.output += '\n';
    }
  };
  collect();
  if (const auto status = slot.worker.poll_exit()) {
    slot.worker.drain();
    collect();
    slot.output += slot.worker.partial_line();
    judge(slot, *status);
    return;
  }
  const double limit = jobs_[slot.job].seconds;
  if (slot.output.size() + slot.worker.partial_line().size() > options_.max_line) {
    fail(slot, Status::adapter_error,
         fmt::format("more than {} bytes on stdout", options_.max_line));
  } else if (now - slot.since > limit) {
    fail(slot, Status::timeout, fmt::format("still running after {:g} s", limit));
  } else if (options_.memory_limit > 0 && now - slot.memory_look > memory_look_seconds) {
    slot.memory_look = now;
    const std::uint64_t resident = slot.worker.resident_bytes();
    if (resident > options_.memory_limit) {
      fail(slot, Status::out_of_memory,
           fmt::format("{} MiB resident, more than {} MiB", resident >> 20,
                       options_.memory_limit >> 20));
    }
  }
}

void ExecRun::judge(Slot& slot, const ExitStatus& status) {
  std::string output = trimmed(std::move(slot.output));
  Answer answer{jobs_[slot.job].request.id, {}};
  if (status.signalled || (status.code != 0 && status.code != 1 && status.code != 3)) {
    fail(slot, Status::crash, describe(status));
    return;
  }
  if (status.code == 0 && !is_value_text(output)) {
    fail(slot, Status::adapter_error,
         output.empty() ? "exit status 0 without a value on stdout"
                        : "no value text on stdout: " + stderr_tail(output));
    return;
  }
  if (status.code == 0) {
    answer.outcome = ValueAnswer{std::move(output), std::nullopt};
  } else if (status.code == 1) {
    answer.outcome = ErrorAnswer{"", stderr_tail(output), std::nullopt};
  } else {
    answer.outcome = UnsupportedAnswer{output.empty() ? "exit status 3" : stderr_tail(output)};
  }
  failures_in_a_row_ = 0;
  slot.busy = false;
  report_.observations[slot.job].answer = std::move(answer);
  settle(slot.job, status.code == 3 ? Status::unsupported : Status::answered, "",
         now_seconds() - slot.since);
}

void ExecRun::fail(Slot& slot, Status status, std::string detail) {
  slot.worker.kill();
  slot.worker.drain();
  const std::string tail = stderr_tail(slot.worker.errors());
  if (!tail.empty()) detail += "; stderr: " + tail;
  slot.busy = false;
  settle(slot.job, status, detail, now_seconds() - slot.since);
  if (++failures_in_a_row_ >= options_.give_up_after) {
    give_up(Status::adapter_error,
            fmt::format("not tried: {} cases in a row had failed, the last with {}: {}",
                        failures_in_a_row_, name(status), detail));
  }
}

void ExecRun::settle(std::size_t job, Status status, std::string detail, double seconds) {
  Observation& observation = report_.observations[job];
  observation.status = status;
  observation.detail = std::move(detail);
  observation.seconds = seconds;
  ++settled_;
}

void ExecRun::give_up(Status status, const std::string& reason) {
  for (Slot& slot : slots_) {
    if (slot.busy) settle(slot.job, status, reason, 0);
    slot.busy = false;
    slot.worker.kill();
  }
  while (next_ < jobs_.size()) settle(next_++, status, reason, 0);
}

void ExecRun::show_progress(bool last) {
  const double now = now_seconds();
  if (!options_.progress || (!last && now - progress_at_ < progress_seconds)) return;
  progress_at_ = now;
  options_.progress({settled_, jobs_.size(), 0, now - started_});
}

}  // namespace

RunReport run_exec(const Implementation& implementation, const std::vector<Job>& jobs,
                   const RunOptions& options) {
  return ExecRun(implementation, jobs, options).go();
}

}  // namespace assay
