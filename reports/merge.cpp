#include "reports/merge.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <set>

namespace assay {
namespace {

// "2/5" as 2 and 5; 0 and 0 for anything else.
std::pair<unsigned long, unsigned long> shard_numbers(const std::string& text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string::npos) return {0, 0};
  return {std::strtoul(text.c_str(), nullptr, 10),
          std::strtoul(text.c_str() + slash + 1, nullptr, 10)};
}

// Of how many shards the parts are, with the reason if they are not all there.
void check_shards(const std::vector<Results>& parts, std::vector<std::string>& problems) {
  std::set<unsigned long> counts, indices;
  for (const Results& part : parts) {
    const auto [index, count] = shard_numbers(part.run.shard);
    counts.insert(count);
    indices.insert(index);
  }
  if (counts.size() > 1) {
    problems.push_back("the parts are not shards of one division");
    return;
  }
  const unsigned long count = *counts.begin();
  std::vector<unsigned long> missing;
  for (unsigned long index = 1; index <= count && missing.size() < 8; ++index)
    if (!indices.contains(index)) missing.push_back(index);
  if (!missing.empty())
    problems.push_back(fmt::format("of {} shards these are missing: {}{}", count,
                                   fmt::join(missing, " "), missing.size() == 8 ? " …" : ""));
}

// "./assay run --shard 2/5 --jobs 1" without its shard.
std::string without_shard(std::string command, const std::string& shard) {
  const std::string option = " --shard " + shard;
  const std::size_t at = shard.empty() ? std::string::npos : command.find(option);
  if (at != std::string::npos) command.erase(at, option.size());
  return command;
}

void join(ImplementationRecord& all, const ImplementationRecord& part,
          std::vector<std::string>& problems) {
  all.seconds += part.seconds;
  if (all.version.empty()) all.version = part.version;
  if (!part.version.empty() && all.version != part.version)
    problems.push_back(
        fmt::format("{} is {} in one part, {} in another", all.name, all.version, part.version));
  if (all.target != part.target)
    problems.push_back(fmt::format("{} was judged by {} in one part, by {} in another", all.name,
                                   all.target, part.target));
  if (all.note.empty()) all.note = part.note;
  all.remarks.insert(all.remarks.end(), part.remarks.begin(), part.remarks.end());
}

void merge_runs(RunRecord& all, const std::vector<Results>& parts) {
  const auto first = std::min_element(
      parts.begin(), parts.end(),
      [](const Results& a, const Results& b) { return a.run.started < b.run.started; });
  all = first->run;
  all.command = without_shard(all.command, all.shard);
  all.shard.clear();
  for (const Results& part : parts) all.seconds = std::max(all.seconds, part.run.seconds);
}

}  // namespace

Merged merge_results(const std::vector<Results>& parts) {
  Merged merged;
  if (parts.empty()) return merged;
  check_shards(parts, merged.problems);
  merge_runs(merged.results.run, parts);

  std::map<std::string, std::size_t> places;
  std::set<std::string> cases;
  std::map<std::pair<std::string, std::string>, const ResultRecord*> seen;
  std::uint64_t announced = 0;
  std::size_t contradictions = 0;
  for (const Results& part : parts) {
    announced += part.run.cases;
    for (const ImplementationRecord& record : part.implementations) {
      const auto [place, fresh] =
          places.try_emplace(record.name, merged.results.implementations.size());
      if (fresh)
        merged.results.implementations.push_back(record);
      else
        join(merged.results.implementations[place->second], record, merged.problems);
    }
    for (const ResultRecord& record : part.results) {
      cases.insert(record.case_id);
      const auto [place, fresh] =
          seen.try_emplace({record.implementation, record.case_id}, &record);
      if (fresh)
        merged.results.results.push_back(record);
      else if (place->second->verdict != record.verdict && ++contradictions <= 5)
        merged.problems.push_back(fmt::format("{}: {} is {} in one part, {} in another",
                                              record.implementation, record.case_id,
                                              name(place->second->verdict), name(record.verdict)));
    }
  }
  // A run in which nobody could be asked has no results, but was of some cases.
  merged.results.run.cases = cases.empty() ? announced : cases.size();
  sort_results(merged.results);
  return merged;
}

}  // namespace assay
