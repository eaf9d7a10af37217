// assay quirks: the named behaviours in which profiles differ.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "harness/command/project.h"
#include "harness/command/quirk_list.h"
#include "harness/command/suggestions.h"
#include "harness/command/text_layout.h"
#include "harness/corpus/profile_name.h"

namespace assay {
namespace {

struct QuirksOptions {
  std::string name;
  bool json = false;
};

std::vector<std::string> witnesses(const Corpus& corpus, const QuirkEntry& quirk) {
  std::vector<std::string> ids;
  for (const CaseFile& file : corpus.files)
    for (const Case& c : file.cases)
      if (c.format == quirk.format &&
          std::find(c.quirks.begin(), c.quirks.end(), quirk.name) != c.quirks.end())
        ids.push_back(c.id);
  return ids;
}

void print_row(const QuirkEntry& row, const std::vector<std::string>& cases, bool all) {
  fmt::print("{}   ({})\n{}", row.name, row.format, wrapped(row.statement, 2));
  const std::string profiles = selection_text(row.profiles, format_profiles(row.format));
  fmt::print("{}",
             labelled("  profiles", profiles.empty() ? "none that is recorded" : profiles, 12));
  if (row.word != 0) fmt::print("{}", labelled("  word", fmt::format("{} bits", row.word), 12));
  fmt::print("{}", labelled("  source", row.citation, 12));
  const std::size_t shown = all ? cases.size() : std::min<std::size_t>(cases.size(), 3);
  std::string ids = fmt::format("{}", fmt::join(cases.begin(), cases.begin() + shown, " "));
  if (shown < cases.size()) ids += fmt::format(" and {} more", cases.size() - shown);
  fmt::print("{}\n", labelled("  cases", ids.empty() ? "none" : ids, 12));
}

nlohmann::ordered_json to_json(const QuirkEntry& row, const std::vector<std::string>& cases) {
  nlohmann::ordered_json json;
  json["format"] = row.format;
  json["name"] = row.name;
  json["statement"] = row.statement;
  json["profiles"] = row.profiles;
  if (row.word != 0) json["word"] = row.word;
  json["source"] = row.citation;
  json["cases"] = cases;
  return json;
}

void print_quirks(Context& context, const QuirksOptions& options) {
  const Corpus corpus = load_corpus(context.project() / "corpus", formats());
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  bool found = false;
  for (const QuirkEntry& row : quirk_list()) {
    if (!options.name.empty() && !glob_match(options.name, row.name)) continue;
    found = true;
    const std::vector<std::string> cases = witnesses(corpus, row);
    if (options.json) {
      list.push_back(to_json(row, cases));
    } else {
      print_row(row, cases, !options.name.empty());
    }
  }
  if (!found) {
    std::vector<std::string> names;
    for (const QuirkEntry& row : quirk_list()) names.emplace_back(row.name);
    throw UsageError(
        fmt::format("no quirk is called '{}'{}", options.name, perhaps(options.name, names)));
  }
  if (options.json) fmt::print("{}\n", list.dump());
}

}  // namespace

void add_quirks(CLI::App& app, Context& context) {
  auto options = std::make_shared<QuirksOptions>();
  CLI::App* command =
      app.add_subcommand("quirks", "List the named behaviours in which CPythons differ");
  command->add_option("name", options->name, "A name or glob (default: all)");
  command->add_flag("--json", options->json, "A JSON list");
  command->callback([options, &context] { print_quirks(context, *options); });
}

}  // namespace assay
