#include "harness/runner/hello_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

namespace assay {
namespace {

template <std::size_t count>
bool is_among(const std::array<std::string_view, count>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool is_number(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

// The text before the first `mark`, which is taken off `rest` with the mark;
// nothing is left where there is none.
std::string_view take_until(char mark, std::string_view& rest) {
  const std::size_t end = std::min(rest.find(mark), rest.size());
  const std::string_view taken = rest.substr(0, end);
  rest.remove_prefix(std::min(end + 1, rest.size()));
  return taken;
}

int number(std::string_view text) {
  int value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

bool claimed_by(std::string_view word, std::string_view format, std::string_view operation,
                int version) {
  const std::string_view name = take_until(':', word);
  const bool is_part =
      format.size() > name.size() && format.starts_with(name) && format[name.size()] == '.';
  if (name != format && !is_part) return false;
  const std::string_view only = take_until(':', word);
  if (!only.empty() && only != operation) return false;
  if (word.empty()) return true;
  const int low = number(take_until('-', word));
  return low <= version && version <= (word.empty() ? low : number(word));
}

}  // namespace

bool claims(const std::vector<std::string>& words, std::string_view format,
            std::string_view operation, int version) {
  return words.empty() || std::any_of(words.begin(), words.end(), [&](std::string_view word) {
           return claimed_by(word, format, operation, version);
         });
}

std::optional<std::string> lossy_fault(std::string_view word) {
  if (is_among(lossy_words, word)) return std::nullopt;
  return fmt::format("'{}' is none of {}", word, fmt::join(lossy_words, ", "));
}

std::optional<std::string> format_fault(std::string_view word) {
  std::string_view rest = word;
  const bool has_operation = rest.find(':') != std::string_view::npos;
  std::string_view format = take_until(':', rest);
  const bool has_versions = rest.find(':') != std::string_view::npos;
  const std::string_view operation = take_until(':', rest);
  const auto wrong = [&](std::string_view what, const auto& words) {
    return fmt::format("'{}': '{}' is none of {}", word, what, fmt::join(words, ", "));
  };
  const std::string_view name = take_until('.', format);
  if (!is_among(format_words, name)) return wrong(name, format_words);
  if (has_operation && !is_among(operation_words, operation))
    return wrong(operation, operation_words);
  if (!has_versions) return std::nullopt;
  const bool is_range = rest.find('-') != std::string_view::npos;
  const std::string_view low = take_until('-', rest);
  if (is_number(low) && (!is_range || is_number(rest))) return std::nullopt;
  return fmt::format("'{}': the versions are a number or a range, as in pickle:decode:0-4", word);
}

}  // namespace assay
