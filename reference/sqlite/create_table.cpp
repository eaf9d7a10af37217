#include "reference/sqlite/create_table.h"

#include <fmt/format.h>

#include "reference/bytes/error.h"
#include "reference/sqlite/sql_tokens.h"

namespace assay::sqlite {
namespace {

class Parser : TokenReader {
 public:
  explicit Parser(std::string_view sql) : TokenReader(sql), sql_(sql) {}

  TableDefinition parse() {
    need_word("CREATE");
    if (take_word("VIRTUAL")) {
      need_word("TABLE");
      table_.virtual_table = true;
      read_name();
      need_word("USING");
      return std::move(table_);
    }
    if (!take_word("TEMP")) take_word("TEMPORARY");
    need_word("TABLE");
    read_name();
    need_symbol("(");
    bool constraints = false;
    do {
      if (starts_table_constraint()) constraints = true;
      if (constraints) {
        read_table_constraints();
      } else {
        read_column();
      }
    } while (take_symbol(","));
    need_symbol(")");
    read_options();
    take_symbol(";");
    if (current().kind != TokenKind::end) refuse("nothing more");
    finish();
    return std::move(table_);
  }

 private:
  // --- tokens ----------------------------------------------------------------
  Token take() {
    const Token token = current();
    if (token.kind == TokenKind::illegal || token.kind == TokenKind::end) refuse("more");
    ++at_;
    return token;
  }
  void need_word(std::string_view word) {
    if (!take_word(word)) refuse(word);
  }
  void need_symbol(std::string_view what) {
    if (!take_symbol(what)) refuse(what);
  }
  std::string need_name() {
    if (!current().names()) refuse("a name");
    return unquoted(take());
  }
  [[noreturn]] void refuse(std::string_view expected) const {
    const Token& token = current();
    throw DecodeError(
        ErrorKind::malformed, token.at, "CREATE TABLE",
        fmt::format("expected {}, found {}", expected,
                    token.kind == TokenKind::end ? "the end" : token.text.substr(0, 40)));
  }
  // The text from a token's start to the end of the token before the current.
  std::string text_since(std::size_t first) const {
    if (first == at_) return "";
    const Token& last = tokens_[at_ - 1];
    return std::string(
        sql_.substr(tokens_[first].at, last.at + last.text.size() - tokens_[first].at));
  }
  // What stands in parentheses, however nested; the current token opens them.
  std::string read_parentheses() {
    need_symbol("(");
    const std::size_t first = at_;
    for (std::size_t depth = 1; depth != 0;) {
      const Token token = take();
      if (token.symbol("(")) ++depth;
      if (token.symbol(")")) --depth;
    }
    const std::size_t after = at_--;
    std::string text = text_since(first);
    at_ = after;
    return text;
  }

  // --- the parts of the statement --------------------------------------------
  void read_name() {
    if (take_word("IF")) {
      need_word("NOT");
      need_word("EXISTS");
    }
    table_.name = need_name();
    if (take_symbol(".")) table_.name = need_name();
  }
  bool starts_table_constraint() const {
    for (const char* word : {"CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"})
      if (current().is(word)) return true;
    return false;
  }
  bool starts_column_constraint() const {
    for (const char* word : {"CONSTRAINT", "DEFAULT", "NULL", "NOT", "PRIMARY", "UNIQUE", "CHECK",
                             "REFERENCES", "COLLATE", "AS", "DEFERRABLE"})
      if (current().is(word)) return true;
    return false;
  }
  void read_column() {
    Column column;
    column.name = need_name();
    if (table_.find(column.name)) refuse("another column name");
    column.type = read_type();
    table_.columns.push_back(std::move(column));
    while (!current().symbol(",") && !current().symbol(")")) read_column_constraint();
    Column& made = table_.columns.back();
    made.affinity = affinity_of(made.type);
    // A column without a type has the affinity BLOB; so has ANY where the table
    // is STRICT (STRICT Tables, 2).
    if (made.type.empty()) made.affinity = Affinity::blob;
  }
  // Words up to a constraint, then up to two numbers in parentheses. The words
  // "GENERATED ALWAYS" fall to the type, and SQLite cuts them off again
  // (build.c, sqlite3AddColumn).
  std::string read_type() {
    const std::size_t first = at_;
    while (current().names() && !starts_column_constraint()) {
      if (current().is("GENERATED") && current(1).is("ALWAYS") && current(2).is("AS")) break;
      ++at_;
    }
    if (first != at_ && current().symbol("(")) read_parentheses();
    std::string type = text_since(first);
    // A type that begins with a quote is what stands up to the closing one.
    if (first != at_ && tokens_[first].kind != TokenKind::word) type = unquoted(tokens_[first]);
    if (take_word("GENERATED")) need_word("ALWAYS");
    return type;
  }
  void read_column_constraint() {
    Column& column = table_.columns.back();
    if (take_word("CONSTRAINT")) {
      need_name();
    } else if (take_word("DEFAULT")) {
      read_default(column);
    } else if (take_word("NULL")) {
      read_conflict();
    } else if (take_word("NOT")) {
      if (current().is("DEFERRABLE")) return;
      need_word("NULL");
      column.not_null = true;
      read_conflict();
    } else if (take_word("PRIMARY")) {
      read_primary_key_of_column();
    } else if (take_word("UNIQUE")) {
      table_.unique_keys.push_back({{{table_.columns.size() - 1, "", false}}, false});
      read_conflict();
    } else if (take_word("CHECK")) {
      read_parentheses();
      read_conflict();
    } else if (take_word("REFERENCES")) {
      read_references({table_.columns.size() - 1});
    } else if (take_word("DEFERRABLE")) {
      read_initially();
    } else if (take_word("COLLATE")) {
      column.collation = need_name();
    } else if (current().is("AS") || current().is("GENERATED")) {
      read_generated(column);
    } else {
      refuse("a column constraint");
    }
  }
  void read_default(Column& column) {
    const std::size_t first = at_;
    if (current().symbol("(")) {
      read_parentheses();
    } else {
      if (current().symbol("+") || current().symbol("-")) ++at_;
      take();
    }
    column.default_sql = text_since(first);
  }
  void read_generated(Column& column) {
    if (take_word("GENERATED")) need_word("ALWAYS");
    need_word("AS");
    column.generated_sql = read_parentheses();
    column.generated = Generated::virtual_;
    if (take_word("STORED")) {
      column.generated = Generated::stored;
    } else {
      take_word("VIRTUAL");
    }
  }
  void read_conflict() {
    if (!current().is("ON") || !current(1).is("CONFLICT")) return;
    at_ += 2;
    need_name();
  }
  void read_initially() {
    if (!take_word("INITIALLY")) return;
    if (!take_word("DEFERRED")) need_word("IMMEDIATE");
  }
  bool read_order() {
    if (take_word("DESC")) return true;
    take_word("ASC");
    return false;
  }
  void read_primary_key_of_column() {
    need_word("KEY");
    const std::size_t column = table_.columns.size() - 1;
    const bool descending = read_order();
    read_conflict();
    if (take_word("AUTOINCREMENT")) table_.autoincrement = true;
    add_primary_key({{column, "", descending}}, descending);
  }
  void add_primary_key(std::vector<KeyColumn> key, bool descending_column) {
    if (!table_.primary_key.empty()) refuse("a single PRIMARY KEY");
    table_.primary_key = std::move(key);
    primary_at_ = table_.unique_keys.size();
    const std::size_t column = table_.primary_key.front().column;
    if (table_.primary_key.size() == 1 && same_name(table_.columns[column].type, "INTEGER") &&
        !descending_column)
      table_.rowid_alias = column;
  }
  void read_references(std::vector<std::size_t> columns) {
    ForeignKey key;
    key.columns = std::move(columns);
    key.parent = need_name();
    if (current().symbol("(")) key.keys = read_names();
    if (!key.keys.empty() && key.keys.size() != key.columns.size())
      refuse("as many columns of the parent as of the foreign key");
    table_.foreign_keys.push_back(std::move(key));
    for (;;) {
      if (take_word("ON")) {
        take();  // DELETE, UPDATE
        if (take_word("SET") || take_word("NO"))
          take();
        else
          take();  // CASCADE, RESTRICT
      } else if (take_word("MATCH")) {
        need_name();
      } else if (current().is("NOT") && current(1).is("DEFERRABLE")) {
        at_ += 2;
        read_initially();
      } else if (take_word("DEFERRABLE")) {
        read_initially();
      } else {
        return;
      }
    }
  }
  // Table constraints need no comma between them.
  void read_table_constraints() {
    do {
      if (take_word("CONSTRAINT")) {
        need_name();
      } else if (take_word("PRIMARY")) {
        need_word("KEY");
        add_primary_key(read_key_list(), false);
        read_conflict();
      } else if (take_word("UNIQUE")) {
        table_.unique_keys.push_back({read_key_list(), false});
        read_conflict();
      } else if (take_word("CHECK")) {
        read_parentheses();
        read_conflict();
      } else if (take_word("FOREIGN")) {
        need_word("KEY");
        std::vector<std::size_t> columns;
        for (const std::string& name : read_names()) {
          const auto column = table_.find(name);
          if (!column) refuse("a column of the table before this");
          columns.push_back(*column);
        }
        need_word("REFERENCES");
        read_references(std::move(columns));
      } else {
        refuse("a table constraint");
      }
    } while (starts_table_constraint());
  }
  // Names in parentheses; what may stand behind one says nothing (parse.y, eidlist).
  std::vector<std::string> read_names() {
    need_symbol("(");
    std::vector<std::string> names;
    do {
      names.push_back(need_name());
      if (take_word("COLLATE")) need_name();
      read_order();
    } while (take_symbol(","));
    need_symbol(")");
    return names;
  }
  std::vector<KeyColumn> read_key_list() {
    need_symbol("(");
    std::vector<KeyColumn> key;
    do {
      KeyColumn part;
      const auto column = table_.find(need_name());
      if (!column) refuse("a column of the table before this");
      part.column = *column;
      if (take_word("COLLATE")) part.collation = need_name();
      part.descending = read_order();
      key.push_back(std::move(part));
    } while (take_symbol(","));
    if (take_word("AUTOINCREMENT")) table_.autoincrement = true;
    need_symbol(")");
    return key;
  }
  void read_options() {
    if (current().kind == TokenKind::end || current().symbol(";")) return;
    do {
      if (take_word("WITHOUT")) {
        need_word("ROWID");
        table_.without_rowid = true;
      } else {
        need_word("STRICT");
        table_.strict = true;
      }
    } while (take_symbol(","));
  }
  void finish() {
    if (table_.without_rowid) {
      if (table_.primary_key.empty()) refuse("a PRIMARY KEY in a WITHOUT ROWID table");
    }
    // WITHOUT ROWID, what would be the rowid gets its index last (build.c,
    // convertToWithoutRowidTable).
    if (!table_.primary_key.empty() && (table_.without_rowid || !table_.rowid_alias)) {
      const std::size_t at = table_.rowid_alias ? table_.unique_keys.size() : primary_at_;
      table_.unique_keys.insert(table_.unique_keys.begin() + static_cast<std::ptrdiff_t>(at),
                                {table_.primary_key, true});
    }
    if (table_.without_rowid) table_.rowid_alias.reset();
    for (Column& column : table_.columns)
      if (table_.strict && same_name(column.type, "ANY")) column.affinity = Affinity::blob;
    const auto collate = [this](std::vector<KeyColumn>& key) {
      for (KeyColumn& part : key)
        if (part.collation.empty()) part.collation = table_.columns[part.column].collation;
    };
    collate(table_.primary_key);
    for (UniqueKey& key : table_.unique_keys) collate(key.columns);
  }

  std::string_view sql_;
  TableDefinition table_;
  std::size_t primary_at_ = 0;  // unique keys before the primary one
};

bool contains(const std::string& upper, std::string_view part) {
  return upper.find(part) != std::string::npos;
}

}  // namespace

Affinity affinity_of(std::string_view declared_type) {
  std::string upper;
  for (const char c : declared_type)
    upper += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  if (contains(upper, "INT")) return Affinity::integer;
  if (contains(upper, "CHAR") || contains(upper, "CLOB") || contains(upper, "TEXT"))
    return Affinity::text;
  if (contains(upper, "BLOB")) return Affinity::blob;
  if (contains(upper, "REAL") || contains(upper, "FLOA") || contains(upper, "DOUB"))
    return Affinity::real;
  return Affinity::numeric;
}

std::optional<std::size_t> TableDefinition::find(std::string_view column) const {
  for (std::size_t i = 0; i < columns.size(); ++i)
    if (same_name(columns[i].name, column)) return i;
  return std::nullopt;
}

TableDefinition parse_create_table(std::string_view sql) {
  return Parser(sql).parse();
}

}  // namespace assay::sqlite
