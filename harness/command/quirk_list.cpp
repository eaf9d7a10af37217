#include "harness/command/quirk_list.h"

#include "harness/corpus/profile_name.h"
#include "reference/marshal/profile.h"
#include "reference/marshal/quirks.h"
#include "reference/pickle/profile.h"
#include "reference/pickle/quirks.h"

namespace assay {
namespace {

// "cpython-3.14-c-32" of marshal's "cpython-3.14-32".
std::string lane_c(std::string_view name) {
  const bool narrow = name.ends_with("-32");
  if (narrow) name.remove_suffix(3);
  return std::string(name) + (narrow ? "-c-32" : "-c");
}

// The rows of one format. Profile: its type, with parse() and has().
template <typename Profile, typename Row>
void append(std::vector<QuirkEntry>& list, std::string_view format, const Row& row) {
  QuirkEntry entry{format, row.name, row.statement, row.citation, row.word, {}};
  for (const std::string& name : format_profiles(format))
    if (const auto profile = Profile::parse(name); profile && profile->has(row.quirk))
      entry.profiles.push_back(name);
  list.push_back(std::move(entry));
}

}  // namespace

std::vector<std::string> format_profiles(std::string_view format) {
  std::vector<std::string> names;
  if (format == "marshal") {
    for (const std::string_view name : marshal::recorded_profiles()) names.push_back(lane_c(name));
  } else {
    for (const std::string_view name : pickle::recorded_profiles()) names.emplace_back(name);
  }
  return names;
}

std::vector<QuirkEntry> quirk_list() {
  std::vector<QuirkEntry> list;
  for (const marshal::QuirkRow& row : marshal::quirk_rows())
    append<marshal::Profile>(list, "marshal", row);
  for (const pickle::QuirkRow& row : pickle::quirk_rows())
    append<pickle::Profile>(list, "pickle", row);
  return list;
}

std::optional<QuirkEntry> find_quirk(std::string_view format, std::string_view name) {
  for (QuirkEntry& entry : quirk_list())
    if (entry.format == format && entry.name == name) return std::move(entry);
  return std::nullopt;
}

}  // namespace assay
