// The page's data: everything that repeats is written once and named by number.
#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <stdexcept>
#include <tuple>
#include <unordered_map>

#include "reports/html_page.h"
#include "reports/matrix.h"

namespace assay {
namespace {

using Json = nlohmann::ordered_json;

// A result as one character of a case's row: verdict, level, known or not, in
// the order in which they are met. Printable, and nothing that JSON or HTML would
// escape; ' ' where there is no result.
class Symbols {
 public:
  char of(const ResultRecord& result) {
    const Meaning meaning{result.verdict, result.level, result.known};
    const auto found = std::find(meanings_.begin(), meanings_.end(), meaning);
    const auto number = static_cast<std::size_t>(found - meanings_.begin());
    if (found == meanings_.end()) meanings_.push_back(meaning);
    if (number >= alphabet.size())
      throw std::runtime_error("more kinds of results than a page has symbols for");
    return alphabet[number];
  }

  // Symbol, verdict, level, known of each.
  Json list() const {
    Json list = Json::array();
    for (std::size_t i = 0; i < meanings_.size(); ++i) {
      const auto& [verdict, level, known] = meanings_[i];
      list.push_back({std::string(1, alphabet[i]), name(verdict), name(level), known ? 1 : 0});
    }
    return list;
  }

 private:
  using Meaning = std::tuple<Verdict, Level, bool>;
  static constexpr std::string_view alphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%()*+,-./:;=?@[]^_`{|}~";
  std::vector<Meaning> meanings_;
};

// Texts by number, in the order in which they are first needed.
class Texts {
 public:
  std::size_t number(const std::string& text) {
    const auto [place, fresh] = numbers_.try_emplace(text, list_.size());
    if (fresh) list_.push_back(text);
    return place->second;
  }
  const std::vector<std::string>& list() const { return list_; }

 private:
  std::unordered_map<std::string, std::size_t> numbers_;
  std::vector<std::string> list_;
};

std::string replaced(std::string text, const std::string& what, std::string_view with) {
  const std::size_t at = what.empty() ? std::string::npos : text.find(what);
  if (at != std::string::npos) text.replace(at, what.size(), with);
  return text;
}

std::string joined(const std::vector<std::string>& texts) {
  std::string all;
  for (const std::string& text : texts) all += (all.empty() ? "" : " ") + text;
  return all;
}

std::string cut(const std::string& text, std::size_t longest) {
  return text.size() <= longest ? text : text.substr(0, longest) + " …";
}

constexpr std::size_t longest_value = 1500;   // characters of a value
constexpr std::size_t longest_detail = 1000;  // of a message or stderr
constexpr std::size_t most_changes = 3000;    // listed in the page

class Data {
 public:
  Data(const Results& results, const Catalogue& catalogue, const HtmlOptions& options)
      : results_(results), catalogue_(catalogue), options_(options) {
    for (const ImplementationRecord& record : results.implementations)
      implementations_.emplace(record.name, implementations_.size());
    for (const CatalogueCase& one : catalogue.cases) details_.emplace(one.id, &one);
    for (const CatalogueFeature& feature : catalogue.features)
      features_.emplace(std::pair(feature.format, feature.name), features_.size());
    collect();
  }

  std::string text(const Comparison* changes) {
    Json json;
    json["run"] = {{"assay", results_.run.assay},     {"started", results_.run.started},
                   {"machine", results_.run.machine}, {"command", results_.run.command},
                   {"cases", results_.run.cases},     {"seconds", results_.run.seconds}};
    json["symbols"] = symbols_.list();
    json["verdicts"] = verdict_names;
    json["levels"] = level_names;
    json["formats"] = formats();
    json["implementations"] = implementations();
    json["cases"] = case_rows();
    json["differences"] = differences();
    json["details"] = details();
    json["quirks"] = quirks();
    json["profiles"] = catalogue_.profiles;
    json["agreement"] = agreement();
    json["features"] = features();
    if (changes != nullptr) json["changes"] = change_rows(*changes);
    json["crossings"] = Json::array();
    for (const Crossing& crossing : options_.crossings)
      json["crossings"].push_back(Json::parse(crossing.json));
    json["rows"] = rows_.list();
    json["topics"] = topics_.list();
    json["texts"] = texts_.list();
    std::string text = json.dump(-1, ' ', false, Json::error_handler_t::replace);
    std::string safe;  // nothing in it can end the script element
    safe.reserve(text.size());
    for (const char c : text) safe += c == '<' ? std::string("\\u003c") : std::string(1, c);
    return safe;
  }

 private:
  struct CaseRow {
    const ResultRecord* first;
    std::string symbols;
    int urgency = 4;  // which details come first
  };

  // What several implementations share word for word.
  using Difference = std::tuple<std::size_t, std::string, std::vector<std::size_t>>;

  static int urgency(const ResultRecord& result) {
    if (standing(result.verdict) == Standing::differs) return result.known ? 1 : 0;
    if (standing(result.verdict) == Standing::lossy || result.verdict == Verdict::skipped) return 2;
    return result.level == Level::must ? 4 : 3;
  }

  void collect() {
    for (const ResultRecord& result : results_.results) {
      const auto who = implementations_.find(result.implementation);
      if (who == implementations_.end()) continue;
      const auto [place, fresh] = case_numbers_.try_emplace(result.case_id, cases_.size());
      if (fresh) cases_.push_back({&result, std::string(implementations_.size(), ' ')});
      CaseRow& row = cases_[place->second];
      row.symbols[who->second] = symbols_.of(result);
      row.urgency = std::min(row.urgency, urgency(result));
    }
  }

  // The matrices in order, each with its columns: title, family, operation, and of
  // each column format, protocol, label, and a title for filters.
  Json formats() const {
    Json list = Json::array();
    for (const Matrix& matrix : matrices(results_)) {
      Json columns = Json::array();
      for (const Column& column : matrix.columns) {
        const FormatName name = take_apart_format(column.format);
        const std::string title =
            name.operation.empty() ? name.base : name.base + ", " + operation_title(name);
        columns.push_back({column.format, column.protocol,
                           column.protocol < 0 && !name.part.empty() ? name.base : column.label,
                           title});
      }
      list.push_back({{"title", matrix.title()},
                      {"family", matrix.name.family},
                      {"operation", matrix.name.operation},
                      {"columns", std::move(columns)}});
    }
    return list;
  }

  // The disassembly of what was written, where it is whole.
  std::string listing_of(const ResultRecord& result) const {
    const bool writes = result.format.ends_with(":encode") && !result.got.empty();
    const bool whole = result.got.find_first_not_of("0123456789abcdef") == std::string::npos;
    if (!writes || !whole || !catalogue_.list_written) return "";
    return catalogue_.list_written(result.format, result.got);
  }

  Json implementations() const {
    Json list = Json::array();
    for (const ImplementationRecord& record : results_.implementations)
      list.push_back({{"name", record.name},
                      {"version", record.version},
                      {"role", record.role},
                      {"target", record.target},
                      {"note", cut(record.note, longest_detail)},
                      {"seconds", record.seconds}});
    return list;
  }

  // [id, format, protocol, topic, row]
  Json case_rows() {
    Json list = Json::array();
    for (const CaseRow& row : cases_)
      list.push_back({row.first->case_id, texts_.number(row.first->format), row.first->protocol,
                      topics_.number(row.first->topic), rows_.number(row.symbols)});
    return list;
  }

  // [case, [implementation, …], expected, got, path, expected there, got there,
  //  detail, reason, shares, repeat, listing of what was written]; all but the first
  //  two numbers of texts.
  Json differences() {
    std::map<std::pair<std::size_t, std::vector<std::size_t>>, std::vector<std::size_t>> shared;
    for (const ResultRecord& result : results_.results) {
      const auto who = implementations_.find(result.implementation);
      if (who == implementations_.end()) continue;
      const bool says_nothing = standing(result.verdict) == Standing::agrees &&
                                (result.shares.empty() || who_role(who->second) != "subject");
      if (says_nothing) continue;
      std::string repeat = replaced(result.repeat, result.implementation, "{impl}");
      repeat = replaced(std::move(repeat), result.case_id, "{case}");
      const std::vector<std::size_t> said = {texts_.number(cut(result.expected, longest_value)),
                                             texts_.number(cut(result.got, longest_value)),
                                             texts_.number(result.path),
                                             texts_.number(cut(result.expected_at, longest_detail)),
                                             texts_.number(cut(result.got_at, longest_detail)),
                                             texts_.number(cut(result.detail, longest_detail)),
                                             texts_.number(result.known_reason),
                                             texts_.number(joined(result.shares)),
                                             texts_.number(repeat),
                                             texts_.number(listing_of(result))};
      shared[{case_numbers_.at(result.case_id), said}].push_back(who->second);
    }
    Json list = Json::array();
    for (const auto& [key, who] : shared) {
      Json entry = {key.first, who};
      for (const std::size_t number : key.second) entry.push_back(number);
      list.push_back(std::move(entry));
    }
    return list;
  }

  const std::string& who_role(std::size_t who) const { return results_.implementations[who].role; }

  Json detail(const CatalogueCase& one) {
    Json outcomes = Json::array();
    for (const CatalogueOutcome& outcome : one.outcomes)
      outcomes.push_back({texts_.number(cut(outcome.text, longest_value)), outcome.consumed,
                          texts_.number(joined(outcome.profiles)), texts_.number(outcome.listing)});
    return {{"why", one.why},
            {"source", one.source},
            {"options", one.options},
            {"file", one.file},
            {"operation", one.operation},
            {"asked", one.asked},
            {"files", one.files},
            {"quirks", one.quirks},
            {"size", one.size},
            {"hex", one.hex},
            {"listing", one.listing},
            {"word", one.word},
            {"outcomes", std::move(outcomes)}};
  }

  // The cases, the urgent ones first; among these the first of each format, then the
  // second of each, so that a format with many leaves room for the others.
  std::vector<std::size_t> by_urgency() const {
    std::map<std::pair<std::string, int>, std::size_t> counts;
    std::vector<std::tuple<int, std::size_t, std::size_t>> order;  // urgency, place, number
    for (std::size_t i = 0; i < cases_.size(); ++i) {
      const int urgency = cases_[i].urgency;
      order.emplace_back(urgency, counts[{cases_[i].first->format, urgency}]++, i);
    }
    std::sort(order.begin(), order.end());
    std::vector<std::size_t> numbers;
    for (const auto& [urgency, place, number] : order) numbers.push_back(number);
    return numbers;
  }

  // By number of the case, as far as they fit.
  Json details() {
    Json object = Json::object();
    std::size_t used = 0;
    for (const std::size_t number : by_urgency()) {
      const auto found = details_.find(cases_[number].first->case_id);
      if (found == details_.end()) continue;
      const CatalogueCase& one = *found->second;
      used += 160 + one.why.size() + one.source.size() + one.hex.size() + one.listing.size() +
              one.asked.size() + one.files.size();
      for (const CatalogueOutcome& outcome : one.outcomes)
        used += std::min(outcome.text.size(), longest_value) + outcome.listing.size() + 16;
      if (used > options_.detail_bytes) break;
      object[std::to_string(number)] = detail(one);
    }
    return object;
  }

  Json quirks() const {
    Json object = Json::object();
    for (const CatalogueQuirk& quirk : catalogue_.quirks)
      object[quirk.format + " " + quirk.name] = {quirk.statement, quirk.citation};
    return object;
  }

  Json agreement() const {
    Json object = Json::object();
    std::set<std::string> formats;
    for (const CatalogueCase& one : catalogue_.cases) formats.insert(one.format);
    for (const std::string& format : formats) object[format] = agreement(format);
    return object;
  }

  // How many cases two profiles were both asked, and on how many they agree: for
  // each profile a list of [asked, agree] with those before it and itself. Cases
  // that depend on the word size are left out.
  Json agreement(const std::string& format) const {
    const std::size_t count = catalogue_.profiles.size();
    std::map<std::string, std::size_t> numbers;
    for (const std::string& profile : catalogue_.profiles) numbers.emplace(profile, numbers.size());
    std::vector<std::uint32_t> asked(count * count), agree(count * count);
    std::vector<std::pair<std::size_t, std::size_t>> answers;  // profile, outcome
    for (const CatalogueCase& one : catalogue_.cases) {
      if (one.word || one.format != format || !case_numbers_.contains(one.id)) continue;
      answers.clear();
      for (std::size_t i = 0; i < one.outcomes.size(); ++i)
        for (const std::string& profile : one.outcomes[i].profiles)
          if (const auto found = numbers.find(profile); found != numbers.end())
            answers.emplace_back(found->second, i);
      for (const auto& [a, outcome_a] : answers)
        for (const auto& [b, outcome_b] : answers) {
          ++asked[a * count + b];
          if (outcome_a == outcome_b) ++agree[a * count + b];
        }
    }
    Json list = Json::array();
    for (std::size_t a = 0; a < count; ++a) {
      Json row = Json::array();
      for (std::size_t b = 0; b <= a; ++b)
        row.push_back({asked[a * count + b], agree[a * count + b]});
      list.push_back(std::move(row));
    }
    return list;
  }

  // [format, protocol, name, [case, …]]
  Json features() {
    std::vector<std::vector<std::size_t>> users(catalogue_.features.size());
    for (std::size_t number = 0; number < cases_.size(); ++number) {
      const auto found = details_.find(cases_[number].first->case_id);
      if (found == details_.end()) continue;
      for (const std::string& name : found->second->features) {
        const auto feature =
            features_.find(std::pair(take_apart_format(cases_[number].first->format).family, name));
        if (feature != features_.end()) users[feature->second].push_back(number);
      }
    }
    Json list = Json::array();
    for (std::size_t i = 0; i < users.size(); ++i) {
      const CatalogueFeature& feature = catalogue_.features[i];
      list.push_back({feature.format, feature.protocol, feature.name, users[i]});
    }
    return list;
  }

  Json change_rows(const Comparison& comparison) {
    Json json;
    json["counts"] = Json::object();
    for (std::size_t i = 0; i < change_names.size(); ++i)
      json["counts"][std::string(change_names[i])] = comparison.count(static_cast<ChangeKind>(i));
    json["same"] = comparison.same;
    json["new_implementations"] = comparison.implementations_new;
    json["gone_implementations"] = comparison.implementations_gone;
    json["renamed"] = comparison.renamed;
    json["list"] = Json::array();
    std::size_t left_out = 0;
    for (const ResultChange& change : comparison.changes) {
      if (!change.worth_listing()) continue;
      if (json["list"].size() >= most_changes) {
        ++left_out;
        continue;
      }
      const auto verdict = [](const ResultRecord* result) {
        return result == nullptr ? std::string() : std::string(name(result->verdict));
      };
      json["list"].push_back({name(change.kind), change.either().implementation,
                              change.either().case_id, verdict(change.before),
                              verdict(change.after)});
    }
    json["left_out"] = left_out;
    return json;
  }

  const Results& results_;
  const Catalogue& catalogue_;
  const HtmlOptions& options_;
  std::unordered_map<std::string, std::size_t> implementations_, case_numbers_;
  std::unordered_map<std::string, const CatalogueCase*> details_;
  std::map<std::pair<std::string, std::string>, std::size_t> features_;
  std::vector<CaseRow> cases_;
  Symbols symbols_;
  Texts rows_, topics_, texts_;
};

}  // namespace

std::string html_data(const Results& results, const Catalogue& catalogue, const Comparison* changes,
                      const HtmlOptions& options) {
  return Data(results, catalogue, options).text(changes);
}

}  // namespace assay
