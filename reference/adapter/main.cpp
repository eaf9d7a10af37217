// assay-reference [--as PROFILE]: the reference as an implementation.
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "reference/adapter/adapter.h"

namespace {

using assay::adapter::Adapter;

constexpr std::size_t read_bytes = std::size_t{1} << 16;
// Answers are written at the latest when this many bytes of them wait.
constexpr std::size_t write_bytes = std::size_t{1} << 18;

bool write_all(std::string& out) {
  std::size_t at = 0;
  while (at < out.size()) {
    const ssize_t count = write(STDOUT_FILENO, out.data() + at, out.size() - at);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return false;
    at += static_cast<std::size_t>(count);
  }
  out.clear();
  return true;
}

// Answers every line of standard input until its end or `bye`.
int serve(Adapter& adapter) {
  std::string in, out;
  std::size_t scanned = 0;
  for (;;) {
    const std::size_t had = in.size();
    in.resize(had + read_bytes);
    const ssize_t count = read(STDIN_FILENO, in.data() + had, read_bytes);
    in.resize(had + (count > 0 ? static_cast<std::size_t>(count) : 0));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return write_all(out) ? 0 : 1;
    std::size_t begin = 0;
    for (std::size_t end; (end = in.find('\n', std::max(begin, scanned))) != std::string::npos;
         begin = end + 1) {
      const bool go_on = adapter.answer(std::string_view(in).substr(begin, end - begin), out);
      if (out.size() >= write_bytes && !write_all(out)) return 1;
      if (!go_on) return write_all(out) ? 0 : 1;
    }
    in.erase(0, begin);
    scanned = in.size();
    // The harness may be waiting for these before it sends more.
    if (!write_all(out)) return 1;
  }
}

}  // namespace

int main(int argc, char** argv) {
  assay::pickle::Profile profile;
  for (int i = 1; i < argc; ++i) {
    const std::string_view argument = argv[i];
    if (argument != "--as" || i + 1 == argc) {
      fmt::print(stderr, "usage: assay-reference [--as PROFILE], for example cpython-3.13-c\n");
      return 2;
    }
    const auto named = assay::pickle::Profile::parse(argv[++i]);
    if (!named) {
      fmt::print(stderr, "assay-reference: '{}' is no profile\n", argv[i]);
      return 2;
    }
    profile = *named;
  }
  Adapter adapter(profile);
  try {
    return serve(adapter);
  } catch (const std::exception& error) {
    fmt::print(stderr, "assay-reference: internal error: {}\n", error.what());
    return 3;
  }
}
