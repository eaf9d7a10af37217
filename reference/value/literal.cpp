#include "reference/value/literal.h"

#include <fmt/format.h>

#include <bit>
#include <charconv>
#include <cmath>
#include <iterator>

#include "reference/bytes/error.h"
#include "reference/value/integer.h"
#include "reference/value/utf8.h"

namespace assay {
namespace {

constexpr std::uint64_t plain_nan = 0x7ff8000000000000;

[[noreturn]] void fail(std::size_t at, std::string_view field, std::string_view what) {
  throw DecodeError(ErrorKind::malformed, at, field, what);
}
[[noreturn]] void ends(std::string_view text, std::string_view field, std::string_view what) {
  throw DecodeError(ErrorKind::truncated, text.size(), field, what);
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_hex(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
bool is_word(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
char peek(std::string_view text, std::size_t at) {
  return at < text.size() ? text[at] : '\0';
}

// --- strings -------------------------------------------------------------

// A literal in quotes; `at` is inside it.
struct Quoted {
  std::string_view text;
  std::size_t& at;
  bool is_bytes;
  std::string& out;

  std::string_view field() const { return is_bytes ? "bytes literal" : "string literal"; }

  void add(std::uint32_t value) {
    if (is_bytes || value < 0x80) {
      out.push_back(static_cast<char>(value));
    } else {
      append_utf8(out, value);
    }
  }

  // Exactly `count` hex digits after the escape that starts at `start`.
  void hex_escape(std::size_t start, std::size_t count) {
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < count; ++i, ++at) {
      if (at == text.size()) ends(text, field(), "ends in an escape");
      if (!is_hex(text[at])) fail(start, field(), fmt::format("escape needs {} hex digits", count));
      const char c = text[at];
      value =
          value * 16 + static_cast<std::uint32_t>(is_digit(c) ? c - '0' : (c | 0x20) - 'a' + 10);
    }
    if (value > 0x10ffff) fail(start, field(), "escape beyond U+10FFFF");
    add(value);
  }

  void octal_escape(std::size_t start) {
    std::uint32_t value = 0;
    for (int i = 0; i < 3 && peek(text, at) >= '0' && peek(text, at) <= '7'; ++i, ++at)
      value = value * 8 + static_cast<std::uint32_t>(text[at] - '0');
    if (is_bytes && value > 0xff) fail(start, field(), "octal escape beyond \\377");
    add(value);
  }

  // `at` is at the backslash.
  void escape() {
    const std::size_t start = at++;
    if (at == text.size()) ends(text, field(), "ends in an escape");
    constexpr std::string_view letters = "\\'\"abfnrtv";
    constexpr std::string_view meanings = "\\'\"\a\b\f\n\r\t\v";
    const char letter = text[at];
    if (const std::size_t found = letters.find(letter); found != letters.npos) {
      ++at;
      out.push_back(meanings[found]);
    } else if (letter >= '0' && letter <= '7') {
      octal_escape(start);
    } else if (letter == 'x') {
      ++at;
      hex_escape(start, 2);
    } else if (!is_bytes && (letter == 'u' || letter == 'U')) {
      ++at;
      hex_escape(start, letter == 'u' ? 4 : 8);
    } else {
      fail(start, field(), "unknown escape");
    }
  }

  // `at` is at the opening quote.
  void read() {
    const char quote = text[at++];
    while (true) {
      const std::size_t plain = at;
      while (at < text.size() && text[at] != quote && text[at] != '\\' && text[at] >= 0x20 &&
             text[at] < 0x7f)
        ++at;
      out.append(text, plain, at - plain);
      if (at == text.size()) ends(text, field(), "no closing quote");
      if (text[at] == quote) break;
      if (text[at] != '\\') fail(at, field(), "a byte that is not printable ASCII must be escaped");
      escape();
    }
    ++at;
  }
};

// --- numbers -------------------------------------------------------------

void read_nan(std::string_view text, std::size_t& at, double& value) {
  std::uint64_t bits = plain_nan;
  if (peek(text, at) == '(') {
    const std::size_t start = ++at;
    if (text.substr(at, 2) != "0x") fail(at, "nan", "expected 0x and the float's 64 bits");
    at += 2;
    const auto [end, error] =
        std::from_chars(text.data() + at, text.data() + text.size(), bits, 16);
    if (error != std::errc{}) fail(start, "nan", "expected 0x and the float's 64 bits");
    at = static_cast<std::size_t>(end - text.data());
    if (at == text.size()) ends(text, "nan", "expected ')'");
    if (text[at] != ')') fail(at, "nan", "expected ')'");
    ++at;
    if (!std::isnan(std::bit_cast<double>(bits))) fail(start, "nan", "these bits are not a NaN");
  }
  value = std::bit_cast<double>(bits);
}

void read_float(std::string_view text, std::size_t start, std::size_t end, Literal& into) {
  into.kind = Literal::Kind::floating;
  const char* const last = text.data() + end;
  const auto [stopped, error] = std::from_chars(text.data() + start, last, into.floating);
  if (error == std::errc::result_out_of_range) fail(start, "float", "outside a double's range");
  if (error != std::errc{} || stopped != last) fail(start, "float", "not a number");
}

// Where the float that starts with the digits before `at` ends; `at` itself if
// neither a fraction nor an exponent follows.
std::size_t float_end(std::string_view text, std::size_t at) {
  std::size_t end = at;
  if (peek(text, end) == '.') {
    ++end;
    while (is_digit(peek(text, end))) ++end;
  }
  if (peek(text, end) == 'e' || peek(text, end) == 'E') {
    std::size_t exponent = end + 1;
    if (peek(text, exponent) == '+' || peek(text, exponent) == '-') ++exponent;
    if (!is_digit(peek(text, exponent))) fail(end, "float", "exponent without digits");
    while (is_digit(peek(text, exponent))) ++exponent;
    end = exponent;
  }
  return end;
}

int prefixed_base(std::string_view text, std::size_t at) {
  if (peek(text, at) != '0') return 10;
  switch (peek(text, at + 1)) {
    case 'x':
    case 'X':
      return 16;
    case 'o':
    case 'O':
      return 8;
    case 'b':
    case 'B':
      return 2;
    default:
      return 10;
  }
}

void read_number(std::string_view text, std::size_t& at, Literal& into) {
  const std::size_t start = at;
  into.kind = Literal::Kind::integer;
  into.negative = peek(text, at) == '-';
  if (into.negative) ++at;
  if (at == text.size()) ends(text, "number", "expected a digit");
  if (text.substr(at, 3) == "inf" && !is_word(peek(text, at + 3))) {
    into.kind = Literal::Kind::floating;
    into.floating = into.negative ? -HUGE_VAL : HUGE_VAL;
    at += 3;
    return;
  }
  if (!is_digit(text[at])) fail(at, "number", "expected a digit");
  into.base = prefixed_base(text, at);
  if (into.base != 10) at += 2;
  const std::size_t digits = at;
  while (is_word(peek(text, at)) && (into.base == 16 || is_digit(text[at]))) ++at;
  if (into.base == 10) {
    const std::size_t end = float_end(text, at);
    if (end != at) {
      if (is_word(peek(text, end))) fail(end, "float", "not a digit");
      read_float(text, start, end, into);
      at = end;
      return;
    }
    if (text[digits] == '0' && at - digits > 1) fail(digits, "integer", "leading zero");
  }
  if (at == digits) {
    if (at == text.size()) ends(text, "integer", "expected a digit");
    fail(at, "integer", "expected a digit");
  }
  for (std::size_t i = digits; i < at; ++i)
    if (!is_hex(text[i]) || (into.base < 10 && text[i] - '0' >= into.base))
      fail(i, "integer", fmt::format("not a digit of base {}", into.base));
  if (is_word(peek(text, at)))
    fail(at, "integer", fmt::format("not a digit of base {}", into.base));
  into.text.assign(text, digits, at - digits);
}

}  // namespace

bool starts_literal(std::string_view text, std::size_t at) {
  const char c = peek(text, at);
  if (is_digit(c) || c == '-' || c == '\'' || c == '"') return true;
  if (c == 'b') return peek(text, at + 1) == '\'' || peek(text, at + 1) == '"';
  const std::string_view word = text.substr(std::min(at, text.size()), 3);
  return (word == "inf" || word == "nan") && !is_word(peek(text, at + 3));
}

void read_literal(std::string_view text, std::size_t& at, Literal& into) {
  into.text.clear();
  if (at >= text.size()) ends(text, "literal", "expected a literal");
  if (!starts_literal(text, at)) fail(at, "literal", "expected a literal");
  switch (text[at]) {
    case '\'':
    case '"':
      into.kind = Literal::Kind::string;
      Quoted{text, at, false, into.text}.read();
      return;
    case 'b':
      into.kind = Literal::Kind::bytes;
      ++at;
      Quoted{text, at, true, into.text}.read();
      return;
    case 'n':
      into.kind = Literal::Kind::floating;
      at += 3;
      read_nan(text, at, into.floating);
      return;
    default:
      read_number(text, at, into);
  }
}

NodeId add_literal(Graph& graph, const Literal& literal, bool python2_long) {
  switch (literal.kind) {
    case Literal::Kind::string:
      return graph.string(graph.keep(as_bytes(literal.text)));
    case Literal::Kind::bytes:
      return graph.bytes(graph.keep(as_bytes(literal.text)));
    case Literal::Kind::integer:
      return integer_from_text(graph, literal.text, literal.base, literal.negative, python2_long);
    case Literal::Kind::floating:
      return graph.floating(literal.floating);
  }
  return no_node;
}

// --- printing ----------------------------------------------------------------

namespace {

bool prints_as_itself(std::uint8_t byte) {
  return byte >= 0x20 && byte < 0x7f && byte != '\'' && byte != '\\';
}

// The escapes that have a letter, else \xNN, \uNNNN or \UNNNNNNNN.
void append_escape(std::string& out, std::uint32_t value) {
  switch (value) {
    case '\'':
      out += "\\'";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      if (value < 0x100) {
        fmt::format_to(std::back_inserter(out), "\\x{:02x}", value);
      } else if (value < 0x10000) {
        fmt::format_to(std::back_inserter(out), "\\u{:04x}", value);
      } else {
        fmt::format_to(std::back_inserter(out), "\\U{:08x}", value);
      }
  }
}

void append_quoted(std::string& out, std::string_view text, bool is_bytes) {
  const Bytes bytes = as_bytes(text);
  out.push_back('\'');
  std::size_t at = 0;
  while (at < bytes.size()) {
    const std::size_t plain = at;
    while (at < bytes.size() && prints_as_itself(bytes[at])) ++at;
    out.append(text, plain, at - plain);
    if (at == bytes.size()) break;
    append_escape(out, is_bytes ? bytes[at++] : decode_utf8(bytes, at));
  }
  out.push_back('\'');
}

}  // namespace

void append_string_literal(std::string& out, std::string_view text) {
  append_quoted(out, text, false);
}

void append_bytes_literal(std::string& out, std::string_view bytes) {
  out.push_back('b');
  append_quoted(out, bytes, true);
}

void append_float_literal(std::string& out, double value) {
  if (std::isnan(value)) {
    const auto bits = std::bit_cast<std::uint64_t>(value);
    out += bits == plain_nan ? "nan" : fmt::format("nan({:#018x})", bits);
    return;
  }
  if (std::isinf(value)) {
    out += value > 0 ? "inf" : "-inf";
    return;
  }
  // Python's repr takes the shortest digits that read back as the same double
  // and writes an exponent when it is below -4 or at least 16
  // (CPython Python/pystrtod.c, format_float_short, 'r').
  char digits[32];
  const auto [end, error] =
      std::to_chars(digits, digits + sizeof(digits), value, std::chars_format::scientific);
  const std::string_view scientific(digits, static_cast<std::size_t>(end - digits));
  const std::size_t e = scientific.find('e');
  int exponent = 0;
  const char* sign = digits + e + 1;
  std::from_chars(*sign == '+' ? sign + 1 : sign, end, exponent);
  if (exponent < -4 || exponent >= 16) {
    out += scientific;
    return;
  }
  char fixed[48];
  const auto [fixed_end, fixed_error] =
      std::to_chars(fixed, fixed + sizeof(fixed), value, std::chars_format::fixed);
  const std::string_view plain(fixed, static_cast<std::size_t>(fixed_end - fixed));
  out += plain;
  if (plain.find('.') == plain.npos) out += ".0";
}

void append_integer_literal(std::string& out, const Graph& graph, NodeId id) {
  const Node& node = graph[id];
  if (node.kind == Kind::integer) {
    char digits[24];
    const auto [end, error] = std::to_chars(digits, digits + sizeof(digits), node.integer);
    out.append(digits, end);
  } else {
    out += integer_text(graph, id, 16);
  }
}

}  // namespace assay
