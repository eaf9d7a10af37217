// The part of Python's expressions that a line of a `.dir` file may be:
//
//   string+ ',' '(' integer ',' integer [','] ')' [','] [comment]
//
// with parentheses around the whole or the pair, and a list for the pair.
#include <fmt/format.h>

#include "reference/dbm/dumb.h"

namespace assay::dbm {
namespace {

class LineParser {
 public:
  LineParser(std::string_view line, Python python, std::uint64_t offset)
      : line_(line), python_(python), offset_(offset) {}

  DumbLine parse() {
    DumbLine result;
    skip_indentation();
    const std::size_t outer = opening_parentheses();
    if (outer > 1) refuse(ErrorKind::unsupported, "several parentheses");
    result.key = strings();
    expect(',', "key");
    pair(result);
    take(',');
    if (outer == 1) expect(')', "entry");
    blanks();
    if (at_ < line_.size() && line_[at_] != '#')
      refuse(ErrorKind::malformed, "something behind the entry");
    return result;
  }

 private:
  [[noreturn]] void refuse(ErrorKind kind, std::string_view what) const {
    throw DecodeError(kind, offset_ + at_, "line of .dir", what);
  }

  bool python2() const { return python_.major == 2; }
  char peek() const { return at_ < line_.size() ? line_[at_] : '\0'; }

  // ast.literal_eval() strips blanks and tabs since 3.10 (python/cpython#84870);
  // before, they are an IndentationError. A form feed is never indentation.
  void skip_indentation() {
    const bool indented = peek() == ' ' || peek() == '\t';
    if (indented && python_ < Python{3, 10}) refuse(ErrorKind::malformed, "indentation");
    blanks();
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

  void expect(char wanted, const char* behind) {
    if (!take(wanted))
      refuse(ErrorKind::malformed, fmt::format("no '{}' behind the {}", wanted, behind));
  }

  std::size_t opening_parentheses() {
    std::size_t count = 0;
    while (take('(')) ++count;
    return count;
  }

  std::string strings() {
    std::string text;
    std::size_t count = 0;
    for (;; ++count) {
      blanks();
      if (!string(text)) break;
    }
    if (count == 0) refuse(ErrorKind::malformed, "no key in quotes");
    return text;
  }

  // One string literal, appended; false if none begins here.
  bool string(std::string& text) {
    const std::size_t begin = at_;
    bool raw = false, bytes = false, unicode = false;
    std::size_t at = at_;
    for (; at < line_.size() && line_[at] != '\'' && line_[at] != '"'; ++at) {
      const char letter = static_cast<char>(line_[at] | 0x20);
      if (letter == 'r' && !raw) {
        raw = true;
      } else if (letter == 'b' && !bytes) {
        bytes = true;
      } else if (letter == 'u' && !unicode) {
        unicode = true;
      } else {
        return false;
      }
    }
    if (at == line_.size()) return false;
    if (!python2() && bytes) refuse(ErrorKind::malformed, "a key of type bytes");
    if (python2() && unicode) refuse(ErrorKind::unsupported, "a key of type unicode");
    if (unicode && (raw || bytes)) refuse(ErrorKind::malformed, "a prefix that does not exist");
    const char quote = line_[at];
    const bool triple = line_.substr(at).starts_with(std::string(3, quote));
    at_ = at + (triple ? 3 : 1);
    const std::string end(triple ? 3 : 1, quote);
    while (!line_.substr(at_).starts_with(end)) {
      if (at_ >= line_.size()) {
        at_ = begin;
        refuse(ErrorKind::malformed, "a string that does not end");
      }
      if (peek() == '\\') {
        escape(text, raw);
      } else {
        character(text);
      }
    }
    at_ += end.size();
    return true;
  }

  void character(std::string& text) {
    if (peek() == '\0') refuse(ErrorKind::malformed, "a null byte");
    text += line_[at_++];
  }

  void escape(std::string& text, bool raw) {
    if (at_ + 1 >= line_.size()) refuse(ErrorKind::malformed, "a string that does not end");
    const char letter = line_[at_ + 1];
    if (raw) {
      text += '\\';
      ++at_;
      return character(text);
    }
    static constexpr std::string_view letters = "\\'\"abfnrtv", meanings = "\\'\"\a\b\f\n\r\t\v";
    if (const auto simple = letters.find(letter); simple != std::string_view::npos) {
      text += meanings[simple];
      at_ += 2;
    } else if (letter >= '0' && letter <= '7') {
      octal(text);
    } else if (letter == 'x') {
      hexadecimal(text, 2);
    } else if (!python2() && (letter == 'u' || letter == 'U')) {
      hexadecimal(text, letter == 'u' ? 4 : 8);
    } else if (!python2() && letter == 'N') {
      refuse(ErrorKind::unsupported, "a character by name");
    } else {  // an unknown escape stands for itself
      text += '\\';
      ++at_;
      character(text);
    }
  }

  void octal(std::string& text) {
    unsigned value = 0;
    std::size_t at = at_ + 1;
    for (int digits = 0; digits < 3 && at < line_.size() && line_[at] >= '0' && line_[at] <= '7';
         ++digits)
      value = value * 8 + static_cast<unsigned>(line_[at++] - '0');
    append(text, python2() ? value & 0xff : value);
    at_ = at;
  }

  void hexadecimal(std::string& text, int digits) {
    std::uint32_t value = 0;
    std::size_t at = at_ + 2;
    for (int i = 0; i < digits; ++i, ++at) {
      const int digit = at < line_.size() ? digit_value(line_[at]) : 16;
      if (digit >= 16) refuse(ErrorKind::malformed, "an escape cut short");
      value = value << 4 | static_cast<std::uint32_t>(digit);
    }
    append(text, value);
    at_ = at;
  }

  // A key is encoded as Latin-1, whatever Python's version.
  void append(std::string& text, std::uint32_t point) {
    if (point > 0xff) refuse(ErrorKind::malformed, "a character outside of Latin-1");
    text += static_cast<char>(point);
  }

  static int digit_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    const char lower = static_cast<char>(c | 0x20);
    return lower >= 'a' && lower <= 'z' ? lower - 'a' + 10 : 99;
  }

  void pair(DumbLine& result) {
    const std::size_t around = opening_parentheses();
    const bool list = around == 0 && take('[');
    if (around == 0 && !list) refuse(ErrorKind::malformed, "no pair of position and size");
    if (around > 1) refuse(ErrorKind::unsupported, "several parentheses");
    result.list = list;
    result.position = integer("position", result.long_position);
    expect(',', "position");
    result.size = integer("size", result.long_size);
    take(',');
    expect(list ? ']' : ')', "size");
  }

  std::int64_t integer(const char* field, bool& is_long) {
    blanks();
    bool negative = false;
    for (int signs = 0; peek() == '-' || peek() == '+'; ++at_, ++signs) {
      // 2.7 folds -1 into a constant, but neither +1 nor - -1.
      if (signs == 1) refuse(ErrorKind::unsupported, "several signs");
      if (python2() && peek() == '+') refuse(ErrorKind::malformed, "a sign +");
      negative = peek() == '-';
    }
    const std::uint64_t value = magnitude(field);
    is_long = python2() && (peek() == 'L' || peek() == 'l');
    if (is_long) ++at_;  // 0L
    return negative ? -static_cast<std::int64_t>(value) : static_cast<std::int64_t>(value);
  }

  std::uint64_t magnitude(const char* field) {
    int base = 10;
    bool after_prefix = false, zeros_only = false;
    if (peek() == '0' && at_ + 1 < line_.size()) {
      const char letter = static_cast<char>(line_[at_ + 1] | 0x20);
      base = letter == 'x' ? 16 : letter == 'o' ? 8 : letter == 'b' ? 2 : 10;
      after_prefix = base != 10;
      if (after_prefix) at_ += 2;
      if (!after_prefix && digit_value(line_[at_ + 1]) < 10) {
        if (python2()) base = 8;  // 010 is eight
        zeros_only = !python2();  // 00 is allowed, 01 is not
      }
    }
    std::uint64_t value = 0;
    bool digits = false;
    for (; at_ < line_.size(); ++at_) {
      const char c = line_[at_];
      if (c == '_' && !python2() && (digits || after_prefix) && underscore_fits()) continue;
      const int digit = digit_value(c);
      if (digit >= base) break;
      if (value > (std::uint64_t{INT64_MAX} - static_cast<unsigned>(digit)) / unsigned(base))
        refuse(ErrorKind::malformed, fmt::format("a {} beyond 64 bits", field));
      value = value * unsigned(base) + static_cast<unsigned>(digit);
      digits = true;
    }
    if (!digits || (zeros_only && value != 0))
      refuse(ErrorKind::malformed, fmt::format("no {}", field));
    return value;
  }

  // One underscore, with a digit behind it.
  bool underscore_fits() const {
    return at_ + 1 < line_.size() && digit_value(line_[at_ + 1]) < 16 && line_[at_ - 1] != '_';
  }

  std::string_view line_;
  Python python_;
  std::uint64_t offset_;
  std::size_t at_ = 0;
};

}  // namespace

DumbLine parse_dumb_line(std::string_view line, Python python, std::uint64_t offset) {
  return LineParser(line, python, offset).parse();
}

}  // namespace assay::dbm
