#include "harness/command/store_writer.h"

#include <fmt/format.h>
#include <sys/wait.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <stdexcept>

#include "harness/command/repeat.h"
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
// leaves its log behind. dbm.sqlite3 would commit every key on its own.
constexpr const char* program_text = R"(
import struct, sys
stream = getattr(sys.stdin, "buffer", sys.stdin)
module = __import__(sys.argv[1], fromlist=["open"])
report = open(sys.argv[3], "w")
database = module.open(sys.argv[2], "n")
connection = getattr(database, "_cx", None)
if connection:
    connection.execute("BEGIN")
number = 0
while True:
    head = stream.read(16)
    if len(head) < 16:
        break
    key, value = [stream.read(size) for size in struct.unpack(">QQ", head)]
    try:
        database[key] = value
    except Exception:
        kind, error = sys.exc_info()[:2]
        said = " ".join(str(error).encode("ascii", "replace").decode("ascii").split())
        report.write("%d %s: %s\n" % (number, kind.__name__, said))
    number += 1
if connection:
    connection.execute("COMMIT")
database.close()
database = module.open(sys.argv[2], "w")
report.write("end %d\n" % len(database.keys()))
database.close()
report.close()
)";

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
  PythonWriter(const std::string& program, const std::string& store, const std::string& path,
               std::string report)
      : program_(program), report_(std::move(report)) {
    std::signal(SIGPIPE, SIG_IGN);  // a Python that ends early is noticed below
    const std::string command =
        fmt::format("{} -c {} {} {} {}", shell_word(program), shell_word(program_text),
                    module_of(program, store), shell_word(path), shell_word(report_));
    pipe_ = ::popen(command.c_str(), "w");
    if (pipe_ == nullptr) throw std::runtime_error(program_ + ": cannot be started");
  }
  ~PythonWriter() override {
    if (pipe_ != nullptr) ::pclose(pipe_);
  }
  PythonWriter(const PythonWriter&) = delete;
  PythonWriter& operator=(const PythonWriter&) = delete;

  void set(Bytes key, Bytes value) override {
    std::string head;
    append_size(head, key.size());
    append_size(head, value.size());
    for (const Bytes part : {as_bytes(head), key, value})
      if (std::fwrite(part.data(), 1, part.size(), pipe_) != part.size()) failed();
    ++number_;
  }

  std::map<std::uint64_t, std::string> finish() override {
    const int status = ::pclose(pipe_);
    pipe_ = nullptr;
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) failed();
    std::map<std::uint64_t, std::string> refused;
    std::ifstream file(report_);
    for (std::string word, rest; file >> word && std::getline(file >> std::ws, rest);) {
      if (word != "end") {
        refused[std::stoull(word)] = rest;
      } else if (std::stoull(rest) + refused.size() == number_) {
        return refused;
      } else {
        throw std::runtime_error(fmt::format("{} wrote {} entries and finds {} keys", program_,
                                             number_ - refused.size(), rest));
      }
    }
    failed();
  }

 private:
  [[noreturn]] void failed() const {
    throw std::runtime_error(program_ + ": ended before everything was written");
  }

  std::string program_, report_;
  std::FILE* pipe_ = nullptr;
  std::uint64_t number_ = 0;
};

}  // namespace

std::unique_ptr<StoreWriter> dumb_writer(const std::string& path, dbm::Python python) {
  return std::make_unique<DumbWriter>(path, python);
}

std::unique_ptr<StoreWriter> python_writer(const std::string& program, const std::string& store,
                                           const std::string& path, const std::string& report) {
  return std::make_unique<PythonWriter>(program, store, path, report);
}

bool python_has(const std::string& program, const std::string& store) {
  return !module_of(program, store).empty();
}

}  // namespace assay
