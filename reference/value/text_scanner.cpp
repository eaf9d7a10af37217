#include "reference/value/text_scanner.h"

#include <fmt/format.h>

#include <charconv>

#include "reference/bytes/error.h"

namespace assay {

void TextScanner::fail_at(std::size_t offset, std::string_view field, std::string_view what) const {
  const ErrorKind kind = offset >= text_.size() ? ErrorKind::truncated : ErrorKind::malformed;
  throw DecodeError(kind, offset, field, what);
}

void TextScanner::expect(char c, std::string_view field) {
  if (!accept(c)) fail(field, fmt::format("expected '{}'", c));
}

std::string_view TextScanner::read_name() {
  const std::size_t start = at_;
  while (is_letter(peek()) || is_decimal(peek())) ++at_;
  return text_.substr(start, at_ - start);
}

std::uint32_t TextScanner::read_number(std::string_view field) {
  std::uint32_t number = 0;
  const char* const start = text_.data() + at_;
  const auto [end, error] = std::from_chars(start, text_.data() + text_.size(), number);
  if (end == start) fail(field, "expected a number");
  if (error != std::errc{} || number >= no_node) fail(field, "number too large");
  at_ += static_cast<std::size_t>(end - start);
  return number;
}

NodeId TextScanner::read_literal_node() {
  read_literal(text_, at_, literal_);
  return add_literal(graph_, literal_);
}

std::optional<NodeId> TextScanner::read_named_atom(std::string_view name) {
  std::optional<NodeId> made;
  if (name == "set") {
    expect('(', name);
    made = graph_.set();
  } else if (name == "bytearray") {
    expect('(', name);
    skip();
    Bytes content;
    if (peek() != ')') {
      read_literal_of(Literal::Kind::bytes, name, "expected a bytes literal");
      content = graph_.keep(as_bytes(literal_.text));
    }
    made = graph_.bytearray(content);
  } else if (name == "complex") {
    expect('(', name);
    read_literal_of(Literal::Kind::floating, name, "expected a float");
    const double real = literal_.floating;
    expect(',', name);
    read_literal_of(Literal::Kind::floating, name, "expected a float");
    made = graph_.complex(real, literal_.floating);
  } else if (name == "long") {
    expect('(', name);
    read_literal_of(Literal::Kind::integer, name, "expected an integer");
    made = add_literal(graph_, literal_, true);
  } else if (name == "buffer" || name == "ext") {
    expect('(', name);
    const std::int64_t number = read_small(name);
    made = name == "buffer" ? graph_.buffer(number) : graph_.ext(number);
  }
  if (made) expect(')', name);
  return made;
}

void TextScanner::read_literal_of(Literal::Kind kind, std::string_view field,
                                  std::string_view expected) {
  skip();
  const std::size_t start = at_;
  if (!at_literal()) fail(field, expected);
  read_literal(text_, at_, literal_);
  if (literal_.kind != kind) fail_at(start, field, expected);
}

std::int64_t TextScanner::read_small(std::string_view field) {
  skip();
  const std::size_t start = at_;
  read_literal_of(Literal::Kind::integer, field, "expected an integer");
  const NodeId id = add_literal(graph_, literal_);
  if (graph_.kind(id) != Kind::integer) fail_at(start, field, "integer beyond 64 bits");
  return graph_[id].integer;
}

}  // namespace assay
