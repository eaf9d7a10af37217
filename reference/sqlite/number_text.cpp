#include "reference/sqlite/number_text.h"

#include <charconv>
#include <cmath>
#include <limits>

#include "reference/sqlite/float_text.h"

namespace assay::sqlite {
namespace {

constexpr std::int64_t smallest = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t largest = std::numeric_limits<std::int64_t>::max();

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool blank(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}
std::string_view without_blanks_before(std::string_view text) {
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  return text;
}

// The length of the longest start of `text` that is a number, its sign included.
std::size_t number_length(std::string_view text, bool& whole) {
  const auto digit = [&](std::size_t i) { return i < text.size() && is_digit(text[i]); };
  std::size_t at = !text.empty() && (text[0] == '-' || text[0] == '+') ? 1 : 0;
  const std::size_t start = at;
  whole = true;
  while (digit(at)) ++at;
  std::size_t digits = at - start;
  if (at < text.size() && text[at] == '.' && (digits != 0 || digit(at + 1))) {
    whole = false;
    for (++at; digit(at); ++at) ++digits;
  }
  if (digits == 0) return 0;
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    const std::size_t sign = at + 1 < text.size() && (text[at + 1] == '-' || text[at + 1] == '+');
    if (digit(at + 1 + sign)) {
      whole = false;
      for (at += 1 + sign; digit(at);) ++at;
    }
  }
  return at;
}

Number number_from(std::string_view text, bool whole) {
  Number number;
  if (text.starts_with('+')) text.remove_prefix(1);
  const char* end = text.data() + text.size();
  if (whole) {
    const auto [at, error] = std::from_chars(text.data(), end, number.as_integer);
    number.integer = error == std::errc() && at == end;
  }
  number.as_real = real_from_text(text);
  return number;
}

}  // namespace

std::optional<Number> number_in(std::string_view text) {
  text = without_blanks_before(text);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  bool whole = true;
  const std::size_t length = number_length(text, whole);
  if (length == 0 || length != text.size()) return std::nullopt;
  return number_from(text, whole);
}

Number leading_number(std::string_view text) {
  bool whole = true;
  text = without_blanks_before(text);
  const std::size_t length = number_length(text, whole);
  if (length == 0) return {true, 0, 0};
  return number_from(text.substr(0, length), whole);
}

std::int64_t leading_integer(std::string_view text) {
  text = without_blanks_before(text);
  const bool sign = text.starts_with('-') || text.starts_with('+');
  std::size_t end = sign ? 1 : 0;
  while (end < text.size() && is_digit(text[end])) ++end;
  if (end == (sign ? 1u : 0u)) return 0;
  const Number number = number_from(text.substr(0, end), true);
  if (number.integer) return number.as_integer;
  return text.front() == '-' ? smallest : largest;
}

std::int64_t integer_from_real(double value) {
  if (std::isnan(value)) return 0;
  if (value <= -9223372036854775808.0) return smallest;
  if (value >= 9223372036854775807.0) return largest;
  return static_cast<std::int64_t>(value);
}

std::optional<std::int64_t> integral(double value) {
  if (!(std::fabs(value) < 9223372036854775808.0)) return std::nullopt;
  const auto whole = static_cast<std::int64_t>(value);
  if (static_cast<double>(whole) != value || whole == smallest || whole == largest)
    return std::nullopt;
  return whole;
}

std::optional<std::int64_t> small_integral(double value) {
  constexpr std::int64_t bound = std::int64_t{1} << 51;
  const auto whole = integral(value);
  if (!whole || *whole < -bound || *whole >= bound) return std::nullopt;
  return whole;
}

}  // namespace assay::sqlite
