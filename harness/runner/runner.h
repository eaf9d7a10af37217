// Runs cases through an implementation: several workers, requests sent ahead,
// limits of time and memory, restarts, and the search for the case at fault.
// harness/README.md tells the life of a case; nothing here judges an answer.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "harness/runner/protocol.h"
#include "harness/runner/worker.h"

namespace assay {

// An implementation as the runner sees it.
struct Implementation {
  // adapter: a persistent process that speaks the protocol.
  // exec: one process a case; "{file}" in argv is the path of the input.
  enum class Mode : std::uint8_t { adapter, exec };
  std::string name;  // for messages: "cpython-3.13-c", "./my-adapter"
  Command command;
  Mode mode = Mode::adapter;
};

struct Job {
  Request request;      // its id is for messages; the runner sends its own on the wire
  double seconds = 10;  // limit for this case alone
};

enum class Status : std::uint8_t {
  answered,         // `answer` holds a value, data or an error
  unsupported,      // `answer` holds why
  crash,            // the process died by a signal, or ended without answering
  timeout,          // no answer within the job's limit
  out_of_memory,    // the process grew past RunOptions::memory_limit
  adapter_error,    // what was said broke the protocol, or nobody could be asked
  state_dependent,  // another outcome when asked again; `answer` holds the one given alone
  skipped,          // the run was stopped before this case was asked
};
std::string_view name(Status status);  // "answered", "out-of-memory", …

// What was seen of one case.
struct Observation {
  std::size_t index = 0;  // into the jobs
  Status status = Status::skipped;
  std::optional<Answer> answer;
  std::string detail;  // for people: signal, exit status, fault, tail of stderr
  double seconds = 0;  // from when the case was the oldest unanswered of its worker
};

struct Progress {
  std::size_t settled = 0, total = 0;
  std::size_t restarts = 0;  // of workers, after a misbehaviour
  double seconds = 0;        // since the start of the run
};

struct RunOptions {
  unsigned jobs = 1;                                    // workers
  std::uint64_t memory_limit = std::uint64_t{2} << 30;  // resident bytes a worker; 0: none
  std::uint64_t address_space = 0;                      // RLIMIT_AS a worker; 0: none
  double hello_seconds = 30;                            // from start to the answer to hello
  double bye_seconds = 3;                               // from bye to the end of the process
  double run_seconds = 0;                               // for the whole run; 0: no limit
  unsigned max_window = 256;                            // whatever an adapter asks for
  std::size_t max_line = std::size_t{128} << 20;        // bytes of one answer
  unsigned start_attempts = 3;   // in a row without an answer, then the run is given up
  unsigned give_up_after = 100;  // cases in a row that crash, hang, …; the rest is not tried
  unsigned give_up_silent = 3;   // the same for cases that hang before any was answered
  // Answered cases for which this is true are asked again, one by one in a
  // process that is given nothing else, after everything else; an outcome that is
  // not the same makes them state-dependent. The command gives "would be judged
  // a failure".
  std::function<bool(const Observation&)> recheck;
  // Whether two outcomes of a job are the same. By default equality, but for
  // the messages of errors; texts of one value can differ (the order of sets).
  std::function<bool(std::size_t job, const AnswerOutcome&, const AnswerOutcome&)> same;
  std::function<void(const Progress&)> progress;  // about ten times a second
  const std::atomic<bool>* stop = nullptr;        // when it becomes true the run ends soon
};

struct RunReport {
  std::vector<Observation> observations;  // one for each job, in the order of the jobs
  std::optional<Hello> hello;             // adapters that came up
  std::string not_started;                // why no process could be asked at all; or empty
  std::vector<std::string> notes;         // misbehaviour that could be laid to no case, a line each
  std::size_t restarts = 0;
  double seconds = 0;
};

// Runs every job. Never throws for anything an implementation does, and ends in
// bounded time whatever it does. May be called from several threads at once; the
// functions in the options are called on the calling thread.
RunReport run(const Implementation& implementation, const std::vector<Job>& jobs,
              const RunOptions& options);

// Starts one worker for its hello only. A reason when it gave none. One of mode
// exec is not started: its hello holds nothing but the name.
std::variant<Hello, std::string> greet(const Implementation& implementation,
                                       const RunOptions& options);

}  // namespace assay
