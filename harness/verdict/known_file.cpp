// The text of a file of known failures.
#include <fmt/format.h>

#include <toml++/toml.h>

#include <algorithm>
#include <set>
#include <stdexcept>

#include "harness/verdict/known.h"

namespace assay {
namespace {

constexpr std::size_t columns = 100;

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

// On one line, or on as many as they fill.
std::string print_ids(const std::vector<std::string>& ids) {
  if (ids.size() == 1) return fmt::format("id = {}\n", quoted(ids[0]));
  std::vector<std::string> items;
  for (const std::string& id : ids) items.push_back(quoted(id));
  const std::string all = fmt::format("ids = [{}]\n", fmt::join(items, ", "));
  if (all.size() <= columns) return all;
  std::string text = "ids = [", line;
  for (std::string& item : items) {
    item += ",";
    if (!line.empty() && 2 + line.size() + 1 + item.size() > columns) {
      text += "\n  " + line;
      line.clear();
    }
    line += (line.empty() ? "" : " ") + item;
  }
  return text + "\n  " + line + "\n]\n";
}

std::string print(const KnownFailure& entry) {
  std::string text = fmt::format("[[known]]\n{}verdict = {}\nreason = {}\n", print_ids(entry.ids),
                                 quoted(name(entry.verdict)), quoted(entry.reason));
  if (!entry.link.empty()) text += fmt::format("link = {}\n", quoted(entry.link));
  if (!entry.implementation.empty())
    text += fmt::format("implementation = {}\n", quoted(entry.implementation));
  if (entry.unstable) text += "unstable = true\n";
  return text;
}

// Where a line's comment begins; its end where it has none.
std::size_t comment_in(std::string_view line) {
  char quote = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (quote == 0 && line[i] == '#') return i;
    if (quote == '"' && line[i] == '\\') {
      ++i;
    } else if (quote == 0 && (line[i] == '"' || line[i] == '\'')) {
      quote = line[i];
    } else if (line[i] == quote) {
      quote = 0;
    }
  }
  return line.size();
}

class EntryReader {
 public:
  explicit EntryReader(const std::string& file) : file_(file) {}

  KnownFailure read(const toml::table& table) {
    entry_ = {};
    entry_.line = static_cast<unsigned>(table.source().begin.line);
    if (table.contains("id") && table.contains("ids"))
      throw wrong(table, "'id' is for one, 'ids' for several");
    for (const auto& [key, node] : table) {
      if (key.str() == "ids")
        read_ids(node);
      else if (key.str() == "unstable")
        read_unstable(node);
      else
        read_text(key.str(), node);
    }
    if (entry_.ids.empty() || entry_.reason.empty() || !table.contains("verdict"))
      throw wrong(table, "a known failure has 'id' or 'ids', 'verdict' and 'reason'");
    return std::move(entry_);
  }

 private:
  std::runtime_error wrong(const toml::node& node, std::string_view what) const {
    return std::runtime_error(fmt::format("{}:{}: {}", file_, node.source().begin.line, what));
  }

  std::string text_of(std::string_view key, const toml::node& node) const {
    auto text = node.value_exact<std::string>();
    if (!text) throw wrong(node, fmt::format("'{}' is a text", key));
    return *std::move(text);
  }

  void read_ids(const toml::node& node) {
    const toml::array* array = node.as_array();
    if (array == nullptr) throw wrong(node, "'ids' is a list of texts");
    for (const toml::node& item : *array) entry_.ids.push_back(text_of("ids", item));
  }

  void read_unstable(const toml::node& node) {
    const auto unstable = node.value_exact<bool>();
    if (!unstable) throw wrong(node, "'unstable' is true or false");
    entry_.unstable = *unstable;
  }

  void read_text(std::string_view key, const toml::node& node) {
    const std::string text = text_of(key, node);
    if (key == "id") {
      entry_.ids = {text};
    } else if (key == "verdict") {
      const auto verdict = verdict_from(text);
      if (!verdict || standing(*verdict) != Standing::differs)
        throw wrong(node, fmt::format("'{}' is no verdict that fails", text));
      entry_.verdict = *verdict;
    } else if (key == "reason") {
      entry_.reason = text;
    } else if (key == "link") {
      entry_.link = text;
    } else if (key == "implementation") {
      entry_.implementation = text;
    } else {
      throw wrong(node, fmt::format("unknown key '{}'", key));
    }
  }

  const std::string& file_;
  KnownFailure entry_;
};

}  // namespace

std::vector<KnownFailure> read_known_failures(std::string_view text, const std::string& file) {
  toml::table document;
  try {
    document = toml::parse(text, file);
  } catch (const toml::parse_error& error) {
    throw std::runtime_error(
        fmt::format("{}:{}: {}", file, error.source().begin.line, error.description()));
  }
  std::vector<KnownFailure> entries;
  std::set<std::pair<std::string, std::string>> seen;
  for (const auto& [key, node] : document) {
    const toml::array* array = node.as_array();
    if (key.str() != "known" || array == nullptr)
      throw std::runtime_error(
          fmt::format("{}:{}: only [[known]] may stand here", file, node.source().begin.line));
    for (const toml::node& item : *array) {
      const toml::table* table = item.as_table();
      if (table == nullptr) throw std::runtime_error(file + ": an entry is a table: [[known]]");
      entries.push_back(EntryReader(file).read(*table));
      for (const std::string& id : entries.back().ids)
        if (!seen.emplace(id, entries.back().implementation).second)
          throw std::runtime_error(
              fmt::format("{}:{}: {} is listed twice", file, entries.back().line, id));
    }
  }
  return entries;
}

std::string take_comments(std::string_view text, std::vector<KnownFailure>& entries) {
  std::string waiting;  // comments and blank lines since the last line of an entry
  std::size_t next = 0;
  unsigned number = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = text.substr(at, end - at);
    at = end + 1;
    ++number;
    const std::size_t comment = comment_in(line);
    if (line.find_first_not_of(" \t\r") == std::min(comment, line.size()) ||
        line.find_first_not_of(" \t\r") == std::string_view::npos) {
      if (comment < line.size() || !waiting.empty()) waiting += std::string(line) + "\n";
      continue;
    }
    const bool begins = next < entries.size() && number == entries[next].line;
    if (begins) ++next;
    if (next == 0) continue;
    KnownFailure& entry = entries[next - 1];
    // What stood before the first entry is the file's head.
    if (!(begins && next == 1)) entry.comment += waiting;
    waiting.clear();
    if (comment < line.size()) entry.comment += std::string(line.substr(comment)) + "\n";
  }
  return waiting;
}

std::string print_known_failures(const std::vector<KnownFailure>& entries) {
  std::string text;
  for (const KnownFailure& entry : entries)
    text += (text.empty() ? "" : "\n") + entry.comment + print(entry);
  return text;
}

}  // namespace assay
