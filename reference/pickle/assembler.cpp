#include "reference/pickle/assembler.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstring>
#include <optional>
#include <string>

#include "reference/pickle/opcode.h"
#include "reference/value/graph.h"
#include "reference/value/integer.h"
#include "reference/value/literal.h"

namespace assay::pickle {
namespace {

std::size_t line_of(std::string_view text, std::size_t offset) {
  return 1 + static_cast<std::size_t>(std::ranges::count(text.substr(0, offset), '\n'));
}

std::size_t column_of(std::string_view text, std::size_t offset) {
  const std::size_t newline = text.substr(0, offset).rfind('\n');
  return newline == text.npos ? offset + 1 : offset - newline;
}

bool is_word(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '.';
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// The values that a field of `width` bytes can hold.
struct Range {
  unsigned width;
  bool is_signed;

  std::uint64_t largest() const {
    return ~std::uint64_t{0} >> (64 - 8 * width + (is_signed ? 1 : 0));
  }
  // Magnitude of the smallest.
  std::uint64_t smallest() const { return is_signed ? largest() + 1 : 0; }
  std::string text() const {
    return fmt::format("{}{} to {}", is_signed ? "-" : "", smallest(), largest());
  }
};

class Assembler {
 public:
  Assembler(std::string_view text, const AssembleOptions& options)
      : text_(text), options_(options) {}

  std::vector<std::uint8_t> run() {
    while (next_statement()) {
      statement();
      end_statement();
    }
    if (!blocks_.empty())
      fail(blocks_.back().at, fmt::format("expected {} for this block before the text ends",
                                          blocks_.back().is_frame ? ".endframe" : ".end"));
    return std::move(out_);
  }

 private:
  // An open `.repeat` or `.frame`.
  struct Block {
    bool is_frame;
    std::size_t at;       // in the text
    std::size_t body;     // in the output
    std::uint64_t count;  // of .repeat
  };

  [[noreturn]] void fail(std::size_t at, std::string_view what) const {
    throw AssemblyError(ErrorKind::malformed, text_, at, what);
  }
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  // --- between tokens ------------------------------------------------------
  void skip_blanks() {
    while (peek() == ' ' || peek() == '\t' || peek() == '\r') ++at_;
  }
  void skip_comment() {
    if (peek() != '#') return;
    at_ = std::min(text_.find('\n', at_), text_.size());
  }
  bool statement_ends() {
    skip_blanks();
    skip_comment();
    return at_ == text_.size() || text_[at_] == '\n' || text_[at_] == ';';
  }
  // Moves to the first byte of the next statement; false at the end.
  bool next_statement() {
    while (statement_ends()) {
      if (at_ == text_.size()) return false;
      ++at_;
    }
    return true;
  }
  void end_statement() {
    if (!statement_ends()) fail(at_, "expected a newline, ';' or '#' after the instruction");
  }

  // --- tokens --------------------------------------------------------------
  std::string_view word() {
    const std::size_t start = at_;
    while (at_ < text_.size() && is_word(text_[at_])) ++at_;
    return text_.substr(start, at_ - start);
  }

  // Reads one literal into literal_; `expected` says what stands here.
  void literal(std::string_view expected) {
    skip_blanks();
    literal_at_ = at_;
    if (!starts_literal(text_, at_)) fail(at_, fmt::format("expected {}", expected));
    try {
      read_literal(text_, at_, literal_);
    } catch (const DecodeError& error) {
      throw AssemblyError(ErrorKind::malformed, text_, static_cast<std::size_t>(error.offset()),
                          fmt::format("expected {} ({})", expected, error.what()));
    }
  }
  bool literal_is_text() const {
    return literal_.kind == Literal::Kind::string || literal_.kind == Literal::Kind::bytes;
  }

  // An integer that the range holds, as two's complement.
  std::uint64_t number(const Range& range) {
    const std::string expected = fmt::format("an integer from {}", range.text());
    literal(expected);
    if (literal_.kind != Literal::Kind::integer) fail(literal_at_, "expected " + expected);
    std::uint64_t magnitude = 0;
    const char* const end = literal_.text.data() + literal_.text.size();
    const auto [stopped, error] =
        std::from_chars(literal_.text.data(), end, magnitude, literal_.base);
    if (error != std::errc{} || stopped != end ||
        magnitude > (literal_.negative ? range.smallest() : range.largest()))
      fail(literal_at_, "expected " + expected);
    return literal_.negative ? ~magnitude + 1 : magnitude;
  }

  // --- output --------------------------------------------------------------
  void put(std::uint8_t byte) { out_.push_back(byte); }
  void put(std::string_view text) { out_.insert(out_.end(), text.begin(), text.end()); }
  void put_little(std::uint64_t value, unsigned width) {
    for (unsigned i = 0; i < width; ++i) put(static_cast<std::uint8_t>(value >> (8 * i)));
  }

  // --- statements ----------------------------------------------------------
  void statement() {
    const std::size_t start = at_;
    const std::string_view name = word();
    if (name.starts_with('.')) return directive(start, name);
    const Opcode* row = find_opcode(name);
    if (row == nullptr) fail(start, "expected an opcode's name, in pickletools' spelling");
    put(static_cast<std::uint8_t>(row->code));
    argument(*row, info(row->argument));
  }

  void argument(const Opcode& row, const ArgumentInfo& about) {
    switch (about.shape) {
      case Shape::none:
        return;
      case Shape::fixed:
        if (row.argument == Argument::float8) return float8();
        return put_little(number({about.width, about.is_signed}), about.width);
      case Shape::line:
        return line();
      case Shape::pair:
        line();
        return line();
      case Shape::counted:
        return counted(row, about);
    }
  }

  void line() {
    literal("a str or bytes literal, the line without its newline");
    if (!literal_is_text())
      fail(literal_at_, "expected a str or bytes literal, the line without its newline");
    const bool is_string = literal_.kind == Literal::Kind::string;
    for (const char c : literal_.text) {
      if (c == '\n') fail(literal_at_, "expected a line without a newline in it");
      if (is_string && (c & 0x80) != 0)
        fail(literal_at_, "expected ASCII in a str literal; write other bytes as b'...'");
    }
    put(literal_.text);
    put('\n');
  }

  void float8() {
    literal("a float or eight bytes, b'...'");
    if (literal_.kind == Literal::Kind::floating) {
      const auto bits = std::bit_cast<std::uint64_t>(literal_.floating);
      for (int shift = 56; shift >= 0; shift -= 8) put(static_cast<std::uint8_t>(bits >> shift));
    } else if (literal_.kind == Literal::Kind::bytes && literal_.text.size() == 8) {
      put(literal_.text);
    } else {
      fail(literal_at_, "expected a float or eight bytes, b'...'");
    }
  }

  void counted(const Opcode& row, const ArgumentInfo& about) {
    const bool is_long = row.argument == Argument::long1 || row.argument == Argument::long4;
    const std::string_view expected =
        is_long ? "an integer or bytes, b'...'" : "a str or bytes literal";
    literal(expected);
    const std::size_t at = literal_at_;
    std::string data;
    if (is_long && literal_.kind == Literal::Kind::integer) {
      data = integer_twos_complement(graph_, add_literal(graph_, literal_));
    } else if (literal_.kind == Literal::Kind::bytes ||
               (!is_long && literal_.kind == Literal::Kind::string)) {
      data.swap(literal_.text);
    } else {
      fail(at, fmt::format("expected {}", expected));
    }
    const Range range{about.width, about.is_signed};
    if (const std::optional<std::uint64_t> length = written_length(range)) {
      put_little(*length, about.width);
    } else if (data.size() <= range.largest()) {
      put_little(data.size(), about.width);
    } else {
      fail(at, fmt::format("expected at most {} bytes (there are {}), or len=N after them",
                           range.largest(), data.size()));
    }
    put(data);
  }

  // The N of an optional `len=N`.
  std::optional<std::uint64_t> written_length(const Range& range) {
    skip_blanks();
    constexpr std::string_view prefix = "len=";
    if (!text_.substr(at_).starts_with(prefix)) return std::nullopt;
    at_ += prefix.size();
    return number(range);
  }

  // --- directives ----------------------------------------------------------
  void directive(std::size_t start, std::string_view name) {
    if (name == ".hex") return hex();
    if (name == ".repeat") return begin_repeat(start);
    if (name == ".end") return end_repeat(start);
    if (name == ".frame") return begin_frame(start);
    if (name == ".endframe") return end_frame(start);
    fail(start, "expected .hex, .repeat, .end, .frame or .endframe");
  }

  void hex() {
    if (statement_ends()) fail(at_, "expected hex digits");
    do {
      const int high = hex_digit(peek());
      if (high < 0) fail(at_, "expected hex digits");
      ++at_;
      const int low = hex_digit(peek());
      if (low < 0) fail(at_, "expected the second hex digit of a byte");
      ++at_;
      put(static_cast<std::uint8_t>(high * 16 + low));
    } while (hex_digit(peek()) >= 0 || !statement_ends());
  }

  void begin_repeat(std::size_t start) {
    const std::uint64_t count = number({8, false});
    blocks_.push_back({false, start, out_.size(), count});
  }

  void end_repeat(std::size_t start) {
    const Block block = close(start, false);
    const std::size_t size = out_.size() - block.body;
    if (size == 0 || block.count == 1) return;
    if (block.count != 0 && (options_.repeat_limit < block.body ||
                             block.count > (options_.repeat_limit - block.body) / size))
      throw AssemblyError(
          ErrorKind::limit, text_, block.at,
          fmt::format("expected at most {} bytes from .repeat", options_.repeat_limit));
    const std::size_t wanted = size * static_cast<std::size_t>(block.count);
    out_.resize(block.body + wanted);
    // Doubles what is there until it is enough.
    for (std::size_t filled = size; filled < wanted; filled *= 2)
      std::memcpy(out_.data() + block.body + filled, out_.data() + block.body,
                  std::min(filled, wanted - filled));
  }

  void begin_frame(std::size_t start) {
    put(static_cast<std::uint8_t>(Code::FRAME));
    put_little(0, 8);
    blocks_.push_back({true, start, out_.size(), 0});
  }

  void end_frame(std::size_t start) {
    const Block block = close(start, true);
    const std::uint64_t size = out_.size() - block.body;
    for (unsigned i = 0; i < 8; ++i)
      out_[block.body - 8 + i] = static_cast<std::uint8_t>(size >> (8 * i));
  }

  Block close(std::size_t start, bool is_frame) {
    if (blocks_.empty() || blocks_.back().is_frame != is_frame)
      fail(start, blocks_.empty()           ? "expected an instruction: no block is open here"
                  : blocks_.back().is_frame ? "expected .endframe first"
                                            : "expected .end first");
    const Block block = blocks_.back();
    blocks_.pop_back();
    return block;
  }

  std::string_view text_;
  AssembleOptions options_;
  std::size_t at_ = 0;
  Graph graph_;  // of the integers of LONG1 and LONG4
  Literal literal_;
  std::size_t literal_at_ = 0;
  std::vector<Block> blocks_;
  std::vector<std::uint8_t> out_;
};

}  // namespace

AssemblyError::AssemblyError(ErrorKind kind, std::string_view text, std::size_t offset,
                             std::string_view what)
    : DecodeError(kind, offset,
                  fmt::format("line {}, column {}", line_of(text, offset), column_of(text, offset)),
                  what),
      line_(line_of(text, offset)),
      column_(column_of(text, offset)) {}

std::vector<std::uint8_t> assemble(std::string_view text, const AssembleOptions& options) {
  return Assembler(text, options).run();
}

}  // namespace assay::pickle
