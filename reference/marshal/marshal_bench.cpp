// Times reader and writer on a pack of marshalled data:
// marshal_bench FILE read|write [PROFILE [REPEATS]].
//
// A pack is, again and again, a size of four bytes and data of that size. Prints
// one line: the least processor time in seconds for all of the pack, its bytes,
// and the peak of resident memory in KiB. `read` makes a value of each data in
// turn; `write` writes each again with the profile's newest version, the values
// being there. marshal_bench.py makes the packs and runs this beside CPython.
#include <sys/resource.h>

#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <deque>
#include <fstream>
#include <string>
#include <vector>

#include "reference/marshal/reader.h"
#include "reference/marshal/writer.h"

namespace {

using namespace assay;

double processor_time() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

std::string content(const char* path) {
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  std::string text(static_cast<std::size_t>(file.tellg()), '\0');
  file.seekg(0);
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  return text;
}

std::vector<Bytes> items_of(std::string_view pack) {
  std::vector<Bytes> items;
  for (Cursor cursor(as_bytes(pack)); !cursor.at_end();)
    items.push_back(cursor.take(cursor.le32("size"), "data"));
  return items;
}

NodeId value_of(Graph& graph, Bytes data, const marshal::Profile& profile) {
  const marshal::Outcome outcome = marshal::read(graph, data, profile);
  if (outcome.accepted) return outcome.value;
  std::fprintf(stderr, "marshal_bench: %s\n", outcome.message.c_str());
  std::exit(1);
}

// Seconds of one pass.
double read_all(const std::vector<Bytes>& items, const marshal::Profile& profile) {
  const double start = processor_time();
  for (const Bytes data : items) {
    Graph graph;
    value_of(graph, data, profile);
  }
  return processor_time() - start;
}

double write_all(const std::vector<Bytes>& items, const marshal::Profile& profile) {
  std::deque<Graph> graphs;
  std::vector<NodeId> roots;
  for (const Bytes data : items) {
    graphs.emplace_back();
    roots.push_back(value_of(graphs.back(), data, profile));
  }
  const double start = processor_time();
  for (std::size_t i = 0; i < roots.size(); ++i)
    if (!marshal::write(graphs[i], roots[i], profile.highest_version(), profile).accepted)
      std::exit(1);
  return processor_time() - start;
}

}  // namespace

int main(int argc, char** argv) {
  const std::string what = argc > 2 ? argv[2] : "";
  const auto profile = marshal::Profile::parse(argc > 3 ? argv[3] : "cpython-3.13");
  if ((what != "read" && what != "write") || !profile) {
    std::fprintf(stderr, "usage: marshal_bench FILE read|write [PROFILE [REPEATS]]\n");
    return 2;
  }
  const std::string pack = content(argv[1]);
  const std::vector<Bytes> items = items_of(pack);
  double best = 0;
  for (int repeat = 0; repeat < (argc > 4 ? std::atoi(argv[4]) : 3); ++repeat) {
    const double time = what == "read" ? read_all(items, *profile) : write_all(items, *profile);
    if (repeat == 0 || time < best) best = time;
  }
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  std::printf("%.6f %zu %ld\n", best, pack.size(), usage.ru_maxrss);
}
