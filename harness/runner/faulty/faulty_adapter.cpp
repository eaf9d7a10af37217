// An adapter that is right about every case but one, with a fault that is
// chosen on its command line: `faulty_adapter FAULT [WINDOW [FILE]]`. The runner
// is tested with it: runner_test.cpp says what must come of each fault.
//
// A decode request is answered with its data as a str of hex digits. The case at
// fault is the one whose data is "culprit". FILE remembers across processes that
// a fault has happened once.
#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "harness/runner/protocol.h"

namespace assay {
namespace {

void write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t count = ::write(fd, text.data(), text.size());
    if (count <= 0) ::_exit(9);
    text.remove_prefix(static_cast<std::size_t>(count));
  }
}

void say(std::string_view text) {
  write_all(1, text);
}

[[noreturn]] void hang() {
  for (;;) ::pause();
}

// Dies of a signal, even where a sanitizer would rather handle it.
void die_of(int signal) {
  ::signal(signal, SIG_DFL);
  ::raise(signal);
}

void sleep_milliseconds(int count) {
  std::this_thread::sleep_for(std::chrono::milliseconds(count));
}

// Writes to every page of `mebibytes` MiB and keeps them.
void eat(std::size_t mebibytes) {
  static std::vector<char*> eaten;
  for (std::size_t i = 0; i < mebibytes; ++i) {
    char* block = static_cast<char*>(std::malloc(std::size_t{1} << 20));
    if (!block) std::abort();
    std::memset(block, static_cast<int>(i + 1), std::size_t{1} << 20);
    eaten.push_back(block);
  }
}

struct Adapter {
  std::string fault;
  unsigned window = 8;
  std::string file;

  std::size_t answered = 0, asked_culprit = 0;
  std::string previous_id;  // of the last case answered

  bool is(std::string_view name) const { return fault == name; }

  // Whether this is the first time for all processes of the run.
  bool first_time_ever() const {
    const int fd = ::open(file.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
    if (fd >= 0) ::close(fd);
    return fd >= 0;
  }

  std::string right_answer(const Request& request) const {
    Answer answer{request.id, {}};
    std::string text = "'";
    append_hex(request.data, text);
    text += '\'';
    answer.outcome = ValueAnswer{std::move(text), request.data.size()};
    std::string line;
    write_answer(answer, line);
    return line;
  }

  void greet() const;
  std::string answer(const Request& request);
  std::string misbehave(const Request& request);
  void bye() const;
};

void Adapter::greet() const {
  if (is("dead-at-start")) {
    write_all(2, "no interpreter found\n");
    ::_exit(1);
  }
  if (is("dead-at-start-once") && first_time_ever()) die_of(SIGSEGV);
  if (is("no-hello")) hang();
  if (is("banner")) say("Welcome to the adapter!\n");
  if (is("refuses")) {
    say("{\"error\":\"ProtocolError\",\"message\":\"protocol 1 is not spoken here\"}\n");
    return;
  }
  if (is("wrong-version")) {
    say("{\"implementation\":\"faulty\",\"version\":\"1\",\"protocol\":2}\n");
    return;
  }
  Hello hello;
  hello.implementation = "faulty";
  hello.version = "1";
  hello.language = "C++";
  hello.window = window;
  hello.formats = {"pickle:decode:0-5"};
  std::string line;
  write_hello_answer(hello, line);
  say(line);
  if (is("early-answer")) say("{\"id\":\"0\",\"value\":\"1\"}\n");
  if (is("early-garbage")) say("ready\n");
}

// What is written for the case at fault, for faults of what is written; the
// other faults do not return.
std::string Adapter::misbehave(const Request& request) {
  const std::string right = right_answer(request);
  const std::map<std::string_view, std::function<std::string()>> faults = {
      {"segv", [] { return die_of(SIGSEGV), ""; }},
      {"abort", [] { return die_of(SIGABRT), ""; }},
      {"kill", [] { return die_of(SIGKILL), ""; }},
      {"exit-0", [] { return ::_exit(0), ""; }},
      {"exit-1", [] { return write_all(2, "Traceback: boom\n"), ::_exit(1), ""; }},
      {"hang", [] { return hang(), ""; }},
      {"ignore-term", [] { return ::signal(SIGTERM, SIG_IGN), hang(), ""; }},
      {"spin",
       [] {
         volatile bool spinning = true;
         while (spinning) {
         }
         return "";
       }},
      {"flood",
       [] {
         for (;;) say(std::string(65536, 'x'));
         return "";
       }},
      {"flood-lines",
       [] {
         for (;;) say("x\nx\nx\nx\n");
         return "";
       }},
      {"garbage", [] { return "Segmentation fault (just kidding)\n"; }},
      {"half-line", [&] { return say(right.substr(0, right.size() / 2)), ::_exit(0), ""; }},
      {"half-line-hang", [&] { return say(right.substr(0, right.size() / 2)), hang(), ""; }},
      {"no-newline", [&] { return right.substr(0, right.size() - 1); }},
      {"wrong-id", [] { return "{\"id\":\"nonsense\",\"value\":\"1\"}\n"; }},
      {"previous-id",
       [&] { return fmt::format("{{\"id\":\"{}\",\"value\":\"1\"}}\n", previous_id); }},
      {"no-id", [] { return "{\"value\":\"1\"}\n"; }},
      {"duplicate", [&] { return right + right; }},
      {"late-duplicate", [&] { return say(right), sleep_milliseconds(300), right; }},
      {"no-outcome", [&] { return fmt::format("{{\"id\":\"{}\"}}\n", request.id); }},
      {"eat-memory", [] { return eat(1024), hang(), ""; }},
      {"close-stdout", [] { return ::close(1), hang(), ""; }},
      {"close-stdin", [] { return ::close(0), hang(), ""; }},
      {"grandchild", [] { return ::fork() == 0 ? hang() : ::_exit(0), ""; }},
      {"grandchild-escapes",
       [] { return ::fork() == 0 ? (::setsid(), ::sleep(30), ::_exit(0)) : ::_exit(0), ""; }},
      {"different",
       [&] {
         return fmt::format("{{\"id\":\"{}\",\"value\":\"{}-{}\"}}\n", request.id, ::getpid(),
                            ++asked_culprit);
       }},
      {"slow", [&] { return sleep_milliseconds(700), right; }},
      {"huge",
       [&] {
         return fmt::format("{{\"id\":\"{}\",\"value\":\"'{}'\"}}\n", request.id,
                            std::string(50000000, 'h'));
       }},
      {"non-ascii",
       [&] { return fmt::format("{{\"id\":\"{}\",\"value\":\"'\xc3\xa9'\"}}\n", request.id); }},
      {"nested", [&] { return fmt::format("{{\"id\":\"{}\",\"value\":[1]}}\n", request.id); }},
      {"not-json", [&] { return fmt::format("{{'id':'{}','value':'1'}}\n", request.id); }},
      {"error",
       [&] {
         return fmt::format("{{\"id\":\"{}\",\"error\":\"ValueError\",\"message\":\"m\"}}\n",
                            request.id);
       }},
      {"unsupported",
       [&] { return fmt::format("{{\"id\":\"{}\",\"unsupported\":\"never\"}}\n", request.id); }},
      {"crash-after", [&] { return say(right), die_of(SIGSEGV), ""; }},
      {"state-crash", [&] { return answered > 0 ? die_of(SIGSEGV) : static_cast<void>(0), right; }},
      {"state-hang", [&] { return answered > 0 ? hang() : static_cast<void>(0), right; }},
      {"crash-once",
       [&] { return first_time_ever() ? die_of(SIGSEGV) : static_cast<void>(0), right; }},
      {"hang-once", [&] { return first_time_ever() ? hang() : static_cast<void>(0), right; }},
  };
  const auto found = faults.find(fault);
  return found == faults.end() ? right : found->second();
}

std::string Adapter::answer(const Request& request) {
  const bool culprit = request.data == "culprit";
  if (is("stderr")) write_all(2, std::string(100000, 'e') + "\n");
  if (is("slow")) sleep_milliseconds(10);
  if (is("leak")) eat(10);
  if (is("crash-always")) die_of(SIGSEGV);
  if (is("hang-always")) hang();
  if (is("exit-after-each")) {
    say(right_answer(request));
    ::_exit(0);
  }
  if (is("duplicate-always")) return right_answer(request) + right_answer(request);
  std::string line;
  if (!culprit) {
    line = right_answer(request);
  } else if (is("reverse-segv")) {
    die_of(SIGSEGV);
  } else {
    line = misbehave(request);
  }
  ++answered;
  previous_id = request.id;
  return line;
}

void Adapter::bye() const {
  if (is("stays-after-bye")) hang();
  if (is("crash-after-bye")) die_of(SIGSEGV);
  if (is("talks-after-bye")) say("goodbye\n");
}

// Reads requests a chunk at a time; a chunk's answers are written together, in
// reverse for the faults named so.
int serve(Adapter& adapter) {
  std::string inbox;
  std::vector<char> chunk(std::size_t{64} << 10);
  const bool reverse = adapter.is("reverse") || adapter.is("reverse-segv");
  for (;;) {
    const ssize_t count = ::read(0, chunk.data(), chunk.size());
    if (count <= 0) return 0;
    inbox.append(chunk.data(), static_cast<std::size_t>(count));
    std::vector<Request> requests;
    std::size_t at = 0;
    bool leaving = false;
    for (std::size_t end; (end = inbox.find('\n', at)) != std::string::npos; at = end + 1) {
      const auto request = parse_request(std::string_view(inbox).substr(at, end - at));
      if (!request) return 2;
      if (request->op == "hello") {
        adapter.greet();
      } else if (request->op == "bye") {
        leaving = true;
      } else {
        requests.push_back(*request);
      }
    }
    inbox.erase(0, at);
    if (reverse) std::reverse(requests.begin(), requests.end());
    std::string out;
    for (const Request& request : requests) {
      // A fault must not take back what was right before it.
      if (request.data == "culprit" && !reverse) {
        say(out);
        out.clear();
      }
      out += adapter.answer(request);
    }
    say(out);
    if (leaving) {
      adapter.bye();
      return 0;
    }
  }
}

}  // namespace
}  // namespace assay

int main(int argc, char** argv) {
  assay::Adapter adapter;
  if (argc < 2) return 2;
  adapter.fault = argv[1];
  if (argc > 2) adapter.window = static_cast<unsigned>(std::strtoul(argv[2], nullptr, 10));
  if (argc > 3) adapter.file = argv[3];
  return assay::serve(adapter);
}
