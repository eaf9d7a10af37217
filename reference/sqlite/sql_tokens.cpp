#include "reference/sqlite/sql_tokens.h"

#include <algorithm>
#include <array>

namespace assay::sqlite {
namespace {

bool space(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r' && c != '\v');
}
bool digit(char c) {
  return c >= '0' && c <= '9';
}
bool hex_digit(char c) {
  return digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
char upper(char c) {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}
// Characters inside of a word. Everything beyond ASCII is a letter.
bool word_char(char c) {
  return digit(c) || (upper(c) >= 'A' && upper(c) <= 'Z') || c == '_' || c == '$' ||
         static_cast<unsigned char>(c) >= 0x80;
}

class Scanner {
 public:
  explicit Scanner(std::string_view sql) : sql_(sql.substr(0, sql.find('\0'))) {}

  Token next() {
    skip_blank();
    Token token;
    token.at = at_;
    if (at_ < sql_.size()) token.kind = scan();
    token.text = sql_.substr(token.at, at_ - token.at);
    return token;
  }

 private:
  char peek(std::size_t ahead = 0) const {
    return at_ + ahead < sql_.size() ? sql_[at_ + ahead] : '\0';
  }
  void skip_blank() {
    for (;;) {
      while (at_ < sql_.size() && space(sql_[at_])) ++at_;
      if (peek() == '-' && peek(1) == '-') {
        at_ = std::min(sql_.find('\n', at_), sql_.size());
      } else if (peek() == '/' && peek(1) == '*') {
        const std::size_t end = sql_.find("*/", at_ + 2);
        at_ = end == std::string_view::npos ? sql_.size() : end + 2;
      } else {
        return;
      }
    }
  }
  TokenKind scan() {
    const char c = peek();
    if (c == '\'') return quoted('\'', TokenKind::string);
    if (c == '"' || c == '`') return quoted(c, TokenKind::identifier);
    if (c == '[') return bracketed();
    if (digit(c) || (c == '.' && digit(peek(1)))) return number();
    if ((c == 'x' || c == 'X') && peek(1) == '\'') return blob();
    if (c == '?' || c == ':' || c == '@' || c == '#' || c == '$') return variable();
    if (word_char(c)) {
      while (word_char(peek())) ++at_;
      return TokenKind::word;
    }
    return symbol();
  }
  TokenKind quoted(char quote, TokenKind kind) {
    for (++at_; at_ < sql_.size(); ++at_) {
      if (sql_[at_] != quote) continue;
      if (peek(1) != quote) return ++at_, kind;
      ++at_;
    }
    return TokenKind::illegal;
  }
  TokenKind bracketed() {
    const std::size_t end = sql_.find(']', at_);
    at_ = end == std::string_view::npos ? sql_.size() : end + 1;
    return end == std::string_view::npos ? TokenKind::illegal : TokenKind::identifier;
  }
  TokenKind number() {
    TokenKind kind = TokenKind::integer;
    if (peek() == '0' && (peek(1) == 'x' || peek(1) == 'X') && hex_digit(peek(2))) {
      at_ += 3;
      while (hex_digit(peek())) ++at_;
    } else {
      while (digit(peek())) ++at_;
      if (peek() == '.') {
        kind = TokenKind::floating;
        ++at_;
        while (digit(peek())) ++at_;
      }
      const bool sign = peek(1) == '+' || peek(1) == '-';
      if ((peek() == 'e' || peek() == 'E') && digit(peek(sign ? 2 : 1))) {
        kind = TokenKind::floating;
        at_ += sign ? 2 : 1;
        while (digit(peek())) ++at_;
      }
    }
    if (!word_char(peek())) return kind;
    while (word_char(peek())) ++at_;
    return TokenKind::illegal;
  }
  TokenKind blob() {
    at_ += 2;
    const std::size_t start = at_;
    while (hex_digit(peek())) ++at_;
    const bool whole = peek() == '\'' && (at_ - start) % 2 == 0;
    if (whole) ++at_;
    return whole ? TokenKind::blob : TokenKind::illegal;
  }
  TokenKind variable() {
    ++at_;
    while (word_char(peek())) ++at_;
    return TokenKind::variable;
  }
  TokenKind symbol() {
    static constexpr std::array<std::string_view, 11> longer = {
        "->>", "->", "||", "<<", ">>", "<=", ">=", "==", "!=", "<>", "::"};
    for (const std::string_view one : longer)
      if (sql_.substr(at_).starts_with(one)) return at_ += one.size(), TokenKind::symbol;
    const bool known = std::string_view("()+-*/%=<>!,;&|~.").find(peek()) != std::string_view::npos;
    ++at_;
    return known ? TokenKind::symbol : TokenKind::illegal;
  }

  std::string_view sql_;
  std::size_t at_ = 0;
};

}  // namespace

bool Token::is(std::string_view word) const {
  return kind == TokenKind::word && same_name(text, word);
}

bool same_name(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return upper(x) == upper(y); });
}

std::vector<Token> tokenize(std::string_view sql) {
  Scanner scanner(sql);
  std::vector<Token> tokens;
  do {
    tokens.push_back(scanner.next());
  } while (tokens.back().kind != TokenKind::end);
  return tokens;
}

const Token& TokenReader::current(std::size_t ahead) const {
  return tokens_[std::min(at_ + ahead, tokens_.size() - 1)];
}

bool TokenReader::take_word(std::string_view word) {
  const bool found = current().is(word);
  if (found) ++at_;
  return found;
}

bool TokenReader::take_symbol(std::string_view what) {
  const bool found = current().symbol(what);
  if (found) ++at_;
  return found;
}

std::string unquoted(const Token& token) {
  if (token.kind != TokenKind::identifier && token.kind != TokenKind::string)
    return std::string(token.text);
  const char quote = token.text.front() == '[' ? ']' : token.text.front();
  std::string plain;
  const std::string_view inner = token.text.substr(1, token.text.size() - 2);
  for (std::size_t i = 0; i < inner.size(); ++i) {
    plain += inner[i];
    if (inner[i] == quote) ++i;
  }
  return plain;
}

}  // namespace assay::sqlite
