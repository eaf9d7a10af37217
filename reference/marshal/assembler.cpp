#include "reference/marshal/assembler.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <optional>
#include <vector>

#include "reference/bytes/error.h"
#include "reference/bytes/hex.h"
#include "reference/bytes/limits.h"
#include "reference/marshal/scan.h"
#include "reference/value/text.h"
#include "reference/value/utf8.h"

namespace assay::marshal {
namespace {

void append_little(std::string& out, std::uint64_t value, unsigned bytes) {
  for (unsigned i = 0; i < bytes; ++i) out += static_cast<char>(i < 8 ? value >> (8 * i) : 0);
}

class Assembler {
 public:
  explicit Assembler(std::string_view text) : text_(text) {}

  std::string run() {
    while (skip_blanks()) {
      start_ = at_;
      const std::string_view word = take_word();
      if (word == ".repeat") {
        begin_repeat();
      } else if (word == ".end") {
        end_repeat();
      } else if (word.ends_with(':')) {
        directive(word);
      } else {
        type_code(word);
      }
    }
    if (!repeats_.empty()) wrong(".repeat", "no .end");
    return std::move(out_);
  }

 private:
  struct Repeat {
    std::size_t from;  // of the output
    std::uint64_t count;
  };

  [[noreturn]] void wrong(const char* field, std::string_view what) const {
    throw DecodeError(ErrorKind::malformed, start_, field, what);
  }

  static bool is_blank(char c) {
    return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == ';';
  }

  // To the next token; false at the end.
  bool skip_blanks() {
    while (at_ < text_.size()) {
      if (text_[at_] == '#') {
        at_ = std::min(text_.find('\n', at_), text_.size());
      } else if (is_blank(text_[at_])) {
        ++at_;
      } else {
        return true;
      }
    }
    return false;
  }

  // A name with the ':' that ends it, or up to the next blank.
  std::string_view take_word() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && !is_blank(text_[at_]) && text_[at_] != '#')
      if (text_[at_++] == ':') break;
    return text_.substr(begin, at_ - begin);
  }

  // The text of a literal, without reading it.
  std::string_view take_literal() {
    const std::size_t begin = at_;
    if (at_ < text_.size() && text_[at_] == 'b') ++at_;
    if (at_ == text_.size() || (text_[at_] != '\'' && text_[at_] != '"')) {
      at_ = begin;
      return take_word();
    }
    const char quote = text_[at_++];
    while (at_ < text_.size() && text_[at_] != quote) at_ += text_[at_] == '\\' ? 2 : 1;
    if (at_ >= text_.size()) wrong("literal", "no closing quote");
    return text_.substr(begin, ++at_ - begin);
  }

  void type_code(std::string_view word) {
    const bool flagged = word.starts_with('&');
    if (flagged) word.remove_prefix(1);
    for (const TypeCode& row : type_codes())
      if (row.name == word) {
        out_ += static_cast<char>(flagged ? row.code | type::flag_ref : row.code);
        return;
      }
    wrong("type", fmt::format("'{}' is no type code's name", word));
  }

  void directive(std::string_view word) {
    if (word == "hex:") {
      const auto bytes = from_hex(take_word());
      if (!bytes) wrong("hex:", "no hexadecimal digits");
      out_ += *bytes;
    } else if (word == "float8:") {
      append_little(out_, std::bit_cast<std::uint64_t>(floating()), 8);
    } else if (word == "text:" || word == "short:" || word == "raw:") {
      text(word);
    } else {
      integer(word);
    }
  }

  void integer(std::string_view word) {
    const unsigned bytes = word == "byte:"   ? 1
                           : word == "int2:" ? 2
                           : word == "int4:" ? 4
                           : word == "int8:" ? 8
                                             : 0;
    if (bytes == 0) wrong("directive", fmt::format("'{}' means nothing", word));
    Graph graph;
    const NodeId id = parse(graph, take_literal());
    if (graph.kind(id) != Kind::integer) wrong("number", "no integer of 64 bits");
    const std::int64_t value = graph[id].integer;
    const unsigned bits = bytes * 8;
    if (bits < 64 && (value < -(std::int64_t{1} << (bits - 1)) || value >= std::int64_t{1} << bits))
      wrong("number", fmt::format("it does not fit {} bytes", bytes));
    append_little(out_, static_cast<std::uint64_t>(value), bytes);
  }

  double floating() {
    Graph graph;
    const NodeId id = parse(graph, take_literal());
    if (graph.kind(id) != Kind::floating) wrong("number", "no float");
    return graph[id].floating;
  }

  void text(std::string_view word) {
    Graph graph;
    const NodeId id = parse(graph, take_literal());
    if (graph.kind(id) != Kind::string && graph.kind(id) != Kind::bytes)
      wrong("literal", "no text and no bytes");
    const std::string_view content = graph.text(id);
    if (word == "short:" && content.size() > 255) wrong("short:", "more than 255 bytes");
    if (word == "short:") append_little(out_, content.size(), 1);
    if (word == "text:") append_little(out_, content.size(), 4);
    out_ += content;
  }

  void begin_repeat() {
    if (!skip_blanks()) wrong(".repeat", "no count");
    const std::string_view word = take_word();
    std::uint64_t count = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), count);
    if (error != std::errc() || end != word.data() + word.size()) wrong(".repeat", "no count");
    repeats_.push_back({out_.size(), count});
  }

  void end_repeat() {
    if (repeats_.empty()) wrong(".end", "no .repeat before it");
    const Repeat repeat = repeats_.back();
    repeats_.pop_back();
    const std::string body = out_.substr(repeat.from);
    if (!body.empty() && repeat.count > limits::assembled_bytes / body.size())
      throw DecodeError(ErrorKind::limit, start_, ".repeat", "more bytes than are allowed");
    out_.resize(repeat.from);
    out_.reserve(repeat.from + body.size() * repeat.count);
    for (std::uint64_t i = 0; i < (body.empty() ? 0 : repeat.count); ++i) out_ += body;
    if (out_.size() > limits::assembled_bytes)
      throw DecodeError(ErrorKind::limit, start_, ".repeat", "more bytes than are allowed");
  }

  std::string_view text_;
  std::size_t at_ = 0, start_ = 0;
  std::string out_;
  std::vector<Repeat> repeats_;
};

std::string literal(Bytes bytes) {
  Graph graph;
  const bool text = !find_utf8_fault(bytes, Surrogates::allow);
  return print(graph, text ? graph.string(bytes) : graph.bytes(bytes));
}

std::int32_t signed_4(Bytes bytes) {
  Cursor cursor(bytes);
  return static_cast<std::int32_t>(cursor.le32("number"));
}

std::string numbers_text(Bytes bytes) {
  std::string text;
  for (Cursor cursor(bytes); !cursor.at_end();)
    text += fmt::format("{}int4:{}", text.empty() ? "" : " ", signed_4(cursor.take(4, "number")));
  return text;
}

std::string float_text(Bytes bytes) {
  std::string text;
  for (Cursor cursor(bytes); !cursor.at_end();) {
    Graph graph;
    const auto value = std::bit_cast<double>(cursor.le64("number"));
    text +=
        fmt::format("{}float8:{}", text.empty() ? "" : " ", print(graph, graph.floating(value)));
  }
  return text;
}

std::string digits_text(Bytes bytes) {
  std::string text = fmt::format("int4:{}", signed_4(bytes.first(4)));
  for (Cursor cursor(bytes.subspan(4)); !cursor.at_end();)
    text += fmt::format(" int2:{}", cursor.le16("digit"));
  return text;
}

std::string short_texts(Bytes bytes) {
  std::string text;
  for (Cursor cursor(bytes); !cursor.at_end();)
    text += fmt::format("{}short:{}", text.empty() ? "" : " ",
                        literal(cursor.take(cursor.u8("size"), "text")));
  return text;
}

}  // namespace

std::string assemble(std::string_view text) {
  return Assembler(text).run();
}

std::string argument_text(const Piece& piece) {
  const Bytes bytes = piece.argument;
  if (piece.type == nullptr) return numbers_text(bytes);
  switch (piece.type->argument) {
    case Argument::int4:
    case Argument::items:
      return fmt::format("int4:{}", signed_4(bytes));
    case Argument::int8: {
      Cursor cursor(bytes);
      return fmt::format("int8:{}", static_cast<std::int64_t>(cursor.le64("number")));
    }
    case Argument::short_items:
      return fmt::format("byte:{}", bytes[0]);
    case Argument::digits:
      return digits_text(bytes);
    case Argument::float8:
    case Argument::float16:
      return float_text(bytes);
    case Argument::text_float:
    case Argument::text_complex:
    case Argument::short_sized:
      return short_texts(bytes);
    case Argument::sized:
      return "text:" + literal(bytes.subspan(4));
    default:
      return "";
  }
}

std::string disassemble(Bytes data, const Profile& profile) {
  std::string text;
  Scan scan(data, profile);
  try {
    for (Piece piece; scan.next(piece);) {
      text.append(2 * std::min<std::size_t>(piece.depth, 20), ' ');
      if (piece.type != nullptr)
        text += fmt::format("{}{}", piece.code == piece.type->code ? "" : "&", piece.type->name);
      const std::string argument = argument_text(piece);
      if (piece.type != nullptr && !argument.empty()) text += ' ';
      text += argument + '\n';
    }
  } catch (const DecodeError&) {
    // What follows is no object: it stands as it is.
  }
  const Bytes rest = data.subspan(scan.offset());
  if (!rest.empty()) text += "hex:" + to_hex(rest) + "\n";
  return text;
}

int lowest_version(Bytes data) {
  int best = 0;
  std::uint64_t furthest = 0;
  for (const std::string_view name : recorded_profiles()) {
    const Profile profile = Profile::parse(name).value();
    Scan scan(data, profile);
    int lowest = 0;
    try {
      for (Piece piece; scan.next(piece);) {
        if (piece.type == nullptr) continue;
        lowest = std::max(lowest, piece.type->version);
        if (piece.code != piece.type->code) lowest = std::max(lowest, 3);
      }
    } catch (const DecodeError&) {
      // As far as it goes. A type whose argument is broken was meant, too.
      const Bytes rest = data.subspan(scan.offset());
      if (!rest.empty()) {
        const std::uint8_t code = rest[0] & ~type::flag_ref;
        const TypeCode* type = find_type(code, profile.version());
        if (type != nullptr) lowest = std::max({lowest, type->version, code != rest[0] ? 3 : 0});
      }
    }
    if (scan.offset() < furthest) continue;
    furthest = scan.offset();
    best = lowest;
  }
  return best;
}

}  // namespace assay::marshal
