// Cases a second through one worker. The program is its own adapter, a trivial
// one, so that what is measured is the runner and the pipes.
#include <benchmark/benchmark.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "harness/runner/runner.h"

namespace {

constexpr std::size_t cases = 100000;

// Answers whatever is asked with `1`.
int echo() {
  std::string inbox, out;
  std::vector<char> chunk(std::size_t{64} << 10);
  for (;;) {
    const ssize_t count = ::read(0, chunk.data(), chunk.size());
    if (count <= 0) return 0;
    inbox.append(chunk.data(), static_cast<std::size_t>(count));
    std::size_t at = 0;
    out.clear();
    for (std::size_t end; (end = inbox.find('\n', at)) != std::string::npos; at = end + 1) {
      const std::string_view line = std::string_view(inbox).substr(at, end - at);
      const std::size_t id = line.find("\"id\":\"");
      if (id == std::string_view::npos) {
        if (line.find("\"bye\"") != std::string_view::npos) return 0;
        out += "{\"implementation\":\"echo\",\"version\":\"1\",\"window\":64}\n";
        continue;
      }
      const std::string_view rest = line.substr(id + 6);
      out += "{\"id\":\"";
      out += rest.substr(0, rest.find('"'));
      out += "\",\"value\":\"1\",\"consumed\":5}\n";
    }
    inbox.erase(0, at);
    for (std::size_t done = 0; done < out.size();) {
      const ssize_t written = ::write(1, out.data() + done, out.size() - done);
      if (written <= 0) return 1;
      done += static_cast<std::size_t>(written);
    }
  }
}

// The argument is the size of a case's input in bytes.
void small_cases(benchmark::State& state) {
  std::vector<assay::Job> jobs(cases);
  for (std::size_t i = 0; i < cases; ++i) {
    jobs[i].request.id = fmt::format("bench/{}", i);
    jobs[i].request.format = "pickle";
    jobs[i].request.data.assign(static_cast<std::size_t>(state.range(0)), 'x');
  }
  const assay::Implementation implementation{"echo", {{"/proc/self/exe", "--echo"}, "", {}}};
  for (auto _ : state) {
    const assay::RunReport report = assay::run(implementation, jobs, {});
    if (report.observations.back().status != assay::Status::answered) {
      state.SkipWithError(report.observations.back().detail.c_str());
      return;
    }
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(cases) * state.iterations());
}
BENCHMARK(small_cases)->Arg(16)->Arg(256)->Arg(4096)->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace

int main(int argc, char** argv) {
  if (argc > 1 && std::strcmp(argv[1], "--echo") == 0) return echo();
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
