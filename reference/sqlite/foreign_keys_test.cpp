// foreign_key_check beside real SQLite's PRAGMA of that name.
#include "reference/sqlite/foreign_keys.h"

#include "reference/sqlite/sqlite_for_tests.h"

namespace assay::sqlite {
namespace {

using ForeignKeyCheck = SqliteTest;

TEST_F(ForeignKeyCheck, FindsWhatSqliteFinds) {
  const std::vector<std::string> parents = {
      "CREATE TABLE p(id INTEGER PRIMARY KEY, b)",
      "CREATE TABLE p(id INTEGER, b UNIQUE, PRIMARY KEY(id))",
      "CREATE TABLE p(id TEXT PRIMARY KEY, b UNIQUE)",
      "CREATE TABLE p(id TEXT COLLATE NOCASE PRIMARY KEY, b)",
      "CREATE TABLE p(id REAL UNIQUE, b)",
      "CREATE TABLE p(id COLLATE RTRIM, b, PRIMARY KEY(id)) WITHOUT ROWID",
      "CREATE TABLE p(id, b, PRIMARY KEY(b, id))",
      "CREATE TABLE p(id, b); CREATE UNIQUE INDEX u ON p(id)",
      "CREATE TABLE p(id, b); CREATE UNIQUE INDEX u ON p(id COLLATE NOCASE)",
      "CREATE TABLE p(id, b); CREATE UNIQUE INDEX u ON p(id) WHERE b",
      "CREATE TABLE p(id, b); CREATE INDEX u ON p(id)",
      "CREATE VIEW p AS SELECT 1 AS id, 2 AS b",
      "",
  };
  const std::vector<std::string> children = {
      "CREATE TABLE c(x REFERENCES p)",
      "CREATE TABLE c(x REFERENCES P(ID))",
      "CREATE TABLE c(x, CONSTRAINT f FOREIGN KEY(x) REFERENCES p(b) ON DELETE CASCADE)",
      "CREATE TABLE c(x TEXT REFERENCES p(id))",
      "CREATE TABLE c(x, y DEFAULT 2, FOREIGN KEY(x, y) REFERENCES p(id, b))",
      "CREATE TABLE c(x, y DEFAULT 2, FOREIGN KEY(y, x) REFERENCES p)",
  };
  const std::vector<std::string> values = {"NULL", "1",   "1.0",   "'1'",  "'1.0'", "2",
                                           "'a'",  "'A'", "x'61'", "'a '", "3.5",   "-0.0",
                                           "0",    "''",  "'3.5'", "9e99", "' 1 '"};
  int kept = 0, violated = 0, mismatched = 0, made = 0;
  for (const std::string& parent : parents) {
    for (const std::string& child : children) {
      for (const std::string& value : values) {
        const std::string name = path(fmt::format("{}.db", made++));
        Real real(name);
        ASSERT_TRUE(real.run(parent)) << real.error();
        ASSERT_TRUE(real.run(child)) << real.error();
        for (const char* row : {"(1, 2)", "('a', 5)", "(3.5, 2)", "(0, 'b')"})
          real.run(fmt::format("INSERT OR IGNORE INTO p(id, b) VALUES {}", row));
        ASSERT_TRUE(real.run(fmt::format("INSERT INTO c(x) VALUES ({})", value))) << real.error();
        const bool found = !real.rows("PRAGMA foreign_key_check").empty();
        const auto expected = !real.error().empty() ? ForeignKeys::mismatched
                              : found               ? ForeignKeys::violated
                                                    : ForeignKeys::kept;
        ASSERT_EQ(foreign_key_check(Database(name)), expected)
            << parent << "; " << child << "; " << value << " " << real.error();
        (expected == ForeignKeys::kept       ? kept
         : expected == ForeignKeys::violated ? violated
                                             : mismatched)++;
        std::filesystem::remove(name);
      }
    }
  }
  EXPECT_GT(kept, 100);
  EXPECT_GT(violated, 100);
  EXPECT_GT(mismatched, 100);
}

}  // namespace
}  // namespace assay::sqlite
