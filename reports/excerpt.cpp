#include "reports/excerpt.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>

namespace assay {
namespace {

using Label = std::uint64_t;

std::string cut(std::string text, std::size_t columns) {
  if (text.size() > columns) text.replace(columns - 3, std::string::npos, "...");
  return text;
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    if (end > 0) lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

// The number behind `mark` ('&' or '*') at `at`, and the offset after it.
std::optional<Label> label_at(std::string_view text, std::size_t& at, char mark) {
  if (at >= text.size() || text[at] != mark) return std::nullopt;
  Label label = 0;
  const char* const begin = text.data() + at + 1;
  const auto [end, error] = std::from_chars(begin, text.data() + text.size(), label);
  if (error != std::errc{}) return std::nullopt;
  at += 1 + static_cast<std::size_t>(end - begin);
  return label;
}

// The offset behind the literal that starts with the quote at `at`.
std::size_t literal_end(std::string_view text, std::size_t at) {
  const char quote = text[at++];
  while (at < text.size() && text[at] != quote) at += text[at] == '\\' ? 2 : 1;
  return std::min(at + 1, text.size());
}

// A document in flat form, whose nodes are put back into the places that refer
// to them.
class FlatDocument {
 public:
  // False when the lines are no such document.
  bool read(const std::vector<std::string_view>& lines) {
    for (std::size_t i = 0; i + 1 < lines.size(); ++i) {
      std::size_t at = 0;
      const auto label = label_at(lines[i], at, '&');
      if (!label || lines[i].substr(at, 3) != " = ") return false;
      nodes_[*label].text = lines[i].substr(at + 3);
    }
    root_ = lines.back();
    for (const std::string_view line : lines) count_references(line);
    return true;
  }

  // The beginning of the nested form, a little more than `columns`.
  std::string nested(std::size_t columns) {
    std::string out;
    std::vector<std::pair<std::string_view, std::size_t>> open = {{root_, 0}};
    while (!open.empty() && out.size() <= columns) {
      auto& [text, at] = open.back();
      if (at >= text.size()) {
        open.pop_back();
      } else if (text[at] == '\'' || text[at] == '"') {
        const std::size_t end = literal_end(text, at);
        out += text.substr(at, end - at);
        at = end;
      } else if (const auto label = label_at(text, at, '*')) {
        const auto found = nodes_.find(*label);
        if (found == nodes_.end() || found->second.shown) {
          out += fmt::format("*{}", *label);
          continue;
        }
        found->second.shown = true;
        if (found->second.references > 1) out += fmt::format("&{} ", *label);
        open.emplace_back(found->second.text, 0);
      } else {
        out += text[at++];
      }
    }
    return out;
  }

 private:
  struct Node {
    std::string_view text;
    unsigned references = 0;
    bool shown = false;
  };

  void count_references(std::string_view line) {
    for (std::size_t at = 0; at < line.size();) {
      if (line[at] == '\'' || line[at] == '"') {
        at = literal_end(line, at);
      } else if (const auto label = label_at(line, at, '*')) {
        const auto found = nodes_.find(*label);
        if (found != nodes_.end()) ++found->second.references;
      } else {
        ++at;
      }
    }
  }

  std::map<Label, Node> nodes_;
  std::string_view root_;
};

// The words of a command line, quotes and all.
std::vector<std::string_view> shell_words(std::string_view command) {
  std::vector<std::string_view> words;
  std::size_t begin = 0;
  for (std::size_t at = 0; at <= command.size();) {
    const char c = at < command.size() ? command[at] : ' ';
    if (c == '\'') {
      at = std::min(command.find('\'', at + 1), command.size());
      at = std::min(at + 1, command.size());
    } else if (c == '"') {
      at = literal_end(command, at);
    } else if (c == '\\') {
      at += 2;
    } else if (c == ' ') {
      if (at > begin) words.push_back(command.substr(begin, at - begin));
      begin = ++at;
    } else {
      ++at;
    }
  }
  if (begin < command.size()) words.push_back(command.substr(begin));
  return words;
}

}  // namespace

std::string one_line(std::string_view text, std::size_t columns) {
  const std::vector<std::string_view> lines = lines_of(text);
  if (lines.size() < 2) return cut(std::string(lines.empty() ? "" : lines[0]), columns);
  FlatDocument document;
  if (document.read(lines)) return cut(document.nested(columns), columns);
  return cut(fmt::format("{}", fmt::join(lines, " ")), columns);
}

std::vector<std::string> folded(std::string_view text, std::size_t columns, std::size_t lines) {
  std::vector<std::string> made(1);
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of(" \n"), text.size());
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (word.empty()) continue;
    if (!made.back().empty() && made.back().size() + 1 + word.size() > columns) {
      if (made.size() == lines) {
        made.back().resize(std::min(made.back().size(), columns - 3));
        made.back() += "...";
        return made;
      }
      made.emplace_back();
    }
    if (!made.back().empty()) made.back() += ' ';
    made.back() += cut(std::string(word), columns);
  }
  return made;
}

std::vector<std::string> command_lines(std::string_view command, std::size_t columns) {
  std::vector<std::string> lines;
  for (const std::string_view word : shell_words(command)) {
    const bool fits = !lines.empty() && lines.back().size() + 1 + word.size() + 2 <= columns;
    if (fits) {
      lines.back() += ' ';
      lines.back() += word;
    } else {
      lines.emplace_back(word);
    }
  }
  for (std::size_t i = 0; i + 1 < lines.size(); ++i) lines[i] += " \\";
  return lines;
}

Detail take_apart(std::string_view detail) {
  constexpr std::string_view mark = "; stderr: ";
  Detail parts;
  const std::size_t at = detail.find(mark);
  parts.what = detail.substr(0, at);
  if (at == std::string_view::npos) return parts;
  for (const std::string_view line : lines_of(detail.substr(at + mark.size())))
    if (line.find_first_not_of(" \t") != std::string_view::npos) parts.errors.emplace_back(line);
  return parts;
}

std::string last_words(std::string_view detail) {
  const Detail parts = take_apart(detail);
  return parts.errors.empty() ? parts.what
                              : fmt::format("{} ({})", parts.errors.back(), parts.what);
}

}  // namespace assay
