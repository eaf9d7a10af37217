#include "harness/runner/schedule.h"

#include <fmt/format.h>

#include <algorithm>

namespace assay {
namespace {

// Cases before an incident that are replayed with it.
constexpr std::size_t max_history = 1000;
// Incidents that are replayed in one run; the others only leave a note.
constexpr std::size_t max_replays = 20;
constexpr std::size_t max_notes = 50;

bool same_outcome(const AnswerOutcome& left, const AnswerOutcome& right) {
  const auto* left_error = std::get_if<ErrorAnswer>(&left);
  const auto* right_error = std::get_if<ErrorAnswer>(&right);
  if (!left_error || !right_error) return left == right;
  return left_error->name == right_error->name && left_error->consumed == right_error->consumed;
}

std::string summary(const AnswerOutcome& outcome) {
  constexpr std::size_t shown = 80;
  if (const auto* value = std::get_if<ValueAnswer>(&outcome)) {
    return fmt::format("the value {}{}", value->text.substr(0, shown),
                       value->text.size() > shown ? "..." : "");
  }
  if (const auto* data = std::get_if<DataAnswer>(&outcome)) {
    return fmt::format("{} bytes", data->bytes.size());
  }
  if (const auto* error = std::get_if<ErrorAnswer>(&outcome)) {
    return "the error " + error->name;
  }
  return "unsupported";
}

bool contains(const std::vector<std::size_t>& list, std::size_t item) {
  return std::find(list.begin(), list.end(), item) != list.end();
}

}  // namespace

Schedule::Schedule(const std::vector<Job>& jobs, const RunOptions& options)
    : jobs_(jobs), options_(options), observations_(jobs.size()), cases_(jobs.size()) {
  for (std::size_t i = 0; i < jobs.size(); ++i) observations_[i].index = i;
}

bool Schedule::waiting() const {
  return !suspects_.empty() || !replays_.empty() || !again_.empty() || next_ < jobs_.size() ||
         !rechecks_.empty();
}

Schedule::Task Schedule::next() {
  Task task;
  if (!suspects_.empty()) {
    task.kind = Kind::alone;
    task.job = suspects_.front();
    task.fresh = cases_[task.job].fresh;
    suspects_.pop_front();
  } else if (!replays_.empty()) {
    task.kind = Kind::replay;
    task.fresh = true;
    task.incident = replays_.front();
    replays_.pop_front();
    const Incident& incident = incidents_[task.incident];
    task.sequence = incident.history;
    task.sequence.insert(task.sequence.end(), incident.suspects.begin(), incident.suspects.end());
    ++active_;
  } else if (const auto job = next_ordinary()) {
    task.kind = Kind::ordinary;
    task.job = *job;
  } else if (!rechecks_.empty()) {
    task.kind = Kind::recheck;
    task.job = rechecks_.front();
    rechecks_.pop_front();
    ++active_;
  }
  return task;
}

std::optional<std::size_t> Schedule::next_ordinary() {
  if (!again_.empty()) {
    const std::size_t job = again_.front();
    again_.pop_front();
    return job;
  }
  if (next_ < jobs_.size()) return next_++;
  return std::nullopt;
}

void Schedule::put_back(const Task& task) {
  if (task.kind == Kind::replay) {
    replays_.push_front(task.incident);
    --active_;
  } else if (task.kind != Kind::none) {
    give_back(task, {task.job});
  }
}

// Returns cases to where the task came from, in their order.
void Schedule::give_back(const Task& task, const std::vector<std::size_t>& jobs) {
  std::deque<std::size_t>& queue = task.kind == Kind::alone     ? suspects_
                                   : task.kind == Kind::recheck ? rechecks_
                                                                : again_;
  queue.insert(queue.begin(), jobs.begin(), jobs.end());
  if (task.kind == Kind::recheck) active_ -= jobs.size();
}

void Schedule::settle(std::size_t job, Status status, std::string detail) {
  observations_[job].status = status;
  observations_[job].detail = std::move(detail);
  if (!cases_[job].settled) ++settled_;
  cases_[job].settled = true;
}

void Schedule::record(Reply reply) {
  Observation& observation = observations_[reply.job];
  const bool unsupported = std::holds_alternative<UnsupportedAnswer>(reply.answer.outcome);
  observation.answer = std::move(reply.answer);
  observation.seconds = reply.seconds;
  settle(reply.job, unsupported ? Status::unsupported : Status::answered, "");
}

void Schedule::answered(const Task& task, Reply reply) {
  failures_in_a_row_ = 0;
  any_answer_ = true;
  const std::size_t job = reply.job;
  if (task.kind == Kind::recheck) {
    recheck_answered(reply);
    return;
  }
  record(std::move(reply));
  if (task.kind == Kind::alone) leave_incident(job, false);
}

void Schedule::failed(const Task& task, Failure failure, const std::vector<std::size_t>& given) {
  if (given_up_) return;
  if (task.kind == Kind::replay) {
    replay_failed(task, failure);
    return;
  }
  give_back(task, failure.unread);
  if (failure.suspects.empty() && failure.twice && failure.twice_was_alone) {
    settle(*failure.twice, Status::adapter_error, failure.detail);
  } else if (failure.suspects.empty() && !failure.twice) {
    note(fmt::format("a worker misbehaved with nothing to do: {}", failure.detail));
  } else if (task.kind == Kind::recheck) {
    recheck_failed(task, failure);
  } else if (failure.suspects.size() == 1 && given.size() == 1) {
    convict(failure.suspects[0], failure);
  } else {
    open_incident(failure, given);
  }
}

void Schedule::convict(std::size_t job, const Failure& failure) {
  observations_[job].answer.reset();
  observations_[job].seconds = failure.seconds;
  settle(job, failure.status, failure.detail);
  leave_incident(job, true);
  ++failures_in_a_row_;
  if (!any_answer_ && failure.status == Status::timeout &&
      failures_in_a_row_ >= options_.give_up_silent) {
    give_up(Status::adapter_error,
            fmt::format("not tried: nothing was answered yet, and {} cases in a row had {}; "
                        "an answer must be flushed at once",
                        failures_in_a_row_, failure.detail));
    return;
  }
  if (failures_in_a_row_ < options_.give_up_after) return;
  give_up(Status::adapter_error,
          fmt::format("not tried: {} cases in a row had failed, the last with {}: {}",
                      failures_in_a_row_, name(failure.status), failure.detail));
}

void Schedule::open_incident(const Failure& failure, const std::vector<std::size_t>& given) {
  Incident incident;
  incident.status = failure.status;
  incident.detail = failure.detail;
  incident.suspects = failure.suspects;
  incident.twice = failure.twice;
  // Run alone already, it is blamed when the suspects turn out to be innocent.
  if (failure.twice && !failure.twice_was_alone) incident.suspects.push_back(*failure.twice);
  const std::size_t recent = max_history + incident.suspects.size() + failure.unread.size();
  for (std::size_t i = given.size() - std::min(given.size(), recent); i < given.size(); ++i) {
    if (!contains(incident.suspects, given[i]) && !contains(failure.unread, given[i])) {
      incident.history.push_back(given[i]);
    }
  }
  incident.open = incident.suspects.size();
  for (const std::size_t job : incident.suspects) {
    Case& each = cases_[job];
    // A case that failed alone, but not as the first of its process: the incident
    // it was a suspect of waits for this one.
    if (each.incident != no_incident) incident.parent = each.incident;
    each.incident = incidents_.size();
    each.fresh = incident.suspects.size() == 1;
    if (each.settled) --settled_;
    each.settled = false;
  }
  suspects_.insert(suspects_.begin(), incident.suspects.begin(), incident.suspects.end());
  incidents_.push_back(std::move(incident));
}

// The case was asked again. `explained`: it is what its incident was about.
void Schedule::leave_incident(std::size_t job, bool explained) {
  const std::size_t incident = cases_[job].incident;
  cases_[job].incident = no_incident;
  cases_[job].fresh = false;
  suspect_settled(incident, explained);
}

void Schedule::suspect_settled(std::size_t index, bool explained) {
  while (index != no_incident && !given_up_) {
    Incident& incident = incidents_[index];
    incident.explained |= explained;
    if (incident.open > 0) --incident.open;
    if (incident.open > 0) return;
    if (!incident.explained && !explain(incident)) {
      if (replays_begun_ < max_replays) {
        ++replays_begun_;
        replays_.push_back(index);
        return;  // replay_failed() or replayed() goes on
      }
      note("not reproduced, and not replayed: " + incident.detail);
    }
    explained = incident.explained;
    index = incident.parent;
  }
}

// Every suspect has answered alone: what that proves without a replay.
bool Schedule::explain(Incident& incident) {
  if (incident.twice) {
    settle(*incident.twice, Status::adapter_error, incident.detail);
    incident.explained = true;
  } else if (incident.suspects.size() == 1 &&
             (incident.status == Status::crash || incident.status == Status::adapter_error)) {
    // It was certainly this case. Time and memory need a replay: the machine
    // may have been busy, or the memory taken by others.
    settle(incident.suspects[0], Status::state_dependent,
           fmt::format("{} after {} other cases, but it answers alone: {}", name(incident.status),
                       incident.history.size(), incident.detail));
    incident.explained = true;
  }
  return incident.explained;
}

void Schedule::replay_failed(const Task& task, const Failure& failure) {
  const std::vector<std::size_t>& before = failure.suspects;
  Incident& incident = incidents_[task.incident];
  bool explained = false;
  if (!failure.twice && before.size() == 1 && contains(incident.suspects, before[0]) &&
      cases_[before[0]].settled) {
    const auto others =
        std::find(task.sequence.begin(), task.sequence.end(), before[0]) - task.sequence.begin();
    settle(before[0], Status::state_dependent,
           fmt::format("{} after {} other cases, twice, but it answers alone: {}",
                       name(failure.status), others, failure.detail));
    explained = true;
  } else {
    note(fmt::format("no case fails alone, and a replay failed elsewhere: {}; at first: {}",
                     failure.detail, incident.detail));
  }
  --active_;
  suspect_settled(incident.parent, explained);
}

void Schedule::replayed(const Task& task) {
  const Incident& incident = incidents_[task.incident];
  std::string ids;
  for (const std::size_t job : incident.suspects) {
    if (ids.size() > 200) {
      ids += ", ...";
      break;
    }
    ids += (ids.empty() ? "" : ", ") + jobs_[job].request.id;
  }
  note(fmt::format("{} that could not be reproduced, with {} unanswered: {}", name(incident.status),
                   ids, incident.detail));
  --active_;
  suspect_settled(incident.parent, false);
}

void Schedule::recheck_answered(const Reply& reply) {
  --active_;
  const AnswerOutcome& first = observations_[reply.job].answer->outcome;
  const AnswerOutcome& second = reply.answer.outcome;
  const bool same =
      options_.same ? options_.same(reply.job, first, second) : same_outcome(first, second);
  if (same) return;
  std::string detail = fmt::format("first {}, then alone {}", summary(first), summary(second));
  observations_[reply.job].answer = reply.answer;
  settle(reply.job, Status::state_dependent, std::move(detail));
}

void Schedule::recheck_failed(const Task& task, const Failure& failure) {
  --active_;
  if (failure.status == Status::timeout || failure.status == Status::out_of_memory) {
    note(fmt::format("{} answered, and when asked again: {}", jobs_[task.job].request.id,
                     failure.detail));
    return;
  }
  settle(task.job, Status::state_dependent,
         fmt::format("first {}, then {}: {}", summary(observations_[task.job].answer->outcome),
                     name(failure.status), failure.detail));
}

void Schedule::give_up(Status status, const std::string& reason) {
  for (std::size_t job = 0; job < jobs_.size(); ++job) {
    if (!cases_[job].settled) settle(job, status, reason);
  }
  next_ = jobs_.size();
  again_.clear();
  suspects_.clear();
  replays_.clear();
  rechecks_.clear();
  active_ = 0;
  rechecks_built_ = given_up_ = true;
}

bool Schedule::investigated() const {
  return settled_ == jobs_.size() && suspects_.empty() && replays_.empty() && active_ == 0;
}

bool Schedule::finished() {
  if (!investigated()) return false;
  if (!rechecks_built_) build_rechecks();
  return rechecks_.empty();
}

// Backwards, so that what a case leaves behind meets other cases than before.
void Schedule::build_rechecks() {
  rechecks_built_ = true;
  if (!options_.recheck) return;
  for (std::size_t job = jobs_.size(); job-- > 0;) {
    const Observation& observation = observations_[job];
    if (observation.status == Status::answered && options_.recheck(observation)) {
      rechecks_.push_back(job);
    }
  }
}

void Schedule::note(std::string text) {
  if (notes_.size() < max_notes) {
    notes_.push_back(std::move(text));
  } else {
    ++notes_left_out_;
  }
}

std::vector<std::string> Schedule::take_notes() {
  if (notes_left_out_ > 0) notes_.push_back(fmt::format("{} more notes", notes_left_out_));
  return std::move(notes_);
}

}  // namespace assay
