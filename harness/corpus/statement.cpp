#include "harness/corpus/statement.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <set>

#include "harness/corpus/corpus.h"

namespace assay {
namespace {

// One [[statement]], or one [[case]] that has `expect`.
class StatementReader {
 public:
  StatementReader(const CaseFile& file, std::vector<Problem>& problems)
      : file_(file), problems_(problems) {}

  std::optional<Statement> read(const toml::table& table, bool of_case) {
    statement_ = Statement{};
    statement_.topic = file_.topic;
    statement_.file = file_.name;
    statement_.line = static_cast<unsigned>(table.source().begin.line);
    statement_.id = text_of(table, "id", !of_case);
    if (of_case && !table.contains("expect")) {
      for (const char* key : {"since", "until", "changed", "differs"})
        if (table.contains(key))
          problem(*table.get(key), fmt::format("'{}' without 'expect'", key));
      return std::nullopt;
    }
    if (!of_case) check_keys(table);
    if (!of_case && !statement_.id.empty() && !is_slug(statement_.id))
      problem(table, "an id is parts like 'int/leading-zero': a-z 0-9, '-' '.' between, '/'");
    statement_.says = text_of(table, of_case ? "why" : "says", !of_case);
    statement_.spec = text_of(table, "spec", !of_case);
    statement_.since = version_of(table, "since");
    statement_.until = version_of(table, "until");
    statement_.differs = text_of(table, "differs", false);
    statement_.untestable = text_of(table, "untestable", false);
    statement_.whole = of_case || table["whole"].value_or(false);
    if (of_case) statement_.cases = {statement_.id};
    for (std::string& id : texts_of(table, "cases")) statement_.cases.push_back(std::move(id));
    read_expected(table);
    if (statement_.testable() == statement_.expected.empty())
      problem(table, "either 'expect' or 'untestable'");
    if (!statement_.expected.empty() && statement_.cases.empty())
      problem(table, "no witness in 'cases'");
    return std::move(statement_);
  }

 private:
  void problem(const toml::node& node, std::string_view text) {
    problems_.push_back(
        {file_.name, static_cast<unsigned>(node.source().begin.line),
         fmt::format("{}: {}", statement_.id.empty() ? "statement" : statement_.id, text), false});
  }

  void check_keys(const toml::table& table) {
    static const std::set<std::string_view> known = {"id",    "says",    "spec",      "since",
                                                     "until", "cases",   "expect",    "changed",
                                                     "whole", "differs", "untestable"};
    for (const auto& [key, node] : table)
      if (!known.contains(key.str())) problem(node, fmt::format("unknown key '{}'", key.str()));
  }

  std::string text_of(const toml::table& table, std::string_view key, bool required) {
    const toml::node* node = table.get(key);
    const auto text = node != nullptr ? node->value_exact<std::string>() : std::nullopt;
    if ((node != nullptr || required) && (!text || text->empty()))
      problem(node != nullptr ? *node : table, fmt::format("'{}' is a text and not empty", key));
    return text.value_or("");
  }

  std::vector<std::string> texts_of(const toml::table& table, std::string_view key) {
    std::vector<std::string> texts;
    const toml::node* node = table.get(key);
    if (node == nullptr) return texts;
    const toml::array* array = node->as_array();
    if (array == nullptr || array->empty()) {
      problem(*node, fmt::format("'{}' is a list of texts", key));
      return texts;
    }
    for (const toml::node& item : *array) {
      const auto text = item.value_exact<std::string>();
      if (!text) problem(item, fmt::format("'{}' is a list of texts", key));
      texts.push_back(text.value_or(""));
    }
    return texts;
  }

  std::optional<LanguageVersion> version_of(const toml::table& table, std::string_view key) {
    if (!table.contains(key)) return std::nullopt;
    const auto version = LanguageVersion::parse(text_of(table, key, true));
    if (!version) problem(*table.get(key), fmt::format("'{}' is a version like \"3.8\"", key));
    return version;
  }

  void read_expected(const toml::table& table) {
    if (table.contains("expect")) statement_.expected.push_back({{}, texts_of(table, "expect")});
    const toml::node* node = table.get("changed");
    if (node == nullptr) return;
    const toml::array* changes = node->as_array();
    if (changes == nullptr || statement_.expected.empty())
      return problem(*node, "'changed' is a list of tables, beside 'expect'");
    for (const toml::node& item : *changes) {
      const toml::table* change = item.as_table();
      const auto since = change != nullptr ? version_of(*change, "since") : std::nullopt;
      if (!since || change->size() != 2 || !change->contains("expect") ||
          *since <= statement_.expected.back().since)
        return problem(item, "a change is { since = …, expect = […] }, later than the one before");
      statement_.expected.push_back({*since, texts_of(*change, "expect")});
    }
  }

  const CaseFile& file_;
  std::vector<Problem>& problems_;
  Statement statement_;
};

}  // namespace

std::optional<LanguageVersion> LanguageVersion::parse(std::string_view text) {
  LanguageVersion version;
  const char* const end = text.data() + text.size();
  const auto major = std::from_chars(text.data(), end, version.major);
  if (major.ec != std::errc() || major.ptr == end || *major.ptr != '.') return std::nullopt;
  const auto minor = std::from_chars(major.ptr + 1, end, version.minor);
  if (minor.ec != std::errc() || (minor.ptr != end && *minor.ptr != '.')) return std::nullopt;
  return version;
}

std::string LanguageVersion::text() const {
  return fmt::format("{}.{}", major, minor);
}

bool Statement::applies_to(LanguageVersion version) const {
  return (!since || *since <= version) && (!until || version <= *until);
}

const std::vector<std::string>* Statement::lines_for(LanguageVersion version) const {
  const std::vector<std::string>* lines = nullptr;
  for (const Expected& one : expected)
    if (one.since <= version) lines = &one.lines;
  return lines;
}

std::string_view Statement::module() const {
  return std::string_view(topic).substr(0, topic.find('-'));
}

namespace {

std::vector<Statement> of_file(const CaseFile& file, std::vector<Problem>& problems) {
  std::vector<Statement> statements;
  toml::table document;
  try {
    document = toml::parse_file(file.path.string());
  } catch (const toml::parse_error&) {
    return statements;  // read_case_file() says so
  }
  StatementReader reader(file, problems);
  for (const char* kind : {"case", "statement"}) {
    const toml::array* tables = document[kind].as_array();
    if (tables == nullptr) continue;
    for (const toml::node& node : *tables)
      if (const toml::table* table = node.as_table())
        if (auto statement = reader.read(*table, kind == std::string_view("case")))
          statements.push_back(*std::move(statement));
  }
  std::stable_sort(statements.begin(), statements.end(),
                   [](const Statement& a, const Statement& b) { return a.line < b.line; });
  return statements;
}

void check(const Corpus& corpus, const std::vector<Statement>& statements,
           std::vector<Problem>& problems) {
  std::set<std::string_view> witnesses, files;
  std::map<std::string_view, const Statement*> ids;
  for (const Statement& statement : statements) {
    const auto problem = [&](const std::string& text) {
      problems.push_back(
          {statement.file, statement.line, fmt::format("{}: {}", statement.id, text), false});
    };
    files.insert(statement.file);
    const bool of_case = !statement.cases.empty() && statement.cases.front() == statement.id;
    if (!ids.emplace(statement.id, &statement).second ||
        (!of_case && corpus.find(statement.id) != nullptr))
      problem("this id is already used");
    for (const std::string& id : statement.cases) {
      witnesses.insert(id);
      const Case* c = corpus.find(id);
      if (c == nullptr) problem(fmt::format("no case is called {}", id));
      if (c != nullptr && id == statement.cases.front() && c->operation != "scenario")
        problem(fmt::format("{} decides, and is no scenario", id));
    }
  }
  for (const CaseFile& file : corpus.files) {
    if (!files.contains(file.name)) continue;
    for (const Case& c : file.cases)
      if (!witnesses.contains(c.id))
        problems.push_back(
            {c.file, c.line, fmt::format("{}: witnesses no statement", c.id), false});
  }
}

}  // namespace

std::vector<Statement> read_statements(const Corpus& corpus, std::vector<Problem>& problems) {
  std::vector<Statement> statements;
  for (const CaseFile& file : corpus.files) {
    if (file.format != statements_format) continue;
    for (Statement& statement : of_file(file, problems)) statements.push_back(std::move(statement));
  }
  check(corpus, statements, problems);
  return statements;
}

bool has_lines(const std::vector<std::string>& printed, const std::vector<std::string>& lines,
               bool whole) {
  if (whole) return printed == lines;
  auto from = printed.begin();
  for (const std::string& line : lines) {
    from = std::find(from, printed.end(), line);
    if (from == printed.end()) return false;
    ++from;
  }
  return true;
}

}  // namespace assay
