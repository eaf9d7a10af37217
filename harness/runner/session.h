// One conversation with one adapter process: hello, requests sent ahead,
// answers in any order, bye. A session notices every way in which the process
// can misbehave and says so once; whose fault it was is for the schedule.
//
// Times are seconds of a steady clock, given by the caller.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/runner/protocol.h"
#include "harness/runner/runner.h"
#include "harness/runner/worker.h"

namespace assay {

// How a process misbehaved, and which cases it had before it.
struct Failure {
  Status status = Status::crash;      // crash, timeout, out_of_memory or adapter_error
  std::string detail;                 // for people, the tail of stderr included
  std::vector<std::size_t> suspects;  // unanswered cases of which it can have read something
  std::vector<std::size_t> unread;    // unanswered cases that were never written
  // The case whose id was answered again, and whether it had been run alone.
  std::optional<std::size_t> twice;
  bool twice_was_alone = false;
  double seconds = 0;     // since the oldest of them was the oldest
  bool greeting = false;  // before hello was answered
  bool hopeless = false;  // another start would end in the same way
};

struct Reply {
  std::size_t job = 0;
  Answer answer;
  double seconds = 0;
  bool alone = false;  // as it was given
};

class Session {
 public:
  enum class State : std::uint8_t { down, greeting, ready, leaving };

  Session(const Implementation& implementation, const std::vector<Job>& jobs,
          const RunOptions& options)
      : implementation_(implementation),
        jobs_(jobs),
        options_(options),
        worker_(options.max_line) {}

  // Starts the process and says hello. The reason when it cannot be started.
  std::optional<std::string> start(double now);

  State state() const { return state_; }
  const std::optional<Hello>& hello() const { return hello_; }
  // Requests that may be sent ahead.
  unsigned window() const;
  std::size_t outstanding() const { return outstanding_.size(); }
  std::size_t unsent() const { return worker_.unsent(); }
  // Whether a pipe is closed, so that the process is about to end.
  bool ending() const { return state_ != State::down && closed_since_ != 0; }
  // Cases given since the process was started, answered or not, in order.
  const std::vector<std::size_t>& given() const { return given_; }

  // Sends the request of a job. `alone` is remembered for its reply.
  void give(std::size_t job, bool alone, double now);
  // Says bye; nothing may be outstanding. The session is down some time after.
  void leave(double now);
  // Kills the process without a word.
  void abandon();

  void add_polls(std::vector<pollfd>& fds);
  // Reads and writes what is there, appends what was answered to `replies`, and
  // looks at the limits. After a failure the session is down.
  std::optional<Failure> step(double now, const std::vector<pollfd>& fds,
                              std::vector<Reply>& replies);
  // What was odd about how the process left, if anything; empties it.
  std::string take_farewell();

 private:
  struct Outstanding {
    std::size_t job;
    bool alone;
    std::uint64_t begin;  // byte of stdin at which the request starts
    double since;         // when it was sent
  };

  std::string wire_id(std::size_t job) const;
  std::optional<std::size_t> job_of(std::string_view id) const;
  std::optional<Failure> read_lines(double now, std::vector<Reply>& replies);
  std::optional<Failure> read_answer(std::string_view line, double now,
                                     std::vector<Reply>& replies);
  std::optional<Failure> unexpected_id(const std::string& id);
  std::optional<Failure> look_at_exit(double now, std::vector<Reply>& replies);
  std::optional<Failure> look_at_closed_pipes(double now);
  std::optional<Failure> look_at_time(double now);
  std::optional<Failure> look_at_memory(double now);
  Failure closed_pipe();
  Failure fail(Status status, std::string detail);
  Failure fail(const ProtocolFault& fault);

  const Implementation& implementation_;
  const std::vector<Job>& jobs_;
  const RunOptions& options_;
  Worker worker_;
  State state_ = State::down;
  unsigned starts_ = 0;
  std::optional<Hello> hello_;
  std::deque<Outstanding> outstanding_;  // in the order sent
  std::vector<std::size_t> given_;
  std::vector<std::size_t> given_alone_;
  double oldest_since_ = 0;  // since when outstanding_.front() is the oldest
  double phase_since_ = 0;   // since when the state is what it is
  double closed_since_ = 0;  // since when a pipe is closed; 0: none is
  double last_step_ = 0, last_exit_look_ = 0, last_memory_look_ = 0;
  std::string farewell_;
};

// The end of what a process wrote to stderr, in ASCII, for messages; of much, the
// first line before it.
std::string stderr_tail(std::string_view errors);

}  // namespace assay
