#include "harness/runner/worker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>

#include <cerrno>
#include <chrono>
#include <string>
#include <vector>

namespace assay {
namespace {

using std::chrono::steady_clock;
using testing::ElementsAre;
using testing::HasSubstr;

// Pumps until `done` or twenty seconds have passed.
template <typename Done>
bool pump_until(Worker& worker, Done done) {
  const auto deadline = steady_clock::now() + std::chrono::seconds(20);
  while (!done()) {
    if (steady_clock::now() > deadline) return false;
    std::vector<pollfd> fds;
    worker.add_polls(fds);
    ::poll(fds.data(), fds.size(), 10);
    worker.pump(fds);
  }
  return true;
}

Command shell(const std::string& script) {
  return {{"/bin/sh", "-c", script}, "", {}};
}

bool exists(pid_t pid) {
  return ::kill(pid, 0) == 0 || errno != ESRCH;
}

TEST(SplitCommand, QuotesLikeAShell) {
  EXPECT_THAT(split_command("a  b\tc").value(), ElementsAre("a", "b", "c"));
  EXPECT_THAT(split_command("a 'b \\ c' \"d \\\" e\\n\"").value(),
              ElementsAre("a", "b \\ c", "d \" e\\n"));
  EXPECT_THAT(split_command("a\\ b '' x'y'z").value(), ElementsAre("a b", "", "xyz"));
  EXPECT_FALSE(split_command(""));
  EXPECT_FALSE(split_command("  "));
  EXPECT_FALSE(split_command("'a"));
  EXPECT_FALSE(split_command("a\\"));
}

TEST(Worker, GivesLinesAndTheExitStatus) {
  Worker worker(1000);
  ASSERT_FALSE(worker.start(shell("read x; echo \"got $x\"; printf half; exit 7"), 0));
  worker.send("one\n");
  std::vector<std::string> lines;
  ASSERT_TRUE(pump_until(worker, [&] {
    while (const auto line = worker.next_line()) lines.emplace_back(*line);
    return worker.poll_exit().has_value();
  }));
  worker.drain();
  while (const auto line = worker.next_line()) lines.emplace_back(*line);
  EXPECT_THAT(lines, ElementsAre("got one"));
  EXPECT_EQ(worker.partial_line(), "half");
  EXPECT_EQ(describe(*worker.poll_exit()), "exited with status 7");
  EXPECT_FALSE(worker.running());
}

TEST(Worker, NamesTheSignal) {
  for (const auto& [signal, text] :
       {std::pair{"SEGV", "killed by SIGSEGV"}, std::pair{"KILL", "killed by SIGKILL"},
        std::pair{"PIPE", "killed by SIGPIPE"}}) {
    Worker worker(1000);
    ASSERT_FALSE(worker.start(shell(std::string("kill -") + signal + " $$"), 0));
    ASSERT_TRUE(pump_until(worker, [&] { return worker.poll_exit().has_value(); }));
    EXPECT_EQ(describe(*worker.poll_exit()), text);
  }
}

TEST(Worker, ReportsWhatCannotBeStarted) {
  Worker worker(1000);
  EXPECT_THAT(worker.start({{"/nonexistent/adapter"}, "", {}}, 0).value_or(""),
              HasSubstr("cannot start /nonexistent/adapter: No such file"));
  EXPECT_TRUE(worker.start({{}, "", {}}, 0));
  EXPECT_TRUE(worker.start({{"/bin/sh"}, "/nonexistent", {}}, 0));
  EXPECT_FALSE(worker.running());
}

TEST(Worker, SetsDirectoryAndEnvironment) {
  Worker worker(1000);
  Command command = shell("pwd; echo \"$ASSAY_TEST_WORD-${HOME:+home}\"");
  command.directory = "/";
  command.environment = {{"ASSAY_TEST_WORD", "word"}, {"HOME", "/x"}};
  ASSERT_FALSE(worker.start(command, 0));
  std::vector<std::string> lines;
  ASSERT_TRUE(pump_until(worker, [&] {
    while (const auto line = worker.next_line()) lines.emplace_back(*line);
    return worker.output_ended();
  }));
  EXPECT_THAT(lines, ElementsAre("/", "word-home"));
}

TEST(Worker, KillsTheWholeGroupAndLeavesNoZombie) {
  Worker worker(1000);
  ASSERT_FALSE(worker.start(shell("trap '' TERM; sleep 1000 & echo $!; wait"), 0));
  pid_t grandchild = 0;
  ASSERT_TRUE(pump_until(worker, [&] {
    if (const auto line = worker.next_line()) grandchild = std::stoi(std::string(*line));
    return grandchild != 0;
  }));
  const pid_t child = worker.pid();
  ASSERT_TRUE(exists(child));
  worker.kill();
  EXPECT_FALSE(exists(child));  // reaped, so not even a zombie is left
  EXPECT_EQ(::waitpid(child, nullptr, WNOHANG), -1);
  // The grandchild is reaped by init, some time after it was killed.
  const auto deadline = steady_clock::now() + std::chrono::seconds(20);
  const auto gone = [&] {
    const std::string path = "/proc/" + std::to_string(grandchild) + "/stat";
    std::FILE* file = std::fopen(path.c_str(), "r");
    char state = 'X';
    if (file) {
      if (std::fscanf(file, "%*d %*s %c", &state) != 1) state = 'X';
      std::fclose(file);
    }
    return state == 'X' || state == 'Z';
  };
  while (!gone() && steady_clock::now() < deadline) ::usleep(10000);
  EXPECT_TRUE(gone());
}

TEST(Worker, KeepsTheTailOfStderr) {
  Worker worker(1000);
  ASSERT_FALSE(worker.start(
      shell(
          "i=0; while [ $i -lt 3000 ]; do echo \"a line of some forty characters, number $i\" >&2;"
          " i=$((i+1)); done; echo last >&2; echo done"),
      0));
  ASSERT_TRUE(pump_until(worker, [&] { return worker.poll_exit().has_value(); }));
  worker.drain();
  EXPECT_EQ(worker.next_line().value_or(""), "done");
  EXPECT_EQ(worker.errors().size(), 65536u);
  EXPECT_TRUE(worker.errors().ends_with("number 2999\nlast\n"));
}

TEST(Worker, WritingToADeadChildIsHarmless) {
  Worker worker(1000);
  ASSERT_FALSE(worker.start(shell("exit 0"), 0));
  // Far more than a pipe holds, so that some of it is written after the end.
  worker.send(std::string(std::size_t{4} << 20, 'x'));
  ASSERT_TRUE(pump_until(worker, [&] { return worker.input_closed(); }));
  ASSERT_TRUE(pump_until(worker, [&] { return worker.poll_exit().has_value(); }));
  EXPECT_EQ(describe(*worker.poll_exit()), "exited with status 0");
}

TEST(Worker, NoticesThatStdinWasClosed) {
  Worker worker(1000);
  ASSERT_FALSE(worker.start(shell("exec 0<&-; echo closed; sleep 1000"), 0));
  ASSERT_TRUE(pump_until(worker, [&] { return worker.input_closed(); }));
  EXPECT_TRUE(worker.running());
}

TEST(Worker, GivesUpALineWithoutEnd) {
  Worker worker(100000);
  ASSERT_FALSE(worker.start(shell("exec cat /dev/zero"), 0));
  ASSERT_TRUE(pump_until(worker, [&] { return worker.line_too_long(); }));
  EXPECT_LT(worker.partial_line().size(), 1000000u);
}

TEST(Worker, AddsUpTheMemoryOfDescendants) {
  Worker worker(1000);
  // A shell whose child holds 64 MiB: dd reads one block of that size.
  ASSERT_FALSE(worker.start(
      shell("(dd if=/dev/zero bs=64M count=1 of=/dev/stdout 2>/dev/null | sleep 1000); echo"), 0));
  ASSERT_TRUE(
      pump_until(worker, [&] { return worker.resident_bytes() > std::uint64_t{64} << 20; }));
}

TEST(Worker, AddressSpaceCanBeLimited) {
  Worker worker(1000);
  ASSERT_FALSE(worker.start(shell("read x; dd if=/dev/zero of=/dev/null bs=512M count=1; echo $?"),
                            std::uint64_t{256} << 20));
  worker.send("go\n");  // the limit is set after the start
  ASSERT_TRUE(pump_until(worker, [&] { return worker.poll_exit().has_value(); }));
  worker.drain();
  EXPECT_EQ(worker.next_line().value_or(""), "1");
}

}  // namespace
}  // namespace assay
