// Characters, names and atoms of value text. For value/text.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "reference/value/graph.h"
#include "reference/value/literal.h"

namespace assay {

class TextScanner {
 protected:
  TextScanner(Graph& graph, std::string_view text) : graph_(graph), text_(text) {}

  static bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  }
  static bool is_decimal(char c) { return c >= '0' && c <= '9'; }

  // NUL past the end.
  char peek(std::size_t ahead = 0) const {
    return ahead < text_.size() - at_ ? text_[at_ + ahead] : '\0';
  }
  // Moves past blanks: spaces and newlines.
  void skip() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n')) ++at_;
  }
  // Moves past blanks, and past `c` if that is next.
  bool accept(char c) {
    skip();
    if (peek() != c) return false;
    ++at_;
    return true;
  }
  void expect(char c, std::string_view field);
  [[noreturn]] void fail_at(std::size_t offset, std::string_view field,
                            std::string_view what) const;
  [[noreturn]] void fail(std::string_view field, std::string_view what) const {
    fail_at(at_, field, what);
  }

  // Letters and digits; empty if there are none.
  std::string_view read_name();
  // A label's number, below no_node.
  std::uint32_t read_number(std::string_view field);

  bool at_literal() const { return starts_literal(text_, at_); }
  NodeId read_literal_node();
  // What follows the name of an atom with literals in parentheses: set(),
  // bytearray(b'…'), complex(…), long(…), buffer(…), ext(…). Nothing for any
  // other name.
  std::optional<NodeId> read_named_atom(std::string_view name);

  Graph& graph_;
  std::string_view text_;
  std::size_t at_ = 0;

 private:
  void read_literal_of(Literal::Kind kind, std::string_view field, std::string_view expected);
  std::int64_t read_small(std::string_view field);

  Literal literal_;
};

}  // namespace assay
