#include "reports/record.h"

#include <fmt/format.h>

#include <algorithm>
#include <istream>
#include <map>
#include <nlohmann/json.hpp>
#include <ostream>
#include <stdexcept>
#include <string_view>
#include <tuple>

namespace assay {
namespace {

using Json = nlohmann::ordered_json;

// Adds a field only when it says something: passes stay one short line.
void put(Json& line, const char* key, const std::string& value) {
  if (!value.empty()) line[key] = value;
}

std::string dump(const Json& line) {
  return line.dump(-1, ' ', true, Json::error_handler_t::replace);
}

RunRecord run_from(const Json& line) {
  RunRecord run;
  run.schema = line.at("schema").get<std::string>();
  if (run.schema != "assay-results-1")
    throw std::runtime_error(fmt::format("unknown schema '{}'", run.schema));
  run.assay = line.value("assay", "");
  run.started = line.value("started", "");
  run.machine = line.value("machine", "");
  run.command = line.value("command", "");
  run.shard = line.value("shard", "");
  run.cases = line.value("cases", std::uint64_t{0});
  run.seconds = line.value("seconds", 0.0);
  return run;
}

ImplementationRecord implementation_from(const Json& line) {
  ImplementationRecord record;
  record.name = line.at("name").get<std::string>();
  record.implementation = line.value("implementation", "");
  record.version = line.value("version", "");
  record.lane = line.value("lane", "");
  record.role = line.value("role", "");
  record.target = line.value("target", "");
  record.note = line.value("note", "");
  record.remarks = line.value("remarks", std::vector<std::string>{});
  record.seconds = line.value("seconds", 0.0);
  return record;
}

ResultRecord result_from(const Json& line) {
  ResultRecord record;
  record.implementation = line.at("implementation").get<std::string>();
  record.case_id = line.at("case").get<std::string>();
  record.format = line.at("format").get<std::string>();
  record.protocol = line.value("protocol", -1);
  record.topic = line.value("topic", "");
  const auto verdict = line.at("verdict").get<std::string>();
  const auto level = line.at("level").get<std::string>();
  if (!verdict_from(verdict)) throw std::runtime_error(fmt::format("no verdict '{}'", verdict));
  if (!level_from(level)) throw std::runtime_error(fmt::format("no level '{}'", level));
  record.verdict = *verdict_from(verdict);
  record.level = *level_from(level);
  record.known = line.value("known", false);
  record.expected = line.value("expected", "");
  record.got = line.value("got", "");
  record.path = line.value("path", "");
  record.expected_at = line.value("expected_at", "");
  record.got_at = line.value("got_at", "");
  record.detail = line.value("detail", "");
  record.known_reason = line.value("known_reason", "");
  record.shares = line.value("shares", std::vector<std::string>{});
  record.repeat = line.value("repeat", "");
  return record;
}

}  // namespace

std::string to_line(const RunRecord& record) {
  Json line = {{"record", "run"}, {"schema", record.schema}};
  put(line, "assay", record.assay);
  put(line, "started", record.started);
  put(line, "machine", record.machine);
  put(line, "command", record.command);
  put(line, "shard", record.shard);
  line["cases"] = record.cases;
  line["seconds"] = record.seconds;
  return dump(line);
}

std::string to_line(const ImplementationRecord& record) {
  Json line = {{"record", "implementation"}, {"name", record.name}};
  put(line, "implementation", record.implementation);
  put(line, "version", record.version);
  put(line, "lane", record.lane);
  put(line, "role", record.role);
  put(line, "target", record.target);
  put(line, "note", record.note);
  if (!record.remarks.empty()) line["remarks"] = record.remarks;
  line["seconds"] = record.seconds;
  return dump(line);
}

std::string to_line(const ResultRecord& record) {
  Json line = {{"record", "result"},
               {"implementation", record.implementation},
               {"case", record.case_id},
               {"format", record.format}};
  if (record.protocol >= 0) line["protocol"] = record.protocol;
  put(line, "topic", record.topic);
  line["verdict"] = name(record.verdict);
  line["level"] = name(record.level);
  if (record.known) line["known"] = true;
  put(line, "expected", record.expected);
  put(line, "got", record.got);
  put(line, "path", record.path);
  put(line, "expected_at", record.expected_at);
  put(line, "got_at", record.got_at);
  put(line, "detail", record.detail);
  put(line, "known_reason", record.known_reason);
  if (!record.shares.empty()) line["shares"] = record.shares;
  put(line, "repeat", record.repeat);
  return dump(line);
}

void write_results(std::ostream& out, const Results& results) {
  out << to_line(results.run) << '\n';
  for (const auto& record : results.implementations) out << to_line(record) << '\n';
  for (const auto& record : results.results) out << to_line(record) << '\n';
}

Results read_results(std::istream& in, const std::string& file_name) {
  Results results;
  std::string text;
  for (std::size_t number = 1; std::getline(in, text); ++number) {
    if (text.empty()) continue;
    try {
      const Json line = Json::parse(text);
      const auto kind = line.at("record").get<std::string>();
      if (kind == "run")
        results.run = run_from(line);
      else if (kind == "implementation")
        results.implementations.push_back(implementation_from(line));
      else if (kind == "result")
        results.results.push_back(result_from(line));
      else
        throw std::runtime_error(fmt::format("unknown record '{}'", kind));
    } catch (const std::exception& error) {
      throw std::runtime_error(fmt::format("{}:{}: {}", file_name, number, error.what()));
    }
  }
  return results;
}

void sort_results(Results& results) {
  std::map<std::string_view, std::size_t> order;
  for (const ImplementationRecord& record : results.implementations)
    order.emplace(record.name, order.size());
  const auto place = [&](const ResultRecord& result) {
    const auto found = order.find(result.implementation);
    return std::tuple(found == order.end() ? order.size() : found->second,
                      std::string_view(result.format), result.protocol,
                      std::string_view(result.topic), std::string_view(result.case_id));
  };
  std::stable_sort(
      results.results.begin(), results.results.end(),
      [&](const ResultRecord& a, const ResultRecord& b) { return place(a) < place(b); });
}

}  // namespace assay
