// The search for the case at fault, without processes: every order of events
// that a real run reaches only by chance.
#include "harness/runner/schedule.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace assay {
namespace {

using Kind = Schedule::Kind;
using Task = Schedule::Task;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class ScheduleTest : public testing::Test {
 protected:
  void make(std::size_t count) {
    jobs.resize(count);
    for (std::size_t i = 0; i < count; ++i) jobs[i].request.id = fmt::format("case/{}", i);
    schedule.emplace(jobs, options);
  }

  // The next task, which must be of this kind.
  Task next(Kind kind) {
    Task task = schedule->next();
    EXPECT_EQ(static_cast<int>(task.kind), static_cast<int>(kind));
    return task;
  }

  void answer(const Task& task, std::size_t job, const std::string& value = "1") {
    Reply reply;
    reply.job = job;
    reply.answer = {jobs[job].request.id, ValueAnswer{value, {}}};
    schedule->answered(task, std::move(reply));
  }

  void fail(const Task& task, std::vector<std::size_t> suspects, std::vector<std::size_t> given,
            Status status = Status::crash) {
    Failure failure;
    failure.status = status;
    failure.detail = "boom";
    failure.suspects = std::move(suspects);
    schedule->failed(task, std::move(failure), given);
  }

  void answered_twice(const Task& task, std::size_t twice, bool alone,
                      std::vector<std::size_t> suspects, std::vector<std::size_t> given) {
    Failure failure;
    failure.status = Status::adapter_error;
    failure.detail = "answered-twice";
    failure.suspects = std::move(suspects);
    failure.twice = twice;
    failure.twice_was_alone = alone;
    schedule->failed(task, std::move(failure), given);
  }

  std::vector<std::string> statuses() {
    std::vector<std::string> found;
    observations = schedule->take_observations();
    for (const Observation& each : observations) found.emplace_back(name(each.status));
    return found;
  }

  std::vector<Job> jobs;
  RunOptions options;
  std::optional<Schedule> schedule;
  std::vector<Observation> observations;
};

TEST_F(ScheduleTest, GivesEachCaseOnce) {
  make(3);
  EXPECT_TRUE(schedule->waiting());
  const Task task = next(Kind::ordinary);
  EXPECT_EQ(task.job, 0u);
  EXPECT_EQ(schedule->next_ordinary(), 1u);
  EXPECT_EQ(schedule->next_ordinary(), 2u);
  EXPECT_EQ(schedule->next_ordinary(), std::nullopt);
  EXPECT_FALSE(schedule->waiting());
  next(Kind::none);
  for (const std::size_t job : {2, 0, 1}) {
    EXPECT_FALSE(schedule->finished());
    answer(task, job);
  }
  EXPECT_TRUE(schedule->finished());
  EXPECT_EQ(schedule->settled(), 3u);
  EXPECT_THAT(statuses(), ElementsAre("answered", "answered", "answered"));
}

TEST_F(ScheduleTest, TheFirstCaseOfAProcessIsConvictedAtOnce) {
  make(2);
  const Task task = next(Kind::ordinary);
  fail(task, {0}, {0});
  answer(next(Kind::ordinary), 1);
  EXPECT_TRUE(schedule->finished());
  EXPECT_THAT(statuses(), ElementsAre("crash", "answered"));
}

TEST_F(ScheduleTest, SuspectsAreAskedAloneAndTheUnreadAsBefore) {
  make(5);
  const Task task = next(Kind::ordinary);
  for (int i = 1; i < 5; ++i) schedule->next_ordinary();
  answer(task, 0);
  Failure failure;
  failure.suspects = {1, 2};
  failure.unread = {3, 4};
  schedule->failed(task, failure, {0, 1, 2, 3, 4});
  const Task first = next(Kind::alone);
  EXPECT_EQ(first.job, 1u);
  answer(first, 1);
  // It fails in a process that had another case: once more, in a fresh one.
  const Task second = next(Kind::alone);
  EXPECT_EQ(second.job, 2u);
  EXPECT_FALSE(second.fresh);
  fail(second, {2}, {1, 2});
  const Task again = next(Kind::alone);
  EXPECT_EQ(again.job, 2u);
  EXPECT_TRUE(again.fresh);
  fail(again, {2}, {2});
  EXPECT_EQ(next(Kind::ordinary).job, 3u);
  EXPECT_EQ(schedule->next_ordinary(), 4u);
  answer(task, 3);
  answer(task, 4);
  EXPECT_TRUE(schedule->finished());
  EXPECT_THAT(statuses(), ElementsAre("answered", "answered", "crash", "answered", "answered"));
  EXPECT_THAT(schedule->take_notes(), IsEmpty());
}

TEST_F(ScheduleTest, ACaseThatFailsAloneButNotFreshIsStateDependent) {
  make(2);
  answer(next(Kind::ordinary), 0);
  fail(next(Kind::ordinary), {1}, {0, 1});
  const Task alone = next(Kind::alone);
  EXPECT_TRUE(alone.fresh);
  answer(alone, 1);
  EXPECT_TRUE(schedule->finished());
  EXPECT_THAT(statuses(), ElementsAre("answered", "state-dependent"));
  EXPECT_EQ(observations[1].detail, "crash after 1 other cases, but it answers alone: boom");
  EXPECT_TRUE(observations[1].answer);
}

class ReplayTest : public ScheduleTest {
 protected:
  // Cases 1 and 2 are outstanding when a process that has answered 0 fails, and
  // both answer alone.
  Task replay(Status status) {
    make(3);
    const Task task = next(Kind::ordinary);
    schedule->next_ordinary();
    schedule->next_ordinary();
    answer(task, 0);
    fail(task, {1, 2}, {0, 1, 2}, status);
    answer(next(Kind::alone), 1);
    answer(next(Kind::alone), 2);
    EXPECT_EQ(schedule->settled(), 3u);
    EXPECT_FALSE(schedule->finished());
    const Task again = next(Kind::replay);
    EXPECT_TRUE(again.fresh);
    EXPECT_THAT(again.sequence, ElementsAre(0, 1, 2));
    EXPECT_FALSE(schedule->finished());
    return again;
  }
};

TEST_F(ReplayTest, FindsACaseThatFailsAfterOthers) {
  fail(replay(Status::crash), {2}, {0, 1, 2});
  EXPECT_TRUE(schedule->finished());
  EXPECT_THAT(statuses(), ElementsAre("answered", "answered", "state-dependent"));
  EXPECT_EQ(observations[2].detail, "crash after 2 other cases, twice, but it answers alone: boom");
}

TEST_F(ReplayTest, ThatFailsElsewhereIsNoted) {
  fail(replay(Status::crash), {0}, {0});
  EXPECT_TRUE(schedule->finished());
  EXPECT_THAT(statuses(), ElementsAre("answered", "answered", "answered"));
  EXPECT_THAT(schedule->take_notes(), ElementsAre(HasSubstr("a replay failed elsewhere: boom")));
}

TEST_F(ReplayTest, ThatSucceedsIsNoted) {
  schedule->replayed(replay(Status::out_of_memory));
  EXPECT_TRUE(schedule->finished());
  EXPECT_THAT(statuses(), ElementsAre("answered", "answered", "answered"));
  EXPECT_THAT(schedule->take_notes(),
              ElementsAre("out-of-memory that could not be reproduced, with case/1, case/2 "
                          "unanswered: boom"));
}

TEST_F(ReplayTest, CanBePutBack) {
  const Task task = replay(Status::crash);
  schedule->put_back(task);
  EXPECT_FALSE(schedule->finished());
  EXPECT_TRUE(schedule->waiting());
  schedule->replayed(next(Kind::replay));
  EXPECT_TRUE(schedule->finished());
}

TEST_F(ScheduleTest, ATimeoutOfTheOnlyCaseIsReplayed) {
  make(2);
  answer(next(Kind::ordinary), 0);
  fail(next(Kind::ordinary), {1}, {0, 1}, Status::timeout);
  answer(next(Kind::alone), 1);
  const Task again = next(Kind::replay);
  EXPECT_THAT(again.sequence, ElementsAre(0, 1));
  fail(again, {1}, {0, 1}, Status::timeout);
  EXPECT_THAT(statuses(), ElementsAre("answered", "state-dependent"));
}

// The case that is replayed was a suspect of a larger incident, which waits for
// it and needs no replay of its own then.
TEST_F(ScheduleTest, IncidentsWaitForEachOther) {
  make(3);
  const Task task = next(Kind::ordinary);
  schedule->next_ordinary();
  schedule->next_ordinary();
  fail(task, {0, 1, 2}, {0, 1, 2});
  answer(next(Kind::alone), 0);
  fail(next(Kind::alone), {1}, {0, 1});
  answer(next(Kind::alone), 1);  // fresh: so it depends on state
  answer(next(Kind::alone), 2);
  EXPECT_TRUE(schedule->finished());
  EXPECT_THAT(statuses(), ElementsAre("answered", "state-dependent", "answered"));
  EXPECT_THAT(schedule->take_notes(), IsEmpty());
}

TEST_F(ScheduleTest, AnsweredTwiceSentAhead) {
  make(2);
  const Task task = next(Kind::ordinary);
  schedule->next_ordinary();
  answer(task, 0);
  answered_twice(task, 0, false, {1}, {0, 1});
  EXPECT_EQ(schedule->settled(), 0u);  // both are open again
  answer(next(Kind::alone), 1);
  answer(next(Kind::alone), 0);
  EXPECT_TRUE(schedule->finished());
  EXPECT_THAT(statuses(), ElementsAre("adapter-error", "answered"));
}

TEST_F(ScheduleTest, AnsweredTwiceAlone) {
  make(1);
  const Task task = next(Kind::ordinary);
  answer(task, 0);
  answered_twice({}, 0, true, {}, {0});
  EXPECT_TRUE(schedule->finished());
  EXPECT_THAT(statuses(), ElementsAre("adapter-error"));
}

// Case 1 answers with the id of case 0, which is innocent.
TEST_F(ScheduleTest, AnsweredWithTheIdOfAnother) {
  make(2);
  const Task task = next(Kind::ordinary);
  schedule->next_ordinary();
  fail(task, {0, 1}, {0, 1});
  answer(next(Kind::alone), 0);
  answered_twice(next(Kind::alone), 0, true, {1}, {0, 1});
  const Task alone = next(Kind::alone);
  EXPECT_EQ(alone.job, 1u);
  EXPECT_TRUE(alone.fresh);
  fail(alone, {1}, {1}, Status::adapter_error);
  EXPECT_TRUE(schedule->finished());
  EXPECT_THAT(statuses(), ElementsAre("answered", "adapter-error"));
}

TEST_F(ScheduleTest, GivesUpAfterFailuresInARow) {
  options.give_up_after = 2;
  make(6);
  fail(next(Kind::ordinary), {0}, {0});
  answer(next(Kind::ordinary), 1);
  fail(next(Kind::ordinary), {2}, {2});
  EXPECT_FALSE(schedule->finished());
  const Task other = next(Kind::ordinary);  // another worker has 3
  fail(next(Kind::ordinary), {4}, {4});
  EXPECT_TRUE(schedule->finished());
  EXPECT_FALSE(schedule->waiting());
  fail(other, {3}, {3});  // comes too late, and does no harm
  EXPECT_TRUE(schedule->finished());
  EXPECT_THAT(statuses(),
              ElementsAre("crash", "answered", "crash", "adapter-error", "crash", "adapter-error"));
  EXPECT_EQ(observations[5].detail,
            "not tried: 2 cases in a row had failed, the last with crash: boom");
}

TEST_F(ScheduleTest, RechecksComeLastAndBackwards) {
  options.recheck = [](const Observation& each) { return each.index != 1; };
  make(4);
  for (std::size_t i = 0; i < 4; ++i) answer(next(Kind::ordinary), i);
  EXPECT_FALSE(schedule->finished());
  const Task third = next(Kind::recheck);
  EXPECT_EQ(third.job, 3u);
  answer(third, 3, "2");
  const Task second = next(Kind::recheck);
  EXPECT_EQ(second.job, 2u);
  fail(second, {2}, {3, 2});
  const Task first = next(Kind::recheck);
  EXPECT_EQ(first.job, 0u);
  EXPECT_FALSE(schedule->finished());
  fail(first, {0}, {0}, Status::timeout);  // the machine may be busy: only noted
  EXPECT_TRUE(schedule->finished());
  EXPECT_THAT(statuses(),
              ElementsAre("answered", "answered", "state-dependent", "state-dependent"));
  EXPECT_EQ(observations[2].detail, "first the value 1, then crash: boom");
  EXPECT_EQ(observations[3].detail, "first the value 1, then alone the value 2");
  EXPECT_THAT(schedule->take_notes(), ElementsAre("case/0 answered, and when asked again: boom"));
}

TEST_F(ScheduleTest, MessagesOfErrorsMayDiffer) {
  options.recheck = [](const Observation&) { return true; };
  make(1);
  const auto error = [&](const Task& task, const char* message) {
    Reply reply;
    reply.answer = {"case/0", ErrorAnswer{"TypeError", message, {}}};
    schedule->answered(task, std::move(reply));
  };
  error(next(Kind::ordinary), "object at 0x7f00");
  EXPECT_FALSE(schedule->finished());
  error(next(Kind::recheck), "object at 0x7f10");
  EXPECT_TRUE(schedule->finished());
  EXPECT_THAT(statuses(), ElementsAre("answered"));
}

TEST_F(ScheduleTest, NotesAreLimited) {
  make(1);
  for (int i = 0; i < 60; ++i) fail({}, {}, {});
  const std::vector<std::string> notes = schedule->take_notes();
  ASSERT_EQ(notes.size(), 51u);
  EXPECT_EQ(notes[0], "a worker misbehaved with nothing to do: boom");
  EXPECT_EQ(notes[50], "10 more notes");
}

}  // namespace
}  // namespace assay
