// Times the pickle machine on a file: machine_bench FILE [PROFILE [REPEATS]].
//
// Prints one line: the least processor time of a load in seconds, the bytes of
// the file, and the peak of resident memory in KiB. machine_bench.py makes the files, runs
// this beside CPython and prints the ratios.
#include <sys/resource.h>

#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <string>

#include "reference/pickle/machine.h"

namespace {

std::string read_file(const char* path) {
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  if (!file) return {};
  std::string data(static_cast<std::size_t>(file.tellg()), '\0');
  file.seekg(0);
  file.read(data.data(), static_cast<std::streamsize>(data.size()));
  return data;
}

// Seconds of processor time, in the program and in the kernel for it: what does
// not depend on what else the machine does.
double processor_time() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

long peak_memory() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

}  // namespace

int main(int argc, char** argv) {
  using namespace assay;
  if (argc < 2) {
    std::fprintf(stderr, "usage: machine_bench FILE [PROFILE [REPEATS]]\n");
    return 2;
  }
  const auto profile = pickle::Profile::parse(argc > 2 ? argv[2] : "cpython-3.13-c");
  const std::string data = read_file(argv[1]);
  if (!profile || data.empty()) {
    std::fprintf(stderr, "machine_bench: no such profile, or nothing to read\n");
    return 2;
  }
  double best = 0;
  for (int repeat = 0; repeat < (argc > 3 ? std::atoi(argv[3]) : 3); ++repeat) {
    const double start = processor_time();
    Graph graph;
    const pickle::Outcome outcome = pickle::unpickle(graph, as_bytes(data), *profile);
    const double time = processor_time() - start;
    if (!outcome.accepted) {
      std::fprintf(stderr, "machine_bench: %s\n", outcome.message.c_str());
      return 1;
    }
    if (repeat == 0 || time < best) best = time;
  }
  std::printf("%.6f %zu %ld\n", best, data.size(), peak_memory());
}
