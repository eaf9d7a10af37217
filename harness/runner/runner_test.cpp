// The harness tests itself: a faulty adapter (faulty/faulty_adapter.cpp) for
// every way to misbehave that we could think of. Of each: the case at fault gets
// the right status, every other case is answered, and the run ends in time.
//
// Time limits here are long enough for a busy machine; nothing asserts that
// something is fast, but that it ends.
#include "harness/runner/runner.h"
#include "harness/runner/session.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <filesystem>
#include <initializer_list>
#include <string>
#include <thread>
#include <vector>

namespace assay {
namespace {

using testing::Contains;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr std::size_t culprit = 23;
constexpr double bound_seconds = 100;

std::vector<Job> make_jobs(std::size_t count = 50, double seconds = 20) {
  std::vector<Job> jobs(count);
  for (std::size_t i = 0; i < count; ++i) {
    jobs[i].request.id = fmt::format("test/case-{}", i);
    jobs[i].request.format = "pickle";
    jobs[i].request.data = i == culprit ? "culprit" : fmt::format("case {}", i);
    jobs[i].seconds = seconds;
  }
  return jobs;
}

Implementation faulty(const std::string& fault, unsigned window = 8, const std::string& file = "") {
  return {fault,
          {{ASSAY_BIN_DIR "/faulty_adapter", fault, std::to_string(window), file}, "", {}},
          Implementation::Mode::adapter};
}

RunOptions quick() {
  RunOptions options;
  options.hello_seconds = 20;
  options.bye_seconds = 20;
  options.run_seconds = bound_seconds;
  return options;
}

std::string right_value(const Job& job) {
  std::string text = "'";
  append_hex(job.request.data, text);
  return text + "'";
}

// Whether a case was answered as it should be.
void expect_right(const RunReport& report, const std::vector<Job>& jobs, std::size_t i) {
  const Observation& seen = report.observations[i];
  EXPECT_EQ(name(seen.status), "answered") << jobs[i].request.id << ": " << seen.detail;
  ASSERT_TRUE(seen.answer) << jobs[i].request.id;
  EXPECT_EQ(seen.answer->id, jobs[i].request.id);
  const auto* value = std::get_if<ValueAnswer>(&seen.answer->outcome);
  ASSERT_TRUE(value) << jobs[i].request.id;
  EXPECT_EQ(*value, (ValueAnswer{right_value(jobs[i]), jobs[i].request.data.size()}));
}

void expect_others_right(const RunReport& report, const std::vector<Job>& jobs) {
  ASSERT_EQ(report.observations.size(), jobs.size());
  EXPECT_LT(report.seconds, bound_seconds);
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    EXPECT_EQ(report.observations[i].index, i);
    if (i != culprit) expect_right(report, jobs, i);
  }
}

// Runs the check of every item at the same time: most of what the runner does to a
// faulty adapter is to wait.
template <typename Item, typename Check>
void at_once(std::initializer_list<Item> items, Check check) {
  std::vector<std::jthread> threads;
  for (const Item& item : items) threads.emplace_back([&check, item] { check(item); });
}

std::string test_name(std::string fault) {
  std::replace(fault.begin(), fault.end(), '-', '_');
  return fault;
}

struct Fault {
  const char* name;
  const char* status;
  const char* detail;
  double seconds = 20;  // limit of a case
  unsigned mebibytes = 2000;
};

void PrintTo(const Fault& fault, std::ostream* out) {
  *out << fault.name;
}

// Every fault of one case, sent ahead and one by one, with one worker and two.
class FaultOfOneCase : public testing::TestWithParam<Fault> {
 protected:
  void check(unsigned window, unsigned workers) {
    const std::vector<Job> jobs = make_jobs(50, GetParam().seconds);
    RunOptions options = quick();
    options.jobs = workers;
    options.memory_limit = std::uint64_t{GetParam().mebibytes} << 20;
    options.max_line = std::size_t{4} << 20;
    const RunReport report = run(faulty(GetParam().name, window), jobs, options);
    expect_others_right(report, jobs);
    const Observation& seen = report.observations[culprit];
    EXPECT_EQ(name(seen.status), GetParam().status) << seen.detail;
    EXPECT_THAT(seen.detail, HasSubstr(GetParam().detail));
    EXPECT_FALSE(seen.answer);
  }
};

TEST_P(FaultOfOneCase, IsFound) {
  const auto sent_ahead = std::pair{8u, 1u}, one_by_one = std::pair{1u, 1u},
             two_workers = std::pair{64u, 2u};
  at_once({sent_ahead, one_by_one, two_workers},
          [this](const auto& how) { check(how.first, how.second); });
}

INSTANTIATE_TEST_SUITE_P(
    Runner, FaultOfOneCase,
    testing::Values(
        Fault{"segv", "crash", "killed by SIGSEGV"}, Fault{"abort", "crash", "killed by SIGABRT"},
        Fault{"kill", "crash", "killed by SIGKILL"},
        Fault{"reverse-segv", "crash", "killed by SIGSEGV"},
        Fault{"exit-0", "crash", "exited with status 0 without answering"},
        Fault{"exit-1", "crash", "exited with status 1 without answering; stderr: Traceback: boom"},
        Fault{"half-line", "crash", "in the middle of a line: {\"id\":"},
        Fault{"grandchild", "crash", "exited with status 0"},
        Fault{"grandchild-escapes", "crash", "exited with status 0"},
        Fault{"hang", "timeout", "no answer in 2 s", 2},
        Fault{"spin", "timeout", "no answer in 2 s", 2},
        Fault{"ignore-term", "timeout", "no answer in 2 s", 2},
        Fault{"half-line-hang", "timeout", "no answer in 2 s", 2},
        Fault{"flood", "adapter-error", "too-long: a line of more than 4194304 bytes"},
        Fault{"flood-lines", "adapter-error", "not-json"},
        Fault{"huge", "adapter-error", "too-long"},
        Fault{"garbage", "adapter-error", "Segmentation fault (just kidding)"},
        Fault{"wrong-id", "adapter-error", "unknown-id"},
        Fault{"previous-id", "adapter-error", "unknown-id"},
        Fault{"no-id", "adapter-error", "missing: no id"},
        Fault{"no-outcome", "adapter-error", "missing: none of value"},
        Fault{"non-ascii", "adapter-error", "not-ascii"},
        Fault{"nested", "adapter-error", "nested"}, Fault{"not-json", "adapter-error", "not-json"},
        Fault{"eat-memory", "out-of-memory", "more than 200 MiB", 20, 200},
        Fault{"close-stdout", "adapter-error", "closed its stdout"},
        Fault{"close-stdin", "adapter-error", "closed its stdin"}),
    [](const auto& fault) { return test_name(fault.param.name); });

// What is odd, and allowed.
class Legal : public testing::TestWithParam<const char*> {};

TEST_P(Legal, IsAnswered) {
  const std::vector<Job> jobs = make_jobs();
  const RunReport report = run(faulty(GetParam()), jobs, quick());
  expect_others_right(report, jobs);
  expect_right(report, jobs, culprit);
  EXPECT_THAT(report.notes, IsEmpty());
  EXPECT_EQ(report.restarts, 0u);
  ASSERT_TRUE(report.hello);
  EXPECT_EQ(report.hello->implementation, "faulty");
}

INSTANTIATE_TEST_SUITE_P(Runner, Legal, testing::Values("none", "reverse", "stderr", "slow"),
                         [](const auto& fault) { return test_name(fault.param); });

TEST(Runner, AnAnswerOfFiftyMegabytesIsLegal) {
  const std::vector<Job> jobs = make_jobs(50, 60);
  const RunReport report = run(faulty("huge"), jobs, quick());
  expect_others_right(report, jobs);
  const Observation& seen = report.observations[culprit];
  ASSERT_EQ(name(seen.status), "answered") << seen.detail;
  EXPECT_EQ(std::get<ValueAnswer>(seen.answer->outcome).text.size(), 50000002u);
}

TEST(Runner, ErrorsAndUnsupportedAreAnswers) {
  const std::vector<Job> jobs = make_jobs();
  RunReport report = run(faulty("error"), jobs, quick());
  expect_others_right(report, jobs);
  EXPECT_EQ(report.observations[culprit].status, Status::answered);
  EXPECT_EQ(report.observations[culprit].answer->outcome,
            (AnswerOutcome{ErrorAnswer{"ValueError", "m", {}}}));
  report = run(faulty("unsupported"), jobs, quick());
  expect_others_right(report, jobs);
  EXPECT_EQ(report.observations[culprit].status, Status::unsupported);
  EXPECT_EQ(report.observations[culprit].answer->outcome,
            (AnswerOutcome{UnsupportedAnswer{"never"}}));
}

// An answer without its newline is none until the newline of the next arrives,
// and then the line is broken.
TEST(Runner, AMissingNewlineIsFound) {
  at_once({1u, 8u}, [](unsigned window) {
    const std::vector<Job> jobs = make_jobs(50, 2);
    const RunReport report = run(faulty("no-newline", window), jobs, quick());
    expect_others_right(report, jobs);
    EXPECT_EQ(name(report.observations[culprit].status), "timeout");
  });
}

TEST(Runner, AnAnswerGivenTwiceIsBlamedOnItsCase) {
  at_once({"duplicate", "late-duplicate"}, [](const char* fault) {
    for (const unsigned window : {1u, 8u, 64u}) {
      const std::vector<Job> jobs = make_jobs();
      const RunReport report = run(faulty(fault, window), jobs, quick());
      expect_others_right(report, jobs);
      const Observation& seen = report.observations[culprit];
      EXPECT_EQ(name(seen.status), "adapter-error") << fault << window;
      EXPECT_THAT(seen.detail, HasSubstr("answered-twice: test/case-23"));
    }
  });
}

TEST(Runner, AdapterThatAnswersEverythingTwiceEnds) {
  const std::vector<Job> jobs = make_jobs();
  const RunReport report = run(faulty("duplicate-always"), jobs, quick());
  EXPECT_LT(report.seconds, bound_seconds);
  for (const Observation& seen : report.observations) {
    EXPECT_EQ(name(seen.status), "adapter-error") << seen.index;
  }
}

// The case after the culprit dies, each time: it is right alone.
TEST(Runner, ACrashBetweenCasesLosesNothing) {
  at_once({1u, 8u}, [](unsigned window) {
    const std::vector<Job> jobs = make_jobs();
    const RunReport report = run(faulty("crash-after", window), jobs, quick());
    std::size_t dependent = 0;
    for (std::size_t i = 0; i < jobs.size(); ++i) {
      const Observation& seen = report.observations[i];
      dependent += seen.status == Status::state_dependent;
      if (seen.status != Status::state_dependent) expect_right(report, jobs, i);
      ASSERT_TRUE(seen.answer) << i;
      EXPECT_EQ(std::get<ValueAnswer>(seen.answer->outcome).text, right_value(jobs[i]));
    }
    expect_right(report, jobs, culprit);
    EXPECT_LE(dependent, 1u);
    EXPECT_TRUE(dependent == 1 || !report.notes.empty());
  });
}

TEST(Runner, ACaseThatFailsOnlyAfterOthersIsStateDependent) {
  struct Way {
    const char *fault, *cause;
    unsigned window;
  };
  at_once({Way{"state-crash", "crash after ", 1}, Way{"state-crash", "crash after ", 8},
           Way{"state-hang", "timeout after ", 1}, Way{"state-hang", "timeout after ", 8}},
          [](const Way& way) {
            const std::vector<Job> jobs = make_jobs(50, 2);
            const RunReport report = run(faulty(way.fault, way.window), jobs, quick());
            expect_others_right(report, jobs);
            const Observation& seen = report.observations[culprit];
            EXPECT_EQ(name(seen.status), "state-dependent") << way.fault << way.window;
            EXPECT_THAT(seen.detail, HasSubstr(way.cause));
            EXPECT_THAT(seen.detail, HasSubstr("but it answers alone"));
            ASSERT_TRUE(seen.answer);
            EXPECT_EQ(std::get<ValueAnswer>(seen.answer->outcome).text, right_value(jobs[culprit]));
          });
}

// A file that does not exist yet, removed at the end.
struct Once {
  std::string path = (std::filesystem::temp_directory_path() /
                      fmt::format("assay-once-{}-{}", ::getpid(), count.fetch_add(1)))
                         .string();
  Once() { std::remove(path.c_str()); }
  ~Once() { std::remove(path.c_str()); }
  static inline std::atomic<int> count = 0;
};

TEST(Runner, AHangThatHappensOnceIsNoted) {
  at_once({1u, 8u}, [](unsigned window) {
    const Once once;
    const std::vector<Job> jobs = make_jobs(50, 2);
    const RunReport report = run(faulty("hang-once", window, once.path), jobs, quick());
    expect_others_right(report, jobs);
    expect_right(report, jobs, culprit);
    EXPECT_THAT(report.notes, Contains(HasSubstr("could not be reproduced")));
  });
}

// With one case outstanding it was certainly this one, and the second time it
// answers: state-dependent by definition. With several it cannot be known.
TEST(Runner, ACrashThatHappensOnce) {
  at_once({1u, 8u}, [](unsigned window) {
    const Once once;
    const std::vector<Job> jobs = make_jobs();
    const RunReport report = run(faulty("crash-once", window, once.path), jobs, quick());
    expect_others_right(report, jobs);
    const Observation& seen = report.observations[culprit];
    ASSERT_TRUE(seen.answer);
    EXPECT_EQ(std::get<ValueAnswer>(seen.answer->outcome).text, right_value(jobs[culprit]));
    const bool dependent = seen.status == Status::state_dependent;
    if (window == 1) {
      EXPECT_TRUE(dependent) << name(seen.status);
    }
    if (!dependent) {
      EXPECT_THAT(report.notes, Contains(HasSubstr("could not be reproduced")));
    }
  });
}

TEST(Runner, MemoryLeakedCaseByCaseIsNoCasesFault) {
  const std::vector<Job> jobs = make_jobs(50, 20);
  RunOptions options = quick();
  options.memory_limit = std::uint64_t{200} << 20;
  // Each case keeps 10 MiB: a process is good for some twenty.
  const RunReport report = run(faulty("leak", 1), jobs, options);
  EXPECT_GE(report.restarts, 1u);
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    const Observation& seen = report.observations[i];
    EXPECT_TRUE(seen.status == Status::answered || seen.status == Status::state_dependent)
        << name(seen.status) << ": " << seen.detail;
    ASSERT_TRUE(seen.answer) << i;
    EXPECT_EQ(std::get<ValueAnswer>(seen.answer->outcome).text, right_value(jobs[i]));
  }
}

TEST(Runner, AnotherAnswerTheSecondTimeIsFoundByAskingAgain) {
  const std::vector<Job> jobs = make_jobs();
  RunOptions options = quick();
  const RunReport once = run(faulty("different"), jobs, options);
  expect_others_right(once, jobs);
  EXPECT_EQ(name(once.observations[culprit].status), "answered");
  std::atomic<int> asked = 0;
  options.recheck = [&asked](const Observation& seen) {
    ++asked;
    return seen.index % 2 == 1;
  };
  for (const unsigned workers : {1u, 2u}) {
    options.jobs = workers;
    const RunReport twice = run(faulty("different"), jobs, options);
    expect_others_right(twice, jobs);
    const Observation& seen = twice.observations[culprit];
    EXPECT_EQ(name(seen.status), "state-dependent");
    EXPECT_THAT(seen.detail, HasSubstr("then alone the value"));
    EXPECT_THAT(twice.notes, IsEmpty());
  }
  EXPECT_EQ(asked, 100);
  // The caller decides what is the same.
  options.same = [](std::size_t, const AnswerOutcome&, const AnswerOutcome&) { return true; };
  const RunReport same = run(faulty("different"), jobs, options);
  EXPECT_EQ(name(same.observations[culprit].status), "answered");
}

class NeverComesUp : public testing::TestWithParam<std::pair<const char*, const char*>> {};

TEST_P(NeverComesUp, EveryCaseIsAnAdapterError) {
  const std::vector<Job> jobs = make_jobs();
  RunOptions options = quick();
  options.hello_seconds = 2;
  at_once({1u, 2u}, [&jobs, &options](unsigned workers) {
    RunOptions mine = options;
    mine.jobs = workers;
    const RunReport report = run(faulty(GetParam().first), jobs, mine);
    EXPECT_LT(report.seconds, bound_seconds / 2);
    ASSERT_EQ(report.observations.size(), jobs.size());
    for (const Observation& seen : report.observations) {
      EXPECT_EQ(name(seen.status), "adapter-error");
      EXPECT_THAT(seen.detail, HasSubstr(GetParam().second));
    }
    const std::string_view fault = GetParam().first;
    if (!fault.starts_with("early")) {  // those answer hello first
      EXPECT_THAT(report.not_started, HasSubstr(GetParam().second));
      EXPECT_FALSE(report.hello);
    }
  });
}

INSTANTIATE_TEST_SUITE_P(
    Runner, NeverComesUp,
    testing::Values(std::pair{"dead-at-start",
                              "exited with status 1 before hello; stderr: no interpreter found"},
                    std::pair{"no-hello", "no answer to hello in 2 s"},
                    std::pair{"wrong-version", "wrong-version: the adapter speaks protocol 2"},
                    std::pair{"refuses", "wrong-version: ProtocolError"},
                    std::pair{"banner", "Welcome to the adapter!"},
                    std::pair{"early-answer", "unknown-id"},
                    std::pair{"early-garbage", "not-json"}),
    [](const auto& way) { return test_name(way.param.first); });

TEST(Runner, WhatCannotBeStartedIsAnAdapterError) {
  const std::vector<Job> jobs = make_jobs();
  const Implementation missing{"missing", {{"/nonexistent/adapter"}, "", {}}};
  for (const Observation& seen : run(missing, jobs, quick()).observations) {
    EXPECT_EQ(name(seen.status), "adapter-error");
    EXPECT_THAT(seen.detail, HasSubstr("cannot start /nonexistent/adapter"));
  }
  EXPECT_THAT(run(missing, jobs, quick()).not_started, HasSubstr("/nonexistent/adapter"));
}

TEST(Runner, AFailedStartIsTriedAgain) {
  const Once once;
  const std::vector<Job> jobs = make_jobs();
  const RunReport report = run(faulty("dead-at-start-once", 8, once.path), jobs, quick());
  expect_others_right(report, jobs);
  expect_right(report, jobs, culprit);
}

TEST(Runner, GivesUpWhereEveryCaseFails) {
  at_once({std::pair{"crash-always", "crash"}, std::pair{"hang-always", "timeout"}},
          [](const auto& way) {
            const auto& [fault, status] = way;
            const std::vector<Job> jobs = make_jobs(50, 1);
            RunOptions options = quick();
            options.give_up_after = 5;
            options.give_up_silent = 100;
            const RunReport report = run(faulty(fault), jobs, options);
            EXPECT_LT(report.seconds, bound_seconds);
            for (const Observation& seen : report.observations) {
              if (seen.index < 5) {
                EXPECT_EQ(name(seen.status), status);
              } else {
                EXPECT_EQ(name(seen.status), "adapter-error");
                EXPECT_THAT(seen.detail, HasSubstr("not tried: 5 cases in a row had failed"));
              }
            }
          });
}

// One that forgets to flush, say: nobody waits for each of thousands of cases.
TEST(Runner, GivesUpSoonWhereNothingIsEverAnswered) {
  const std::vector<Job> jobs = make_jobs(50, 1);
  const RunReport report = run(faulty("hang-always", 1), jobs, quick());
  for (const Observation& seen : report.observations) {
    EXPECT_EQ(name(seen.status), seen.index < 3 ? "timeout" : "adapter-error");
    if (seen.index >= 3) {
      EXPECT_THAT(seen.detail, HasSubstr("an answer must be flushed at once"));
    }
  }
}

TEST(Runner, EveryCaseCanCrash) {
  const std::vector<Job> jobs = make_jobs();
  const RunReport report = run(faulty("crash-always"), jobs, quick());
  for (const Observation& seen : report.observations) EXPECT_EQ(name(seen.status), "crash");
}

TEST(Runner, AdapterThatEndsAfterEachAnswerEnds) {
  at_once({1u, 8u}, [](unsigned window) {
    const std::vector<Job> jobs = make_jobs();
    const RunReport report = run(faulty("exit-after-each", window), jobs, quick());
    EXPECT_LT(report.seconds, bound_seconds);
    for (const Observation& seen : report.observations) {
      EXPECT_TRUE(seen.status == Status::answered || seen.status == Status::state_dependent)
          << name(seen.status) << ": " << seen.detail;
      ASSERT_TRUE(seen.answer);
      EXPECT_EQ(std::get<ValueAnswer>(seen.answer->outcome).text, right_value(jobs[seen.index]));
    }
  });
}

TEST(Runner, BadMannersAfterByeAreNoted) {
  at_once({std::pair{"stays-after-bye", "still running 1 s after bye"},
           std::pair{"crash-after-bye", "after bye: killed by SIGSEGV"},
           std::pair{"talks-after-bye", "goodbye"}},
          [](const auto& way) {
            const auto& [fault, text] = way;
            const std::vector<Job> jobs = make_jobs();
            RunOptions options = quick();
            options.bye_seconds = 1;
            const RunReport report = run(faulty(fault), jobs, options);
            expect_others_right(report, jobs);
            expect_right(report, jobs, culprit);
            EXPECT_THAT(report.notes, Contains(HasSubstr(text)));
          });
}

TEST(Runner, TheWholeRunCanBeLimited) {
  const std::vector<Job> jobs = make_jobs(50, 100);
  RunOptions options = quick();
  options.run_seconds = 2;
  const RunReport report = run(faulty("hang"), jobs, options);
  EXPECT_LT(report.seconds, bound_seconds);
  for (std::size_t i = 0; i < culprit; ++i) expect_right(report, jobs, i);
  for (std::size_t i = culprit; i < jobs.size(); ++i) {
    EXPECT_EQ(name(report.observations[i].status), "skipped");
    EXPECT_EQ(report.observations[i].detail, "the run had taken 2 s");
  }
}

TEST(Runner, CanBeStopped) {
  const std::vector<Job> jobs = make_jobs(50, 100);
  std::atomic<bool> stop = false;
  RunOptions options = quick();
  options.stop = &stop;
  std::size_t most = 0;
  options.progress = [&](const Progress& progress) {
    most = std::max(most, progress.settled);
    EXPECT_EQ(progress.total, 50u);
    if (progress.settled == culprit && progress.seconds > 0.3) stop = true;
  };
  const RunReport report = run(faulty("hang"), jobs, options);
  EXPECT_LT(report.seconds, bound_seconds / 2);
  expect_right(report, jobs, 0);
  EXPECT_EQ(name(report.observations[culprit].status), "skipped");
}

TEST(Runner, NoCasesNoWork) {
  const RunReport report = run(faulty("none"), {}, quick());
  EXPECT_THAT(report.observations, IsEmpty());
}

// More than all pipes hold, both ways: nobody waits for the other for ever.
TEST(Runner, LargeCasesFlowBothWays) {
  std::vector<Job> jobs = make_jobs(40, 60);
  for (Job& job : jobs) job.request.data.resize(1000000, 'x');
  const RunReport report = run(faulty("none", 64), jobs, quick());
  for (std::size_t i = 0; i < jobs.size(); ++i) expect_right(report, jobs, i);
}

TEST(Greet, GivesTheHello) {
  const auto hello = greet(faulty("none", 17), quick());
  ASSERT_TRUE(std::holds_alternative<Hello>(hello)) << std::get<std::string>(hello);
  EXPECT_EQ(std::get<Hello>(hello).window, 17u);
}

TEST(Greet, GivesTheReason) {
  RunOptions options = quick();
  options.hello_seconds = 1;
  for (const auto& [fault, text] : {std::pair{"dead-at-start", "no interpreter found"},
                                    std::pair{"no-hello", "no answer to hello in 1 s"},
                                    std::pair{"wrong-version", "protocol 2"}}) {
    const auto hello = greet(faulty(fault), options);
    ASSERT_TRUE(std::holds_alternative<std::string>(hello)) << fault;
    EXPECT_THAT(std::get<std::string>(hello), HasSubstr(text));
  }
}

TEST(StderrTail, OfMuchShowsTheFirstLineAndTheEnd) {
  std::string errors = "Fatal error: no more stack\n";
  for (int i = 0; i < 500; ++i) errors += "  at line " + std::to_string(i) + "\n";
  const std::string shown = stderr_tail(errors);
  EXPECT_TRUE(shown.starts_with("Fatal error: no more stack\n[...]\n")) << shown;
  EXPECT_TRUE(shown.ends_with("  at line 499")) << shown;
  EXPECT_LT(shown.size(), 2300u);
  EXPECT_EQ(stderr_tail("one\ntwo\n"), "one\ntwo");
  EXPECT_LT(stderr_tail(std::string(100000, 'x')).size(), 2300u) << "a line without an end";
}

}  // namespace
}  // namespace assay
