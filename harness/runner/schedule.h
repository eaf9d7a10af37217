// What to ask next, and whose fault it was: the logic of a run without its
// processes. harness/README.md, "The case at fault", tells the same in prose.
//
// When a process misbehaves with several cases before it, each of them is asked
// again alone. A case is convicted only as the first case of a fresh process.
// When none is, the incident is replayed (what that process had been given,
// one by one), which either finds a case that fails only after others
// (state-dependent) or ends in a note.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "harness/runner/runner.h"
#include "harness/runner/session.h"

namespace assay {

class Schedule {
 public:
  Schedule(const std::vector<Job>& jobs, const RunOptions& options);

  enum class Kind : std::uint8_t {
    none,      // nothing to do now; there may be later
    ordinary,  // sent ahead with others
    alone,     // the only one outstanding
    replay,    // a whole sequence, one by one
    recheck,   // asked again because the caller doubts the answer
  };
  struct Task {
    Kind kind = Kind::none;
    bool fresh = false;                 // in a process that was given nothing yet
    std::size_t job = 0;                // ordinary, alone, recheck
    std::size_t incident = 0;           // replay
    std::vector<std::size_t> sequence;  // replay
  };

  // For a worker with nothing outstanding.
  Task next();
  // Whether next() would give something.
  bool waiting() const;
  // One more case for a worker that sends ahead.
  std::optional<std::size_t> next_ordinary();

  // What came of them.
  void answered(const Task& task, Reply reply);
  void failed(const Task& task, Failure failure, const std::vector<std::size_t>& given);
  // A replay ran to its end, or out of time, without a failure.
  void replayed(const Task& task);
  // The task was not begun.
  void put_back(const Task& task);

  // Every case that is not settled becomes `status`, and nothing is left to do.
  void give_up(Status status, const std::string& reason);

  // Whether everything is settled and nothing is left to investigate.
  bool finished();
  std::size_t settled() const { return settled_; }
  void note(std::string text);
  std::vector<Observation> take_observations() { return std::move(observations_); }
  std::vector<std::string> take_notes();

 private:
  static constexpr std::size_t no_incident = static_cast<std::size_t>(-1);

  // A misbehaviour whose cause is not yet known.
  struct Incident {
    Status status;
    std::string detail;
    std::vector<std::size_t> suspects, history;
    std::optional<std::size_t> twice;
    std::size_t open = 0;  // suspects not yet asked again
    bool explained = false;
    std::size_t parent = no_incident;
  };
  struct Case {
    bool settled = false;
    bool fresh = false;  // must be asked as the first case of a process
    std::size_t incident = no_incident;
  };

  void settle(std::size_t job, Status status, std::string detail);
  void record(Reply reply);
  void convict(std::size_t job, const Failure& failure);
  void open_incident(const Failure& failure, const std::vector<std::size_t>& given);
  void leave_incident(std::size_t job, bool explained);
  void suspect_settled(std::size_t incident, bool explained);
  bool explain(Incident& incident);
  void replay_failed(const Task& task, const Failure& failure);
  void recheck_failed(const Task& task, const Failure& failure);
  void recheck_answered(const Reply& reply);
  void give_back(const Task& task, const std::vector<std::size_t>& jobs);
  bool investigated() const;
  void build_rechecks();

  const std::vector<Job>& jobs_;
  const RunOptions& options_;
  std::vector<Observation> observations_;
  std::vector<Case> cases_;
  std::vector<Incident> incidents_;
  std::vector<std::string> notes_;
  std::size_t next_ = 0;              // the first case never given
  std::deque<std::size_t> again_;     // ordinary cases given back unread
  std::deque<std::size_t> suspects_;  // to be asked alone
  std::deque<std::size_t> replays_;   // incidents
  std::deque<std::size_t> rechecks_;
  std::size_t settled_ = 0;
  std::size_t active_ = 0;  // replays and rechecks that are being run
  std::size_t replays_begun_ = 0, notes_left_out_ = 0;
  unsigned failures_in_a_row_ = 0;
  bool rechecks_built_ = false, given_up_ = false;
  bool any_answer_ = false;
};

}  // namespace assay
