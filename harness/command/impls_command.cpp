// assay impls: what was found on this machine.
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <nlohmann/json.hpp>
#include <set>
#include <thread>

#include "harness/command/implementations.h"
#include "harness/command/project.h"

namespace assay {
namespace {

constexpr std::size_t name_columns = 27, version_columns = 11, formats_columns = 13,
                      origin_columns = 80 - name_columns - version_columns - formats_columns;

// "pickle" of "pickle:decode:0-5", each once.
std::string format_names(const std::vector<std::string>& formats) {
  std::vector<std::string> names;
  for (const std::string& format : formats) {
    const std::string name = format.substr(0, format.find(':'));
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  return fmt::format("{}", fmt::join(names, ","));
}

// The end of a path says more than its beginning.
std::string tail(const std::string& text, std::size_t columns) {
  return text.size() <= columns ? text : "..." + text.substr(text.size() - (columns - 3));
}

std::string head(const std::string& text, std::size_t columns) {
  return text.size() < columns ? text : text.substr(0, columns - 4) + "...";
}

void print_table(const std::vector<KnownImplementation>& all) {
  fmt::print("{:<{}}{:<{}}{:<{}}{}\n", "implementation", name_columns, "version", version_columns,
             "formats", formats_columns, "from");
  for (const KnownImplementation& known : all)
    if (known.hello)
      fmt::print("{:<{}}{:<{}}{:<{}}{}\n", head(known.name, name_columns), name_columns,
                 head(known.hello->version, version_columns), version_columns,
                 head(format_names(known.hello->formats), formats_columns), formats_columns,
                 tail(known.candidate.origin, origin_columns));
  for (const KnownImplementation& known : all) {
    if (known.hello) continue;
    fmt::print("not usable: {}\n  {}\n", tail(known.name, 66), head(known.trouble, 78));
    if (!known.candidate.install.empty()) fmt::print("  install: {}\n", known.candidate.install);
  }
}

nlohmann::ordered_json to_json(const KnownImplementation& known) {
  nlohmann::ordered_json json;
  json["name"] = known.name;
  json["origin"] = known.candidate.origin;
  json["command"] = known.candidate.implementation.command.argv;
  if (!known.hello) {
    json["trouble"] = known.trouble;
    if (!known.candidate.install.empty()) json["install"] = known.candidate.install;
    return json;
  }
  json["implementation"] = known.hello->implementation;
  json["version"] = known.hello->version;
  json["lane"] = known.hello->lane;
  json["word"] = known.hello->word.value_or(64);
  json["profile"] = known.hello->profile;
  json["formats"] = known.hello->formats;
  json["lossy"] = known.hello->lossy;
  return json;
}

void print_implementations(Context& context, bool json) {
  const std::vector<KnownImplementation> all = known_implementations(context);
  if (!json) return print_table(all);
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const KnownImplementation& known : all) list.push_back(to_json(known));
  fmt::print("{}\n", list.dump());
}

}  // namespace

void add_impls(CLI::App& app, Context& context) {
  auto json = std::make_shared<bool>(false);
  CLI::App* command = app.add_subcommand("impls", "List the implementations found on this machine");
  command->add_flag("--json", *json, "A JSON list");
  command->callback([json, &context] { print_implementations(context, *json); });
}

}  // namespace assay
