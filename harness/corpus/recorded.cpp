#include "harness/corpus/recorded.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/crc.hpp>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "harness/corpus/profile_name.h"
#include "reference/bytes/hex.h"

namespace assay {
namespace {

using Json = nlohmann::ordered_json;
constexpr const char* schema = "assay-recorded-1";
constexpr std::size_t longest_hex_input = 256;

// A member that must be there and be of the type T.
template <typename T>
T member(const Json& object, const char* key, const std::string& where) {
  const auto found = object.find(key);
  if (found == object.end()) throw std::runtime_error(fmt::format("{}: no '{}'", where, key));
  try {
    return found->get<T>();
  } catch (const Json::exception&) {
    throw std::runtime_error(fmt::format("{}: '{}' has the wrong type", where, key));
  }
}

RecordedOutcome parse_outcome(const Json& json, const std::string& id) {
  RecordedOutcome outcome;
  outcome.profiles = member<std::vector<std::string>>(json, "profiles", id);
  for (const std::string& profile : outcome.profiles)
    if (!ProfileName::parse(profile))
      throw std::runtime_error(fmt::format("{}: '{}' is no profile", id, profile));
  if (json.contains("value") + json.contains("data") + json.contains("error") +
          json.contains("crash") !=
      1)
    throw std::runtime_error(
        fmt::format("{}: an outcome has one of 'value', 'data', 'error' and 'crash'", id));
  if (json.contains("value")) outcome.value = member<std::string>(json, "value", id);
  if (json.contains("data")) {
    outcome.data = from_hex(member<std::string>(json, "data", id));
    if (!outcome.data) throw std::runtime_error(fmt::format("{}: 'data' is no hex", id));
  }
  if (json.contains("buffers"))
    outcome.buffers = member<std::vector<std::string>>(json, "buffers", id);
  if (json.contains("error")) outcome.error = member<std::string>(json, "error", id);
  if (outcome.crashed() && !json.contains("crash"))
    throw std::runtime_error(fmt::format("{}: 'error' is empty", id));
  if (json.contains("consumed")) outcome.consumed = member<std::uint64_t>(json, "consumed", id);
  return outcome;
}

std::string json_text(std::string_view text) {
  return Json(text).dump();
}

bool same_answer(const RecordedOutcome& a, const RecordedOutcome& b, const SameValue& same_value) {
  if (a.accepted() != b.accepted() || a.consumed != b.consumed) return false;
  if (!a.accepted()) return a.error == b.error;
  if (a.data || b.data) return a.data == b.data && a.buffers == b.buffers;
  return *a.value == *b.value || same_value(*a.value, *b.value);
}

}  // namespace

Json outcome_json(const RecordedOutcome& outcome) {
  Json json;
  json["profiles"] = outcome.profiles;
  if (outcome.value) json["value"] = *outcome.value;
  if (outcome.data) json["data"] = to_hex(*outcome.data);
  if (!outcome.buffers.empty()) json["buffers"] = outcome.buffers;
  if (outcome.crashed()) {
    json["crash"] = true;
  } else if (!outcome.accepted()) {
    json["error"] = outcome.error;
  }
  if (outcome.consumed) json["consumed"] = *outcome.consumed;
  return json;
}

std::string content_mark(std::string_view bytes) {
  boost::crc_32_type crc;
  crc.process_bytes(bytes.data(), bytes.size());
  return fmt::format("crc32:{:08x}/{}", crc.checksum(), bytes.size());
}

std::string input_mark(std::string_view bytes) {
  return bytes.size() <= longest_hex_input ? to_hex(bytes) : content_mark(bytes);
}

Recorded parse_recorded(std::string_view text) {
  Json json;
  try {
    json = Json::parse(text);
  } catch (const Json::parse_error& error) {
    throw std::runtime_error(fmt::format("no JSON: at byte {}", error.byte));
  }
  if (!json.is_object() || json.value("schema", "") != schema)
    throw std::runtime_error(fmt::format("the schema is not '{}'", schema));
  Recorded recorded;
  const Json oracles = member<Json>(json, "oracles", "file");
  const Json cases = member<Json>(json, "cases", "file");
  for (const auto& [profile, oracle] : oracles.items()) {
    OracleVersion& version = recorded.oracles[profile];
    version.version = member<std::string>(oracle, "version", profile);
    version.word = member<int>(oracle, "word", profile);
    if (oracle.contains("lossy"))
      version.lossy = member<std::vector<std::string>>(oracle, "lossy", profile);
  }
  for (const auto& [id, entry] : cases.items()) {
    RecordedCase& recorded_case = recorded.cases[id];
    recorded_case.input = member<std::string>(entry, "input", id);
    if (entry.contains("options"))
      recorded_case.options = member<std::string>(entry, "options", id);
    const Json outcomes = member<Json>(entry, "outcomes", id);
    for (const Json& outcome : outcomes) {
      recorded_case.outcomes.push_back(parse_outcome(outcome, id));
      for (const std::string& profile : recorded_case.outcomes.back().profiles)
        if (!recorded.oracles.contains(profile))
          throw std::runtime_error(fmt::format("{}: '{}' is not among the oracles", id, profile));
    }
  }
  return recorded;
}

std::string print_recorded(const Recorded& recorded, const std::vector<std::string>& ids) {
  std::vector<std::string> profiles;
  for (const auto& [profile, oracle] : recorded.oracles) profiles.push_back(profile);
  std::sort(profiles.begin(), profiles.end(), profile_before);

  std::string text = fmt::format("{{\"schema\":\"{}\",\n\"oracles\":{{", schema);
  for (const std::string& profile : profiles) {
    const OracleVersion& oracle = recorded.oracles.at(profile);
    text += fmt::format("{}\n{}:{{\"version\":{},\"word\":{}", profile == profiles[0] ? "" : ",",
                        json_text(profile), json_text(oracle.version), oracle.word);
    if (!oracle.lossy.empty()) text += ",\"lossy\":" + Json(oracle.lossy).dump();
    text += "}";
  }
  text += "},\n\"cases\":{";
  bool first = true;
  for (const std::string& id : ids) {
    const auto found = recorded.cases.find(id);
    if (found == recorded.cases.end()) continue;
    const RecordedCase& entry = found->second;
    text += fmt::format("{}\n{}:{{\"input\":{},", first ? "" : ",", json_text(id),
                        json_text(entry.input));
    if (!entry.options.empty()) text += fmt::format("\"options\":{},", json_text(entry.options));
    text += "\"outcomes\":[";
    for (std::size_t i = 0; i < entry.outcomes.size(); ++i)
      text += (i == 0 ? "\n" : ",\n") + outcome_json(entry.outcomes[i]).dump();
    text += "]}";
    first = false;
  }
  return text + "}}\n";
}

void add_outcome(std::vector<RecordedOutcome>& outcomes, const std::string& profile,
                 const RecordedOutcome& answer, const SameValue& same_value) {
  auto group = std::find_if(outcomes.begin(), outcomes.end(), [&](const RecordedOutcome& outcome) {
    return same_answer(outcome, answer, same_value);
  });
  if (group == outcomes.end()) {
    outcomes.push_back(answer);
    group = outcomes.end() - 1;
    group->profiles.clear();
  }
  const auto place =
      std::upper_bound(group->profiles.begin(), group->profiles.end(), profile, profile_before);
  group->profiles.insert(place, profile);
  std::sort(outcomes.begin(), outcomes.end(),
            [](const RecordedOutcome& a, const RecordedOutcome& b) {
              return profile_before(a.profiles[0], b.profiles[0]);
            });
}

}  // namespace assay
