#include "reference/dbm/dumb_literal.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "reference/dbm/python_error.h"

namespace assay::dbm {
namespace {

using Kind = Literal::Kind;

// Parentheses in parentheses: Python's own parsers give up at 93 (to 3.8) or 200.
constexpr unsigned deepest = 40;
// int() of decimal digits, since the limit came (python/cpython#95778).
constexpr std::size_t most_digits = 4300;

class Parser {
 public:
  Parser(std::string_view line, Python python, std::uint64_t offset)
      : line_(line), python_(python), offset_(offset) {}

  Literal parse() {
    if (line_.find('\0') != std::string_view::npos)
      raise(python2()                 ? "TypeError"
            : python_ < Python{3, 11} ? "ValueError"
                                      : "SyntaxError",
            "a null byte");
    if (python2() && line_.starts_with("\xef\xbb\xbf")) at_ = 3;
    skip_indentation();
    Literal value = list('\0');
    blanks();
    if (!at_end()) syntax("something behind the expression");
    return evaluated(std::move(value));
  }

 private:
  [[noreturn]] void raise(std::string_view exception, std::string_view what) const {
    throw PythonError(exception, offset_ + at_, "line of .dir", what);
  }
  [[noreturn]] void syntax(std::string_view what) const { raise("SyntaxError", what); }
  [[noreturn]] void unsupported(std::string_view what) const {
    throw DecodeError(ErrorKind::unsupported, offset_ + at_, "line of .dir", what);
  }

  bool python2() const { return python_.major == 2; }
  char peek(std::size_t ahead = 0) const {
    return at_ + ahead < line_.size() ? line_[at_ + ahead] : '\0';
  }
  // A comment ends the line as its end does.
  bool at_end() const { return at_ >= line_.size() || line_[at_] == '#'; }

  // ast.literal_eval() strips blanks and tabs since 3.10 (python/cpython#84870);
  // before, they are an IndentationError. A form feed is never indentation.
  void skip_indentation() {
    const bool indented = peek() == ' ' || peek() == '\t';
    blanks();
    if (indented && python_ < Python{3, 10} && !at_end()) raise("IndentationError", "indentation");
  }

  void blanks() {
    while (peek() == ' ' || peek() == '\t' || peek() == '\f') ++at_;
  }

  bool take(char wanted) {
    blanks();
    if (peek() != wanted || at_ >= line_.size()) return false;
    ++at_;
    return true;
  }

  // Expressions up to `end`, which is taken; zero: to the end of the line. A comma
  // makes a sequence of them, and so does "[".
  Literal list(char end) {
    if (++depth_ > deepest) unsupported("so many parentheses");
    Literal all;
    all.kind = Kind::sequence;
    bool comma = all.list = end == ']';
    for (;;) {
      blanks();
      if (end != '\0' && take(end)) break;
      if (at_end()) {
        if (end == '\0' && !all.items.empty() && comma) break;
        syntax("the expression ends too soon");
      }
      all.items.push_back(sum());
      if (take(',')) {
        comma = true;
        blanks();
        if (end == '\0' && at_end()) break;
        continue;
      }
      if (end == '\0') break;
      if (!take(end)) syntax(fmt::format("no '{}'", end));
      break;
    }
    --depth_;
    if (!comma && all.items.size() == 1) {
      Literal only = std::move(all.items.front());
      return only;
    }
    return all;
  }

  Literal sum() {
    Literal left = sign();
    for (;;) {
      blanks();
      if (peek() != '+' && peek() != '-') break;
      Literal both;
      both.kind = Kind::sum;
      both.negative = line_[at_++] == '-';
      both.items.push_back(std::move(left));
      both.items.push_back(sign());
      left = std::move(both);
    }
    constexpr std::string_view operators = "*/%<>&|^.@!~`";
    if (!at_end() && operators.find(peek()) != std::string_view::npos) unsupported("an operator");
    return left;
  }

  // Signs, then an atom; the innermost sign is next to it.
  Literal sign() {
    std::vector<bool> minus;
    for (blanks(); peek() == '+' || peek() == '-'; blanks()) minus.push_back(line_[at_++] == '-');
    if (minus.size() > 2) unsupported("so many signs");
    Literal value = atom();
    for (; !minus.empty(); minus.pop_back()) {
      Literal outer;
      outer.kind = Kind::signed_;
      outer.negative = minus.back();
      outer.items.push_back(std::move(value));
      value = std::move(outer);
    }
    return value;
  }

  Literal atom() {
    blanks();
    if (at_end()) syntax("the expression ends too soon");
    if (take('(')) return list(')');
    if (take('[')) return list(']');
    if (take('{')) return braces();
    if (quote_ahead()) return strings();
    const char first = peek();
    if (is_digit(first) || (first == '.' && is_digit(peek(1)))) return number();
    if (first == '.' || first == '~' || first == '`') unsupported("an operator");
    if (is_name(first)) return name();
    syntax("a character that begins nothing");
  }

  // A set, or a dict.
  Literal braces() {
    Literal all;
    all.kind = Kind::dict;
    for (bool first = true; !take('}'); first = false) {
      all.items.push_back(sum());
      const bool pair = take(':');
      if (!first && pair != (all.kind == Kind::dict)) syntax("a set or a dict");
      all.kind = pair ? Kind::dict : Kind::set;
      if (pair) all.values.push_back(sum());
      if (!take(',')) {
        if (!take('}')) syntax("no '}'");
        break;
      }
    }
    return all;
  }

  static bool is_digit(char c) { return c >= '0' && c <= '9'; }
  // A letter of Latin-1 may be in a name of 3.x.
  bool is_name(char c) const {
    const auto byte = static_cast<unsigned char>(c);
    const bool ascii = is_digit(c) || c == '_' || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z');
    const bool latin1 = byte == 0xaa || byte == 0xb5 || byte == 0xba ||
                        (byte >= 0xc0 && byte != 0xd7 && byte != 0xf7);
    return byte < 0x80 ? ascii : !python2() && latin1;
  }

  Literal name() {
    const std::size_t begin = at_;
    while (is_name(peek())) ++at_;
    const std::string_view word = line_.substr(begin, at_ - begin);
    Literal value;
    value.kind = Kind::refused;
    if (word == "None") value.kind = Kind::none;
    if (word == "True" || word == "False") {
      value.kind = Kind::integer;
      value.boolean = true;
      value.integer = word == "True";
    }
    for (const std::string_view keyword :
         {"lambda", "not", "yield", "await", "if", "else", "for", "in", "is", "and", "or"})
      if (word == keyword) unsupported("a keyword");
    if (value.kind == Kind::refused && take('(')) list(')');  // a call is refused, too
    blanks();
    if (peek() == '.' || peek() == '[' || peek() == '(') unsupported("a part of a name");
    return value;
  }

  // ---- strings

  // The prefix's length if a string begins here, else nothing.
  bool quote_ahead() const {
    std::size_t ahead = 0;
    while (ahead < 3 && std::string_view("rRbBuUfF").find(peek(ahead)) != std::string_view::npos &&
           peek(ahead) != '\0')
      ++ahead;
    return peek(ahead) == '\'' || peek(ahead) == '"';
  }

  struct Prefix {
    bool raw = false, bytes = false, unicode = false, formatted = false;
  };

  Prefix prefix() {
    Prefix all;
    const std::size_t begin = at_;
    for (; peek() != '\'' && peek() != '"'; ++at_) {
      const char letter = static_cast<char>(peek() | 0x20);
      bool& flag = letter == 'r'   ? all.raw
                   : letter == 'b' ? all.bytes
                   : letter == 'u' ? all.unicode
                                   : all.formatted;
      if (flag) syntax("a prefix that does not exist");
      flag = true;
    }
    const std::string_view word = line_.substr(begin, at_ - begin);
    const bool order = python2() && word.size() == 2 && all.raw && (word[0] | 0x20) == 'r';
    if (order || (all.unicode && (all.bytes || all.formatted || (all.raw && !python2()))) ||
        (all.formatted && (all.bytes || python2())))
      syntax("a prefix that does not exist");
    return all;
  }

  Literal strings() {
    Literal value;
    bool formatted = false;
    bool text = false, bytes = false;
    for (blanks(); quote_ahead(); blanks()) {
      const Prefix how = prefix();
      const bool is_bytes = python2() ? !how.unicode : how.bytes;
      (is_bytes ? bytes : text) = true;
      formatted |= how.formatted;
      string(value.text, how, is_bytes);
    }
    // 2.7 makes unicode of a str beside unicode.
    if (!python2() && text && bytes) syntax("bytes and text beside each other");
    value.kind = formatted ? Kind::refused : text ? Kind::text : Kind::bytes;
    if (value.kind == Kind::bytes)
      for (const char32_t c : value.text) value.bytes += static_cast<char>(c);
    return value;
  }

  void string(std::u32string& text, const Prefix& how, bool is_bytes) {
    const char quote = peek();
    const bool triple = line_.substr(at_).starts_with(std::string(3, quote));
    at_ += triple ? 3 : 1;
    const std::string end(triple ? 3 : 1, quote);
    while (!line_.substr(at_).starts_with(end)) {
      if (at_ >= line_.size() || (peek() == '\r' && !triple)) syntax("a string that does not end");
      if (how.formatted && (peek() == '{' || peek() == '}')) unsupported("a formatted string");
      if (peek() == '\\') {
        escape(text, how, is_bytes);
      } else {
        character(text, is_bytes);
      }
    }
    at_ += end.size();
  }

  void character(std::u32string& text, bool is_bytes) {
    if (at_ >= line_.size()) syntax("a string that does not end");
    const auto byte = static_cast<unsigned char>(line_[at_++]);
    if (is_bytes && !python2() && byte > 0x7f) syntax("bytes beyond ASCII");
    text += byte;
  }

  void escape(std::u32string& text, const Prefix& how, bool is_bytes) {
    if (at_ + 1 >= line_.size()) syntax("a string that does not end");
    const char letter = peek(1);
    static constexpr std::string_view letters = "\\'\"abfnrtv", meanings = "\\'\"\a\b\f\n\r\t\v";
    // 2.7 has \u in raw unicode, too.
    const bool unicode = !is_bytes && (letter == 'u' || letter == 'U') && (!how.raw || python2());
    if (unicode) return hexadecimal(text, letter == 'u' ? 4 : 8, is_bytes);
    if (how.raw) {
      text += U'\\';
      ++at_;
      return character(text, is_bytes);
    }
    if (const auto simple = letters.find(letter); simple != std::string_view::npos) {
      text += static_cast<unsigned char>(meanings[simple]);
      at_ += 2;
    } else if (letter >= '0' && letter <= '7') {
      octal(text, is_bytes);
    } else if (letter == 'x') {
      hexadecimal(text, 2, is_bytes);
    } else if (letter == 'N' && !is_bytes) {
      unsupported("a character by name");
    } else {  // an unknown escape stands for itself
      text += U'\\';
      ++at_;
      character(text, is_bytes);
    }
  }

  void octal(std::u32string& text, bool is_bytes) {
    char32_t value = 0;
    ++at_;
    for (int digits = 0; digits < 3 && peek() >= '0' && peek() <= '7'; ++digits, ++at_)
      value = value * 8 + static_cast<char32_t>(peek() - '0');
    text += is_bytes ? value & 0xff : value;
  }

  void hexadecimal(std::u32string& text, int digits, bool is_bytes) {
    char32_t value = 0;
    at_ += 2;
    for (int i = 0; i < digits; ++i, ++at_) {
      const int digit = digit_value(peek());
      // 2.7's str raises what int() would; the rest is told as a SyntaxError.
      if (digit >= 16) raise(python2() && is_bytes ? "ValueError" : "SyntaxError", "\\x cut short");
      value = value << 4 | static_cast<char32_t>(digit);
    }
    if (value > 0x10ffff) syntax("a character that does not exist");
    text += value;
  }

  static int digit_value(char c) {
    if (is_digit(c)) return c - '0';
    const char lower = static_cast<char>(c | 0x20);
    return lower >= 'a' && lower <= 'z' ? lower - 'a' + 10 : 99;
  }

  // ---- numbers

  Literal number() {
    const std::size_t begin = at_;
    const char letter = static_cast<char>(peek(1) | 0x20);
    const int base = peek() != '0'   ? 10
                     : letter == 'x' ? 16
                     : letter == 'o' ? 8
                     : letter == 'b' ? 2
                                     : 10;
    if (base != 10) at_ += 2;
    std::string digits = digits_of(base, base != 10);
    Literal value;
    const bool real = base == 10 && fraction();
    const bool imaginary = base == 10 && (peek() == 'j' || peek() == 'J');
    if (real || imaginary) {
      value.kind = imaginary ? Kind::complex : Kind::real;
      std::string text(line_.substr(begin, at_ - begin));
      std::erase(text, '_');
      value.real = std::strtod(text.c_str(), nullptr);
      at_ += imaginary;
    } else {
      value = integer(digits, base);
    }
    if (is_name(peek())) syntax("a number that goes on as a name");
    return value;
  }

  // Digits of a base, without their underscores.
  std::string digits_of(int base, bool after_prefix) {
    std::string digits;
    for (; at_ < line_.size(); ++at_) {
      if (peek() == '_' && !python2() && (after_prefix || !digits.empty()) &&
          digit_value(peek(1)) < base) {
        continue;
      }
      if (digit_value(peek()) >= base) break;
      digits += peek();
      after_prefix = false;
    }
    return digits;
  }

  // A fraction and an exponent, behind digits; whether there is one.
  bool fraction() {
    bool is_real = false;
    if (peek() == '.') {
      is_real = true;
      ++at_;
      digits_of(10, false);
    }
    const std::size_t sign = peek(1) == '+' || peek(1) == '-';
    if ((peek() == 'e' || peek() == 'E') && is_digit(peek(1 + sign))) {
      at_ += 1 + sign;
      digits_of(10, false);
      is_real = true;
    }
    return is_real;
  }

  Literal integer(const std::string& digits, int base) {
    if (digits.empty()) syntax("a number without digits");
    const bool leading_zero = base == 10 && digits.size() > 1 && digits[0] == '0';
    if (leading_zero && python2()) {
      base = 8;  // 010 is eight
      if (digits.find_first_of("89") != std::string::npos) syntax("a digit that is not octal");
    } else if (leading_zero && digits.find_first_not_of('0') != std::string::npos) {
      syntax("a leading zero");
    }
    if (base == 10 && !python2() && python_ >= Python{3, 7} && digits.size() > most_digits)
      syntax("more digits than int() takes");
    Literal value;
    value.kind = Kind::integer;
    std::uint64_t magnitude = 0;
    for (const char c : digits) {
      const auto digit = static_cast<std::uint64_t>(digit_value(c));
      const auto by = static_cast<std::uint64_t>(base);
      if (magnitude > (std::uint64_t{INT64_MAX} - digit) / by) value.huge = true;
      magnitude = magnitude * by + digit;
    }
    if (!value.huge) value.integer = static_cast<std::int64_t>(magnitude);
    if (value.huge && base == 10) value.bytes = digits.substr(digits.find_first_not_of('0'));
    value.is_long = python2() && (peek() == 'L' || peek() == 'l');
    if (value.is_long) ++at_;  // 0L
    return value;
  }

  // ---- what literal_eval() makes of the expression (Lib/ast.py)

  [[noreturn]] void refused() const { raise("ValueError", "no literal"); }

  static bool is_number(const Literal& value) {
    return value.kind == Kind::integer || value.kind == Kind::real || value.kind == Kind::complex;
  }

  // Deep as the nesting that was parsed, which `deepest` bounds.
  Literal evaluated(Literal value) const {
    switch (value.kind) {
      case Kind::refused:
        refused();
      case Kind::set:
        if (python2()) refused();
        [[fallthrough]];
      case Kind::sequence:
      case Kind::dict:
        for (Literal& item : value.items) item = evaluated(std::move(item));
        for (Literal& item : value.values) item = evaluated(std::move(item));
        return value;
      case Kind::signed_:
        return with_sign(std::move(value));
      case Kind::sum:
        return added(std::move(value));
      default:
        return value;
    }
  }

  Literal with_sign(Literal value) const {
    Literal inner = std::move(value.items.front());
    // 2.7 has -1 as one constant, but neither +1 nor - -1; from 3.7 on a sign is
    // of a number itself.
    const bool nested = inner.kind == Kind::signed_;
    if (nested && (python2() || python_ >= Python{3, 7})) refused();
    if (python2() && !value.negative) refused();
    inner = evaluated(std::move(inner));
    if (!is_number(inner) || (inner.boolean && python_ != Python{3, 6})) refused();
    inner.boolean = false;
    if (value.negative) {
      inner.integer = -inner.integer;
      inner.real = -inner.real;
      inner.negative = !inner.negative;
    }
    return inner;
  }

  // A real and an imaginary part; 3.6 adds any two numbers.
  Literal added(Literal value) const {
    const Literal left = evaluated(std::move(value.items[0]));
    const Literal right = evaluated(std::move(value.items[1]));
    if (!is_number(left) || !is_number(right)) refused();
    Literal result;
    if (left.kind == Kind::complex || right.kind == Kind::complex) {
      if (python_ != Python{3, 6} && (left.kind == Kind::complex || right.kind != Kind::complex))
        refused();
      result.kind = Kind::complex;
      return result;
    }
    if (python_ != Python{3, 6}) refused();
    if (left.huge || right.huge || left.kind == Kind::real || right.kind == Kind::real)
      unsupported("a sum of floats or beyond 64 bits");
    result.kind = Kind::integer;
    if (__builtin_add_overflow(left.integer, value.negative ? -right.integer : right.integer,
                               &result.integer))
      unsupported("a sum of floats or beyond 64 bits");
    return result;
  }

  std::string_view line_;
  Python python_;
  std::uint64_t offset_;
  std::size_t at_ = 0;
  unsigned depth_ = 0;
};

}  // namespace

Literal literal_eval(std::string_view line, Python python, std::uint64_t offset) {
  return Parser(line, python, offset).parse();
}

}  // namespace assay::dbm
