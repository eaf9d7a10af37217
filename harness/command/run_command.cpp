// assay run: every case by every implementation, judged and reported.
#include <fmt/format.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <ctime>
#include <iostream>
#include <nlohmann/json.hpp>
#include <set>

#include "harness/command/asking.h"
#include "harness/command/judging.h"
#include "harness/command/known_files.h"
#include "harness/command/progress.h"
#include "harness/command/project.h"
#include "harness/command/repeat.h"
#include "harness/command/report_files.h"
#include "harness/command/subjects.h"
#include "harness/runner/shard.h"
#include "reports/matrix.h"
#include "reports/terminal.h"

namespace assay {
namespace {

struct RunCommand {
  SubjectOptions subjects;
  std::vector<std::string> formats;
  std::vector<std::string> filters;
  std::string target;
  std::string known;
  bool update_known = false;
  std::string shard;
  std::string out = "assay-out";
  JudgingOptions judging;
  bool json = false;
};

std::string now() {
  const std::time_t time = std::time(nullptr);
  std::tm utc{};
  gmtime_r(&time, &utc);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc);
  return text;
}

std::string machine() {
  utsname names{};
  return uname(&names) == 0 ? fmt::format("{} {}", names.sysname, names.machine) : "";
}

// The command line that makes this run again.
std::string repeat_line(const Context& context, const RunCommand& run) {
  std::string line = program_words(context) + " run" + subject_words(run.subjects);
  const auto add = [&](const char* option, const std::string& text) {
    if (!text.empty()) line += fmt::format(" {} {}", option, shell_word(text));
  };
  for (const std::string& name : run.formats) add("--format", name);
  for (const std::string& name : run.filters) add("--filter", name);
  add("--target", run.target);
  add("--known", run.known);
  add("--shard", run.shard);
  return line;
}

// A format is called as its folder is, or as reports do: "dbm", "dbm.gnu".
bool of_format(const Case& c, const std::string& format) {
  return c.format == format || c.reported == format;
}

std::string format_names(const Corpus& corpus) {
  std::set<std::string> names;
  for (const CaseFile& file : corpus.files)
    for (const Case& c : file.cases) names.insert({c.format, c.reported});
  return fmt::format("{}", fmt::join(names, ", "));
}

std::vector<const Case*> chosen_cases(const Corpus& corpus, const RunCommand& run) {
  std::vector<const Case*> cases = choose_cases(corpus, run.filters);
  for (const std::string& format : run.formats)
    if (std::none_of(cases.begin(), cases.end(),
                     [&](const Case* c) { return of_format(*c, format); }))
      throw UsageError(
          fmt::format("--format {}: the corpus has cases of {}", format, format_names(corpus)));
  std::optional<Shard> shard;
  if (!run.shard.empty() && !(shard = parse_shard(run.shard)))
    throw UsageError(fmt::format("--shard {}: a shard is I/N with 1 <= I <= N", run.shard));
  std::erase_if(cases, [&](const Case* c) {
    const bool other_format =
        !run.formats.empty() &&
        std::none_of(run.formats.begin(), run.formats.end(),
                     [&](const std::string& format) { return of_format(*c, format); });
    return other_format || (shard && !in_shard(*shard, c->id));
  });
  if (cases.empty())
    throw UsageError(fmt::format("--format, --filter and --shard leave none of the {} cases",
                                 corpus.case_count()));
  return cases;
}

// Whether some case, run or not, has this id or fits this glob.
bool fits_a_case(const Corpus& corpus, std::string_view id) {
  if (!is_glob(id)) return corpus.find(id) != nullptr;
  return std::any_of(corpus.files.begin(), corpus.files.end(), [&](const CaseFile& file) {
    return std::any_of(file.cases.begin(), file.cases.end(),
                       [&](const Case& c) { return glob_match(id, c.id); });
  });
}

nlohmann::ordered_json counts(const Cell& cell) {
  nlohmann::ordered_json json = nlohmann::ordered_json::object();
  for (std::size_t i = 0; i < verdict_count; ++i)
    if (cell.verdicts[i] != 0) json[std::string(verdict_names[i])] = cell.verdicts[i];
  if (cell.known != 0) json["known"] = cell.known;
  return json;
}

// What a program wants to know of a run; everything is in results.jsonl.
void print_json(const Results& results, const std::vector<std::string>& problems, int status) {
  nlohmann::ordered_json json;
  json["schema"] = "assay-run-1";
  json["status"] = status;
  json["cases"] = results.run.cases;
  json["seconds"] = results.run.seconds;
  json["known_failures_problems"] = problems;
  json["implementations"] = nlohmann::ordered_json::array();
  for (const Matrix& matrix : matrices(results)) {
    for (const Row& row : matrix.rows) {
      if (!row.implementation->note.empty()) continue;
      nlohmann::ordered_json entry;
      entry["name"] = row.implementation->name;
      entry["role"] = row.implementation->role;
      entry["target"] = row.implementation->target;
      entry["format"] = matrix.name.operation.empty()
                            ? matrix.name.family
                            : matrix.name.family + ":" + matrix.name.operation;
      entry["verdicts"] = counts(row.total);
      for (std::size_t i = 0; i < matrix.columns.size(); ++i) {
        const auto& [format, protocol, label] = matrix.columns[i];
        if (protocol >= 0)
          entry["protocols"][std::to_string(protocol)] = counts(row.cells[i]);
        else
          entry["formats"][format] = counts(row.cells[i]);
      }
      json["implementations"].push_back(std::move(entry));
    }
  }
  for (const ImplementationRecord& record : results.implementations)
    if (!record.note.empty())
      json["implementations"].push_back(
          {{"name", record.name}, {"role", record.role}, {"did_not_start", record.note}});
  fmt::print("{}\n", json.dump());
}

int status_of(const Results& results, const std::vector<std::string>& problems) {
  const bool nobody_ran = results.results.empty();
  if (nobody_ran) return exit_usage;
  const bool differs =
      std::any_of(results.results.begin(), results.results.end(), [](const ResultRecord& result) {
        return standing(result.verdict) == Standing::differs && !result.known;
      });
  const bool silent =
      std::any_of(results.implementations.begin(), results.implementations.end(),
                  [](const ImplementationRecord& record) { return !record.note.empty(); });
  return differs || silent || !problems.empty() ? exit_differs : exit_as_expected;
}

void run_command(Context& context, const RunCommand& run) {
  const auto begin = std::chrono::steady_clock::now();
  const Corpus corpus = load_project_corpus(context);
  const std::vector<const Case*> cases = chosen_cases(corpus, run);
  JudgingOptions judging = run.judging;
  if (!run.target.empty()) judging.target = parse_target(run.target, corpus.profiles());
  const std::vector<Subject> subjects = choose_subjects(context, corpus, run.subjects);
  judging.program = program_words(context);
  judging.project = context.project();

  const KnownFiles known(subjects, run.known, run.update_known, context.project());
  JudgedRun judged = judge_all(corpus, cases, subjects, judging);
  Results& results = judged.results;
  results.run.assay = ASSAY_VERSION;
  results.run.started = now();
  results.run.machine = machine();
  results.run.command = repeat_line(context, run);
  results.run.shard = run.shard;
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  results.run.seconds = took.count();

  const std::vector<std::string> problems =
      known.apply(judged, [&](std::string_view id) { return fits_a_case(corpus, id); });
  sort_results(results);
  write_reports(run.out, results);
  context.status = status_of(results, problems);
  if (run.json) return print_json(results, problems, context.status);
  print_terminal(std::cout, results, {.colour = wants_colour(STDOUT_FILENO), .stale = problems});
  fmt::print("reports: {}/index.md results.jsonl junit.xml\n", run.out);
}

}  // namespace

void add_run(CLI::App& app, Context& context) {
  auto run = std::make_shared<RunCommand>();
  CLI::App* command = app.add_subcommand("run", "Judge implementations by what CPython does");
  add_subject_options(*command, run->subjects,
                      "A name or glob of 'assay impls', a kind (cpython, reference, pypy, jython), "
                      "or the command of an adapter (default: everything found)");
  command->add_option("--format", run->formats, "Only cases of this format")
      ->type_name("NAME")
      ->allow_extra_args(false);
  command
      ->add_option("--filter", run->filters,
                   "Only the cases with this id, or glob of ids ('int/*'), of this topic or file")
      ->type_name("ID|GLOB|TOPIC")
      ->allow_extra_args(false);
  command->add_option("--target", run->target,
                      "Profiles to judge by: cpython-3.8+, cpython-3.6..3.9-c, all, a list "
                      "(default: CPythons by themselves, others by their adapter.toml or "
                      "cpython-3.8+)");
  command->add_option("--known", run->known,
                      "File of known failures, beside those of the adapters themselves");
  command->add_flag("--update-known", run->update_known, "Rewrite that file to fit this run");
  command->add_option("-j,--jobs", run->judging.jobs, "Processes at a time (default: one a core)");
  command->add_option("--seconds", run->judging.seconds, "Limit for one case")
      ->capture_default_str();
  command->add_option("--shard", run->shard, "Part I of N of the cases")->type_name("I/N");
  command->add_option("--out", run->out, "Folder for the reports")->capture_default_str();
  command->add_flag("--json", run->json, "A summary as JSON instead of the matrix");
  command->callback([run, &context] { run_command(context, *run); });
}

}  // namespace assay
