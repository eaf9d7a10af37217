// assay diff: what every profile makes of a file, and where they part; of many files,
// who reads each.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "harness/command/marshal_file.h"
#include "harness/command/parting.h"
#include "harness/command/pickle_file.h"
#include "harness/command/project.h"
#include "harness/command/survey_run.h"
#include "harness/command/text_layout.h"
#include "harness/corpus/profile_name.h"
#include "harness/verdict/value_match.h"

namespace assay {
namespace {

struct DiffOptions {
  std::vector<std::string> files;
  std::string encoding, format, profile;
  SubjectOptions subjects;
  unsigned jobs = 0;
  bool json = false, csv = false, full = false;
};

// Profiles that make the same of the file.
struct Group {
  std::vector<std::string> profiles;
  LoadedPickle first;
};

bool same_outcome(const LoadedPickle& a, const LoadedPickle& b) {
  if (a.accepted != b.accepted) return false;
  if (!a.accepted) return a.outcome() == b.outcome();
  return a.consumed == b.consumed && same_value(a.value, b.value);
}

std::vector<Group> groups_of(std::string_view file, const std::string& encoding) {
  std::vector<Group> groups;
  for (const std::string_view name : pickle::recorded_profiles()) {
    LoadOptions options;
    options.profile = *pickle::Profile::parse(name);
    options.unpickle.symbolic_extensions = true;
    if (!encoding.empty()) options.unpickle.encoding = encoding;
    LoadedPickle first = load_pickles(file, options).front();
    const auto same = std::find_if(groups.begin(), groups.end(), [&](const Group& group) {
      return same_outcome(group.first, first);
    });
    if (same != groups.end()) {
      same->profiles.emplace_back(name);
    } else {
      groups.push_back({{std::string(name)}, std::move(first)});
    }
  }
  std::stable_sort(groups.begin(), groups.end(), [](const Group& a, const Group& b) {
    return a.profiles.size() > b.profiles.size();
  });
  return groups;
}

std::vector<std::string> universe() {
  const auto names = pickle::recorded_profiles();
  return {names.begin(), names.end()};
}

std::optional<Parting> parting(std::string_view file, const Group& a, const Group& b) {
  return find_parting(file, *pickle::Profile::parse(a.profiles.back()),
                      *pickle::Profile::parse(b.profiles.back()));
}

void print_group(const Group& group, bool full) {
  fmt::print("{}", wrapped(selection_text(group.profiles, universe()), 0));
  const LoadedPickle& one = group.first;
  if (one.accepted) {
    fmt::print("  {}\n  {} bytes read\n",
               full ? one.value : cut_line(one.value, screen_columns - 2), one.consumed);
  } else {
    const std::string what = one.error.empty() ? "unsupported" : one.error;
    fmt::print("  {}\n", cut_line(fmt::format("{} at {:#x}: {}", what, one.at, one.message),
                                  screen_columns - 2));
  }
}

void print_text(std::string_view file, const std::vector<Group>& groups, bool full) {
  for (std::size_t i = 0; i < groups.size(); ++i) {
    print_group(groups[i], full);
    if (i == 0) continue;
    if (const auto where = parting(file, groups[0], groups[i]))
      fmt::print("  {}\n", cut_line(fmt::format("parts from the first at {:#x}: {}", where->offset,
                                                where->instruction),
                                    screen_columns - 2));
  }
  if (groups.size() == 1) fmt::print("all {} profiles agree\n", groups[0].profiles.size());
}

void print_json(std::string_view file, const std::vector<Group>& groups) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (std::size_t i = 0; i < groups.size(); ++i) {
    nlohmann::ordered_json entry;
    entry["profiles"] = groups[i].profiles;
    const LoadedPickle& one = groups[i].first;
    if (one.accepted) {
      entry["value"] = one.value;
      entry["consumed"] = one.consumed;
    } else {
      entry["error"] = one.error;
      entry["message"] = one.message;
      entry["at"] = one.at;
    }
    if (i > 0)
      if (const auto where = parting(file, groups[0], groups[i])) entry["parts_at"] = where->offset;
    list.push_back(std::move(entry));
  }
  fmt::print("{}\n", list.dump());
}

// Two .pyc files, or marshalled data; whether there was no difference.
bool diff_two(const DiffOptions& options, const std::string& left, const std::string& right) {
  const auto opened = [&](const std::string& name, const std::string& bytes) {
    return open_marshal(name, bytes, options.format, options.profile);
  };
  return diff_marshal(options.files[0], opened(options.files[0], left), options.files[1],
                      opened(options.files[1], right), options.json);
}

// One file, in depth.
void diff_one(Context& context, const DiffOptions& options) {
  const std::string file = read_input_file(options.files[0]);
  if (wants_marshal(options.format, file)) {
    const MarshalFile opened =
        open_marshal(options.files[0], file, options.format, options.profile);
    if (!diff_profiles(opened, options.full, options.json)) context.status = exit_differs;
    return;
  }
  const std::vector<Group> groups = groups_of(file, options.encoding);
  if (options.json) {
    print_json(file, groups);
  } else {
    print_text(file, groups, options.full);
  }
  if (groups.size() > 1) context.status = exit_differs;
}

void diff(Context& context, const DiffOptions& options) {
  const auto is_file = [](const std::string& name) {
    return name == "-" || !std::filesystem::is_directory(name);
  };
  const bool others = !options.subjects.wanted.empty() || !options.subjects.exec.empty();
  if (!options.csv && !others && options.files.size() <= 2 &&
      std::all_of(options.files.begin(), options.files.end(), is_file)) {
    if (options.files.size() == 1) return diff_one(context, options);
    const std::string left = read_input_file(options.files[0]),
                      right = read_input_file(options.files[1]);
    if (wants_marshal(options.format, left) && wants_marshal(options.format, right)) {
      if (!diff_two(options, left, right)) context.status = exit_differs;
      return;
    }
  }
  SurveyRun run{options.files, {.encoding = options.encoding}, options.subjects};
  run.csv = options.csv;
  run.json = options.json;
  run.jobs = options.jobs;
  run_survey(context, std::move(run));
}

}  // namespace

void add_diff(CLI::App& app, Context& context) {
  auto options = std::make_shared<DiffOptions>();
  CLI::App* command = app.add_subcommand(
      "diff", "What CPythons make of files; what two .pyc files really differ in");
  command
      ->add_option("file", options->files,
                   "A file, or - for standard input; two .pyc files; or any number of files and "
                   "folders: who reads each, what it names, the first obstacle")
      ->required()
      ->type_name("FILE...");
  command->add_option("--format", options->format, "pickle, pyc or marshal (default: found)")
      ->check(CLI::IsMember({"pickle", "pyc", "marshal"}));
  command->add_option("--as", options->profile, "marshal: whose code objects (default: 3.13's)");
  command->add_option("--encoding", options->encoding, "For Python 2's strings (default: ASCII)");
  add_subject_options(*command, options->subjects,
                      "Ask this implementation, too: a name or glob of 'assay impls', a kind, or "
                      "the command of an adapter");
  command->add_option("-j,--jobs", options->jobs, "Files at a time (default: one a core)");
  command->add_flag("--full", options->full, "Never cut a value");
  command->add_flag("--csv", options->csv, "A line of CSV for each file (RFC 4180)");
  command->add_flag("--json", options->json,
                    "One file: a JSON list of the groups; many: a JSON object a line");
  command->callback([options, &context] { diff(context, *options); });
}

}  // namespace assay
