#include "harness/command/store_writer.h"

#include <fmt/format.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <sstream>
#include <stdexcept>
#include <system_error>

#include "harness/command/repeat.h"
#include "harness/runner/worker.h"
#include "reference/dbm/dumb_database.h"

namespace assay {
namespace {

class DumbWriter final : public StoreWriter {
 public:
  DumbWriter(const std::string& path, dbm::Python python) : database_(path, "n", python) {}
  void set(Bytes key, Bytes value) override {
    database_.set(std::string(as_text(key)), as_text(value));
  }
  std::map<std::uint64_t, std::string> finish() override {
    database_.close();
    return {};
  }

 private:
  dbm::DumbDatabase database_;
};

// Reads entries from its input, each behind the sizes of its key and value; writes
// a line for each that the module refused, and at the end the number of keys that
// the database has when it is opened again: for writing, since a reader of SQLite's
// leaves its log behind. dbm.sqlite3 would commit every key on its own. A disk that
// is full refuses no entry, it ends everything. Berkeley DB tries to write again for
// ever (mp/mp_sync.c): it is given a minute for an entry, and five to close.
constexpr const char* program_text = R"(
import errno, signal, struct, sys
stream = getattr(sys.stdin, "buffer", sys.stdin)
report = sys.stdout
fatal = [getattr(errno, name, -1) for name in ("ENOSPC", "EFBIG", "EDQUOT", "EIO", "EROFS")]
number = 0
def said(error):
    text = str(error).encode("ascii", "replace").decode("ascii")
    return "%s: %s" % (type(error).__name__, " ".join(text.split()))
def run():
    global number
    module = __import__(sys.argv[1], fromlist=["open"])
    limit = 60 if module.__name__ in ("dbm.ndbm", "dbm") else 0
    database = module.open(sys.argv[2], "n")
    connection = getattr(database, "_cx", None)
    if connection:
        connection.execute("BEGIN")
    while True:
        head = stream.read(16)
        if len(head) < 16:
            break
        key, value = [stream.read(size) for size in struct.unpack(">QQ", head)]
        signal.alarm(limit)
        try:
            database[key] = value
        except Exception:
            error = sys.exc_info()[1]
            if getattr(error, "errno", None) in fatal or "disk" in str(error):
                raise
            report.write("%d %s\n" % (number, said(error)))
        signal.alarm(0)
        number += 1
    if connection:
        connection.execute("COMMIT")
    signal.alarm(5 * limit)
    database.close()
    signal.alarm(0)
    database = module.open(sys.argv[2], "w")
    report.write("end %d\n" % len(database.keys()))
    database.close()
try:
    run()
except BaseException:
    sys.stderr.write(said(sys.exc_info()[1]))
    sys.exit(1)
)";

// A file in memory that a child can write to: its disk may be full.
class MemoryFile {
 public:
  explicit MemoryFile(const char* name) : descriptor_(::memfd_create(name, 0)) {
    if (descriptor_ < 0) throw std::system_error(errno, std::generic_category(), name);
  }
  ~MemoryFile() { ::close(descriptor_); }
  MemoryFile(const MemoryFile&) = delete;
  MemoryFile& operator=(const MemoryFile&) = delete;

  int descriptor() const { return descriptor_; }
  std::string content() const {
    std::string text;
    char block[4096];
    for (ssize_t n;
         (n = ::pread(descriptor_, block, sizeof block, static_cast<off_t>(text.size()))) > 0;)
      text.append(block, static_cast<std::size_t>(n));
    return text;
  }

 private:
  int descriptor_;
};

// The module of 2.7 is tried where 3.x's is not there.
std::string module_of(const std::string& program, const std::string& store) {
  const std::string python2 = store == "dbm.gnu"    ? "gdbm"
                              : store == "dbm.ndbm" ? "dbm"
                              : store == "dbm.dumb" ? "dumbdbm"
                                                    : "";
  for (const std::string& module : {store, python2}) {
    if (module.empty()) continue;
    std::string check = fmt::format("import {}; {}.open", module, module);
    // 3.x's dbm is a package, which opens whatever it has.
    if (module == python2) check = "import sys; sys.version_info[0] == 2 or sys.exit(1); " + check;
    const std::string command =
        fmt::format("{} -c {} >/dev/null 2>&1 </dev/null", shell_word(program), shell_word(check));
    if (std::system(command.c_str()) == 0) return module;
  }
  return "";
}

void append_size(std::string& out, std::uint64_t size) {
  for (int shift = 56; shift >= 0; shift -= 8) out += static_cast<char>(size >> shift & 0xff);
}

class PythonWriter final : public StoreWriter {
 public:
  PythonWriter(const std::string& program, const std::string& store, const std::string& path)
      : program_(program) {
    std::signal(SIGPIPE, SIG_IGN);  // a Python that ends early is noticed below
    const std::string command = fmt::format(
        "exec {} -c {} {} {} >&{} 2>&{}", shell_word(program), shell_word(program_text),
        module_of(program, store), shell_word(path), report_.descriptor(), errors_.descriptor());
    pipe_ = ::popen(command.c_str(), "w");
    if (pipe_ == nullptr) throw std::runtime_error(program_ + ": cannot be started");
  }
  ~PythonWriter() override { end(); }
  PythonWriter(const PythonWriter&) = delete;
  PythonWriter& operator=(const PythonWriter&) = delete;

  void set(Bytes key, Bytes value) override {
    std::string head;
    append_size(head, key.size());
    append_size(head, value.size());
    for (const Bytes part : {as_bytes(head), key, value})
      if (std::fwrite(part.data(), 1, part.size(), pipe_) != part.size()) failed(end());
    ++number_;
  }

  std::map<std::uint64_t, std::string> finish() override {
    const int status = end();
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) failed(status);
    std::map<std::uint64_t, std::string> refused;
    std::istringstream lines(report_.content());
    for (std::string word, rest; lines >> word && std::getline(lines >> std::ws, rest);) {
      if (word != "end") {
        refused[std::stoull(word)] = rest;
      } else if (std::stoull(rest) + refused.size() == number_) {
        return refused;
      } else {
        throw std::runtime_error(fmt::format("{} wrote {} entries and finds {} keys", program_,
                                             number_ - refused.size(), rest));
      }
    }
    failed(status);
  }

 private:
  int end() {
    const int status = pipe_ == nullptr ? 0 : ::pclose(pipe_);
    pipe_ = nullptr;
    return status;
  }

  // The last line of what it said: of a traceback that is the exception.
  [[noreturn]] void failed(int status) const {
    std::string said = errors_.content();
    while (!said.empty() && said.back() == '\n') said.pop_back();
    said.erase(0, said.rfind('\n') + 1);
    if (said.empty() && WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM)
      said = "the library did not come back in time";
    if (said.empty())
      said = WIFSIGNALED(status) ? describe({true, WTERMSIG(status)})
                                 : "ended before everything was written";
    throw std::runtime_error(fmt::format("{}: {}", program_, said));
  }

  std::string program_;
  MemoryFile report_{"report"}, errors_{"errors"};
  std::FILE* pipe_ = nullptr;
  std::uint64_t number_ = 0;
};

}  // namespace

std::unique_ptr<StoreWriter> dumb_writer(const std::string& path, dbm::Python python) {
  return std::make_unique<DumbWriter>(path, python);
}

std::unique_ptr<StoreWriter> python_writer(const std::string& program, const std::string& store,
                                           const std::string& path) {
  return std::make_unique<PythonWriter>(program, store, path);
}

bool python_has(const std::string& program, const std::string& store) {
  return !module_of(program, store).empty();
}

}  // namespace assay
