// One child process with pipes: started, fed, read, watched, killed, reaped. It
// knows lines of bytes and nothing of the protocol.
//
// The child leads its own process group, so that whatever it starts dies with
// it. Its stderr is kept (the last 64 KiB) and never judged. The first start
// makes our process ignore SIGPIPE, unless it has a handler of its own.
#pragma once

#include <poll.h>
#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace assay {

// What to start. argv[0] is looked for in PATH when it has no slash.
struct Command {
  std::vector<std::string> argv;
  std::string directory;                           // working directory; empty: ours
  std::map<std::string, std::string> environment;  // set on top of ours
};

// Splits a command line as a shell would, without expansions: blanks separate,
// '…', "…" and \ quote. nullopt when a quote is left open or nothing is named.
std::optional<std::vector<std::string>> split_command(std::string_view line);

// How a process ended.
struct ExitStatus {
  bool signalled = false;
  int code = 0;  // exit status, or the signal's number
};

// "exited with status 1", "killed by SIGSEGV".
std::string describe(const ExitStatus& status);

// "SIGSEGV"; "signal 42" for one without a name.
std::string signal_name(int signal);

class Worker {
 public:
  // `max_line`: bytes after which a line without its end is given up.
  explicit Worker(std::size_t max_line) : max_line_(max_line) {}
  ~Worker();  // kills and reaps
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  // Starts the process. `address_space`: RLIMIT_AS in bytes, 0 for none (a JVM
  // and node reserve far more than they use). Gives a reason when that failed.
  std::optional<std::string> start(const Command& command, std::uint64_t address_space);

  bool running() const { return pid_ > 0; }
  pid_t pid() const { return pid_; }

  // Queues bytes for stdin; they are written when the pipe takes them.
  void send(std::string_view bytes);
  std::string& outbox() { return outbox_; }  // to append to without a copy
  std::size_t unsent() const { return outbox_.size() - sent_; }
  // Bytes given to the pipe since the start, to tell what can have been read.
  std::uint64_t written() const { return written_; }
  // Closes stdin once all is written.
  void finish_input() { finish_input_ = true; }

  // Adds what to wait for to `fds`.
  void add_polls(std::vector<pollfd>& fds);
  // Writes, reads stdout (at most 256 KiB a call) and stderr, without blocking.
  // `fds` is what add_polls() filled, after poll().
  void pump(const std::vector<pollfd>& fds);
  // Reads what an ended process left, all of it.
  void drain();

  // The next whole line of stdout without its newline, valid until the next
  // call of pump(); nullopt when there is none yet.
  std::optional<std::string_view> next_line();
  // What stdout holds after the last whole line.
  std::string_view partial_line() const;
  bool line_too_long() const { return partial_line().size() > max_line_; }

  bool input_closed() const { return input_closed_; }  // the child closed its stdin
  bool output_ended() const { return output_ended_; }  // end of file on stdout
  std::string_view errors() const { return errors_; }  // the tail of stderr

  // The status, once the process has ended; what it left in its pipes can still
  // be read with pump(). The group is killed before the process is reaped.
  const std::optional<ExitStatus>& poll_exit();
  // SIGKILL to the whole group, then waits for the process, at most five seconds.
  void kill();

  // Resident bytes of the process and its descendants; 0 when unknown.
  std::uint64_t resident_bytes() const;

 private:
  void write_some();
  bool read_output();
  bool read_errors();
  void reset();

  std::size_t max_line_;
  pid_t pid_ = -1;
  int in_ = -1, out_ = -1, err_ = -1;
  std::string outbox_, inbox_, errors_;
  std::size_t sent_ = 0;     // of outbox_
  std::size_t read_at_ = 0;  // of inbox_: the first byte not yet given out
  std::size_t scanned_ = 0;  // of inbox_: no newline before this
  std::uint64_t written_ = 0;
  std::size_t poll_at_ = 0;  // where add_polls() put the entry of stdin
  bool finish_input_ = false, input_closed_ = false, output_ended_ = false;
  std::optional<ExitStatus> exit_;
};

}  // namespace assay
