#include "harness/command/survey.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "harness/command/command.h"
#include "harness/command/marshal_file.h"
#include "harness/command/parting.h"
#include "harness/command/pickle_file.h"
#include "harness/command/project.h"
#include "harness/corpus/profile_name.h"
#include "harness/verdict/value_match.h"
#include "reference/dbm/sqlite3/store.h"
#include "reference/marshal/reader.h"
#include "reports/excerpt.h"

namespace assay {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t longest_reason = 160;

// Values and refusals of one file, each with the profiles that give it.
class Outcomes {
 public:
  void add(std::string_view profile, LoadedPickle loaded) {
    for (auto& [first, profiles] : groups_)
      if (same(first, loaded)) {
        profiles.emplace_back(profile);
        return;
      }
    groups_.push_back({std::move(loaded), {std::string(profile)}});
  }

  void tell(SurveyedFile& file) const {
    for (const Group& group : groups_) {
      auto& list = group.first.accepted ? file.readers : file.others;
      list.insert(list.end(), group.profiles.begin(), group.profiles.end());
      if (group.first.accepted) ++file.values;
      if (!group.first.accepted)
        file.obstacles.push_back({group.first.at, group.first.error,
                                  one_line(group.first.message, longest_reason), group.profiles});
    }
    const auto newest = [](const Obstacle& obstacle) { return obstacle.profiles.back(); };
    std::sort(
        file.obstacles.begin(), file.obstacles.end(),
        [&](const Obstacle& a, const Obstacle& b) { return profile_before(newest(b), newest(a)); });
    // What stops at the first byte for everybody is hardly a pickle.
    if (file.readers.empty() && file.obstacles.front().offset == 0) file.format = "no known format";
  }

  // The last profile of the first two groups that read it, or nothing.
  std::optional<std::pair<std::string, std::string>> readers_that_differ() const {
    std::vector<std::string> found;
    for (const Group& group : groups_)
      if (group.first.accepted) found.push_back(group.profiles.back());
    if (found.size() < 2) return std::nullopt;
    return std::pair(found[0], found[1]);
  }

  const LoadedPickle* of(const std::string& profile) const {
    for (const Group& group : groups_)
      if (std::count(group.profiles.begin(), group.profiles.end(), profile) != 0)
        return &group.first;
    return nullptr;
  }

 private:
  struct Group {
    LoadedPickle first;
    std::vector<std::string> profiles;
  };

  static bool same(const LoadedPickle& a, const LoadedPickle& b) {
    if (a.accepted != b.accepted) return false;
    if (!a.accepted) return a.outcome() == b.outcome() && a.at == b.at;
    return a.value == b.value || same_value(a.value, b.value);
  }

  std::vector<Group> groups_;
};

// "module:name" of what was looked up, each once, in order.
void add_globals(const Graph& graph, const std::vector<pickle::LookedUp>& looked_up,
                 std::vector<std::string>& globals) {
  for (const auto& [module, name] : looked_up) {
    std::string text = fmt::format("{}:{}", graph.text(module), graph.text(name));
    if (std::find(globals.begin(), globals.end(), text) == globals.end())
      globals.push_back(std::move(text));
  }
}

void survey_pickle(const std::string& content, const SurveyOptions& options, SurveyedFile& file) {
  Outcomes outcomes;
  std::vector<std::string> of_python2;
  for (const std::string_view name : pickle::recorded_profiles()) {
    LoadOptions load;
    load.profile = *pickle::Profile::parse(name);
    load.unpickle.symbolic_extensions = true;
    if (!options.encoding.empty()) load.unpickle.encoding = options.encoding;
    std::vector<pickle::LookedUp> looked_up;
    load.unpickle.looked_up = &looked_up;
    Graph graph;
    // pickle.load() reads the first pickle; names are those of all that follow.
    outcomes.add(name, std::move(load_pickles(graph, content, load).front()));
    add_globals(graph, looked_up, load.profile.python2() ? of_python2 : file.globals);
  }
  // Python 2's names are bytes: of use only where no Python 3 gets so far.
  if (file.globals.empty()) file.globals = std::move(of_python2);
  outcomes.tell(file);
  const auto parted = outcomes.readers_that_differ();
  if (file.obstacles.empty() && parted)
    if (const auto where = find_parting(content, *pickle::Profile::parse(parted->first),
                                        *pickle::Profile::parse(parted->second)))
      file.obstacles.push_back({where->offset,
                                "",
                                "read in two ways: " + one_line(where->instruction, longest_reason),
                                {}});
  if (options.values && !file.readers.empty()) file.value = outcomes.of(file.readers.back())->value;
}

// A .pyc file is for one Python; whether that one reads it.
void survey_pyc(const std::string& path, std::string content, SurveyedFile& file) {
  file.format = "pyc";
  const MarshalFile opened = open_marshal(path, std::move(content), "", "");
  Graph graph;
  const marshal::Outcome outcome = marshal::read(graph, opened.data(), opened.profile);
  (outcome.accepted ? file.readers : file.others).push_back(opened.profile.name());
  file.values = outcome.accepted ? 1 : 0;
  if (!outcome.accepted)
    file.obstacles = {{outcome.offset + opened.offset(), std::string(outcome.error),
                       outcome.message, file.others}};
}

void survey_dbm(const dbm::Identification& found, SurveyedFile& file) {
  file.format = std::string(name(found.format));
  for (const auto& answer :
       dbm::python_answers(found, dbm::NdbmLibrary::berkeley, dbm::open_as_dbm_sqlite3))
    file.told +=
        fmt::format("{}{}: {}", file.told.empty() ? "" : "; ", answer.versions, answer.opens);
  if (!found.fault.empty()) file.obstacles = {{0, "", found.fault, {}}};
}

void survey_content(const std::string& path, const SurveyOptions& options, SurveyedFile& file) {
  std::string content = read_input_file(path);
  file.size = content.size();
  if (is_pyc(content)) return survey_pyc(path, std::move(content), file);
  if (path != "-")
    if (const auto found = dbm::identify(path)) return survey_dbm(*found, file);
  const std::string other = other_format(content);
  if (!other.empty()) {
    file.format = other;
    file.told = "no pickle";
    return;
  }
  file.format = "pickle";
  survey_pickle(content, options, file);
}

}  // namespace

SurveyedFile survey_file(const std::string& path, const SurveyOptions& options) {
  SurveyedFile file;
  file.path = path;
  try {
    survey_content(path, options, file);
  } catch (const std::exception& error) {
    file.format = file.format.empty() ? "unreadable" : file.format;
    file.told = error.what();
  }
  return file;
}

std::vector<std::string> files_of(const std::vector<std::string>& names) {
  std::vector<std::string> files;
  for (const std::string& name : names) {
    std::error_code error;
    if (!fs::is_directory(name, error)) {
      if (name != "-" && !fs::exists(name, error))
        throw UsageError(fmt::format("{}: there is no such file", name));
      files.push_back(name);
      continue;
    }
    std::vector<std::string> inside;
    for (auto at = fs::recursive_directory_iterator(
             name, fs::directory_options::skip_permission_denied, error);
         at != fs::recursive_directory_iterator(); at.increment(error)) {
      if (error) break;
      if (at->is_regular_file(error)) inside.push_back(at->path().string());
    }
    std::sort(inside.begin(), inside.end());
    files.insert(files.end(), inside.begin(), inside.end());
  }
  return files;
}

}  // namespace assay
