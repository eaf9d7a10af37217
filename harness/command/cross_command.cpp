// assay cross: every writer's files against every reader on this machine.
#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <set>

#include "harness/command/cross_command.h"

#include "harness/command/cross_matrix.h"
#include "harness/command/fleet.h"
#include "harness/command/implementations.h"
#include "harness/command/project.h"
#include "harness/command/report_files.h"
#include "harness/verdict/value_match.h"
#include "reference/bytes/error.h"
#include "reference/value/graph.h"
#include "reference/value/text.h"
#include "reports/markdown.h"

namespace assay {
namespace {

struct CrossOptions {
  std::string format = "dbm";
  std::string out;
  bool json = false;
  unsigned jobs = 0;
  double seconds = 30;
};

// A module of one implementation, to be asked for every file.
struct Opening {
  const KnownImplementation* reader;
  std::string module;
};

// "dbm.gnu" of "dbm.gnu:read", if that is of the format.
std::vector<std::string> modules_of(const Hello& hello, const std::string& format) {
  std::vector<std::string> modules;
  for (const std::string& word : hello.formats) {
    if (!word.ends_with(":read")) continue;
    const std::string module = word.substr(0, word.find(':'));
    const bool of_dbm =
        module == "dbm" || module.starts_with("dbm.") || module.starts_with("bsddb.");
    if (format == "dbm" ? of_dbm : module == format) modules.push_back(module);
  }
  return modules;
}

// How many values of a shelf were read, and how many raised.
CrossCell shelf_cell(const std::string& text) {
  CrossCell cell;
  Graph graph;
  const NodeId root = parse(graph, text);
  const auto edges = graph.edges(root);
  for (std::size_t i = 1; i < edges.size(); i += 2) {
    const bool raised =
        graph.kind(edges[i]) == Kind::global && graph.text(graph.module(edges[i])) == "raises";
    (raised ? cell.refused : cell.read) += 1;
  }
  return cell;
}

// Dicts of Python 2, and of readers with an order of their own, have none here.
void count(const CrossFile& file, const Observation& seen, CrossCell& cell) {
  const auto* value = seen.answer ? std::get_if<ValueAnswer>(&seen.answer->outcome) : nullptr;
  if (value == nullptr) {
    ++cell.refused;
  } else if (file.entries.empty()) {
    const CrossCell shelf = shelf_cell(value->text);
    (shelf.refused == 0 ? cell.read : shelf.read == 0 ? cell.refused : cell.other) += 1;
  } else {
    (same_value(file.entries, value->text, {"dict=unordered"}) ? cell.read : cell.other) += 1;
  }
}

std::vector<Job> jobs_for(const CrossMatrix& matrix, const std::string& module, double seconds) {
  std::vector<Job> jobs;
  for (const CrossFamily& family : matrix.families)
    for (const CrossFile& file : family.files) {
      Request request;
      request.op = "read";
      request.id = file.path;
      request.format = module;
      request.path = file.path;
      jobs.push_back({request, seconds});
    }
  return jobs;
}

std::vector<CrossCell> cells_of(const CrossMatrix& matrix, const RunReport& report) {
  std::vector<CrossCell> cells(matrix.families.size());
  std::size_t at = 0;
  for (std::size_t f = 0; f < matrix.families.size(); ++f)
    for (const CrossFile& file : matrix.families[f].files)
      count(file, report.observations.at(at++), cells[f]);
  return cells;
}

// Puts a reader with others of the same module that did the same.
void add(CrossMatrix& matrix, const Opening& opening, std::vector<CrossCell> cells) {
  for (CrossReader& reader : matrix.readers)
    if (reader.module == opening.module && reader.cells == cells) {
      reader.implementations.push_back(opening.reader->name);
      return;
    }
  matrix.readers.push_back({opening.module, {opening.reader->name}, std::move(cells)});
}

void write(const std::filesystem::path& path, const std::string& text) {
  std::error_code ignored;
  std::filesystem::create_directories(path.parent_path(), ignored);
  std::ofstream out(path, std::ios::binary);
  out << text;
  if (!out.flush()) throw UsageError(path.string() + ": cannot be written");
}

void cross(Context& context, const CrossOptions& options) {
  CrossMatrix matrix;
  matrix.format = options.format;
  const auto data = context.project() / "corpus" / options.format / "data" / "writers.json";
  if (!std::filesystem::exists(data))
    throw UsageError(fmt::format("--format {}: dbm or shelve", options.format));
  matrix.families = read_families(data);
  const Surroundings where = environment(context.project(), context.program_folder);
  std::vector<Candidate> candidates = find_candidates(where);
  candidates.push_back(reference_candidate(where, "cpython-3.13-c"));
  const std::vector<KnownImplementation> all = greet_all(candidates, recorded_versions(context));
  std::vector<Opening> openings;
  std::vector<Errand> errands;
  for (const KnownImplementation& known : all) {
    if (!known.hello) continue;
    for (const std::string& module : modules_of(*known.hello, options.format)) {
      openings.push_back({&known, module});
      errands.push_back(errand_to(known.candidate, jobs_for(matrix, module, options.seconds)));
    }
  }
  const std::vector<RunReport> reports = run_fleet(errands, options.jobs);
  for (std::size_t i = 0; i < reports.size(); ++i)
    if (has_module(reports[i].observations)) add(matrix, openings[i], cells_of(matrix, reports[i]));
  std::stable_sort(matrix.readers.begin(), matrix.readers.end(),
                   [](const CrossReader& a, const CrossReader& b) { return a.module < b.module; });
  fmt::print("{}", options.json ? matrix_json(matrix) : matrix_text(matrix));
  if (options.out.empty()) return;
  const std::filesystem::path folder = options.out;
  write(folder / fmt::format("cross-{}.md", options.format), matrix_markdown(matrix));
  write(folder / fmt::format("cross-{}.json", options.format), matrix_json(matrix));
  // The folder of a run: its index links to the matrix from now on.
  if (std::filesystem::exists(folder / "results.jsonl"))
    write_markdown(folder, read_results_of(options.out));
}

}  // namespace

void add_cross(CLI::App& app, Context& context) {
  auto options = std::make_shared<CrossOptions>();
  CLI::App* command = app.add_subcommand("cross", "Files written by A, opened by B: a matrix");
  command->add_option("--format", options->format, "dbm or shelve")->capture_default_str();
  command->add_option("--out", options->out, "Also write cross-FORMAT.md and .json there")
      ->type_name("FOLDER");
  command->add_flag("--json", options->json, "Print the matrix as JSON");
  command->add_option("-j,--jobs", options->jobs, "Processes at a time (default: one a core)");
  command->add_option("--seconds", options->seconds, "Limit for one file")->capture_default_str();
  command->callback([options, &context] { cross(context, *options); });
}

}  // namespace assay
