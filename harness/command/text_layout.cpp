#include "harness/command/text_layout.h"

#include <fmt/format.h>

#include <algorithm>

namespace assay {

std::string wrapped(std::string_view text, std::size_t indent) {
  const std::string margin(indent, ' ');
  std::string out, line;
  while (!text.empty()) {
    const std::size_t blank = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, blank);
    text.remove_prefix(std::min(blank + 1, text.size()));
    if (word.empty()) continue;
    if (!line.empty() && indent + line.size() + 1 + word.size() > screen_columns) {
      out += margin + line + '\n';
      line.clear();
    }
    if (!line.empty()) line += ' ';
    line += word;
  }
  return out + margin + line + '\n';
}

std::string labelled(std::string_view label, std::string_view text, std::size_t indent) {
  std::string lines = wrapped(text, indent);
  if (label.size() >= indent) return fmt::format("{}\n{}", label, lines);
  lines.replace(0, label.size(), label);
  return lines;
}

std::string cut_line(std::string_view text, std::size_t columns) {
  const std::size_t newline = text.find('\n');
  const bool more = newline != std::string_view::npos;
  std::string_view line = text.substr(0, newline);
  if (line.size() <= columns && !more) return std::string(line);
  return std::string(line.substr(0, std::min(line.size(), columns - 3))) + "...";
}

std::string first_lines(const std::string& text, std::size_t count) {
  std::size_t end = 0;
  while (count > 0 && end < text.size()) {
    end = text.find('\n', end);
    end = end == std::string::npos ? text.size() : end + 1;
    --count;
  }
  const auto more = std::count(text.begin() + static_cast<std::ptrdiff_t>(end), text.end(), '\n');
  return more == 0 ? text : text.substr(0, end) + fmt::format("  ... {} more lines\n", more);
}

std::string hex_dump(std::string_view bytes, std::size_t lines) {
  std::string out;
  for (std::size_t at = 0; at < bytes.size(); at += 16) {
    if (at / 16 == lines) return out + fmt::format("  ... {} bytes in all\n", bytes.size());
    std::string hex, text;
    for (std::size_t i = at; i < std::min(at + 16, bytes.size()); ++i) {
      const auto byte = static_cast<unsigned char>(bytes[i]);
      hex += fmt::format("{}{:02x}", i == at + 8 ? "  " : " ", byte);
      text += byte >= 0x20 && byte < 0x7f ? static_cast<char>(byte) : '.';
    }
    out += fmt::format("  {:06x} {:<49}  {}\n", at, hex, text);
  }
  return out;
}

}  // namespace assay
