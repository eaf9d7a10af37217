// What a survey of files says: for people, as CSV, as JSON.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "harness/command/survey.h"
#include "harness/command/text_layout.h"
#include "harness/corpus/profile_name.h"
#include "reference/pickle/profile.h"
#include "reference/value/literal.h"

namespace assay {
namespace {

constexpr std::size_t label_columns = 12;
constexpr std::size_t globals_shown = 12;
constexpr std::size_t obstacles_shown = 3;

// "2.7, 3.6..3.15" without the word that all have in common.
std::string short_names(const std::vector<std::string>& profiles) {
  const auto recorded = pickle::recorded_profiles();
  const std::vector<std::string> all(recorded.begin(), recorded.end());
  if (profiles.size() == all.size()) return "every Python";
  std::string text = selection_text(profiles, all);
  if (text.empty()) text = fmt::format("{}", fmt::join(profiles, ","));  // a patch level
  for (std::size_t at; (at = text.find("cpython-")) != std::string::npos;) text.erase(at, 8);
  for (std::size_t at = 0; (at = text.find(',', at)) != std::string::npos; at += 2)
    text.insert(at + 1, " ");
  return text;
}

std::string obstacle_text(const Obstacle& obstacle) {
  std::string text = fmt::format("at {:#x}: ", obstacle.offset);
  if (!obstacle.error.empty()) text += obstacle.error + ", ";
  return text + obstacle.reason;
}

// Nothing that a file holds may move a terminal's cursor.
std::string printable(std::string_view text) {
  std::string safe;
  append_string_literal(safe, text);
  safe = safe.substr(1, safe.size() - 2);
  for (std::size_t at; (at = safe.find("\\'")) != std::string::npos;) safe.erase(at, 1);
  return safe;
}

std::string globals_text(const SurveyedFile& file) {
  std::string text;
  const std::size_t shown = std::min(file.globals.size(), globals_shown);
  for (std::size_t i = 0; i < shown; ++i) text += (i == 0 ? "" : ", ") + printable(file.globals[i]);
  if (shown < file.globals.size()) text += fmt::format(" and {} more", file.globals.size() - shown);
  return text;
}

// "read by every Python", "read by 3.8..3.15": what a summary counts.
std::string kind_of(const SurveyedFile& file) {
  if (file.readers.empty() && file.others.empty())
    return file.format + (file.told == "no pickle" ? ", no pickle" : "");
  if (file.format == "pyc")
    return file.readers.empty() ? "pyc, read by no Python" : "pyc, read by its Python";
  if (file.readers.empty()) return file.pickle() ? "read by no Python" : file.format;
  std::string text = "read by " + short_names(file.readers);
  if (file.values > 1) text += fmt::format(", in {} ways", file.values);
  return text;
}

std::string csv_field(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + '"';
}

std::string csv_row(const std::vector<std::string>& fields) {
  std::string line;
  for (std::size_t i = 0; i < fields.size(); ++i)
    line += (i == 0 ? "" : ",") + csv_field(fields[i]);
  return line + "\r\n";
}

std::string joined(const std::vector<std::string>& texts, const char* between) {
  return fmt::format("{}", fmt::join(texts, between));
}

}  // namespace

std::string survey_text(const SurveyedFile& file, const std::vector<std::string>& implementations) {
  std::string text = fmt::format("{}\n", printable(file.path));
  const auto line = [&](const std::string& label, const std::string& what) {
    text += labelled("  " + label, what, label_columns);
  };
  const bool no_pickle = file.told == "no pickle";
  line("is", fmt::format("{}, {} bytes{}", file.format, file.size, no_pickle ? "; no pickle" : ""));
  if (!file.told.empty() && !no_pickle)
    line(file.format == "unreadable" ? "" : "read by", file.told);
  if (!file.readers.empty()) line("read by", short_names(file.readers));
  if (!file.others.empty()) line("not by", short_names(file.others));
  const std::size_t shown = std::min(file.obstacles.size(), obstacles_shown);
  for (std::size_t i = 0; i < shown; ++i) {
    const Obstacle& obstacle = file.obstacles[i];
    const bool all = obstacle.profiles.size() == file.others.size();
    line(i > 0                 ? ""
         : file.others.empty() ? "parts"
                               : "stops",
         obstacle_text(obstacle) + (all ? "" : " (" + short_names(obstacle.profiles) + ")"));
  }
  if (shown < file.obstacles.size())
    line("", fmt::format("and at {} other places", file.obstacles.size() - shown));
  if (!file.globals.empty()) line("names", globals_text(file));
  for (std::size_t i = 0; i < file.answers.size(); ++i)
    line(i == 0 ? "others" : "", implementations[i] + ": " + file.answers[i]);
  return text;
}

std::string survey_summary(const std::vector<SurveyedFile>& files) {
  std::map<std::string, std::size_t> counts;
  for (const SurveyedFile& file : files) ++counts[kind_of(file)];
  std::vector<std::pair<std::string, std::size_t>> sorted(counts.begin(), counts.end());
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  std::string text = fmt::format("{} file{}\n", files.size(), files.size() == 1 ? "" : "s");
  for (const auto& [kind, count] : sorted) text += labelled(fmt::format("{:>7}", count), kind, 9);
  return text;
}

std::string csv_head(const std::vector<std::string>& implementations) {
  std::vector<std::string> fields = {"file",   "bytes",           "format",   "read_by",
                                     "not_by", "values",          "globals",  "obstacle_offset",
                                     "error",  "obstacle_reason", "stops_for"};
  fields.insert(fields.end(), implementations.begin(), implementations.end());
  return csv_row(fields);
}

std::string csv_line(const SurveyedFile& file) {
  const Obstacle none;
  const Obstacle& obstacle = file.obstacles.empty() ? none : file.obstacles.front();
  std::vector<std::string> globals;
  for (const std::string& name : file.globals) globals.push_back(printable(name));
  const auto named = [](const std::vector<std::string>& profiles) {
    return profiles.empty() ? std::string() : short_names(profiles);
  };
  std::vector<std::string> fields = {
      file.path,
      std::to_string(file.size),
      file.format,
      file.readers.empty() && file.others.empty() ? file.told : named(file.readers),
      named(file.others),
      file.values == 0 ? "" : std::to_string(file.values),
      joined(globals, " "),
      file.obstacles.empty() ? "" : std::to_string(obstacle.offset),
      obstacle.error,
      printable(obstacle.reason),
      named(obstacle.profiles)};
  fields.insert(fields.end(), file.answers.begin(), file.answers.end());
  return csv_row(fields);
}

std::string survey_json(const SurveyedFile& file, const std::vector<std::string>& implementations) {
  nlohmann::ordered_json json;
  json["file"] = file.path;
  json["bytes"] = file.size;
  json["format"] = file.format;
  if (!file.told.empty()) json["told"] = file.told;
  json["read_by"] = file.readers;
  json["not_by"] = file.others;
  json["values"] = file.values;
  json["globals"] = file.globals;
  json["obstacles"] = nlohmann::ordered_json::array();
  for (const Obstacle& obstacle : file.obstacles)
    json["obstacles"].push_back({{"offset", obstacle.offset},
                                 {"error", obstacle.error},
                                 {"reason", obstacle.reason},
                                 {"profiles", obstacle.profiles}});
  for (std::size_t i = 0; i < file.answers.size(); ++i)
    json["implementations"][implementations[i]] = file.answers[i];
  return json.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace assay
