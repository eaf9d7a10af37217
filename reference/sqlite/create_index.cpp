#include "reference/sqlite/create_index.h"

#include "reference/sqlite/sql_tokens.h"

namespace assay::sqlite {
namespace {

class Parser : TokenReader {
 public:
  explicit Parser(std::string_view sql) : TokenReader(sql) {}

  std::optional<IndexDefinition> parse() {
    if (!take_word("CREATE")) return std::nullopt;
    const bool unique = take_word("UNIQUE");
    if (!take_word("INDEX")) return std::nullopt;
    if (take_word("IF")) at_ += 2;  // NOT EXISTS
    skip_name();
    if (take_symbol(".")) skip_name();
    if (!take_word("ON") || !current().names()) return std::nullopt;
    IndexDefinition index;
    index.unique = unique;
    index.table = unquoted(current());
    skip_name();
    if (!take_symbol("(")) return std::nullopt;
    do {
      read_part(index);
    } while (take_symbol(","));
    if (!take_symbol(")")) return std::nullopt;
    index.partial = take_word("WHERE");
    return index;
  }

 private:
  bool ended() const { return current().kind == TokenKind::end; }
  void skip_name() {
    if (!ended()) ++at_;
  }
  bool at_end_of_part() const { return ended() || current().symbol(",") || current().symbol(")"); }
  // A column with its collation and order, or anything else up to the comma.
  void read_part(IndexDefinition& index) {
    IndexDefinition::Part part;
    if (current().names()) {
      part.column = unquoted(current());
      ++at_;
    }
    if (take_word("COLLATE") && current().names()) {
      part.collation = unquoted(current());
      ++at_;
    }
    if (!take_word("ASC")) take_word("DESC");
    if (part.column.empty() || !at_end_of_part()) index.expressions = true;
    for (std::size_t depth = 0; !ended() && (depth > 0 || !at_end_of_part()); ++at_) {
      if (current().symbol("(")) ++depth;
      if (current().symbol(")")) --depth;
    }
    index.parts.push_back(std::move(part));
  }
};

}  // namespace

std::optional<IndexDefinition> parse_create_index(std::string_view sql) {
  return Parser(sql).parse();
}

}  // namespace assay::sqlite
