#include "reference/sqlite/constant.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <limits>
#include <vector>

#include "reference/bytes/hex.h"
#include "reference/sqlite/float_text.h"
#include "reference/sqlite/sql_tokens.h"

namespace assay::sqlite {
namespace {

constexpr std::int64_t smallest = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t largest = std::numeric_limits<std::int64_t>::max();

Constant of(std::int64_t value) {
  Constant constant;
  constant.storage = Storage::integer;
  constant.integer = value;
  return constant;
}
Constant text_of(std::string_view text) {
  Constant constant;
  constant.storage = Storage::text;
  constant.bytes = text;
  return constant;
}

// The length of the longest start of `text` that is a number, its sign included.
std::size_t number_length(std::string_view text, bool& whole) {
  const auto digit = [&](std::size_t i) {
    return i < text.size() && text[i] >= '0' && text[i] <= '9';
  };
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

bool blank(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}
std::string_view without_blanks_before(std::string_view text) {
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  return text;
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

// vdbemem.c, sqlite3VdbeIntegerAffinity: a real that is an integer, the two ends
// of the range left out.
void real_to_integer(Constant& value) {
  if (value.storage != Storage::real || !(std::fabs(value.real) < 9223372036854775808.0)) return;
  const auto whole = static_cast<std::int64_t>(value.real);
  if (static_cast<double>(whole) == value.real && whole > smallest && whole < largest)
    value = of(whole);
}

void become_number(Constant& value) {
  if (value.storage != Storage::text) return;
  const auto number = number_in(value.bytes);
  if (!number) return;
  value.bytes.clear();
  if (number->integer) {
    value.storage = Storage::integer;
    value.integer = number->as_integer;
  } else {
    value.storage = Storage::real;
    value.real = number->as_real;
    real_to_integer(value);
  }
}

// The number at the start of text or a blob; 0 where there is none.
Number leading_number(const Constant& value) {
  bool whole = true;
  const std::string_view text = without_blanks_before(value.bytes);
  const std::size_t length = number_length(text, whole);
  if (length == 0) return {true, 0, 0};
  return number_from(text.substr(0, length), whole);
}

std::int64_t clamped(double value) {
  if (std::isnan(value)) return 0;
  if (value <= -9223372036854775808.0) return smallest;
  if (value >= 9223372036854775807.0) return largest;
  return static_cast<std::int64_t>(value);
}

std::string text_of_number(const Constant& value) {
  return value.storage == Storage::integer ? fmt::format("{}", value.integer)
                                           : real_as_text(value.real);
}

// CAST. SQL Language Expressions, 13.1.
void cast(Constant& value, Affinity to) {
  const bool bytes = value.storage == Storage::text || value.storage == Storage::blob;
  if (value.storage == Storage::null) return;
  switch (to) {
    case Affinity::text:
    case Affinity::blob:
      if (!bytes) value.bytes = text_of_number(value);
      value.storage = to == Affinity::text ? Storage::text : Storage::blob;
      return;
    case Affinity::integer:
      if (bytes) {
        bool whole = true;
        const std::string_view text = without_blanks_before(value.bytes);
        std::size_t digits = 0;
        const std::size_t length = number_length(text, whole);
        while (digits < length && (digits == 0 || (text[digits] >= '0' && text[digits] <= '9')))
          ++digits;
        const Number number = number_from(text.substr(0, digits), true);
        value = of(digits == 0 || text[0] == '.' ? 0
                   : number.integer              ? number.as_integer
                                                 : clamped(number.as_real));
      } else if (value.storage == Storage::real) {
        value = of(clamped(value.real));
      }
      return;
    case Affinity::real:
      if (bytes) value.real = leading_number(value).as_real;
      if (value.storage == Storage::integer) value.real = static_cast<double>(value.integer);
      value.storage = Storage::real;
      return;
    case Affinity::numeric:
      if (!bytes) return;
      const Number number = leading_number(value);
      if (number.integer) {
        value = of(number.as_integer);
      } else {
        value.real = number.as_real;
        value.storage = Storage::real;
        real_to_integer(value);
      }
      return;
  }
}

void negate(Constant& value) {
  if (value.storage == Storage::null) return;
  cast(value, Affinity::numeric);
  if (value.storage == Storage::integer && value.integer != smallest) {
    value.integer = -value.integer;
  } else {
    value.real = value.storage == Storage::integer ? -static_cast<double>(smallest) : -value.real;
    value.storage = Storage::real;
  }
}

// What stands around the literal, from the outside to the inside.
struct Wrapper {
  enum { parentheses, plus, minus, type_cast } kind;
  Affinity to = Affinity::blob;  // type_cast
};

class Expression {
 public:
  Expression(std::string_view sql, Affinity affinity)
      : tokens_(tokenize(sql)), affinity_(affinity) {}

  Constant value() {
    open();
    const Token literal = tokens_[at_];
    if (literal.kind != TokenKind::end) ++at_;
    if (!close()) return {};
    return evaluate(literal);
  }

 private:
  void open() {
    for (;; ++at_) {
      const Token& token = tokens_[at_];
      if (token.symbol("(")) {
        wrappers_.push_back({Wrapper::parentheses});
      } else if (token.symbol("+")) {
        wrappers_.push_back({Wrapper::plus});
      } else if (token.symbol("-")) {
        wrappers_.push_back({Wrapper::minus});
      } else if (token.is("CAST") && tokens_[at_ + 1].symbol("(")) {
        wrappers_.push_back({Wrapper::type_cast});
        ++at_;
      } else {
        return;
      }
    }
  }
  bool close() {
    for (auto wrapper = wrappers_.rbegin(); wrapper != wrappers_.rend(); ++wrapper) {
      if (wrapper->kind == Wrapper::plus || wrapper->kind == Wrapper::minus) continue;
      if (wrapper->kind == Wrapper::type_cast) {
        if (!tokens_[at_].is("AS")) return false;
        std::string type;
        for (++at_; tokens_[at_].names(); ++at_) type += unquoted(tokens_[at_]) + ' ';
        wrapper->to = affinity_of(type);
      }
      if (!tokens_[at_].symbol(")")) return false;
      ++at_;
    }
    return tokens_[at_].kind == TokenKind::end;
  }
  // A sign that stands directly before a number belongs to it.
  bool sign_is_part(std::size_t wrapper, const Token& literal) const {
    if (literal.kind != TokenKind::integer && literal.kind != TokenKind::floating) return false;
    for (std::size_t i = wrapper + 1; i < wrappers_.size(); ++i)
      if (wrappers_[i].kind != Wrapper::parentheses) return false;
    return wrappers_[wrapper].kind == Wrapper::minus;
  }
  Constant evaluate(const Token& literal) const {
    // The affinity that reaches the inside is the innermost CAST's.
    std::vector<Affinity> outer;
    Affinity inner = affinity_;
    for (const Wrapper& wrapper : wrappers_) {
      outer.push_back(inner);
      if (wrapper.kind == Wrapper::type_cast) inner = wrapper.to;
    }
    bool negative = false;
    std::size_t left = wrappers_.size();
    while (left > 0) {
      if (sign_is_part(left - 1, literal)) {
        negative = true;
        --left;
        break;
      }
      if (wrappers_[left - 1].kind != Wrapper::parentheses) break;
      --left;
    }
    auto value = literal_value(literal, negative, inner);
    if (!value) return {};
    while (left-- > 0) {
      const Wrapper& wrapper = wrappers_[left];
      if (wrapper.kind == Wrapper::type_cast) cast(*value, wrapper.to);
      if (wrapper.kind == Wrapper::minus) negate(*value);
      if (wrapper.kind == Wrapper::type_cast || wrapper.kind == Wrapper::minus)
        apply_affinity(*value, outer[left]);
    }
    return *value;
  }
  std::optional<Constant> literal_value(const Token& token, bool negative,
                                        Affinity affinity) const {
    if (token.kind == TokenKind::integer || token.kind == TokenKind::floating) {
      // Integers of 32 bits are integers at once, hexadecimal ones too; others
      // are text that the affinity makes a number of.
      Constant value = text_of((negative ? "-" : "") + std::string(token.text));
      std::int64_t small = 0;
      if (token.kind == TokenKind::integer && small_integer(token.text, small))
        value = of(negative ? -small : small);
      apply_affinity(value, affinity == Affinity::blob ? Affinity::numeric : affinity);
      return value;
    }
    const bool outside = wrappers_.empty();
    if (token.kind == TokenKind::string || (token.kind == TokenKind::identifier && outside)) {
      Constant value = text_of(unquoted(token));
      apply_affinity(value, affinity);
      return value;
    }
    if (token.kind == TokenKind::blob) {
      Constant value;
      value.storage = Storage::blob;
      value.bytes = *from_hex(token.text.substr(2, token.text.size() - 3));
      return value;
    }
    if (token.is("TRUE")) return of(1);
    if (token.is("FALSE")) return of(0);
    if (token.kind != TokenKind::word || !outside || token.is("NULL")) return std::nullopt;
    if (token.is("CURRENT_DATE") || token.is("CURRENT_TIME") || token.is("CURRENT_TIMESTAMP"))
      return std::nullopt;
    // DEFAULT name, a string without quotes (parse.y, "DEFAULT scantok id").
    Constant value = text_of(token.text);
    apply_affinity(value, affinity);
    return value;
  }
  static bool small_integer(std::string_view text, std::int64_t& value) {
    const bool hex = text.size() > 2 && (text[1] == 'x' || text[1] == 'X');
    if (hex) text.remove_prefix(2);
    const auto result =
        std::from_chars(text.data(), text.data() + text.size(), value, hex ? 16 : 10);
    return result.ec == std::errc() && value <= 0x7fffffff;
  }

  std::vector<Token> tokens_;
  std::vector<Wrapper> wrappers_;
  std::size_t at_ = 0;
  Affinity affinity_;
};

}  // namespace

std::optional<Number> number_in(std::string_view text) {
  text = without_blanks_before(text);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  bool whole = true;
  const std::size_t length = number_length(text, whole);
  if (length == 0 || length != text.size()) return std::nullopt;
  return number_from(text, whole);
}

void apply_affinity(Constant& value, Affinity affinity) {
  switch (affinity) {
    case Affinity::blob:
      return;
    case Affinity::text:
      if (value.storage != Storage::integer && value.storage != Storage::real) return;
      value.bytes = text_of_number(value);
      value.storage = Storage::text;
      return;
    default:
      become_number(value);
      real_to_integer(value);
  }
}

Constant constant_value(std::string_view sql, Affinity affinity) {
  return Expression(sql, affinity).value();
}

}  // namespace assay::sqlite
