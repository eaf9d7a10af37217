// assay chapter: the documentation's statements, and who keeps them.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>

#include "harness/command/asking.h"
#include "harness/command/chapter.h"
#include "harness/command/fleet.h"
#include "harness/command/project.h"
#include "harness/command/subjects.h"

namespace assay {
namespace {

struct ChapterOptions {
  SubjectOptions subjects;
  bool recorded = false, details = false, json = false;
  std::string out;
  unsigned jobs = 0;
  double seconds = 20;
};

// The scenarios that decide on statements, each once, and where each stands.
struct Questions {
  std::vector<const Case*> cases;
  std::map<std::string, std::size_t> place;
};

Questions questions_of(const Corpus& corpus, const std::vector<Statement>& statements) {
  Questions questions;
  for (const Statement& statement : statements) {
    if (!statement.testable()) continue;
    const std::string& id = statement.cases.front();
    if (questions.place.emplace(id, questions.cases.size()).second)
      questions.cases.push_back(corpus.find(id));
  }
  return questions;
}

// Which Python an implementation is: PyPy's own version does not say it.
Job language_job(double seconds) {
  Job job{{}, seconds};
  job.request.op = "scenario";
  job.request.format = "python";
  job.request.script = "import sys\nprint('%d.%d' % sys.version_info[:2])\n";
  return job;
}

std::optional<Printed> printed_of(const Observation& observation) {
  if (observation.status == Status::unsupported || observation.status == Status::skipped)
    return std::nullopt;
  if (observation.status != Status::answered || !observation.answer)
    return Printed{{}, fmt::format("({})", name(observation.status))};
  if (const auto* value = std::get_if<ValueAnswer>(&observation.answer->outcome)) {
    try {
      return Printed{printed_lines(value->text), ""};
    } catch (const std::runtime_error&) {
      return Printed{{}, "(no lines)"};
    }
  }
  const auto* error = std::get_if<ErrorAnswer>(&observation.answer->outcome);
  return Printed{{}, error != nullptr ? error->name : "(no lines)"};
}

std::optional<Printed> printed_of(const Case& c, const std::string& profile) {
  for (const RecordedOutcome& outcome : c.outcomes) {
    if (std::count(outcome.profiles.begin(), outcome.profiles.end(), profile) == 0) continue;
    if (outcome.value) return Printed{printed_lines(*outcome.value), ""};
    return Printed{{}, outcome.crashed() ? "(crash)" : outcome.error};
  }
  return std::nullopt;
}

std::vector<Finding> findings_of(const Corpus& corpus, const std::vector<Statement>& statements,
                                 LanguageVersion language,
                                 const std::function<std::optional<Printed>(const Case&)>& heard) {
  std::vector<Finding> findings;
  for (const Statement& statement : statements) {
    const Case* c = statement.testable() ? corpus.find(statement.cases.front()) : nullptr;
    findings.push_back(c != nullptr ? judge_statement(statement, language, heard(*c)) : Finding{});
  }
  return findings;
}

// Everybody here that runs programs, asked now.
std::vector<ChapterColumn> ask(Context& context, const Corpus& corpus,
                               const std::vector<Statement>& statements,
                               const ChapterOptions& options) {
  std::vector<Subject> subjects = choose_subjects(context, corpus, options.subjects);
  std::erase_if(subjects, [&](const Subject& subject) {
    const bool other_lane =
        subject.candidate.lane == "py" && subject.candidate.kind != Candidate::Kind::pypy;
    return subject.candidate.kind == Candidate::Kind::reference ||
           (options.subjects.wanted.empty() && other_lane);
  });
  const Questions questions = questions_of(corpus, statements);
  std::vector<Job> jobs = jobs_of(questions.cases, options.seconds);
  jobs.push_back(language_job(options.seconds));
  std::vector<Errand> errands;
  for (const Subject& subject : subjects) errands.push_back(errand_to(subject.candidate, jobs));
  const std::vector<RunReport> reports = run_fleet(errands, options.jobs);

  std::map<std::string, std::string> versions;
  for (const auto& [profile, oracle] : corpus.oracles()) versions[profile] = oracle.version;
  std::vector<ChapterColumn> columns;
  for (const RunReport& report : reports) {
    if (!report.hello || report.observations.size() != jobs.size()) continue;
    const auto said = printed_of(report.observations.back());
    const auto language = said && said->lines.size() == 1
                              ? LanguageVersion::parse(said->lines.front())
                              : std::nullopt;
    if (!language) continue;
    ChapterColumn column;
    column.name = implementation_name(*report.hello, versions);
    const auto same = [&](const ChapterColumn& other) { return other.name == column.name; };
    if (std::any_of(columns.begin(), columns.end(), same)) continue;
    column.version = report.hello->version;
    column.language = *language;
    column.oracle = report.hello->implementation == "cpython";
    column.findings = findings_of(corpus, statements, *language, [&](const Case& c) {
      return printed_of(report.observations[questions.place.at(c.id)]);
    });
    columns.push_back(std::move(column));
  }
  return columns;
}

// The recorded CPythons that are not among `columns`, put before the others.
void add_recorded(const Corpus& corpus, const std::vector<Statement>& statements,
                  std::vector<ChapterColumn>& columns) {
  std::map<std::string, OracleVersion> oracles;
  for (const CaseFile& file : corpus.files)
    if (file.format == statements_format)
      oracles.insert(file.recorded.oracles.begin(), file.recorded.oracles.end());
  for (const auto& [profile, oracle] : oracles) {
    const auto same = [&profile = profile](const ChapterColumn& c) { return c.name == profile; };
    const auto name = ProfileName::parse(profile);
    if (!name || name->lane != Lane::c || std::any_of(columns.begin(), columns.end(), same))
      continue;
    ChapterColumn column{profile, oracle.version, {name->major, name->minor}, true, true, {}};
    column.findings =
        findings_of(corpus, statements, column.language,
                    [&profile = profile](const Case& c) { return printed_of(c, profile); });
    columns.push_back(std::move(column));
  }
  std::stable_sort(columns.begin(), columns.end(),
                   [](const ChapterColumn& a, const ChapterColumn& b) {
                     if (a.oracle != b.oracle) return a.oracle;
                     return a.oracle && profile_before(a.name, b.name);
                   });
}

// A CPython that does not keep a statement, without a word on it in the corpus.
bool unexplained(const std::vector<Statement>& statements,
                 const std::vector<ChapterColumn>& columns) {
  for (std::size_t i = 0; i < statements.size(); ++i) {
    if (!statements[i].differs.empty()) continue;
    for (const ChapterColumn* column : failing(columns, i))
      if (column->oracle) return true;
  }
  return false;
}

void write_page(const std::string& folder, const std::string& text) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  const std::filesystem::path file = std::filesystem::path(folder) / "statements.md";
  std::ofstream out(file, std::ios::binary);
  out << text;
  out.close();
  if (!out) throw UsageError(file.string() + ": cannot be written");
}

void chapter(Context& context, const ChapterOptions& options) {
  const Corpus corpus = load_project_corpus(context);
  std::vector<Problem> problems;
  const std::vector<Statement> statements = read_statements(corpus, problems);
  if (!problems.empty()) throw UsageError(problems.front().message() + " (assay lint)");
  if (statements.empty()) throw UsageError("the corpus holds no statements");
  std::vector<ChapterColumn> columns;
  if (!options.recorded) columns = ask(context, corpus, statements, options);
  if (options.subjects.wanted.empty()) add_recorded(corpus, statements, columns);
  if (columns.empty()) throw UsageError("nobody here runs programs");
  fmt::print("{}", options.json ? chapter_json(statements, columns) + "\n"
                                : chapter_text(statements, columns, options.details));
  if (!options.out.empty()) write_page(options.out, chapter_markdown(statements, columns));
  if (unexplained(statements, columns)) context.status = exit_differs;
}

}  // namespace

void add_chapter(CLI::App& app, Context& context) {
  auto options = std::make_shared<ChapterOptions>();
  CLI::App* command =
      app.add_subcommand("chapter", "The documentation's statements, and which Python keeps them");
  command->add_option("--impl", options->subjects.wanted, "Only this implementation")
      ->type_name("NAME|CMD")
      ->allow_extra_args(false);
  command->add_flag("--recorded", options->recorded, "Ask nobody: the recorded CPythons");
  command->add_flag("--details", options->details,
                    "Each statement that does not hold somewhere, or is not testable");
  command->add_flag("--json", options->json, "One JSON object");
  command->add_option("--out", options->out, "Folder for statements.md");
  command->add_option("-j,--jobs", options->jobs, "Processes at a time (default: one a core)");
  command->add_option("--seconds", options->seconds, "Limit for one case")->capture_default_str();
  command->callback([options, &context] { chapter(context, *options); });
}

}  // namespace assay
