#include "harness/command/survey_run.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>

#include "harness/command/fleet.h"
#include "harness/command/implementations.h"
#include "harness/command/progress.h"
#include "harness/command/project.h"
#include "harness/verdict/judge.h"
#include "harness/verdict/value_match.h"

namespace assay {
namespace {

constexpr std::size_t shown_whole = 50;              // more files: only those with something to say
constexpr std::uint64_t lot_bytes = 64u << 20;       // asked of implementations at a time
constexpr std::uint64_t largest_asked = 256u << 20;  // a larger file is asked of nobody else
constexpr double seconds_a_file = 60;

// What an implementation makes of a file, in a few words.
std::string answer_text(const SurveyedFile& file, const Observation& observation,
                        const Claim& claim) {
  if (!observation.answer) return std::string(name(observation.status));
  const AnswerOutcome& outcome = observation.answer->outcome;
  if (const auto* error = std::get_if<ErrorAnswer>(&outcome)) return "no: " + error->name;
  if (std::holds_alternative<UnsupportedAnswer>(outcome)) return "unsupported";
  const auto* value = std::get_if<ValueAnswer>(&outcome);
  if (value == nullptr) return "adapter-error";
  if (file.readers.empty()) return "reads what no CPython reads";
  Blindness blind = claim.blind;
  if (claim.no_identity) blind.push_back("identity=none");
  switch (match_values(file.value, value->text, {}, blind).match) {
    case Match::equal:
      return "yes";
    case Match::lossy:
      return "yes, as far as it can tell";
    case Match::malformed:
      return "adapter-error";
    default:
      return "another value";
  }
}

class Survey {
 public:
  Survey(Context& context, SurveyRun run) : run_(std::move(run)), files_(files_of(run_.names)) {
    if (files_.empty()) throw UsageError("the folders are empty");
    found_.resize(files_.size());
    ready_.resize(files_.size(), false);
    if (run_.subjects.wanted.empty() && run_.subjects.exec.empty()) return;
    run_.options.values = true;
    const Corpus corpus = load_project_corpus(context);
    const std::map<std::string, std::string> recorded = recorded_versions(context);
    for (Subject& subject : choose_subjects(context, corpus, run_.subjects)) {
      const KnownImplementation known = greet_all({subject.candidate}, recorded).front();
      // What a candidate is called is known after its hello only.
      const bool wanted =
          subject.names.empty() ||
          std::any_of(subject.names.begin(), subject.names.end(),
                      [&](const std::string& glob) { return glob_match(glob, known.name); });
      if (!wanted) continue;
      names_.push_back(name_of(subject, known.hello ? &*known.hello : nullptr, recorded));
      subjects_.push_back(std::move(subject));
    }
  }

  void survey() {
    if (run_.csv) fmt::print("{}", csv_head(names_));
    unsigned threads = run_.jobs != 0 ? run_.jobs : std::thread::hardware_concurrency();
    threads = std::max(1u, std::min<unsigned>(threads, static_cast<unsigned>(files_.size())));
    std::vector<std::jthread> crew;
    for (unsigned i = 0; i < threads; ++i) crew.emplace_back([this] { work(); });
    crew.clear();
    bar_.clear();
    if (subjects_.empty()) return;
    ask();
    for (const SurveyedFile& file : found_) print(file);
  }

  bool all_good() const {
    return std::all_of(found_.begin(), found_.end(),
                       [](const SurveyedFile& file) { return !file.pickle() || file.good(); });
  }

  void end() const {
    if (run_.csv || run_.json || files_.size() == 1) return;
    fmt::print("{}", survey_summary(found_));
    if (files_.size() > shown_whole)
      fmt::print("Files that every Python reads alike are not shown; --csv has all.\n");
  }

 private:
  void work() {
    for (std::size_t i; (i = next_++) < files_.size();) {
      SurveyedFile file = survey_file(files_[i], run_.options);
      const std::lock_guard lock(mutex_);
      found_[i] = std::move(file);
      ready_[i] = true;
      bar_.show(++done_, files_.size(), "files");
      if (subjects_.empty()) flush();
    }
  }

  // Prints what is ready, in order.
  void flush() {
    const std::size_t before = printed_;
    if (before < ready_.size() && ready_[before] && isatty(STDOUT_FILENO) != 0) bar_.clear();
    for (; printed_ < ready_.size() && ready_[printed_]; ++printed_) print(found_[printed_]);
  }

  void print(const SurveyedFile& file) const {
    if (run_.json) {
      fmt::print("{}", survey_json(file, names_));
    } else if (run_.csv) {
      fmt::print("{}", csv_line(file));
    } else if (files_.size() <= shown_whole || !file.pickle() || !file.good()) {
      fmt::print("{}", survey_text(file, names_));
    }
  }

  // The pickles, lot by lot, so that not all of them need be in memory.
  void ask() {
    std::vector<std::size_t> lot;
    std::uint64_t bytes = 0;
    for (std::size_t i = 0; i < found_.size(); ++i) {
      found_[i].answers.assign(subjects_.size(), "");
      if (!found_[i].pickle() || found_[i].size > largest_asked || files_[i] == "-") continue;
      lot.push_back(i);
      bytes += found_[i].size;
      if (bytes < lot_bytes) continue;
      ask(lot);
      lot.clear();
      bytes = 0;
    }
    if (!lot.empty()) ask(lot);
  }

  void ask(const std::vector<std::size_t>& lot) {
    std::vector<Job> jobs;
    for (const std::size_t i : lot) {
      Request request;
      request.format = "pickle";
      request.data = read_input_file(files_[i]);
      if (!run_.options.encoding.empty()) request.options["encoding"] = run_.options.encoding;
      jobs.push_back({std::move(request), seconds_a_file});
    }
    std::vector<Errand> errands;
    for (const Subject& subject : subjects_) errands.push_back(errand_to(subject.candidate, jobs));
    const std::vector<RunReport> reports = run_fleet(errands, run_.jobs);
    for (std::size_t k = 0; k < reports.size(); ++k) {
      const Claim claim = claim_of(reports[k].hello ? &*reports[k].hello : nullptr);
      for (std::size_t j = 0; j < lot.size(); ++j)
        found_[lot[j]].answers[k] =
            reports[k].not_started.empty()
                ? answer_text(found_[lot[j]], reports[k].observations[j], claim)
                : "did not start";
    }
  }

  SurveyRun run_;
  std::vector<std::string> files_;
  std::vector<Subject> subjects_;
  std::vector<std::string> names_;  // of the subjects
  std::vector<SurveyedFile> found_;
  std::vector<bool> ready_;
  std::size_t printed_ = 0, done_ = 0;
  std::atomic<std::size_t> next_{0};
  std::mutex mutex_;
  ProgressBar bar_;
};

}  // namespace

void run_survey(Context& context, SurveyRun run) {
  Survey survey(context, std::move(run));
  survey.survey();
  survey.end();
  if (!survey.all_good()) context.status = exit_differs;
}

}  // namespace assay
