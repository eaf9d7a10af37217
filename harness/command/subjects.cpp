#include "harness/command/subjects.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/command/project.h"
#include "harness/command/suggestions.h"
#include "harness/corpus/profile_name.h"

namespace assay {
namespace {

std::string_view kind_name(Candidate::Kind kind) {
  switch (kind) {
    case Candidate::Kind::python:
    case Candidate::Kind::pyodide:
      return "cpython";
    case Candidate::Kind::pypy:
      return "pypy";
    case Candidate::Kind::jython:
      return "jython";
    case Candidate::Kind::reference:
      return "reference";
    case Candidate::Kind::described:
      return "";
  }
  return "";
}

// Whether the name that a hello will give may fit `glob`, from what is known
// without starting anything: the kind, and as much of the version as file names
// tell. Errs on the side of yes.
bool may_fit(const Candidate& candidate, const std::string& glob) {
  const std::string& name = candidate.implementation.name;
  if (candidate.kind == Candidate::Kind::described || candidate.kind == Candidate::Kind::reference)
    return glob_match(glob, name);
  const std::string_view kind = kind_name(candidate.kind);
  const std::string literal = glob.substr(0, glob.find_first_of("*?"));
  const std::string begin = fmt::format("{}-{}", kind, candidate.version);
  const std::size_t shorter = std::min(begin.size(), literal.size());
  if (literal.substr(0, shorter) == begin.substr(0, shorter)) {
    const auto lane_fits = [&](std::string_view lane) {
      return glob.find_first_of("*?") != std::string::npos ||
             glob.find(fmt::format("-{}", lane)) != std::string::npos;
    };
    return candidate.lane.empty() || lane_fits(candidate.lane);
  }
  // A name without its patch level.
  const auto profile = ProfileName::parse(glob);
  return profile && kind == "cpython" &&
         candidate.version.starts_with(fmt::format("{}.{}", profile->major, profile->minor)) &&
         candidate.lane == (profile->lane == Lane::c ? "c" : "py");
}

bool looks_like_command(const std::string& text) {
  return text.find_first_of("/ ") != std::string::npos;
}

// Names that candidates will have, as far as can be known without a hello.
std::vector<std::string> likely_names(const std::vector<Candidate>& all) {
  std::vector<std::string> names = {"cpython", "reference", "pypy", "jython"};
  for (const Candidate& candidate : all) {
    const std::string_view kind = kind_name(candidate.kind);
    const bool guessed = candidate.kind != Candidate::Kind::reference && !kind.empty();
    if (!guessed) names.push_back(candidate.implementation.name);
    if (!guessed || candidate.version.empty()) continue;
    const std::size_t minor_end = candidate.version.find('.', candidate.version.find('.') + 1);
    const std::string lane = candidate.lane.empty() ? "" : "-" + candidate.lane;
    for (const std::string& version : {candidate.version.substr(0, minor_end), candidate.version})
      names.push_back(fmt::format("{}-{}{}", kind, version, lane));
  }
  return names;
}

Subject command_subject(const std::string& line, Implementation::Mode mode) {
  const auto argv = split_command(line);
  if (!argv) throw UsageError(fmt::format("'{}' is no command line", line));
  Subject subject;
  subject.candidate.kind = Candidate::Kind::described;
  subject.candidate.implementation.name = line;
  subject.candidate.implementation.command.argv = *argv;
  subject.candidate.implementation.mode = mode;
  subject.candidate.origin = line;
  subject.command = line;
  return subject;
}

std::vector<Subject> named_subjects(Context& context, const Corpus& corpus,
                                    const SubjectOptions& options) {
  const Surroundings where = environment(context.project(), context.program_folder);
  std::vector<Candidate> all = find_candidates(where);
  for (const std::string& profile : corpus.profiles())  // not once more for a patch level
    if (const auto parsed = ProfileName::parse(profile); !parsed || parsed->patch.empty())
      all.push_back(reference_candidate(where, profile));
  std::vector<Subject> subjects;
  if (options.wanted.empty() && options.exec.empty()) {
    for (Candidate& candidate : all)
      if (candidate.missing.empty()) subjects.push_back({std::move(candidate), {}, ""});
    return subjects;
  }
  std::vector<std::vector<std::string>> names(all.size());
  for (const std::string& wanted : options.wanted) {
    bool found = false;
    for (std::size_t i = 0; i < all.size(); ++i) {
      const bool kind = wanted == kind_name(all[i].kind);
      if (!kind && !may_fit(all[i], wanted)) continue;
      if (!all[i].missing.empty())
        throw UsageError(fmt::format("{}: {}", all[i].implementation.name, all[i].missing));
      found = true;
      names[i].push_back(kind ? "*" : wanted);
    }
    if (found) continue;
    if (ProfileName::parse(wanted).has_value() || !looks_like_command(wanted))
      if (find_program(wanted, where.path).empty())
        throw UsageError(fmt::format("no implementation here is called '{}'{} (assay impls)",
                                     wanted, perhaps(wanted, likely_names(all))));
    subjects.push_back(command_subject(wanted, Implementation::Mode::adapter));
  }
  for (std::size_t i = 0; i < all.size(); ++i)
    if (!names[i].empty()) subjects.push_back({std::move(all[i]), std::move(names[i]), ""});
  for (const std::string& line : options.exec)
    subjects.push_back(command_subject(line, Implementation::Mode::exec));
  return subjects;
}

}  // namespace

void add_subject_options(CLI::App& command, SubjectOptions& options, const std::string& impl_help) {
  command.add_option("--impl", options.wanted, impl_help)
      ->type_name("NAME|CMD")
      ->allow_extra_args(false);
  command
      .add_option("--exec", options.exec,
                  "A program without an adapter: 'cmd {file}' is run for each case")
      ->type_name("CMD")
      ->allow_extra_args(false);
  command
      .add_option("--start-seconds", options.start_seconds,
                  "Limit from an adapter's start to its hello (default: 20; 120 for Jython and "
                  "Pyodide; an adapter.toml may say its own)")
      ->type_name("N")
      ->check(CLI::PositiveNumber);
}

std::vector<Subject> choose_subjects(Context& context, const Corpus& corpus,
                                     const SubjectOptions& options) {
  std::vector<Subject> subjects = named_subjects(context, corpus, options);
  if (options.start_seconds > 0)
    for (Subject& subject : subjects) subject.candidate.start_seconds = options.start_seconds;
  const std::vector<std::string> recorded = corpus.profiles();
  for (const Subject& subject : subjects) {
    const std::string& target = subject.candidate.target;
    if (!target.empty() && ProfileSelection(target).of(recorded).empty())
      throw UsageError(fmt::format("{}: its adapter.toml has target \"{}\", which is not recorded",
                                   subject.candidate.implementation.name, target));
  }
  return subjects;
}

ProfileSelection own_target(const Candidate& candidate, const Hello* hello,
                            const std::vector<std::string>& recorded) {
  if (!candidate.target.empty()) return ProfileSelection(candidate.target);
  if (hello == nullptr) return ProfileSelection::standard();
  auto profile = ProfileName::parse(hello->profile);
  if (!profile) return ProfileSelection::standard();
  for (int attempt = 0; attempt < 2; ++attempt) {
    const std::string name = profile->recorded();
    if (std::find(recorded.begin(), recorded.end(), name) != recorded.end())
      return ProfileSelection(name);
    profile->word = profile->word == 64 ? 32 : 64;
  }
  return ProfileSelection::standard();
}

std::string name_of(const Subject& subject, const Hello* hello,
                    const std::map<std::string, std::string>& versions) {
  const bool described =
      subject.candidate.kind == Candidate::Kind::described && subject.command.empty();
  if (hello == nullptr || described) return subject.candidate.implementation.name;
  return implementation_name(*hello, versions);
}

std::string role_of(const Hello* hello) {
  if (hello == nullptr) return "subject";
  if (hello->implementation == "cpython" && !hello->profile.empty()) return "oracle";
  return hello->implementation == "reference" ? "reference" : "subject";
}

}  // namespace assay
