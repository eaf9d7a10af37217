// An example of persistent ids: loads a pickle whose records are references to
// rows of an SQLite database, and prints each record with what its row says.
//
//     python3 make_memos.py FOLDER        (writes FOLDER/memos.pickle, memos.db)
//     load_memos FOLDER/memos.pickle FOLDER/memos.db
#include <fmt/format.h>

#include <cstdio>
#include <exception>
#include <fstream>
#include <iterator>
#include <vector>

#include "harness/persistent/sqlite_records.h"
#include "reference/pickle/machine.h"
#include "reference/value/text.h"

namespace {

std::vector<std::uint8_t> read_file(const char* name) {
  std::ifstream file(name, std::ios::binary);
  if (!file) throw std::runtime_error(fmt::format("{}: cannot be read", name));
  return {std::istreambuf_iterator<char>(file), {}};
}

int run(const char* pickle_name, const char* database_name) {
  const assay::SqliteRecords records(database_name, "SELECT * FROM memos WHERE key = ?");
  const std::vector<std::uint8_t> bytes = read_file(pickle_name);

  assay::pickle::UnpickleOptions options;
  options.persistent_load = [&](assay::Graph& graph, assay::NodeId pid) {
    return records.fetch(graph, pid);
  };
  assay::Graph graph;
  const auto outcome =
      assay::pickle::unpickle(graph, bytes, assay::pickle::Profile(), std::move(options));
  if (!outcome.accepted) {
    fmt::print(stderr, "{}: at {:#x}: {}: {}\n", pickle_name, outcome.offset, outcome.error,
               outcome.message);
    return 1;
  }
  for (const assay::NodeId memo : graph.items(outcome.value))
    fmt::print("{}\n", assay::print(graph, memo));
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    fmt::print(stderr, "usage: load_memos MEMOS.pickle MEMOS.db\n");
    return 2;
  }
  try {
    return run(argv[1], argv[2]);
  } catch (const std::exception& error) {
    fmt::print(stderr, "load_memos: {}\n", error.what());
    return 2;
  }
}
