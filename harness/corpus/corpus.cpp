#include "harness/corpus/corpus.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "harness/corpus/profile_name.h"

namespace assay {
namespace {

namespace fs = std::filesystem;

std::string read_text(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  if (!in) throw std::runtime_error(fmt::format("{}: cannot be read", path.string()));
  return std::move(text).str();
}

std::vector<fs::path> entries(const fs::path& folder) {
  std::vector<fs::path> paths;
  for (const auto& entry : fs::directory_iterator(folder)) paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());
  return paths;
}

// Reads a corpus folder into a Corpus, then looks at it as a whole.
class Loader {
 public:
  Loader(const fs::path& folder, const FormatTable& formats)
      : folder_(folder), root_(folder.parent_path()), formats_(formats) {}

  Corpus load() {
    for (const fs::path& path : entries(folder_)) {
      if (fs::is_directory(path)) {
        load_format(path);
      } else if (path.filename() == "retired-ids.txt") {
        load_retired(path);
      } else if (path.extension() == ".toml" || path.extension() == ".json") {
        problem(path, 0, "cases stand in a folder named for their format");
      }
    }
    check_ids();
    check_repeats();
    std::stable_sort(corpus_.problems.begin(), corpus_.problems.end(),
                     [](const Problem& a, const Problem& b) {
                       return std::tie(a.file, a.line) < std::tie(b.file, b.line);
                     });
    return std::move(corpus_);
  }

 private:
  std::string name(const fs::path& path) const { return path.lexically_relative(root_).string(); }

  void problem(const fs::path& path, unsigned line, std::string text, bool record = false) {
    corpus_.problems.push_back({name(path), line, std::move(text), record});
  }

  // Files that only tests read need no format.
  static bool holds_cases(const fs::path& folder) {
    const std::vector<fs::path> found = entries(folder);
    return std::any_of(found.begin(), found.end(), [](const fs::path& path) {
      return path.extension() == ".toml" || path.extension() == ".json";
    });
  }

  void load_format(const fs::path& folder) {
    const auto rules = formats_.find(folder.filename().string());
    if (rules == formats_.end()) {
      if (holds_cases(folder)) problem(folder, 0, "no format has this name");
      return;
    }
    for (const fs::path& path : entries(folder)) {
      if (fs::is_directory(path) && path.filename() != "data")
        problem(path, 0, "a format's folder has no folder but 'data'");
      if (path.extension() == ".toml") load_file(path, *rules);
      if (path.filename().string().ends_with(".recorded.json")) {
        const std::string stem = path.stem().stem().string();
        if (!fs::exists(folder / (stem + ".toml")))
          problem(path, 0, fmt::format("recorded for {}.toml, which is not there", stem));
      }
    }
  }

  void load_file(const fs::path& path, const FormatTable::value_type& format) {
    CaseFile file;
    file.path = path;
    file.name = name(path);
    file.format = format.first;
    file.topic = path.stem().string();
    read_case_file(file, read_text(path), format.second, corpus_.problems);
    load_recorded(file);
    corpus_.files.push_back(std::move(file));
  }

  void load_recorded(CaseFile& file) {
    const fs::path path = file.recorded_path();
    if (fs::exists(path)) {
      try {
        file.recorded = parse_recorded(read_text(path));
      } catch (const std::runtime_error& error) {
        problem(path, 0, error.what());
        return;
      }
    }
    std::set<std::string> ids;
    for (Case& c : file.cases) {
      ids.insert(c.id);
      const auto found = file.recorded.cases.find(c.id);
      if (found == file.recorded.cases.end()) {
        problem(file.path, c.line, fmt::format("{}: no outcome is recorded (assay record)", c.id),
                true);
      } else if (found->second.input != input_mark(c.content()) ||
                 found->second.options != c.options_text()) {
        problem(file.path, c.line,
                fmt::format("{}: recorded for another input or options (assay record)", c.id),
                true);
      } else {
        c.outcomes = found->second.outcomes;
      }
    }
    for (const auto& [id, entry] : file.recorded.cases)
      if (!ids.contains(id))
        problem(path, 0, fmt::format("{}: recorded, but no such case is there (assay record)", id),
                true);
  }

  void load_retired(const fs::path& path) {
    std::istringstream lines(read_text(path));
    unsigned number = 0;
    for (std::string line; std::getline(lines, line);) {
      ++number;
      line = line.substr(0, line.find('#'));
      while (!line.empty() && (line.back() == ' ' || line.back() == '\r')) line.pop_back();
      if (line.empty()) continue;
      if (!is_slug(line)) problem(path, number, fmt::format("'{}' is no id", line));
      if (!retired_.insert(line).second)
        problem(path, number, fmt::format("{} is there twice", line));
    }
  }

  static std::string place(const Case& c) { return fmt::format("{}:{}", c.file, c.line); }

  void case_problem(const Case& c, std::string text) {
    corpus_.problems.push_back({c.file, c.line, fmt::format("{}: {}", c.id, text), false});
  }

  void check_ids() {
    std::map<std::string_view, const Case*> ids, reasons;
    for (const CaseFile& file : corpus_.files) {
      for (const Case& c : file.cases) {
        if (retired_.contains(c.id)) case_problem(c, "this id is retired and not used again");
        if (const auto [other, fresh] = ids.emplace(c.id, &c); !fresh)
          case_problem(c, "this id is already at " + place(*other->second));
        if (c.why.empty()) continue;
        if (const auto [other, fresh] = reasons.emplace(c.why, &c); !fresh)
          case_problem(c, "'why' says the same as " + place(*other->second));
      }
    }
  }

  // No reason may be repeated: two cases of one format with the same input and
  // options are one case, unless one says so.
  void check_repeats() {
    std::map<std::string, const Case*> inputs;
    for (const CaseFile& file : corpus_.files) {
      for (const Case& c : file.cases) {
        const std::string key = fmt::format("{}\n{}\n", c.format, c.options_text()) + c.content();
        if (!c.same_as.empty()) {
          const Case* other = corpus_.find(c.same_as);
          if (other == nullptr) {
            case_problem(c, fmt::format("same_as names {}, which is not there", c.same_as));
          } else if (other == &c || other->format != c.format || other->content() != c.content() ||
                     other->options_text() != c.options_text()) {
            case_problem(c, fmt::format("same_as names {}, which is not the same", c.same_as));
          }
          continue;
        }
        if (const auto [other, fresh] = inputs.emplace(key, &c); !fresh)
          case_problem(c, fmt::format("the same input and options as {} at {} (or say same_as)",
                                      other->second->id, place(*other->second)));
      }
    }
  }

  fs::path folder_, root_;
  const FormatTable& formats_;
  std::set<std::string> retired_;
  Corpus corpus_;
};

}  // namespace

std::string Problem::message() const {
  return line == 0 ? fmt::format("{}: {}", file, text) : fmt::format("{}:{}: {}", file, line, text);
}

fs::path CaseFile::recorded_path() const {
  fs::path beside = path;
  return beside.replace_extension(".recorded.json");
}

std::vector<std::string> CaseFile::ids() const {
  std::vector<std::string> ids;
  for (const Case& c : cases) ids.push_back(c.id);
  return ids;
}

std::size_t Corpus::case_count() const {
  std::size_t count = 0;
  for (const CaseFile& file : files) count += file.cases.size();
  return count;
}

std::map<std::string, OracleVersion> Corpus::oracles() const {
  std::map<std::string, OracleVersion> all;
  for (const CaseFile& file : files)
    all.insert(file.recorded.oracles.begin(), file.recorded.oracles.end());
  return all;
}

std::vector<std::string> Corpus::profiles() const {
  std::vector<std::string> profiles;
  for (const auto& [profile, version] : oracles()) profiles.push_back(profile);
  std::sort(profiles.begin(), profiles.end(), profile_before);
  return profiles;
}

const Case* Corpus::find(std::string_view id) const {
  for (const CaseFile& file : files)
    for (const Case& c : file.cases)
      if (c.id == id) return &c;
  return nullptr;
}

Corpus load_corpus(const fs::path& folder, const FormatTable& formats) {
  const fs::path whole = fs::absolute(folder).lexically_normal();
  if (!fs::is_directory(whole))
    throw std::runtime_error(fmt::format("{}: there is no corpus here", folder.string()));
  return Loader(whole, formats).load();
}

}  // namespace assay
