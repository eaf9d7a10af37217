#include "harness/command/smoke_conversation.h"

#include <fmt/format.h>
#include <poll.h>

#include <algorithm>
#include <chrono>
#include <vector>

#include "harness/runner/session.h"

namespace assay {
namespace {

double now() {
  const auto since = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration<double>(since).count();
}

}  // namespace

std::optional<std::string> Conversation::start() {
  return worker_.start(implementation_.command, 0);
}

void Conversation::send(std::string_view line) {
  worker_.send(line);
  worker_.send("\n");
}

void Conversation::pump(double seconds) {
  std::vector<pollfd> fds;
  worker_.add_polls(fds);
  const double wait = std::clamp(seconds, 0.0, 0.05);  // the end of the process shows in no pipe
  ::poll(fds.data(), fds.size(), static_cast<int>(wait * 1000));
  worker_.pump(fds);
}

std::optional<std::string> Conversation::read(double seconds) {
  const double until = now() + seconds;
  for (;;) {
    if (const auto line = worker_.next_line()) return std::string(*line);
    if (worker_.output_ended() || worker_.line_too_long() || now() > until) return std::nullopt;
    if (worker_.poll_exit()) {
      worker_.drain();
      const auto line = worker_.next_line();
      return line ? std::optional(std::string(*line)) : std::nullopt;
    }
    pump(until - now());
  }
}

std::optional<std::string> Conversation::ask(std::string_view line, double seconds) {
  send(line);
  return read(seconds);
}

std::optional<ExitStatus> Conversation::leave(double seconds) {
  worker_.finish_input();
  for (const double until = now() + seconds; now() < until;) {
    if (const auto& status = worker_.poll_exit()) return status;
    pump(until - now());
  }
  return std::nullopt;
}

std::string Conversation::silence() {
  if (const auto& status = worker_.poll_exit())
    return "the process " + describe(*status) + stderr_tail(worker_.errors());
  if (!worker_.partial_line().empty())
    return fmt::format("{} bytes without a newline at their end", worker_.partial_line().size());
  if (worker_.output_ended()) return "stdout was closed";
  return "no answer in time";
}

}  // namespace assay
