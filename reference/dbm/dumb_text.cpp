#include "reference/dbm/dumb_text.h"

#include <fmt/format.h>

namespace assay::dbm {
namespace {

using Kind = Literal::Kind;

[[noreturn]] void unsupported(std::string_view what) {
  throw DecodeError(ErrorKind::unsupported, 0, "pair", what);
}

// repr() of a float: the shortest digits that give it again.
std::string real_text(double value) {
  std::string text = fmt::format("{}", value);
  if (text.find_first_of(".en") == std::string::npos) text += ".0";
  return text;
}

std::string text_text(std::u32string_view text, Python python) {
  std::string latin1;
  for (const char32_t c : text) {
    if (c > 0xff) unsupported("a text beyond Latin-1");
    latin1 += static_cast<char>(c);
  }
  return (python.major == 2 ? "u" : "") + dumb_key_text(latin1, python);
}

std::string literal_text(const Literal& value, Python python);

std::string integer_text(const Literal& value, Python python) {
  if (value.boolean) return value.integer != 0 ? "True" : "False";
  if (!value.huge) return std::to_string(value.integer) + (value.is_long ? "L" : "");
  if (value.bytes.empty()) unsupported("an integer beyond 64 bits that is not decimal");
  return (value.negative ? "-" : "") + value.bytes + (python.major == 2 ? "L" : "");
}

std::string sequence_text(const Literal& value, Python python) {
  std::string text;
  for (const Literal& item : value.items)
    text += (text.empty() ? "" : ", ") + literal_text(item, python);
  if (value.list) return "[" + text + "]";
  return "(" + text + (value.items.size() == 1 ? ",)" : ")");
}

// Of numbers that differ, or of one key: others may be equal, and 2.7 has no order.
std::string dict_text(const Literal& value, Python python) {
  std::string text;
  for (std::size_t i = 0; i < value.items.size(); ++i) {
    if (i > 0 && (python.major == 2 || value.items[i].kind != Kind::integer ||
                  value.items[i].integer <= value.items[i - 1].integer))
      unsupported("a dict to be written again");
    text += (i > 0 ? ", " : "") + literal_text(value.items[i], python) + ": " +
            literal_text(value.values[i], python);
  }
  return "{" + text + "}";
}

// Deep as the nesting that was parsed, which is bounded there.
std::string literal_text(const Literal& value, Python python) {
  switch (value.kind) {
    case Kind::none:
      return "None";
    case Kind::text:
      return text_text(value.text, python);
    case Kind::bytes:
      return (python.major == 2 ? "" : "b") + dumb_key_text(value.bytes, {2, 7});
    case Kind::real:
      return real_text(value.real);
    case Kind::integer:
      return integer_text(value, python);
    case Kind::sequence:
      return sequence_text(value, python);
    case Kind::dict:
      return dict_text(value, python);
    default:
      unsupported("a set or a complex number to be written again");
  }
}

}  // namespace

// repr() of 2.7's str; of 3.x's str decoded as Latin-1, which leaves what can be
// printed, to be encoded as Latin-1 again.
std::string dumb_key_text(std::string_view key, Python python) {
  const bool double_quotes =
      key.find('\'') != std::string_view::npos && key.find('"') == std::string_view::npos;
  const char quote = double_quotes ? '"' : '\'';
  std::string text(1, quote);
  for (const char c : key) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == quote || c == '\\') {
      (text += '\\') += c;
    } else if (c == '\t' || c == '\n' || c == '\r') {
      (text += '\\') += c == '\t' ? 't' : c == '\n' ? 'n' : 'r';
    } else if ((byte >= 0x20 && byte < 0x7f) ||
               (python.major == 3 && byte > 0xa0 && byte != 0xad)) {
      text += c;
    } else {
      text += fmt::format("\\x{:02x}", byte);
    }
  }
  return text += quote;
}

std::string dumb_line_text(const DumbLine& line, Python python) {
  const std::string key = (line.unicode ? "u" : "") + dumb_key_text(line.key, python);
  if (line.odd) return fmt::format("{}, {}\n", key, literal_text(line.odd->whole, python));
  return fmt::format("{}, {}{}{}, {}{}{}\n", key, line.list ? '[' : '(', line.position,
                     line.long_position ? "L" : "", line.size, line.long_size ? "L" : "",
                     line.list ? ']' : ')');
}

}  // namespace assay::dbm
