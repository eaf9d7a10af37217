// CREATE TABLE as SQLite's own parser understood it: PRAGMA table_xinfo.
#include "reference/sqlite/create_table.h"

#include "reference/sqlite/sqlite_for_tests.h"

namespace assay::sqlite {
namespace {

using CreateTable = SqliteTest;

// name|type|hidden|pk of each column.
std::vector<std::string> ours(const TableDefinition& table) {
  std::vector<std::string> found;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const Column& column = table.columns[i];
    int key = 0;
    for (std::size_t k = table.primary_key.size(); k-- > 0;)
      if (table.primary_key[k].column == i) key = static_cast<int>(k) + 1;
    found.push_back(fmt::format("'{}'|'{}'|{}|{}", column.name, column.type,
                                column.generated == Generated::no         ? 0
                                : column.generated == Generated::virtual_ ? 2
                                                                          : 3,
                                key));
  }
  return found;
}

TEST_F(CreateTable, ColumnsTypesAndKeysAsSqliteParsesThem) {
  Real real(path("t.db"));
  int n = 0;
  for (const char* columns : {"a",
                              "a, b",
                              "a INT, b INTEGER PRIMARY KEY",
                              "a VARCHAR(10) NOT NULL DEFAULT 'x(', b",
                              "a  unsigned   big  int , b DECIMAL ( 10 , 5 )",
                              "[a b] 'long type' \"other\", `c`",
                              "a INT GENERATED ALWAYS AS (b + (1)) STORED, b",
                              "a AS (b), b",
                              "a TEXT AS (b) VIRTUAL, b",
                              "a GENERATED ALWAYS AS (b), b",
                              "a DEFAULT -5 UNIQUE, b DEFAULT (1, 2) CHECK (a < 1)",
                              "a, b, c, PRIMARY KEY (c, a)",
                              "a REFERENCES x(y) ON UPDATE CASCADE MATCH FULL NOT NULL, b",
                              "a COLLATE nocase PRIMARY KEY ON CONFLICT IGNORE, b",
                              "a NOT NULL ON CONFLICT FAIL",
                              "a DEFAULT CURRENT_TIMESTAMP, b DEFAULT true NULL",
                              "\"a\"\"b\", [c], 'd''e'",
                              "key, action, abort, desc, temp, row, rows, first",
                              "\u00e9 \u00fc, b$c, _d1",
                              "a, CONSTRAINT x PRIMARY KEY (a) CONSTRAINT y UNIQUE (a), CHECK (a)",
                              "a INTEGER PRIMARY KEY AUTOINCREMENT",
                              "a DEFAULT x'00', b DEFAULT 1.5e3 DEFAULT .5"}) {
    const std::string name = fmt::format("t{}", n++);
    if (!real.run(fmt::format("CREATE TABLE {}({})", name, columns))) {
      EXPECT_THAT(columns, ::testing::HasSubstr("(1, 2)")) << real.error();
      continue;
    }
    const std::string sql =
        real.rows("SELECT sql FROM sqlite_master WHERE name = '" + name + "'")[0];
    const TableDefinition table = parse_create_table(sql.substr(1, sql.size() - 2));
    EXPECT_EQ(table.name, name);
    EXPECT_EQ(ours(table),
              real.rows("SELECT name, type, hidden, pk FROM pragma_table_xinfo('" + name + "')"))
        << columns;
  }
}

TEST_F(CreateTable, WhatIsNoneSaysWhere) {
  const auto message = [](const char* sql) -> std::string {
    try {
      parse_create_table(sql);
    } catch (const DecodeError& error) {
      return error.what();
    }
    return "no error";
  };
  EXPECT_EQ(message("CREATE TABLE t(a)"), "no error");
  EXPECT_EQ(message("create temp table if not exists x.t(a) without rowid"),
            "at 0x34: CREATE TABLE: malformed: expected a PRIMARY KEY in a WITHOUT ROWID table, "
            "found the end");
  for (const char* sql : {"", "CREATE", "CREATE TABLE t", "CREATE TABLE t(", "CREATE TABLE t()",
                          "CREATE TABLE t(a", "CREATE TABLE t(a, A)", "CREATE TABLE t(a) x",
                          "CREATE TABLE t(a 'x)", "CREATE TABLE t(a PRIMARY KEY, PRIMARY KEY(a))",
                          "CREATE TABLE t(a DEFAULT)", "CREATE TABLE t(a CHECK (1)"})
    EXPECT_NE(message(sql), "no error") << sql;
}

}  // namespace
}  // namespace assay::sqlite
