// SQL text as tokens, as SQLite's tokenizer cuts it (tokenize.c,
// sqlite3GetToken). Knows no grammar.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace assay::sqlite {

enum class TokenKind : std::uint8_t {
  end,
  word,        // an identifier or keyword without quotes
  identifier,  // "x", `x` or [x]
  string,      // 'x'
  integer,     // 12, 0x1f
  floating,    // 1.5, .5, 1e3
  blob,        // x'1f'
  variable,    // ?1, :a, @a, $a, #1
  symbol,      // an operator or punctuation of one to three characters
  illegal,
};

struct Token {
  TokenKind kind = TokenKind::end;
  std::string_view text;  // as it stands in the SQL
  std::size_t at = 0;     // where

  // A word, compared without case. `upper` in capitals.
  bool is(std::string_view upper) const;
  bool symbol(std::string_view what) const { return kind == TokenKind::symbol && text == what; }
  // What may name something: a word, or quoted text of any kind.
  bool names() const {
    return kind == TokenKind::word || kind == TokenKind::identifier || kind == TokenKind::string;
  }
};

// Every token, comments and white space left out, ended by one of kind `end`.
// A NUL ends the SQL, as it ends a C string. The views are into `sql`.
std::vector<Token> tokenize(std::string_view sql);
std::vector<Token> tokenize(std::string&& sql) = delete;  // which would not outlive them

// Tokens one after the other, for parsers to derive from; behind the last one it
// stays at that of kind `end`. The SQL must outlive it.
class TokenReader {
 protected:
  explicit TokenReader(std::string_view sql) : tokens_(tokenize(sql)) {}

  const Token& current(std::size_t ahead = 0) const;
  // Goes on if the current token is this word (in capitals), this symbol.
  bool take_word(std::string_view word);
  bool take_symbol(std::string_view what);

  std::vector<Token> tokens_;
  std::size_t at_ = 0;
};

// A token's text without its quotes, doubled quotes undone (util.c,
// sqlite3Dequote); a token without quotes as it is.
std::string unquoted(const Token& token);

// Compares without the case of A to Z, as SQLite compares names.
bool same_name(std::string_view a, std::string_view b);

}  // namespace assay::sqlite
