#include "harness/persistent/select_statement.h"

#include <fmt/format.h>

#include <stdexcept>

#include "reference/sqlite/sql_tokens.h"

namespace assay {
namespace {

using sqlite::Token;
using sqlite::TokenKind;

class Parser {
 public:
  explicit Parser(std::string_view sql) : sql_(sql), tokens_(sqlite::tokenize(sql)) {}

  SelectByKey parse() {
    if (!take_word("SELECT"))
      refuse("would write, or is none that fetches a row; write SELECT … FROM … WHERE … = ?");
    SelectByKey select;
    if (!take_symbol("*")) {
      do {
        SelectByKey::Output output;
        output.column = column();
        if (take_word("AS")) output.name = name();
        select.outputs.push_back(std::move(output));
      } while (take_symbol(","));
    }
    need_word("FROM");
    select.table = name();
    if (tokens_[at_].kind == TokenKind::end || take_symbol(";"))
      refuse("needs exactly one parameter, the key: … WHERE column = ?");
    need_word("WHERE");
    select.key = column();
    if (!take_symbol("=") && !take_symbol("==")) refuse_token("=");
    if (tokens_[at_].kind != TokenKind::variable) refuse("needs exactly one parameter, the key");
    ++at_;
    take_symbol(";");
    if (tokens_[at_].kind != TokenKind::end) refuse_token("nothing more");
    return select;
  }

 private:
  bool take_word(std::string_view word) {
    const bool found = tokens_[at_].is(word);
    if (found) ++at_;
    return found;
  }
  bool take_symbol(std::string_view what) {
    const bool found = tokens_[at_].symbol(what);
    if (found) ++at_;
    return found;
  }
  void need_word(std::string_view word) {
    if (!take_word(word)) refuse_token(word);
  }
  std::string name() {
    if (!tokens_[at_].names()) refuse_token("a name");
    return sqlite::unquoted(tokens_[at_++]);
  }
  std::string column() {
    std::string found = name();
    if (take_symbol(".")) found = name();
    return found;
  }
  [[noreturn]] void refuse(std::string_view what) const {
    throw std::runtime_error(fmt::format("the SQL statement {} (in: {})", what, sql_));
  }
  [[noreturn]] void refuse_token(std::string_view expected) const {
    const Token& token = tokens_[at_];
    refuse(fmt::format("is more than SELECT … FROM … WHERE … = ?: expected {}, found {}", expected,
                       token.kind == TokenKind::end ? "the end" : token.text));
  }

  std::string_view sql_;
  std::vector<Token> tokens_;
  std::size_t at_ = 0;
};

}  // namespace

SelectByKey parse_select_by_key(std::string_view sql) {
  return Parser(sql).parse();
}

}  // namespace assay
