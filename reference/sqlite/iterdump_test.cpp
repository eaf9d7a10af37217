// iterdump() as every CPython on this machine prints it.
#include "reference/sqlite/iterdump.h"

#include "reference/sqlite/python_for_tests.h"

namespace assay::sqlite {
namespace {

using Iterdump = SqliteTest;

TEST_F(Iterdump, AsEveryPythonPrintsIt) {
  const std::vector<Python> found = pythons();
  ASSERT_FALSE(found.empty()) << "a CPython with sqlite3 is needed as the oracle of this test";
  const std::vector<const char*> made = {
      "CREATE TABLE b(x, y REAL); INSERT INTO b VALUES (1, 2), ('it''s', 1.1), (x'00ff', NULL),"
      " (1e300, -0.0), (char(65, 0, 66), 9e999), (0.1 + 0.2, 1e15);"
      "CREATE TABLE A(x TEXT PRIMARY KEY) WITHOUT ROWID; INSERT INTO A VALUES ('z'), ('a');"
      "CREATE INDEX i ON b(x); CREATE VIEW v AS SELECT * FROM b;"
      "CREATE TRIGGER t AFTER INSERT ON b BEGIN SELECT 1; END;",
      "CREATE TABLE s(id INTEGER PRIMARY KEY AUTOINCREMENT, x); INSERT INTO s VALUES (5, 'a');"
      "CREATE TABLE \"o'\"\"k\"(id INTEGER PRIMARY KEY AUTOINCREMENT);",
      "CREATE TABLE s(id INTEGER PRIMARY KEY AUTOINCREMENT, x); INSERT INTO s VALUES (5, 'a');"
      "CREATE TABLE \"i''t\"(id INTEGER PRIMARY KEY AUTOINCREMENT); INSERT INTO \"i''t\" VALUES "
      "(3);",
      "CREATE TABLE t(a, b); CREATE INDEX i ON t(a); INSERT INTO t VALUES (1, 2); ANALYZE;",
      "CREATE TABLE g(a, b AS (a + 1), c AS (a + 2) STORED, \"d\"\"e\" DEFAULT 5);"
      "INSERT INTO g(a) VALUES (1), ('x');",
      "PRAGMA encoding='UTF-16le'; CREATE TABLE \u00e9(\u00fc); INSERT INTO \u00e9 VALUES "
      "('\u20ac');"
      "CREATE TABLE z(a); CREATE TABLE \u0100(a);",
      "CREATE TABLE t(a); INSERT INTO t VALUES ('ok'), (CAST(x'ff' AS TEXT)), ('never');",
      "CREATE TABLE p(id INTEGER PRIMARY KEY); CREATE TABLE c(x REFERENCES p(id));",
      "CREATE TABLE p(id INTEGER PRIMARY KEY); CREATE TABLE c(x REFERENCES p(id));"
      "INSERT INTO p VALUES (1); INSERT INTO c VALUES (1), (NULL);",
      "CREATE TABLE p(id INTEGER PRIMARY KEY); CREATE TABLE c(x REFERENCES p(id));"
      "INSERT INTO p VALUES (1); INSERT INTO c VALUES (1), (2);",
      "CREATE TABLE p(id); CREATE TABLE c(x REFERENCES p(id)); INSERT INTO c VALUES (1);",
      "",
  };
  std::vector<std::string> files;
  for (const char* sql : made) {
    files.push_back(path(fmt::format("{}.db", files.size())));
    Real real(files.back());
    ASSERT_TRUE(real.run(sql)) << real.error();
  }
  for (const Python& python : found)
    EXPECT_EQ(dumped_by_us(python.version, files), dumped_by(python, files, folder_))
        << python.program;
}

// Found by fuzzing: the tables that a dump looks into need not be what they are
// called.
TEST_F(Iterdump, SequencesAndStatisticsOfAnotherShapeAreNoCrash) {
  for (const char* shape :
       {"CREATE TABLE sqlite_sequence(name)", "CREATE VIRTUAL TABLE x USING y"}) {
    const std::string name = path("t.db");
    std::filesystem::remove(name);
    ASSERT_TRUE(
        Real(name).run("CREATE TABLE t(id INTEGER PRIMARY KEY AUTOINCREMENT, x UNIQUE);"
                       "INSERT INTO t VALUES (1, 2); ANALYZE;"));
    ASSERT_TRUE(
        Real(name).run(fmt::format("PRAGMA writable_schema=ON; UPDATE sqlite_master SET "
                                   "sql = '{}' WHERE name LIKE 'sqlite_s%'",
                                   shape)));
    EXPECT_THROW(iterdump(Database(name), {3, 13}, [](std::string_view) {}), DecodeError) << shape;
  }
}

}  // namespace
}  // namespace assay::sqlite
