#include "reference/sqlite/schema_check.h"

#include <fmt/format.h>

#include "reference/sqlite/sql_tokens.h"

namespace assay::sqlite {
namespace {

[[noreturn]] void refuse(const SchemaEntry& entry, const std::string& what) {
  throw DecodeError(ErrorKind::malformed, entry.offset, "schema",
                    fmt::format("row of {}: {}", entry.name, what));
}

// What a CREATE statement makes: its kind in lower case, its name. Empty where
// the SQL is no such statement.
struct Made {
  std::string kind, name;
};

Made made_by(std::string_view sql) {
  const std::vector<Token> tokens = tokenize(sql);
  std::size_t at = 0;
  const auto take = [&](std::string_view word) {
    const bool found = at < tokens.size() && tokens[at].is(word);
    if (found) ++at;
    return found;
  };
  if (!take("CREATE")) return {};
  for (const char* word : {"UNIQUE", "VIRTUAL", "TEMP", "TEMPORARY"}) take(word);
  Made made;
  for (const char* kind : {"table", "index", "view", "trigger"}) {
    std::string upper(kind);
    for (char& c : upper) c = static_cast<char>(c - 'a' + 'A');
    if (take(upper)) made.kind = kind;
  }
  if (take("IF")) at += 2;  // NOT EXISTS
  if (made.kind.empty() || at >= tokens.size() || !tokens[at].names()) return {};
  made.name = unquoted(tokens[at]);
  return made;
}

bool begins_with_cr(std::string_view sql) {
  return sql.size() >= 2 && (sql[0] | 0x20) == 'c' && (sql[1] | 0x20) == 'r';
}

// build.c, sqlite3CheckObjectName: kind, name and, of a table, the table's name.
void check_created(const SchemaEntry& entry) {
  const Made made = made_by(*entry.sql);
  if (made.kind.empty()) refuse(entry, "its SQL is no CREATE statement");
  if (!same_name(made.kind, entry.type) || !same_name(made.name, entry.name))
    refuse(entry, fmt::format("a {}, whose SQL makes the {} {}", entry.type, made.kind, made.name));
  if ((made.kind == "table" || made.kind == "view") && !same_name(made.name, entry.table))
    refuse(entry, fmt::format("stands under the table {}", entry.table));
  // Page 1 belongs to the schema (build.c, sqlite3StartTable).
  if (made.kind == "table" && entry.root == 1) refuse(entry, "its root is page 1");
}

}  // namespace

void check_schema(const Database& database) {
  for (const SchemaEntry& entry : database.schema()) {
    if (entry.root < 0 || entry.root > std::int64_t{database.pager().page_count()})
      refuse(entry, fmt::format("root page {} of {}", entry.root, database.pager().page_count()));
    if (entry.sql && begins_with_cr(*entry.sql)) {
      check_created(entry);
    } else if (entry.sql && !entry.sql->empty()) {
      refuse(entry, "its SQL is no CREATE statement");
    } else if (entry.name.empty() || entry.root < 2) {
      refuse(entry, "has neither SQL nor a root page");
    }
  }
}

}  // namespace assay::sqlite
