#include "harness/command/fuzz_stores.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <system_error>

#include "harness/runner/temporary_folder.h"
#include "reference/bytes/error.h"
#include "reference/value/text.h"

namespace assay {
namespace {

namespace fs = std::filesystem;

class Folder {
 public:
  Folder() {
    if (folder_.path().empty())
      throw std::system_error(errno, std::generic_category(), "a folder for databases");
  }
  std::string of(std::size_t index) const {
    return (folder_.path() / std::to_string(index)).string();
  }

 private:
  TemporaryFolder folder_{fs::temp_directory_path() / "assay_stores_"};
};

bool claims(const Hello& hello, std::string_view feature) {
  return std::find(hello.formats.begin(), hello.formats.end(), feature) != hello.formats.end();
}

bool is_raise(const Graph& graph, NodeId node) {
  return graph.kind(node) == Kind::global && graph.text(graph.module(node)) == "raises";
}

// The mapping of an answer to `write`. A value that dbm.ndbm over Berkeley DB lists
// and does not find is an empty one (Modules/_dbmmodule.c, dbm_subscript).
std::string mapping_of(std::string_view answer, std::string_view format) {
  Graph graph;
  const NodeId root = parse(graph, answer);
  const NodeId mapping = graph.items(root)[1];
  if (format != "dbm.ndbm" || graph.kind(mapping) != Kind::dict) return print(graph, mapping);
  const auto items = graph.items(mapping);
  std::string text = "{";
  for (std::size_t i = 0; i < items.size(); i += 2)
    text += fmt::format("{}{}: {}", i > 0 ? ", " : "", print(graph, items[i]),
                        is_raise(graph, items[i + 1]) ? "b''" : print(graph, items[i + 1]));
  return text + "}";
}

// An observation of the writer becomes one of the mapping; a database that it does
// not open again says nothing.
void take_mapping(Observation& seen, std::string_view format) {
  if (!seen.answer) return;
  auto* value = std::get_if<ValueAnswer>(&seen.answer->outcome);
  if (value == nullptr) return;
  value->text = mapping_of(value->text, format);
  if (value->text[0] == '{') return;
  seen.status = Status::unsupported;
  seen.answer->outcome = UnsupportedAnswer{"it is not opened again: " + value->text};
}

}  // namespace

bool reads_stores(const FuzzPlan& plan, const FuzzPair& pair) {
  if (plan.format->operation != "write") return false;
  const std::string name(plan.format->name);
  return claims(pair.subject.hello, name + ":read") && !claims(pair.subject.hello, name + ":write");
}

std::vector<RunReport> ask_writer_then_reader(std::vector<Errand>& errands,
                                              const std::function<void(std::size_t)>& settled) {
  const Folder folder;
  Errand &reader = errands[0], &writer = errands[1];
  for (std::size_t i = 0; i < writer.jobs.size(); ++i)
    writer.jobs[i].request.options["keep"] = folder.of(i);
  std::vector<RunReport> written = run_fleet({writer}, 2, settled);
  for (std::size_t i = 0; i < reader.jobs.size(); ++i) {
    Request& request = reader.jobs[i].request;
    request.op = "read";
    request.script.clear();
    request.path = folder.of(i) + "/db";
  }
  const std::size_t before = writer.jobs.size();
  std::vector<RunReport> read =
      run_fleet({reader}, 2, [&](std::size_t count) { settled(before + count); });
  for (std::size_t i = 0; i < written[0].observations.size(); ++i) {
    Observation& seen = written[0].observations[i];
    take_mapping(seen, reader.jobs[i].request.format);
    if (seen.status == Status::unsupported) read[0].observations[i] = seen;
  }
  return {std::move(read[0]), std::move(written[0])};
}

}  // namespace assay
