#include "reference/pickle/number_text.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <limits>
#include <string>

#include "reference/pickle/faults.h"
#include "reference/value/integer.h"
#include "reference/value/utf8.h"

namespace assay::pickle {
namespace {

// CPython's default limit on digits of a decimal integer (sys.int_info).
constexpr std::size_t int_digits_limit = 4300;

[[noreturn]] void invalid(const char* what) {
  throw Rejection{Fault::value_error, what};
}

bool is_space(std::uint8_t c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}
bool is_digit(std::uint8_t c) {
  return c >= '0' && c <= '9';
}

int digit_value(std::uint8_t c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'z') return c - 'a' + 10;
  if (c >= 'A' && c <= 'Z') return c - 'A' + 10;
  return 99;
}

// Reads text as C does: behind its end there is a NUL.
class Reader {
 public:
  explicit Reader(Bytes text) : text_(text) {}
  std::uint8_t operator[](std::size_t ahead) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : std::uint8_t{0};
  }
  std::uint8_t next() { return text_[at_++]; }
  void skip(std::size_t count) { at_ += count; }
  void skip_spaces() {
    while (is_space((*this)[0])) ++at_;
  }
  std::size_t at() const { return at_; }
  bool at_end() const { return at_ == text_.size(); }
  // '0x', '0o' or '0b', in either case, for a base.
  bool at_prefix(int base) const {
    const std::uint8_t letter = (*this)[1] | 0x20;
    return (*this)[0] == '0' && ((base == 16 && letter == 'x') || (base == 8 && letter == 'o') ||
                                 (base == 2 && letter == 'b'));
  }

 private:
  Bytes text_;
  std::size_t at_ = 0;
};

// The text up to its first NUL, which is where C stops reading.
Bytes until_nul(Bytes text) {
  return text.first(
      static_cast<std::size_t>(std::find(text.begin(), text.end(), 0) - text.begin()));
}

Bytes without_newline(Bytes line) {
  return line.empty() ? line : line.first(line.size() - 1);
}

struct Strtol {
  std::int64_t value = 0;
  std::size_t end = 0;  // 0 where there is no number
  bool in_range = true;
};

// strtol() of the C library, base 0 or 10, with a long of `bits` bits.
Strtol strtol_of(Bytes text, int base, int bits) {
  Reader reader(text);
  reader.skip_spaces();
  const bool negative = reader[0] == '-';
  if (negative || reader[0] == '+') reader.skip(1);
  if (base == 0) {
    base = reader[0] == '0' ? 8 : 10;
    if (reader.at_prefix(16) && digit_value(reader[2]) < 16) {
      base = 16;
      reader.skip(2);
    }
  }
  const std::uint64_t largest = (std::uint64_t{1} << (bits - 1)) - (negative ? 0 : 1);
  std::uint64_t value = 0;
  Strtol result;
  for (int digit; (digit = digit_value(reader[0])) < base; reader.skip(1)) {
    const auto wide = static_cast<std::uint64_t>(digit);
    if (value > (largest - wide) / static_cast<std::uint64_t>(base)) result.in_range = false;
    if (result.in_range) value = value * static_cast<std::uint64_t>(base) + wide;
    result.end = reader.at() + 1;
  }
  result.value = static_cast<std::int64_t>(negative ? std::uint64_t{0} - value : value);
  return result;
}

}  // namespace

NodeId NumberText::int_line(Bytes line) const {
  if (profile_.has(Quirk::int_by_strtol)) return c_int(line);
  if (profile_.python2()) return python2_int(line);
  const std::string_view text = as_text(line);
  if (text == "00\n") return Graph::false_;
  if (text == "01\n") return Graph::true_;
  const NodeId value = long_from_string(line, profile_.has(Quirk::int_base_0) ? 0 : 10);
  if (value == no_node) invalid("invalid literal for int()");
  return value;
}

NodeId NumberText::c_int(Bytes line) const {
  const Bytes text = until_nul(line);
  const int base = profile_.has(Quirk::int_base_0) ? 0 : 10;
  const Strtol number = strtol_of(text, base, profile_.word());
  const bool at_nul = number.end == text.size() && profile_.has(Quirk::number_ends_at_nul);
  const bool at_newline =
      number.end < text.size() && text[number.end] == '\n' &&
      (profile_.has(Quirk::number_ends_at_nul) || number.end + 1 == line.size());
  // Without a number, the end is the start.
  if (number.in_range && (at_newline || at_nul)) {
    const bool boolean = profile_.has(Quirk::int_bool_by_value)
                             ? line.size() == 3
                             : as_text(line) == "00\n" || as_text(line) == "01\n";
    if (boolean && (number.value == 0 || number.value == 1))
      return graph_.boolean(number.value == 1);
    return graph_.integer(number.value);
  }
  const NodeId value = profile_.python2() ? python2_long(text, base) : long_from_string(text, base);
  if (value == no_node) invalid("could not convert string to int");
  return value;
}

// int(line), and where that fails long(line).
NodeId NumberText::python2_int(Bytes line) const {
  if (as_text(line) == "00\n") return Graph::false_;
  if (as_text(line) == "01\n") return Graph::true_;
  const bool has_nul = until_nul(line).size() != line.size();
  Reader reader(line);
  reader.skip_spaces();
  const bool negative = reader[0] == '-';
  if (negative || reader[0] == '+') reader.skip(1);
  reader.skip_spaces();
  const std::size_t start = reader.at();
  while (is_digit(reader[0])) reader.skip(1);
  const std::size_t end = reader.at();
  reader.skip_spaces();
  if (end != start && reader.at_end() && !has_nul) {
    const NodeId value =
        integer_from_text(graph_, as_text(line.subspan(start, end - start)), 10, negative);
    if (graph_.kind(value) == Kind::integer) return value;
  }
  const NodeId value = has_nul ? no_node : python2_long(line, 10);
  if (value == no_node) invalid("invalid literal for long()");
  return value;
}

NodeId NumberText::long_line(Bytes line) const {
  // C reads the line as it is, pickle.py all but its last character. In Python 3
  // an L at the end of the line is dropped before anything is read.
  const bool whole = profile_.has(Quirk::text_ends_at_nul) && !line.empty() && line.back() != '\n';
  Bytes text = whole ? line : without_newline(line);
  if (!profile_.python2() && !text.empty() && text.back() == 'L')
    text = text.first(text.size() - 1);
  if (profile_.has(Quirk::text_ends_at_nul)) text = until_nul(text);
  const NodeId value = profile_.python2()
                           ? python2_long(text, 0)
                           : long_from_string(text, profile_.has(Quirk::int_base_0) ? 0 : 10);
  if (value == no_node) invalid_literal(text);
  return value;
}

// The C API quotes the text it could not read, as UTF-8.
void NumberText::invalid_literal(Bytes text) const {
  constexpr std::size_t quoted = 200;
  if (profile_.has(Quirk::literal_quoted_as_utf8) &&
      !valid_utf8(text.first(std::min(text.size(), quoted)), false))
    throw Rejection{Fault::unicode_decode_error, "'utf-8' codec can't decode byte"};
  invalid("invalid literal for int()");
}

NodeId NumberText::index_line(Bytes line) const {
  Bytes text = without_newline(line);
  if (profile_.has(Quirk::text_ends_at_nul)) text = until_nul(text);
  const NodeId value = long_from_string(text, 10);
  if (value == no_node) invalid_literal(text);
  return value;
}

NodeId NumberText::long_from_string(Bytes text, int base) const {
  Reader reader(text);
  reader.skip_spaces();
  const bool negative = reader[0] == '-';
  if (negative || reader[0] == '+') reader.skip(1);
  bool only_zero = false;
  if (base == 0) {
    base = 10;
    if (reader[0] == '0') {
      for (const int prefixed : {16, 8, 2})
        if (reader.at_prefix(prefixed)) base = prefixed;
      only_zero = base == 10;  // an old octal literal, but 0 may be written so
    }
    if (base != 10) {
      reader.skip(2);
      if (reader[0] == '_') reader.skip(1);
    }
  }
  std::string digits;
  bool underscore = true;  // none may come first
  for (; digit_value(reader[0]) < base || reader[0] == '_'; reader.skip(1)) {
    if (reader[0] == '_') {
      if (underscore) return no_node;
      underscore = true;
    } else {
      digits += static_cast<char>(reader[0]);
      underscore = false;
    }
  }
  if (underscore) return no_node;
  if (base == 10 && digits.size() > int_digits_limit && profile_.has(Quirk::int_digits_limited))
    invalid("Exceeds the limit (4300 digits) for integer string conversion");
  reader.skip_spaces();
  if (!reader.at_end()) return no_node;
  const NodeId value = integer_from_text(graph_, digits, base, negative);
  const bool zero = graph_.kind(value) == Kind::integer && graph_[value].integer == 0;
  return only_zero && !zero ? no_node : value;
}

NodeId NumberText::python2_long(Bytes text, int base) const {
  Reader reader(text);
  reader.skip_spaces();
  const bool negative = reader[0] == '-';
  if (negative || reader[0] == '+') reader.skip(1);
  reader.skip_spaces();
  if (base == 0) {
    base = reader[0] == '0' ? 8 : 10;
    for (const int prefixed : {16, 8, 2})
      if (reader.at_prefix(prefixed)) base = prefixed;
  }
  if (reader.at_prefix(base)) reader.skip(2);
  const std::size_t start = reader.at();
  while (digit_value(reader[0]) < base) reader.skip(1);
  const std::size_t end = reader.at();
  if (end == start) return no_node;
  if (reader[0] == 'L' || reader[0] == 'l') reader.skip(1);
  reader.skip_spaces();
  if (!reader.at_end()) return no_node;
  return integer_from_text(graph_, as_text(text.subspan(start, end - start)), base, negative, true);
}

namespace {

struct Strtod {
  double value = 0;
  std::size_t end = 0;  // 0 where there is no number
  bool overflow = false;
};

bool matches(Bytes text, std::size_t at, std::string_view word) {
  if (text.size() - at < word.size()) return false;
  for (std::size_t i = 0; i < word.size(); ++i)
    if ((text[at + i] | 0x20) != word[i]) return false;
  return true;
}

// The number spelled by text[from, to), which is a decimal float without '+'.
double decimal_value(Bytes text, std::size_t from, std::size_t to, bool& overflow) {
  const char* first = reinterpret_cast<const char*>(text.data()) + from;
  const char* last = reinterpret_cast<const char*>(text.data()) + to;
  double value = 0;
  if (std::from_chars(first, last, value).ec == std::errc()) return value;
  // Too large, or so small that it is a denormal or zero.
  value = std::strtod(std::string(first, last).c_str(), nullptr);
  overflow = std::fabs(value) >= 1.0;
  return value;
}

// PyOS_string_to_double: the longest number at the start of the text.
Strtod strtod_of(Bytes text, bool nan_sign_set) {
  Reader reader(text);
  Strtod result;
  const bool negative = reader[0] == '-';
  const std::size_t sign = negative || reader[0] == '+' ? 1 : 0;
  reader.skip(sign);
  while (is_digit(reader[0])) reader.skip(1);
  std::size_t digits = reader.at() - sign;
  if (reader[0] == '.') {
    const std::size_t point = reader.at();
    reader.skip(1);
    while (is_digit(reader[0])) reader.skip(1);
    digits += reader.at() - point - 1;
  }
  if (digits != 0) {
    result.end = reader.at();
    if ((reader[0] | 0x20) == 'e') {
      reader.skip(reader[1] == '-' || reader[1] == '+' ? 2 : 1);
      while (is_digit(reader[0])) {
        reader.skip(1);
        result.end = reader.at();
      }
    }
    result.value = decimal_value(text, negative ? 0 : sign, result.end, result.overflow);
    return result;
  }
  if (matches(text, sign, "inf")) {
    result.value = std::numeric_limits<double>::infinity();
    result.end = sign + (matches(text, sign + 3, "inity") ? 8 : 3);
  } else if (matches(text, sign, "nan")) {
    result.value = std::numeric_limits<double>::quiet_NaN();
    if (nan_sign_set) result.value = -result.value;
    result.end = sign + 3;
  }
  if (negative) result.value = -result.value;
  return result;
}

// float(): spaces around, single underscores between digits. False where an
// underscore stands elsewhere.
bool remove_underscores(Bytes text, std::string& plain) {
  std::uint8_t before = 0;
  for (const std::uint8_t c : text) {
    if (c == '_' && !is_digit(before)) return false;
    if (before == '_' && !is_digit(c)) return false;
    if (c != '_') plain += static_cast<char>(c);
    before = c;
  }
  return before != '_';
}

}  // namespace

double NumberText::float_line(Bytes line) const {
  const bool nan_sign_set = profile_.has(Quirk::nan_sign_set);
  if (profile_.has(Quirk::float_by_strtod)) {
    const Bytes text = until_nul(line);
    const Strtod number = strtod_of(text, nan_sign_set);
    if (number.end == 0) invalid("could not convert string to float");
    if (number.overflow) throw Rejection{Fault::float_overflow, "value too large"};
    const bool at_nul = number.end == text.size() && profile_.has(Quirk::number_ends_at_nul);
    const bool at_newline =
        number.end < text.size() && text[number.end] == '\n' &&
        (profile_.has(Quirk::number_ends_at_nul) || number.end + 1 == line.size());
    if (!at_nul && !at_newline) invalid("could not convert string to float");
    return number.value;
  }
  Bytes text = without_newline(line);
  while (!text.empty() && is_space(text.front())) text = text.subspan(1);
  while (!text.empty() && is_space(text.back())) text = text.first(text.size() - 1);
  std::string plain;
  if (!profile_.python2() && std::find(text.begin(), text.end(), '_') != text.end()) {
    if (!remove_underscores(text, plain)) invalid("could not convert string to float");
    text = as_bytes(plain);
  }
  const Strtod number = strtod_of(text, nan_sign_set);
  if (number.end == 0 || number.end != text.size()) invalid("could not convert string to float");
  return number.value;
}

}  // namespace assay::pickle
