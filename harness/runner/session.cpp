#include "harness/runner/session.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace assay {
namespace {

// A process that closed a pipe is usually ending: it has this long to do so.
constexpr double closed_pipe_seconds = 2;
// How often it is asked whether the process still runs, and how big it is.
constexpr double exit_look_seconds = 0.02;
constexpr double memory_look_seconds = 0.1;
// We were not running ourselves when two steps lie further apart than this; that
// time is not held against the adapter.
constexpr double stall_seconds = 0.5;
// Bytes of stderr that are shown: its end, and its first line, in which a runtime
// says what it died of before it says where.
constexpr std::size_t tail_shown = 2000;
constexpr std::size_t first_line_shown = 200;

double mebibytes(std::uint64_t bytes) {
  return static_cast<double>(bytes) / (1 << 20);
}

}  // namespace

std::string stderr_tail(std::string_view errors) {
  while (!errors.empty() && (errors.back() == '\n' || errors.back() == '\r')) {
    errors.remove_suffix(1);
  }
  std::string kept(errors);
  if (errors.size() > tail_shown) {
    kept = errors.substr(0, std::min(errors.find('\n'), first_line_shown));
    kept += "\n[...]\n";
    kept += errors.substr(errors.size() - tail_shown);
  }
  std::string shown;
  for (const char c : kept) {
    if ((c >= 0x20 && c <= 0x7e) || c == '\n' || c == '\t') {
      shown += c;
    } else {
      fmt::format_to(std::back_inserter(shown), "\\x{:02x}", static_cast<unsigned char>(c));
    }
  }
  return shown;
}

// The id on the wire: how many processes were started before, and which job. So
// no answer can be meant for another process, and none be right by chance.
std::string Session::wire_id(std::size_t job) const {
  return fmt::format("{}.{}", starts_, job);
}

std::optional<std::size_t> Session::job_of(std::string_view id) const {
  const std::string prefix = fmt::format("{}.", starts_);
  if (!id.starts_with(prefix)) return std::nullopt;
  const std::string_view digits = id.substr(prefix.size());
  std::size_t job = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), job);
  if (error != std::errc{} || end != digits.data() + digits.size()) return std::nullopt;
  if (digits.size() > 1 && digits[0] == '0') return std::nullopt;  // not as we wrote it
  return job;
}

std::optional<std::string> Session::start(double now) {
  abandon();
  ++starts_;
  given_.clear();
  given_alone_.clear();
  closed_since_ = 0;
  last_step_ = last_exit_look_ = last_memory_look_ = phase_since_ = now;
  if (auto reason = worker_.start(implementation_.command, options_.address_space)) return reason;
  state_ = State::greeting;
  write_hello(worker_.outbox());
  return std::nullopt;
}

unsigned Session::window() const {
  return hello_ ? std::clamp(hello_->window, 1u, std::max(1u, options_.max_window)) : 1;
}

void Session::give(std::size_t job, bool alone, double now) {
  if (outstanding_.empty()) oldest_since_ = now;
  outstanding_.push_back({job, alone, worker_.written() + worker_.unsent(), now});
  given_.push_back(job);
  if (alone) given_alone_.push_back(job);
  write_request(jobs_[job].request, wire_id(job), worker_.outbox());
}

void Session::leave(double now) {
  state_ = State::leaving;
  phase_since_ = now;
  write_bye(worker_.outbox());
  worker_.finish_input();
}

void Session::abandon() {
  worker_.kill();
  outstanding_.clear();
  state_ = State::down;
}

void Session::add_polls(std::vector<pollfd>& fds) {
  if (state_ != State::down) worker_.add_polls(fds);
}

std::optional<Failure> Session::step(double now, const std::vector<pollfd>& fds,
                                     std::vector<Reply>& replies) {
  if (state_ == State::down) return std::nullopt;
  const double stall = now - last_step_ > stall_seconds ? now - last_step_ : 0;
  oldest_since_ += stall;
  phase_since_ += stall;
  last_step_ = now;
  worker_.pump(fds);
  if (auto failure = read_lines(now, replies)) return failure;
  if (auto failure = look_at_exit(now, replies)) return failure;
  if (state_ == State::down) return std::nullopt;
  if (auto failure = look_at_closed_pipes(now)) return failure;
  if (auto failure = look_at_time(now)) return failure;
  return look_at_memory(now);
}

std::optional<Failure> Session::read_lines(double now, std::vector<Reply>& replies) {
  while (const auto line = worker_.next_line()) {
    if (state_ == State::greeting) {
      auto parsed = parse_hello(*line);
      if (const auto* fault = std::get_if<ProtocolFault>(&parsed)) {
        Failure failure = fail(*fault);
        failure.detail.insert(0, "adapter-error in its hello: ");
        failure.hopeless = true;
        return failure;
      }
      hello_ = std::get<Hello>(std::move(parsed));
      state_ = State::ready;
      phase_since_ = now;
    } else if (auto failure = read_answer(*line, now, replies)) {
      return failure;
    }
  }
  if (!worker_.line_too_long()) return std::nullopt;
  return fail(ProtocolFault{ProtocolFault::Kind::too_long,
                            fmt::format("a line of more than {} bytes", options_.max_line)});
}

std::optional<Failure> Session::read_answer(std::string_view line, double now,
                                            std::vector<Reply>& replies) {
  auto parsed = parse_answer(line);
  if (const auto* fault = std::get_if<ProtocolFault>(&parsed)) return fail(*fault);
  auto& answer = std::get<Answer>(parsed);
  const auto job = job_of(answer.id);
  const auto found = std::find_if(outstanding_.begin(), outstanding_.end(),
                                  [&job](const Outstanding& each) { return each.job == job; });
  // Nothing that was not yet written can be answered.
  if (found == outstanding_.end() || found->begin >= worker_.written()) {
    return unexpected_id(answer.id);
  }
  const bool oldest = found == outstanding_.begin();
  const double since = oldest ? oldest_since_ : found->since;
  answer.id = jobs_[*job].request.id;
  replies.push_back({*job, std::move(answer), std::max(0.0, now - since), found->alone});
  outstanding_.erase(found);
  if (oldest) oldest_since_ = now;
  return std::nullopt;
}

std::optional<Failure> Session::unexpected_id(const std::string& id) {
  const auto job = job_of(id);
  const bool known = job && std::find(given_.begin(), given_.end(), *job) != given_.end();
  const bool unanswered = std::any_of(outstanding_.begin(), outstanding_.end(),
                                      [&job](const Outstanding& each) { return each.job == job; });
  if (!known || unanswered) {
    return fail(ProtocolFault{ProtocolFault::Kind::unknown_id,
                              "an answer to an id that was not asked: " + stderr_tail(id)});
  }
  Failure failure = fail(ProtocolFault{ProtocolFault::Kind::answered_twice,
                                       jobs_[*job].request.id + " was answered twice"});
  failure.twice = job;
  failure.twice_was_alone =
      std::find(given_alone_.begin(), given_alone_.end(), *job) != given_alone_.end();
  return failure;
}

std::optional<Failure> Session::look_at_exit(double now, std::vector<Reply>& replies) {
  if (!worker_.output_ended() && now - last_exit_look_ < exit_look_seconds) return std::nullopt;
  last_exit_look_ = now;
  if (!worker_.poll_exit()) return std::nullopt;
  worker_.drain();
  if (auto failure = read_lines(now, replies)) return failure;
  const ExitStatus status = *worker_.poll_exit();
  const std::string partial(worker_.partial_line().substr(0, 60));
  std::string how = describe(status);
  if (state_ == State::leaving) {
    if (status.signalled || status.code != 0) farewell_ = "after bye: " + how;
    if (!partial.empty()) farewell_ += "; left half a line: " + stderr_tail(partial);
    state_ = State::down;
    return std::nullopt;
  }
  if (state_ == State::greeting) return fail(Status::adapter_error, how + " before hello");
  if (!outstanding_.empty() && !status.signalled) how += " without answering";
  if (!partial.empty()) how += ", in the middle of a line: " + stderr_tail(partial);
  return fail(Status::crash, std::move(how));
}

std::optional<Failure> Session::look_at_closed_pipes(double now) {
  const bool closed =
      worker_.output_ended() || (worker_.input_closed() && state_ != State::leaving);
  if (!closed) return std::nullopt;
  if (closed_since_ == 0) closed_since_ = now;
  if (now - closed_since_ < closed_pipe_seconds) return std::nullopt;
  if (state_ == State::leaving) return std::nullopt;  // bye_seconds is its limit
  return closed_pipe();
}

Failure Session::closed_pipe() {
  return fail(Status::adapter_error, worker_.output_ended()
                                         ? "closed its stdout and went on running"
                                         : "closed its stdin and went on running");
}

std::optional<Failure> Session::look_at_time(double now) {
  if (state_ == State::greeting && now - phase_since_ > options_.hello_seconds) {
    Failure failure =
        fail(Status::adapter_error,
             fmt::format("no answer to hello in {:g} s; it must be flushed, and the start limit is "
                         "--start-seconds",
                         options_.hello_seconds));
    failure.hopeless = true;
    return failure;
  }
  if (state_ == State::ready && !outstanding_.empty()) {
    const double limit = jobs_[outstanding_.front().job].seconds;
    if (now - oldest_since_ > limit) {
      if (closed_since_ != 0) return closed_pipe();
      return fail(Status::timeout, fmt::format("no answer in {:g} s", limit));
    }
  }
  if (state_ == State::leaving && now - phase_since_ > options_.bye_seconds) {
    farewell_ = fmt::format("still running {:g} s after bye", options_.bye_seconds);
    abandon();
  }
  return std::nullopt;
}

std::optional<Failure> Session::look_at_memory(double now) {
  if (options_.memory_limit == 0 || now - last_memory_look_ < memory_look_seconds) {
    return std::nullopt;
  }
  last_memory_look_ = now;
  const std::uint64_t resident = worker_.resident_bytes();
  if (resident <= options_.memory_limit) return std::nullopt;
  return fail(Status::out_of_memory,
              fmt::format("{:.0f} MiB resident, more than {:.0f} MiB", mebibytes(resident),
                          mebibytes(options_.memory_limit)));
}

Failure Session::fail(Status status, std::string detail) {
  Failure failure;
  failure.greeting = state_ == State::greeting;
  failure.status = status;
  failure.seconds = outstanding_.empty() ? 0 : std::max(0.0, last_step_ - oldest_since_);
  for (const Outstanding& each : outstanding_) {
    (each.begin < worker_.written() ? failure.suspects : failure.unread).push_back(each.job);
  }
  worker_.kill();
  worker_.drain();
  failure.detail = std::move(detail);
  const std::string tail = stderr_tail(worker_.errors());
  if (!tail.empty()) failure.detail += "; stderr: " + tail;
  abandon();
  return failure;
}

Failure Session::fail(const ProtocolFault& fault) {
  return fail(Status::adapter_error, fmt::format("{}: {}", name(fault.kind), fault.detail));
}

std::string Session::take_farewell() {
  std::string taken;
  taken.swap(farewell_);
  return taken;
}

}  // namespace assay
