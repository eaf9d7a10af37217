// Reads harness/adapters/NAME/adapter.toml.
#include <fmt/format.h>

#include <toml++/toml.h>

#include <algorithm>
#include <initializer_list>
#include <stdexcept>

#include "harness/corpus/profile_name.h"
#include "harness/oracles/discovery.h"

namespace assay {
namespace {

namespace fs = std::filesystem;

std::optional<std::vector<std::string>> texts(const toml::node_view<const toml::node>& node) {
  const toml::array* array = node.as_array();
  if (array == nullptr || array->empty()) return std::nullopt;
  std::vector<std::string> items;
  for (const toml::node& item : *array) {
    const auto text = item.value_exact<std::string>();
    if (!text || text->empty()) return std::nullopt;
    items.push_back(*text);
  }
  return items;
}

// Whether argv[0], and every argument that starts with "./", is there.
std::string missing_file(const std::vector<std::string>& argv, const fs::path& folder,
                         const std::vector<fs::path>& path) {
  for (std::size_t i = 0; i < argv.size(); ++i) {
    const bool is_path = argv[i].starts_with("./") || argv[i].starts_with("../");
    if (is_path && !fs::exists(folder / argv[i])) return argv[i];
    if (i == 0 && !is_path && argv[i].find('/') == std::string::npos &&
        find_program(argv[i], path).empty())
      return argv[i];
  }
  return "";
}

// The first of `files`, which are the folder's or absolute, that is not there.
std::string missing_need(const std::vector<std::string>& files, const fs::path& folder) {
  const auto missing = std::find_if(files.begin(), files.end(), [&](const std::string& file) {
    return !fs::exists(folder / file);
  });
  return missing == files.end() ? "" : *missing;
}

// The first key of `table` that is not among `known`, as "line: unknown key".
std::optional<std::string> unknown_key(const toml::table& table,
                                       std::initializer_list<std::string_view> known) {
  for (const auto& [key, node] : table)
    if (std::find(known.begin(), known.end(), key.str()) == known.end())
      return fmt::format("{}: unknown key '{}'", node.source().begin.line, key.str());
  return std::nullopt;
}

// Fills the target, if there is one, or says what is wrong with it.
std::optional<std::string> read_target(const toml::table& table, Candidate& candidate) {
  const toml::node* node = table.get("target");
  if (node == nullptr) return std::nullopt;
  const auto text = node->value_exact<std::string>();
  try {
    candidate.target = ProfileSelection(text.value_or(std::string())).text();
  } catch (const std::invalid_argument& error) {
    return fmt::format("{}: 'target': {}", node->source().begin.line, error.what());
  }
  return std::nullopt;
}

// The rest of a descriptor of found interpreters.
std::optional<std::string> read_kind(const toml::table& table, const std::string& kind,
                                     Candidate& candidate) {
  if (const auto unknown = unknown_key(table, {"kind", "target"})) return *unknown;
  if (kind == "pypy") {
    candidate.kind = Candidate::Kind::pypy;
  } else if (kind == "jython") {
    candidate.kind = Candidate::Kind::jython;
  } else {
    return fmt::format("{}: 'kind' is \"pypy\" or \"jython\"",
                       table.get("kind")->source().begin.line);
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> read_descriptor(const fs::path& file, const Surroundings& surroundings,
                                           Candidate& candidate) {
  const fs::path folder = fs::absolute(file).parent_path();
  candidate.kind = Candidate::Kind::described;
  candidate.origin = file.lexically_relative(surroundings.root).string();
  candidate.implementation.name = folder.filename().string();
  toml::table table;
  try {
    table = toml::parse_file(file.string());
  } catch (const toml::parse_error& error) {
    return fmt::format("{}:{}: {}", candidate.origin, error.source().begin.line,
                       error.description());
  }
  const toml::table& fields = table;
  const auto wrong = [&](const std::string& what) { return candidate.origin + ":" + what; };
  if (fs::exists(folder / "known.toml")) candidate.known = folder / "known.toml";
  if (const auto what = read_target(table, candidate)) return wrong(*what);
  if (const auto kind = fields["kind"].value<std::string>()) {
    const auto what = read_kind(table, *kind, candidate);
    return what ? std::optional(wrong(*what)) : std::nullopt;
  }
  if (const auto what = unknown_key(table, {"name", "language", "formats", "command", "lanes",
                                            "mode", "needs", "install", "target", "start_seconds"}))
    return wrong(*what);
  for (const char* list : {"lanes", "needs"})
    if (const toml::node* node = table.get(list); node != nullptr && !texts(fields[list]))
      return wrong(fmt::format("{}: '{}' is a list of texts", node->source().begin.line, list));
  const auto name = fields["name"].value<std::string>();
  const auto command = texts(fields["command"]);
  const auto formats = texts(fields["formats"]);
  const std::string mode = fields["mode"].value_or(std::string("adapter"));
  if (!name || !command || !formats)
    return candidate.origin + ": 'name', 'command' and 'formats' are needed";
  if (mode != "adapter" && mode != "exec")
    return candidate.origin + ": 'mode' is \"adapter\" or \"exec\"";
  candidate.implementation.name = *name;
  candidate.implementation.mode =
      mode == "exec" ? Implementation::Mode::exec : Implementation::Mode::adapter;
  candidate.implementation.command.argv = *command;
  candidate.implementation.command.directory = folder.string();
  candidate.formats = *formats;
  candidate.lanes = texts(fields["lanes"]).value_or(std::vector<std::string>());
  candidate.install = fields["install"].value_or(std::string());
  if (const toml::node* limit = table.get("start_seconds")) {
    candidate.start_seconds = limit->value<double>().value_or(0);
    if (candidate.start_seconds <= 0)
      return wrong(
          fmt::format("{}: 'start_seconds' is a number of seconds", limit->source().begin.line));
  }
  std::string missing = missing_file(*command, folder, surroundings.path);
  if (missing.empty())
    missing = missing_need(texts(fields["needs"]).value_or(std::vector<std::string>()), folder);
  if (!missing.empty()) return fmt::format("{} is not there", missing);
  return std::nullopt;
}

}  // namespace assay
