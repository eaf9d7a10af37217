// Times the pickler: pickler_bench FILE PROTOCOL [REPEATS [PROFILE]].
//
// Loads the pickle in FILE and prints one line: the least processor time of
// writing its value in seconds, the bytes written, and the peak of resident
// memory in KiB. pickler_bench.py makes the files, runs this beside CPython and
// prints the ratios.
#include <sys/resource.h>

#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <string>

#include "reference/pickle/machine.h"
#include "reference/pickle/pickler.h"

namespace {

std::string read_file(const char* path) {
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  if (!file) return {};
  std::string data(static_cast<std::size_t>(file.tellg()), '\0');
  file.seekg(0);
  file.read(data.data(), static_cast<std::streamsize>(data.size()));
  return data;
}

double processor_time() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

}  // namespace

int main(int argc, char** argv) {
  using namespace assay;
  if (argc < 3) {
    std::fprintf(stderr, "usage: pickler_bench FILE PROTOCOL [REPEATS [PROFILE]]\n");
    return 2;
  }
  const auto profile = pickle::Profile::parse(argc > 4 ? argv[4] : "cpython-3.13-c");
  const std::string data = read_file(argv[1]);
  if (!profile || data.empty()) {
    std::fprintf(stderr, "pickler_bench: no such profile, or nothing to read\n");
    return 2;
  }
  Graph graph;
  const pickle::Outcome value = pickle::unpickle(graph, as_bytes(data), *profile);
  const pickle::PickleOptions options{.protocol = std::atoi(argv[2])};
  double best = 0;
  std::size_t written = 0;
  for (int repeat = 0; repeat < (argc > 3 ? std::atoi(argv[3]) : 3); ++repeat) {
    const double start = processor_time();
    const pickle::Pickled pickled = pickle::pickle(graph, value.value, *profile, options);
    const double time = processor_time() - start;
    if (!value.accepted || !pickled.accepted()) {
      std::fprintf(stderr, "pickler_bench: %s%s\n", value.message.c_str(), pickled.message.c_str());
      return 1;
    }
    written = pickled.bytes().size();
    if (repeat == 0 || time < best) best = time;
  }
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  std::printf("%.6f %zu %ld\n", best, written, usage.ru_maxrss);
}
