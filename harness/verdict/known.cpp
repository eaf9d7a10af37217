#include "harness/verdict/known.h"

#include <fmt/format.h>

#include <toml++/toml.h>

#include <algorithm>
#include <map>
#include <set>
#include <stdexcept>

namespace assay {
namespace {

constexpr std::string_view no_reason = "not yet explained";

std::string head_of(std::string_view text) {
  std::size_t end = 0;
  while (end < text.size() && (text[end] == '#' || text[end] == '\n')) {
    const std::size_t newline = text.find('\n', end);
    end = newline == std::string_view::npos ? text.size() : newline + 1;
  }
  return std::string(text.substr(0, end));
}

// A TOML basic string.
std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      out += fmt::format("\\u{:04X}", static_cast<unsigned char>(c));
    } else {
      out += c;
    }
  }
  return out + '"';
}

std::string print(const KnownFailure& entry) {
  std::string text =
      fmt::format("[[known]]\nid = {}\nverdict = {}\nreason = {}\n", quoted(entry.id),
                  quoted(name(entry.verdict)), quoted(entry.reason));
  if (!entry.link.empty()) text += fmt::format("link = {}\n", quoted(entry.link));
  if (!entry.implementation.empty())
    text += fmt::format("implementation = {}\n", quoted(entry.implementation));
  return text + "\n";
}

KnownFailure read_entry(const toml::table& table, const std::string& file) {
  const auto wrong = [&](const toml::node& node, std::string_view what) {
    return std::runtime_error(fmt::format("{}:{}: {}", file, node.source().begin.line, what));
  };
  KnownFailure entry;
  entry.line = static_cast<unsigned>(table.source().begin.line);
  for (const auto& [key, node] : table) {
    const auto text = node.value_exact<std::string>();
    if (!text) throw wrong(node, fmt::format("'{}' is a text", key.str()));
    if (key.str() == "id") {
      entry.id = *text;
    } else if (key.str() == "verdict") {
      const auto verdict = verdict_from(*text);
      if (!verdict || standing(*verdict) != Standing::differs)
        throw wrong(node, fmt::format("'{}' is no verdict that fails", *text));
      entry.verdict = *verdict;
    } else if (key.str() == "reason") {
      entry.reason = *text;
    } else if (key.str() == "link") {
      entry.link = *text;
    } else if (key.str() == "implementation") {
      entry.implementation = *text;
    } else {
      throw wrong(node, fmt::format("unknown key '{}'", key.str()));
    }
  }
  if (entry.id.empty() || entry.reason.empty() || !table.contains("verdict"))
    throw wrong(table, "a known failure has 'id', 'verdict' and 'reason'");
  return entry;
}

bool was_run(const ResultRecord& result) {
  return result.verdict != Verdict::skipped;
}

}  // namespace

KnownFailures::KnownFailures(std::string_view text, const std::string& file)
    : head_(head_of(text)), name_(file) {
  toml::table document;
  try {
    document = toml::parse(text, file);
  } catch (const toml::parse_error& error) {
    throw std::runtime_error(
        fmt::format("{}:{}: {}", file, error.source().begin.line, error.description()));
  }
  std::set<std::pair<std::string, std::string>> seen;
  for (const auto& [key, node] : document) {
    const toml::array* array = node.as_array();
    if (key.str() != "known" || array == nullptr)
      throw std::runtime_error(
          fmt::format("{}:{}: only [[known]] may stand here", file, node.source().begin.line));
    for (const toml::node& item : *array) {
      const toml::table* table = item.as_table();
      if (table == nullptr) throw std::runtime_error(file + ": an entry is a table: [[known]]");
      entries_.push_back(read_entry(*table, file));
      if (!seen.emplace(entries_.back().id, entries_.back().implementation).second)
        throw std::runtime_error(fmt::format("{}:{}: {} is listed twice", file,
                                             entries_.back().line, entries_.back().id));
    }
  }
}

const KnownFailure* KnownFailures::find(const ResultRecord& result) const {
  const KnownFailure* general = nullptr;
  for (const KnownFailure& entry : entries_) {
    if (entry.id != result.case_id) continue;
    if (entry.implementation == result.implementation) return &entry;
    if (entry.implementation.empty()) general = &entry;
  }
  return general;
}

std::vector<std::string> KnownFailures::apply(
    std::vector<ResultRecord>& results, const std::function<bool(std::string_view)>& case_exists,
    const std::set<std::string>& implementations) const {
  std::vector<std::string> problems;
  for (ResultRecord& result : results) {
    if (!implementations.empty() && !implementations.contains(result.implementation)) continue;
    const KnownFailure* entry = was_run(result) ? find(result) : nullptr;
    if (entry == nullptr) continue;
    if (entry->verdict == result.verdict) {
      result.known = true;
      result.known_reason = entry->reason;
      continue;
    }
    const bool agrees =
        standing(result.verdict) == Standing::agrees || standing(result.verdict) == Standing::lossy;
    problems.push_back(fmt::format("{}:{}: {} of {} {}: listed as {}, is {}", name_, entry->line,
                                   result.case_id, result.implementation,
                                   agrees ? "passes now" : "has changed", name(entry->verdict),
                                   name(result.verdict)));
  }
  for (const KnownFailure& entry : entries_)
    if (!case_exists(entry.id))
      problems.push_back(
          fmt::format("{}:{}: no case is called {} any more", name_, entry.line, entry.id));
  return problems;
}

std::string KnownFailures::updated(const std::vector<ResultRecord>& results,
                                   const std::function<bool(std::string_view)>& case_exists) const {
  std::set<std::string> implementations;
  std::set<const KnownFailure*> replaced;
  std::map<std::pair<std::string, std::string>, KnownFailure> failing;  // by id, implementation
  for (const ResultRecord& result : results) {
    implementations.insert(result.implementation);
    if (!was_run(result)) continue;
    const KnownFailure* before = find(result);
    if (before != nullptr) replaced.insert(before);
    if (standing(result.verdict) != Standing::differs) continue;
    KnownFailure entry;
    entry.reason = no_reason;
    if (before != nullptr) entry = *before;
    entry.id = result.case_id;
    entry.verdict = result.verdict;
    entry.implementation = result.implementation;
    failing[{entry.id, entry.implementation}] = entry;
  }
  for (const KnownFailure& entry : entries_)
    if (!replaced.contains(&entry) && case_exists(entry.id))
      failing[{entry.id, entry.implementation}] = entry;
  std::string text = head_;
  for (auto& [key, entry] : failing) {
    // A run of one implementation needs no names, unless the file has them.
    const bool named = std::any_of(entries_.begin(), entries_.end(),
                                   [](const KnownFailure& e) { return !e.implementation.empty(); });
    if (implementations.size() == 1 && !named) entry.implementation.clear();
    text += print(entry);
  }
  while (text.ends_with("\n\n")) text.pop_back();
  return text;
}

}  // namespace assay
