#include "reference/sqlite/printf_function.h"

#include <fmt/format.h>

#include <cmath>
#include <string>

#include "reference/sqlite/float_text.h"
#include "reference/sqlite/operand.h"

namespace assay::sqlite {
namespace {

constexpr int most = 1000;

// What stands between a % and its letter.
struct Directive {
  bool left = false, zeros = false;
  std::string prefix;  // of numbers that are not negative
  int width = 0;
  int precision = -1;  // none
  char letter = 0;
};

// Digits as a number, at most one more than `most`.
int read_digits(std::string_view format, std::size_t& at) {
  int number = 0;
  for (; at < format.size() && format[at] >= '0' && format[at] <= '9'; ++at)
    number = std::min(number * 10 + (format[at] - '0'), most + 1);
  return number;
}

// Goes on behind the conversion whose first character is at `at`.
Directive read_conversion(std::string_view format, std::size_t& at) {
  Directive read;
  for (; at < format.size() && std::string_view("-0+ ").find(format[at]) != std::string::npos;
       ++at) {
    if (format[at] == '-') read.left = true;
    if (format[at] == '0') read.zeros = true;
    if (format[at] == '+' || format[at] == ' ') read.prefix = format[at];
  }
  read.width = read_digits(format, at);
  if (at < format.size() && format[at] == '.') read.precision = read_digits(format, ++at);
  for (int i = 0; i < 2 && at < format.size() && format[at] == 'l'; ++i) ++at;
  if (at < format.size()) read.letter = format[at++];
  return read;
}

// With the spaces that the width asks for; it counts bytes.
void append_padded(std::string& out, const Directive& how, std::string_view text) {
  const std::size_t width = static_cast<std::size_t>(how.width);
  const std::string spaces(width > text.size() ? width - text.size() : 0, ' ');
  if (!how.left) out += spaces;
  out += text;
  if (how.left) out += spaces;
}

// Zeros are part of the number, also where it stands on the left.
void append_integer(std::string& out, const Directive& how, std::int64_t value) {
  const bool is_signed = how.letter == 'd' || how.letter == 'i';
  const bool negative = is_signed && value < 0;
  const auto bits = static_cast<std::uint64_t>(value);
  const std::string prefix = negative ? "-" : is_signed ? how.prefix : "";
  std::string digits = how.letter == 'x'   ? fmt::format("{:x}", bits)
                       : how.letter == 'X' ? fmt::format("{:X}", bits)
                                           : fmt::format("{}", negative ? 0 - bits : bits);
  int least = how.precision;
  if (how.zeros) least = std::max(least, how.width - static_cast<int>(prefix.size()));
  if (static_cast<int>(digits.size()) < least)
    digits.insert(0, static_cast<std::size_t>(least) - digits.size(), '0');
  append_padded(out, how, prefix + digits);
}

void append_float(std::string& out, const Directive& how, double value) {
  const bool negative = value < 0;
  const std::string prefix = negative ? "-" : how.prefix;
  if (std::isinf(value)) return append_padded(out, how, prefix + "Inf");
  std::string digits = real_fixed(std::fabs(value), how.precision < 0 ? 6 : how.precision);
  if (how.precision == 0) digits.pop_back();  // the point
  const std::size_t size = prefix.size() + digits.size();
  if (how.zeros && !how.left && size < static_cast<std::size_t>(how.width))
    digits.insert(0, static_cast<std::size_t>(how.width) - size, '0');
  append_padded(out, how, prefix + digits);
}

void append_text(std::string& out, const Directive& how, std::string_view text) {
  text = text.substr(0, text.find('\0'));
  if (how.precision >= 0) text = text.substr(0, static_cast<std::size_t>(how.precision));
  append_padded(out, how, text);
}

}  // namespace

void run_printf(Call& call) {
  if (call.arguments[0].storage == Storage::null) return;
  const std::string whole = text_of(call.arguments[0], call.encoding);
  const std::string_view format = std::string_view(whole).substr(0, whole.find('\0'));
  std::string out;
  std::size_t used = 0;
  for (std::size_t at = 0; at < format.size();) {
    if (format[at] != '%') {
      out += format[at++];
      continue;
    }
    const std::size_t start = ++at;
    const Directive how = read_conversion(format, at);
    if (how.letter == '%' && at == start + 1) {
      out += '%';
      continue;
    }
    const bool known =
        how.letter != 0 && std::string_view("diuxXfs").find(how.letter) != std::string::npos;
    if (!known || how.width > most || how.precision > most || out.size() > max_text) {
      call.failure = "printf() with another conversion than d i u x X f s";
      return;
    }
    // NULL stands for what is not given, too.
    ++used;
    const Field value = used < call.arguments.size() ? call.arguments[used] : Field();
    if (how.letter == 's') {
      append_text(out, how, text_of(value, call.encoding));
    } else if (how.letter == 'f') {
      append_float(out, how, real_of(value, call.encoding));
    } else {
      append_integer(out, how, integer_of(value, call.encoding));
    }
  }
  call.give_text(out);
}

}  // namespace assay::sqlite
