#include "harness/runner/worker.h"

#include <dirent.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cstring>
#include <fstream>
#include <memory>
#include <thread>

namespace assay {
namespace {

constexpr std::size_t stderr_kept = std::size_t{64} << 10;
constexpr std::size_t read_at_once = std::size_t{64} << 10;
constexpr std::size_t read_a_call = std::size_t{256} << 10;
// Processes of one tree that are looked at when memory is added up.
constexpr std::size_t max_tree = 256;
// SIGKILL takes effect at once, but for a process inside the kernel.
constexpr auto kill_patience = std::chrono::seconds(5);

// A child that dies while it is written to must not take us with it. Children
// start with every signal at its default again.
void ignore_broken_pipes() {
  static const bool once = [] {
    struct sigaction action {};
    ::sigaction(SIGPIPE, nullptr, &action);
    if (action.sa_handler == SIG_DFL) ::signal(SIGPIPE, SIG_IGN);
    return true;
  }();
  static_cast<void>(once);
}

void close_fd(int& fd) {
  if (fd >= 0) ::close(fd);
  fd = -1;
}

// A pipe whose ends are closed on exec and lie above the standard streams, so
// that putting them onto 0, 1 and 2 in the child cannot hit one another.
bool open_pipe(int (&ends)[2]) {
  int made[2];
  if (::pipe2(made, O_CLOEXEC) != 0) return false;
  for (int i = 0; i < 2; ++i) {
    ends[i] = made[i] > 2 ? made[i] : ::fcntl(made[i], F_DUPFD_CLOEXEC, 3);
    if (ends[i] != made[i]) ::close(made[i]);
  }
  return ends[0] >= 0 && ends[1] >= 0;
}

void make_nonblocking(int fd) {
  ::fcntl(fd, F_SETFL, ::fcntl(fd, F_GETFL) | O_NONBLOCK);
}

// Our environment with the command's settings on top.
std::vector<std::string> merged_environment(const Command& command) {
  std::vector<std::string> merged;
  for (char** entry = environ; *entry; ++entry) {
    const std::string_view text = *entry;
    const std::size_t equals = text.find('=');
    if (!command.environment.count(std::string(text.substr(0, equals)))) merged.emplace_back(text);
  }
  for (const auto& [key, value] : command.environment) {
    merged.push_back(fmt::format("{}={}", key, value));
  }
  return merged;
}

std::vector<char*> pointers(std::vector<std::string>& strings) {
  std::vector<char*> result;
  result.reserve(strings.size() + 1);
  for (std::string& text : strings) result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

// posix_spawn's attributes and file actions, released at the end of the scope.
struct SpawnPlan {
  posix_spawnattr_t attributes;
  posix_spawn_file_actions_t actions;
  SpawnPlan() {
    posix_spawnattr_init(&attributes);
    posix_spawn_file_actions_init(&actions);
  }
  ~SpawnPlan() {
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
  }
  SpawnPlan(const SpawnPlan&) = delete;
  SpawnPlan& operator=(const SpawnPlan&) = delete;

  // A group of its own, no signal blocked or ignored, the pipes as 0, 1 and 2.
  void fill(const Command& command, int in, int out, int err) {
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    posix_spawnattr_setflags(
        &attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    posix_spawnattr_setpgroup(&attributes, 0);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setsigdefault(&attributes, &all);
    posix_spawn_file_actions_adddup2(&actions, in, 0);
    posix_spawn_file_actions_adddup2(&actions, out, 1);
    posix_spawn_file_actions_adddup2(&actions, err, 2);
    if (!command.directory.empty()) {
      posix_spawn_file_actions_addchdir_np(&actions, command.directory.c_str());
    }
  }
};

// Appends the process ids in a /proc/…/children file.
void append_children(const std::string& path, std::vector<pid_t>& tree) {
  std::ifstream file(path);
  pid_t child = 0;
  while (tree.size() < max_tree && file >> child) tree.push_back(child);
}

std::uint64_t resident_of(pid_t pid) {
  std::ifstream file(fmt::format("/proc/{}/statm", pid));
  std::uint64_t total = 0, resident = 0;
  if (!(file >> total >> resident)) return 0;
  return resident * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

}  // namespace

std::optional<std::vector<std::string>> split_command(std::string_view line) {
  std::vector<std::string> words;
  std::string word;
  bool in_word = false;
  char quote = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    const bool blank = c == ' ' || c == '\t' || c == '\n';
    if (quote == '\'') {
      if (c == '\'') {
        quote = 0;
      } else {
        word += c;
      }
    } else if (c == '\\') {
      if (++i == line.size()) return std::nullopt;
      // Inside "…" a backslash quotes only these; before others it stands for itself.
      if (quote == '"' && line[i] != '"' && line[i] != '\\' && line[i] != '$' && line[i] != '`') {
        word += '\\';
      }
      word += line[i];
      in_word = true;
    } else if (quote == '"') {
      if (c == '"') {
        quote = 0;
      } else {
        word += c;
      }
    } else if (c == '\'' || c == '"') {
      quote = c;
      in_word = true;
    } else if (!blank) {
      word += c;
      in_word = true;
    } else if (in_word) {
      words.push_back(std::move(word));
      word.clear();
      in_word = false;
    }
  }
  if (quote) return std::nullopt;
  if (in_word) words.push_back(std::move(word));
  if (words.empty()) return std::nullopt;
  return words;
}

std::string signal_name(int signal) {
  const char* abbreviation = ::sigabbrev_np(signal);
  return abbreviation ? fmt::format("SIG{}", abbreviation) : fmt::format("signal {}", signal);
}

std::string describe(const ExitStatus& status) {
  return status.signalled ? "killed by " + signal_name(status.code)
                          : fmt::format("exited with status {}", status.code);
}

Worker::~Worker() {
  reset();
}

void Worker::reset() {
  kill();
  close_fd(in_);
  close_fd(out_);
  close_fd(err_);
  outbox_.clear();
  inbox_.clear();
  errors_.clear();
  sent_ = read_at_ = scanned_ = 0;
  written_ = 0;
  finish_input_ = input_closed_ = output_ended_ = false;
  exit_.reset();
}

std::optional<std::string> Worker::start(const Command& command, std::uint64_t address_space) {
  reset();
  ignore_broken_pipes();
  if (command.argv.empty()) return "no command";
  int in[2] = {-1, -1}, out[2] = {-1, -1}, err[2] = {-1, -1};
  const bool piped = open_pipe(in) && open_pipe(out) && open_pipe(err);
  int error = piped ? 0 : errno;
  if (piped) {
    SpawnPlan plan;
    plan.fill(command, in[0], out[1], err[1]);
    std::vector<std::string> words = command.argv;
    std::vector<std::string> settings = merged_environment(command);
    error = ::posix_spawnp(&pid_, words[0].c_str(), &plan.actions, &plan.attributes,
                           pointers(words).data(), pointers(settings).data());
  }
  close_fd(in[0]);
  close_fd(out[1]);
  close_fd(err[1]);
  in_ = in[1];
  out_ = out[0];
  err_ = err[0];
  if (error != 0) {
    pid_ = -1;
    reset();
    return fmt::format("cannot start {}: {}", command.argv[0], std::strerror(error));
  }
  for (const int fd : {in_, out_, err_}) make_nonblocking(fd);
  if (address_space > 0) {
    const rlimit limit{address_space, address_space};
    ::prlimit(pid_, RLIMIT_AS, &limit, nullptr);
  }
  return std::nullopt;
}

void Worker::send(std::string_view bytes) {
  outbox_ += bytes;
}

void Worker::add_polls(std::vector<pollfd>& fds) {
  poll_at_ = fds.size();
  // With no events asked for, poll() still tells that the reader is gone.
  if (in_ >= 0) fds.push_back({in_, static_cast<short>(unsent() > 0 ? POLLOUT : 0), 0});
  if (out_ >= 0) fds.push_back({out_, POLLIN, 0});
  if (err_ >= 0) fds.push_back({err_, POLLIN, 0});
}

void Worker::pump(const std::vector<pollfd>& fds) {
  if (in_ >= 0) {
    if (poll_at_ < fds.size() && fds[poll_at_].fd == in_ && (fds[poll_at_].revents & POLLERR)) {
      input_closed_ = true;
      close_fd(in_);
    } else {
      write_some();
    }
  }
  for (std::size_t read = 0; read < read_a_call && read_output(); read += read_at_once) {
  }
  for (std::size_t read = 0; read < read_a_call && read_errors(); read += read_at_once) {
  }
}

void Worker::drain() {
  // A pipe holds little; only a descendant that left the group could go on writing.
  for (int i = 0; i < 1024 && read_output(); ++i) {
  }
  for (int i = 0; i < 1024 && read_errors(); ++i) {
  }
}

void Worker::write_some() {
  while (unsent() > 0) {
    const ssize_t count = ::write(in_, outbox_.data() + sent_, unsent());
    if (count < 0) {
      if (errno == EINTR) continue;
      if (errno == EAGAIN) return;
      input_closed_ = true;  // EPIPE
      close_fd(in_);
      return;
    }
    sent_ += static_cast<std::size_t>(count);
    written_ += static_cast<std::uint64_t>(count);
  }
  outbox_.clear();
  sent_ = 0;
  if (finish_input_) close_fd(in_);
}

// Whether there may be more to read.
bool Worker::read_output() {
  if (out_ < 0) return false;
  if (read_at_ == inbox_.size()) {
    inbox_.clear();
    read_at_ = scanned_ = 0;
  } else if (read_at_ > inbox_.size() / 2) {
    inbox_.erase(0, read_at_);
    scanned_ -= std::min(scanned_, read_at_);
    read_at_ = 0;
  }
  std::array<char, read_at_once> chunk;
  const ssize_t count = ::read(out_, chunk.data(), chunk.size());
  if (count > 0) {
    inbox_.append(chunk.data(), static_cast<std::size_t>(count));
    return true;
  }
  if (count < 0 && errno == EINTR) return true;
  if (count < 0 && errno == EAGAIN) return false;
  output_ended_ = true;
  close_fd(out_);
  return false;
}

bool Worker::read_errors() {
  if (err_ < 0) return false;
  std::array<char, read_at_once> chunk;
  const ssize_t count = ::read(err_, chunk.data(), chunk.size());
  if (count > 0) {
    errors_.append(chunk.data(), static_cast<std::size_t>(count));
    if (errors_.size() > stderr_kept) errors_.erase(0, errors_.size() - stderr_kept);
    return true;
  }
  if (count < 0 && errno == EINTR) return true;
  if (count < 0 && errno == EAGAIN) return false;
  close_fd(err_);
  return false;
}

std::optional<std::string_view> Worker::next_line() {
  const std::size_t end = inbox_.find('\n', std::max(scanned_, read_at_));
  if (end == std::string::npos) {
    scanned_ = inbox_.size();
    return std::nullopt;
  }
  const std::string_view line(inbox_.data() + read_at_, end - read_at_);
  read_at_ = scanned_ = end + 1;
  return line;
}

std::string_view Worker::partial_line() const {
  return std::string_view(inbox_).substr(read_at_);
}

const std::optional<ExitStatus>& Worker::poll_exit() {
  if (exit_ || pid_ <= 0) return exit_;
  siginfo_t info{};
  // Only looked at first: while the process is not reaped its id, which names
  // the group too, cannot go to another.
  if (::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) != 0 ||
      info.si_pid != pid_) {
    return exit_;
  }
  ::kill(-pid_, SIGKILL);
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  exit_ = WIFSIGNALED(status) ? ExitStatus{true, WTERMSIG(status)}
                              : ExitStatus{false, WEXITSTATUS(status)};
  pid_ = -1;
  return exit_;
}

void Worker::kill() {
  if (pid_ <= 0) return;
  ::kill(-pid_, SIGKILL);
  const auto deadline = std::chrono::steady_clock::now() + kill_patience;
  auto pause = std::chrono::microseconds(100);
  while (!poll_exit() && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::sleep_for(pause);
    pause = std::min(pause * 2, std::chrono::microseconds(10000));
  }
  pid_ = -1;
}

std::uint64_t Worker::resident_bytes() const {
  if (pid_ <= 0) return 0;
  std::vector<pid_t> tree{pid_};
  std::uint64_t total = 0;
  for (std::size_t i = 0; i < tree.size(); ++i) {
    total += resident_of(tree[i]);
    const std::string tasks = fmt::format("/proc/{}/task", tree[i]);
    const std::unique_ptr<DIR, int (*)(DIR*)> directory(::opendir(tasks.c_str()), ::closedir);
    if (!directory) continue;
    while (const dirent* entry = ::readdir(directory.get())) {
      if (entry->d_name[0] != '.') {
        append_children(fmt::format("{}/{}/children", tasks, entry->d_name), tree);
      }
    }
  }
  return total;
}

}  // namespace assay
