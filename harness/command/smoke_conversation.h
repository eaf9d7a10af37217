// One adapter asked line by line, by hand: what the runner would tidy away is to
// be seen here.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "harness/runner/runner.h"
#include "harness/runner/worker.h"

namespace assay {

class Conversation {
 public:
  explicit Conversation(const Implementation& implementation) : implementation_(implementation) {}

  // Starts the process; the reason when that fails.
  std::optional<std::string> start();
  bool running() { return worker_.running() && !worker_.poll_exit(); }

  // Sends a line (the newline is added) and waits for one; nothing when none came
  // in `seconds`, or the process ended.
  std::optional<std::string> ask(std::string_view line, double seconds);
  void send(std::string_view line);
  std::optional<std::string> read(double seconds);

  // Ends stdin and waits: the status, or nothing when it does not end in time.
  std::optional<ExitStatus> leave(double seconds);
  void kill() { worker_.kill(); }

  // Why read() gave nothing, for people.
  std::string silence();
  std::string errors() const { return std::string(worker_.errors()); }

 private:
  void pump(double seconds);

  const Implementation& implementation_;
  Worker worker_{std::size_t{64} << 20};
};

}  // namespace assay
