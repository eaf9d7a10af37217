#include "reference/sqlite/float_text.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

namespace assay::sqlite {
namespace {

// Digits one after the other, of a number from 1 to below 10; zeros when there
// are no more that count (printf.c, et_getdigit).
class Digits {
 public:
  Digits(long double value, int significant) : value_(value), left_(significant) {}
  char next() {
    if (left_ <= 0) return '0';
    --left_;
    const int digit = static_cast<int>(value_);
    value_ = (value_ - digit) * 10.0L;
    return static_cast<char>('0' + digit);
  }

 private:
  long double value_;
  int left_;
};

// Brings a positive value to 1 <= value < 10 and gives the power of ten that was
// taken out; in steps of 100, 10 and 1, as the rounding of each step shows.
int normalize(long double& value) {
  int exponent = 0;
  long double scale = 1.0L;
  while (value >= 1e100 * scale && exponent <= 350) scale *= 1e100, exponent += 100;
  while (value >= 1e10 * scale && exponent <= 350) scale *= 1e10, exponent += 10;
  while (value >= 10.0L * scale && exponent <= 350) scale *= 10.0L, ++exponent;
  value /= scale;
  while (value < 1e-8) value *= 1e8, exponent -= 8;
  while (value < 1.0L) value *= 10.0L, --exponent;
  return exponent;
}

// Half a unit of the digit `precision` places behind the point. SQLite keeps it
// in a double.
double half_unit(int precision) {
  static constexpr double halves[] = {5e-01, 5e-02, 5e-03, 5e-04, 5e-05,
                                      5e-06, 5e-07, 5e-08, 5e-09, 5e-10};
  double half = halves[precision % 10];
  for (; precision >= 10; precision -= 10) half *= 1.0e-10;
  return half;
}

void drop_zeros(std::string& text) {
  while (text.back() == '0') text.pop_back();
  if (text.back() == '.') text += '0';
}

void append_exponent(std::string& text, int exponent) {
  text += exponent < 0 ? "e-" : "e+";
  exponent = std::abs(exponent);
  if (exponent >= 100) text += static_cast<char>('0' + exponent / 100);
  text += static_cast<char>('0' + exponent / 10 % 10);
  text += static_cast<char>('0' + exponent % 10);
}

// "%!.{precision}e", or "%!.{precision + 1}g" when `general`: a point always,
// 26 significant digits at most, no zeros at the end but one.
std::string formatted(double number, int precision, bool general) {
  if (std::isnan(number)) return "NaN";
  std::string text = number < 0 ? "-" : "";
  if (std::isinf(number)) return text + "Inf";
  long double value = std::fabs(static_cast<long double>(number));
  int exponent = value > 0 ? normalize(value) : 0;
  value += half_unit(precision);
  if (value >= 10.0L) value *= 0.1, ++exponent;
  const bool scientific = !general || exponent < -4 || exponent > precision;
  Digits digits(value, 26);
  int before = scientific ? 0 : exponent;  // digits before the point, less one
  int behind = scientific ? precision : precision - exponent;
  if (before < 0) text += '0';
  for (; before >= 0; --before) text += digits.next();
  text += '.';
  for (++before; before < 0; ++before, --behind) text += '0';
  while (behind-- > 0) text += digits.next();
  drop_zeros(text);
  if (scientific) append_exponent(text, exponent);
  return text;
}

long double power_of_ten(int exponent) {
  long double power = 1.0L;
  for (long double square = 10.0L;; square *= square) {
    if (exponent & 1) power *= square;
    exponent >>= 1;
    if (exponent == 0) return power;
  }
}

// significand * 10**exponent, in the order of SQLite's steps.
double scaled(std::int64_t significand, int exponent) {
  const int size = std::abs(exponent);
  if (size > 307) {
    if (size >= 342)
      return exponent < 0
                 ? 0.0 * static_cast<double>(significand)
                 : std::numeric_limits<double>::infinity() * static_cast<double>(significand);
    const long double scale = power_of_ten(size - 308);
    const double near = exponent < 0 ? static_cast<double>(significand / scale)
                                     : static_cast<double>(significand * scale);
    return exponent < 0 ? near / 1.0e+308 : near * 1.0e+308;
  }
  const long double scale = power_of_ten(size);
  return static_cast<double>(exponent < 0 ? significand / scale : significand * scale);
}

}  // namespace

std::string real_as_text(double value) {
  return formatted(value, 14, true);
}

std::string real_quoted(double value) {
  std::string text = real_as_text(value);
  if (!std::isfinite(value) || real_from_text(text) == value) return text;
  return formatted(value, 20, false);
}

std::string real_fixed(double number, int digits) {
  std::string text = number < 0 ? "-" : "";
  long double value = std::fabs(static_cast<long double>(number));
  // A little more than half a unit where fewer than 15 digits are asked for, so
  // that what stands for a half in binary is one (printf.c, et_FLOAT).
  double half = half_unit(digits);
  const int power = number == 0 ? -1023 : std::ilogb(number);
  if (digits + power / 3 < 15) half = static_cast<double>(half + value * 3e-16);
  value += half;
  int exponent = normalize(value);
  Digits left(value, 16);
  if (exponent < 0) text += '0';
  for (int i = exponent; i >= 0; --i) text += left.next();
  text += '.';
  for (++exponent; exponent < 0 && digits > 0; ++exponent, --digits) text += '0';
  while (digits-- > 0) text += left.next();
  return text;
}

double real_from_text(std::string_view text) {
  constexpr std::int64_t largest = std::numeric_limits<std::int64_t>::max();
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  std::int64_t significand = 0;
  std::int64_t exponent = 0;
  std::size_t at = 0;
  bool behind = false;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '.') {
      behind = true;
    } else if (c < '0' || c > '9') {
      break;
    } else if (significand < (largest - 9) / 10) {
      significand = significand * 10 + (c - '0');
      exponent -= behind;
    } else {
      exponent += !behind;
    }
  }
  if (at < text.size()) {
    ++at;  // e
    const bool down = at < text.size() && text[at] == '-';
    if (at < text.size() && (text[at] == '-' || text[at] == '+')) ++at;
    std::int64_t written = 0;
    for (; at < text.size(); ++at)
      written = written < 10000 ? written * 10 + (text[at] - '0') : 10000;
    exponent += down ? -written : written;
  }
  if (significand == 0) return negative ? -0.0 : 0.0;
  while (exponent > 0 && significand < largest / 10) significand *= 10, --exponent;
  while (exponent < 0 && significand % 10 == 0) significand /= 10, ++exponent;
  if (negative) significand = -significand;
  if (exponent == 0) return static_cast<double>(significand);
  return scaled(significand, static_cast<int>(std::clamp<std::int64_t>(exponent, -20000, 20000)));
}

}  // namespace assay::sqlite
