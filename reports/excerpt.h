// Values, messages and commands as lines that fit a screen.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace assay {

// A value text (or any text) as one line of at most `columns` columns, "..." at
// the end of what was cut. One in flat form, a line for each node and the root
// last, is put together again from its root, so that what is cut is the inside.
std::string one_line(std::string_view text, std::size_t columns);

// `text` broken at blanks into at most `lines` lines of at most `columns`
// columns; the last ends in "..." when there is more. Never empty.
std::vector<std::string> folded(std::string_view text, std::size_t columns, std::size_t lines);

// A command as lines of at most `columns` columns that a shell takes as they
// stand: broken between arguments, with a backslash at the end. An argument is
// never cut, however long.
std::vector<std::string> command_lines(std::string_view command, std::size_t columns);

// The detail of an observation, taken apart: "crash; stderr: …" as the harness
// writes it (session.cpp).
struct Detail {
  std::string what;
  std::vector<std::string> errors;  // lines of stderr that are not blank
};
Detail take_apart(std::string_view detail);

// The detail in one line: the last line of stderr, which in most languages has
// the message, with what happened in parentheses.
std::string last_words(std::string_view detail);

}  // namespace assay
