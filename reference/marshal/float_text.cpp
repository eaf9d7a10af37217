#include "reference/marshal/float_text.h"

#include <charconv>
#include <cmath>
#include <cstdio>
#include <limits>

namespace assay::marshal {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// `word` is in lower case.
bool matches(std::string_view text, std::string_view word) {
  if (text.size() != word.size()) return false;
  for (std::size_t i = 0; i < text.size(); ++i)
    if ((text[i] | 0x20) != word[i]) return false;
  return true;
}

// digits [. digits] | . digits, then [e [sign] digits]
bool is_decimal(std::string_view text) {
  std::size_t at = 0;
  const auto digits = [&] {
    const std::size_t start = at;
    while (at < text.size() && is_digit(text[at])) ++at;
    return at - start;
  };
  std::size_t count = digits();
  if (at < text.size() && text[at] == '.') {
    ++at;
    count += digits();
  }
  if (count == 0) return false;
  if (at < text.size() && (text[at] | 0x20) == 'e') {
    ++at;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
    if (digits() == 0) return false;
  }
  return at == text.size();
}

// Whether a decimal number that from_chars finds out of range is too large: its
// first significant digit stands before the point or not far behind it.
bool is_large(std::string_view text) {
  const std::size_t e = text.find_first_of("eE");
  const std::string_view mantissa = text.substr(0, e);
  const std::size_t point = std::min(mantissa.find('.'), mantissa.size());
  const std::size_t significant = mantissa.find_first_not_of("0.");
  if (significant == std::string_view::npos) return false;
  const auto before = static_cast<std::int64_t>(point) - static_cast<std::int64_t>(significant);
  if (e == std::string_view::npos) return before > 0;
  std::string_view exponent = text.substr(e + 1);
  const bool negative = exponent.starts_with('-');
  if (negative || exponent.starts_with('+')) exponent.remove_prefix(1);
  // The text has at most 255 characters: a longer exponent decides alone.
  std::int64_t value = 0;
  for (const char c : exponent)
    if (value < 1000000) value = value * 10 + (c - '0');
  return before + (negative ? -value : value) > 0;
}

}  // namespace

std::optional<double> float_from_text(std::string_view text) {
  text = text.substr(0, text.find('\0'));
  bool negative = false;
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) {
    negative = text[0] == '-';
    text.remove_prefix(1);
  }
  double value = 0;
  if (matches(text, "inf") || matches(text, "infinity")) {
    value = std::numeric_limits<double>::infinity();
  } else if (matches(text, "nan")) {
    value = std::numeric_limits<double>::quiet_NaN();
  } else {
    if (!is_decimal(text)) return std::nullopt;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error == std::errc::result_out_of_range)
      value = is_large(text) ? std::numeric_limits<double>::infinity() : 0;
  }
  return negative ? -value : value;
}

std::string float_to_text(double value) {
  if (std::isnan(value)) return "nan";
  char text[40];
  const int size = std::snprintf(text, sizeof text, "%.17g", value);
  return std::string(text, static_cast<std::size_t>(size));
}

}  // namespace assay::marshal
