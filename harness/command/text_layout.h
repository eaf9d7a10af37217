// Laying out text for people: at most 80 columns.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace assay {

inline constexpr std::size_t screen_columns = 80;

// `text` broken at blanks into lines of at most 80 columns, each after `indent`
// blanks; words that are longer stand alone. Ends in a newline.
std::string wrapped(std::string_view text, std::size_t indent);

// The same with `label` in front of the first line, padded to `indent`.
std::string labelled(std::string_view label, std::string_view text, std::size_t indent);

// The first `columns` of a line, "..." at the end of what was cut.
std::string cut_line(std::string_view text, std::size_t columns);

// The first `count` lines of a text, and how many more there are.
std::string first_lines(const std::string& text, std::size_t count);

// Bytes as offset, 16 in hex, and as text; at most `lines` lines.
std::string hex_dump(std::string_view bytes, std::size_t lines);

}  // namespace assay
