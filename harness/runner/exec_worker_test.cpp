#include "harness/runner/exec_worker.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace assay {
namespace {

using testing::HasSubstr;

Implementation shell(const std::string& script) {
  return {
      "script", {{"/bin/sh", "-c", script, "sh", "{file}"}, "", {}}, Implementation::Mode::exec};
}

std::vector<Job> make_jobs(const std::vector<std::string>& inputs, double seconds = 20) {
  std::vector<Job> jobs;
  for (const std::string& input : inputs) {
    Job job;
    job.request.id = "test/" + std::to_string(jobs.size());
    job.request.format = "pickle";
    job.request.data = input;
    job.seconds = seconds;
    jobs.push_back(job);
  }
  return jobs;
}

TEST(Exec, ReadsStatusAndStdout) {
  // The input is a script of its own: whatever a program can do, each as a case.
  const std::vector<Job> jobs = make_jobs({
      "echo \"{'a': 1}\"",
      "echo 'bad opcode'; exit 1",
      "exit 1",
      "echo 'no protocol 5'; exit 3",
      "exit 2",
      "kill -SEGV $$",
      "exit 0",
      "printf '\\303\\251'",
      "echo noise >&2; printf '&1 = [*1]\\n*1\\n\\n'",
      "exit 139",
      "cat; echo 1",
  });
  RunOptions options;
  options.jobs = 2;
  const RunReport report = run(shell(". \"$1\""), jobs, options);
  const auto& seen = report.observations;
  ASSERT_EQ(seen.size(), jobs.size());
  const auto answer = [&](std::size_t i) {
    EXPECT_TRUE(seen[i].answer) << i << seen[i].detail;
    return seen[i].answer ? seen[i].answer->outcome : UnsupportedAnswer{"none"};
  };
  EXPECT_EQ(answer(0), (AnswerOutcome{ValueAnswer{"{'a': 1}", {}}}));
  EXPECT_EQ(answer(1), (AnswerOutcome{ErrorAnswer{"", "bad opcode", {}}}));
  EXPECT_EQ(answer(2), (AnswerOutcome{ErrorAnswer{"", "", {}}}));
  EXPECT_EQ(seen[3].status, Status::unsupported);
  EXPECT_EQ(answer(3), (AnswerOutcome{UnsupportedAnswer{"no protocol 5"}}));
  EXPECT_EQ(name(seen[4].status), "crash");
  EXPECT_EQ(seen[4].detail, "exited with status 2");
  EXPECT_EQ(name(seen[5].status), "crash");
  EXPECT_EQ(seen[5].detail, "killed by SIGSEGV");
  EXPECT_EQ(name(seen[6].status), "adapter-error");
  EXPECT_EQ(name(seen[7].status), "adapter-error");
  EXPECT_THAT(seen[7].detail, HasSubstr("\\xc3\\xa9"));
  EXPECT_EQ(answer(8), (AnswerOutcome{ValueAnswer{"&1 = [*1]\n*1", {}}}));
  EXPECT_EQ(name(seen[9].status), "crash");                      // as a shell reports a signal
  EXPECT_EQ(answer(10), (AnswerOutcome{ValueAnswer{"1", {}}}));  // stdin is at its end
}

TEST(Exec, LimitsTimeMemoryAndOutput) {
  const std::vector<Job> jobs = make_jobs({"trap '' TERM; sleep 1000; echo 1", "echo 2",
                                           "dd if=/dev/zero bs=300M count=1 of=/dev/stdout "
                                           "2>/dev/null | sleep 1000",
                                           "cat /dev/zero", "yes x", "echo 3"},
                                          2);
  RunOptions options;
  options.memory_limit = std::uint64_t{200} << 20;
  options.max_line = 1 << 20;
  const RunReport report = run(shell(". \"$1\""), jobs, options);
  const auto& seen = report.observations;
  EXPECT_EQ(name(seen[0].status), "timeout") << seen[0].detail;
  EXPECT_EQ(name(seen[1].status), "answered");
  EXPECT_EQ(name(seen[2].status), "out-of-memory") << seen[2].detail;
  EXPECT_EQ(name(seen[3].status), "adapter-error") << seen[3].detail;
  EXPECT_EQ(name(seen[4].status), "adapter-error") << seen[4].detail;
  EXPECT_EQ(name(seen[5].status), "answered");
}

TEST(Exec, WhatItCannotBeToldIsUnsupported) {
  std::vector<Job> jobs = make_jobs({"echo 1", "echo 1", "echo 1", "echo 1"});
  jobs[0].request.options["encoding"] = std::string("latin1");
  jobs[1].request.buffers = {"00"};
  jobs[2].request.op = "encode";
  const RunReport report = run(shell(". \"$1\""), jobs, {});
  for (int i = 0; i < 3; ++i) EXPECT_EQ(name(report.observations[i].status), "unsupported") << i;
  EXPECT_EQ(name(report.observations[3].status), "answered");
}

TEST(Exec, APathOfTheCaseIsGivenAsItIs) {
  std::vector<Job> jobs = make_jobs({""});
  jobs[0].request.op = "read";
  jobs[0].request.path = "/some where/x";
  const RunReport report = run(shell("echo \"'$1'\""), jobs, {});
  ASSERT_TRUE(report.observations[0].answer);
  EXPECT_EQ(report.observations[0].answer->outcome,
            (AnswerOutcome{ValueAnswer{"'/some where/x'", {}}}));
}

TEST(Exec, GivesUp) {
  std::vector<Job> jobs = make_jobs(std::vector<std::string>(20, "exit 9"));
  RunOptions options;
  options.give_up_after = 4;
  RunReport report = run(shell(". \"$1\""), jobs, options);
  for (std::size_t i = 0; i < jobs.size(); ++i) {
    EXPECT_EQ(name(report.observations[i].status), i < 4 ? "crash" : "adapter-error");
  }
  const Implementation missing{
      "missing", {{"/nonexistent/program", "{file}"}, "", {}}, Implementation::Mode::exec};
  report = run(missing, jobs, options);
  for (const Observation& seen : report.observations) {
    EXPECT_EQ(name(seen.status), "adapter-error");
    EXPECT_THAT(seen.detail, HasSubstr("cannot start"));
  }
}

}  // namespace
}  // namespace assay
