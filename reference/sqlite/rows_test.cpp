// Rows of every kind of table, as real SQLite returns them.
#include "reference/sqlite/rows.h"

#include "reference/sqlite/sqlite_for_tests.h"

namespace assay::sqlite {
namespace {

class Tables : public SqliteTest {
 protected:
  // Makes a database of each encoding by `sql` and compares every row of it.
  void same(const std::string& sql) {
    for (const char* encoding : {"UTF-8", "UTF-16le", "UTF-16be"}) {
      const std::string name = path(std::string(encoding) + ".db");
      std::filesystem::remove(name);
      {
        Real real(name);
        ASSERT_TRUE(real.run(fmt::format("PRAGMA encoding='{}'; BEGIN; {} COMMIT;", encoding, sql)))
            << real.error() << sql;
      }
      expect_same_rows(name);
    }
  }
};

TEST_F(Tables, OfRowidsByAnotherName) {
  same(
      "CREATE TABLE a(id INTEGER PRIMARY KEY, x); INSERT INTO a VALUES (7,'x'),(-3,NULL);"
      "CREATE TABLE b(x, id integer primary key); INSERT INTO b VALUES ('x',5);"
      "CREATE TABLE c(x, id INTEGER, PRIMARY KEY(id DESC)); INSERT INTO c VALUES ('x',5);"
      "CREATE TABLE d(id INTEGER PRIMARY KEY DESC, x); INSERT INTO d VALUES (5,'x');"
      "CREATE TABLE e(id INT PRIMARY KEY, x); INSERT INTO e VALUES (5,'x');"
      "CREATE TABLE f(id INTEGER PRIMARY KEY AUTOINCREMENT); INSERT INTO f VALUES (9),(10);"
      "CREATE TABLE g(\"id\" \"INTEGER\" PRIMARY KEY); INSERT INTO g VALUES (5);"
      "CREATE TABLE h(id INTEGER CONSTRAINT k PRIMARY KEY ON CONFLICT REPLACE, y REAL);"
      "INSERT INTO h VALUES (1, 2), (2, 2.5), (3, 'x');");
}

TEST_F(Tables, WithAffinities) {
  std::string sql;
  int n = 0;
  for (const char* type : {"", "INT", "BIGINT", "TEXT", "VARCHAR(10)", "CLOB", "BLOB", "REAL",
                           "DOUBLE PRECISION", "FLOAT", "NUMERIC", "DECIMAL(10,5)", "BOOLEAN",
                           "FLOATING POINT", "STRING", "CHARINT", "BLOBTEXT", "REALBLOB", "ANY"})
    sql += fmt::format(
        "CREATE TABLE t{0}(x {1}); INSERT INTO t{0} VALUES (1),(1.0),(1.5),('1'),('1.0'),('1e3'),"
        "('x'),(x'31'),(NULL),(9223372036854775807),(1e300),(-0.0),(' 12 ');",
        n++, type);
  same(sql);
}

TEST_F(Tables, OlderThanTheirColumns) {
  std::string sql = "CREATE TABLE t(a); INSERT INTO t VALUES (1), (2);";
  int n = 0;
  for (const char* type : {"", "INTEGER", "TEXT", "REAL", "NUMERIC", "BLOB"})
    for (const char* value : {"5",
                              "-5",
                              "+5",
                              "0x10",
                              "0x1ffffffff",
                              "2147483648",
                              "-9223372036854775808",
                              "9223372036854775808",
                              "1.5",
                              "-1.50",
                              "1e3",
                              "1e400",
                              "'abc'",
                              "' 12 '",
                              "'1.0'",
                              "x'0102'",
                              "NULL",
                              "TRUE",
                              "false",
                              "(1)",
                              "(-(5))",
                              "(- -5)",
                              "(-'7')",
                              "(-1.5)",
                              "word",
                              "\"word\"",
                              "(CAST('12abc' AS INTEGER))",
                              "(CAST(1 AS TEXT))",
                              "(CAST('1.5x' AS REAL))",
                              "(CAST(2.75 AS INT))",
                              "(CAST(65 AS BLOB))",
                              "(CAST('1e2' AS NUMERIC))",
                              "'\u20ac\U0001f600'",
                              "(-CAST(1.25 AS REAL))"})
      sql += fmt::format("ALTER TABLE t ADD COLUMN c{} {} DEFAULT {};", n++, type, value);
  sql += "INSERT INTO t(a) VALUES (3); ALTER TABLE t ADD COLUMN z; ALTER TABLE t DROP COLUMN c3;";
  same(sql);
}

TEST_F(Tables, WithoutRowid) {
  same(
      "CREATE TABLE a(k TEXT PRIMARY KEY, v) WITHOUT ROWID;"
      "INSERT INTO a VALUES ('b', 1), ('a', 2.5), ('c', NULL);"
      "CREATE TABLE b(x REAL, y, z INTEGER, PRIMARY KEY(z, x DESC)) WITHOUT ROWID;"
      "INSERT INTO b VALUES (1, 'p', 2), (3, 'q', 2), (1.5, NULL, 1);"
      "CREATE TABLE c(a, b, c, d, PRIMARY KEY(c, a, c)) WITHOUT ROWID;"
      "INSERT INTO c VALUES (1, 2, 3, 4), (5, 6, 7, 8);"
      "CREATE TABLE d(a, b, PRIMARY KEY(a, a COLLATE nocase, b)) WITHOUT ROWID;"
      "INSERT INTO d VALUES ('x', 1), ('X', 2);");
}

TEST_F(Tables, LargeWithoutRowid) {
  same(
      "CREATE TABLE a(k INTEGER PRIMARY KEY, v) WITHOUT ROWID;"
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)"
      " INSERT INTO a SELECT i * 7919 % 10007, printf('%.*c', i % 700, 'v') FROM n;"
      "DELETE FROM a WHERE k % 3 = 0;");
}

TEST_F(Tables, StrictGeneratedAndOdd) {
  same(
      "CREATE TABLE s(i INT, n INTEGER, r REAL, t TEXT, b BLOB, a ANY) STRICT;"
      "INSERT INTO s VALUES (1, 2, 3, 4, x'05', '6'), (NULL, '7', '8', '9', NULL, 1.0);"
      "CREATE TABLE g(a, b AS (a + 1) STORED, c, d TEXT GENERATED ALWAYS AS (a || c) STORED);"
      "INSERT INTO g VALUES (1, 2), (3, 'x');"
      "CREATE TABLE [odd name](\"a b\" TEXT, `c``d` , [e f] INT DEFAULT (1 + 2) NOT NULL,"
      " 'g' /* a comment ) */ NUMERIC -- another\n CHECK (g <> ')'), UNIQUE(\"a b\")"
      " CONSTRAINT c CHECK (1), FOREIGN KEY (g) REFERENCES s(i) ON DELETE SET NULL"
      " DEFERRABLE INITIALLY DEFERRED);"
      "INSERT INTO [odd name] VALUES ('x', 2, 3, 4);"
      "CREATE VIEW v AS SELECT * FROM s; CREATE INDEX i ON s(n DESC);"
      "CREATE TRIGGER r AFTER INSERT ON s BEGIN SELECT 1; END; ANALYZE;"
      "CREATE TABLE copied AS SELECT * FROM s;");
}

TEST_F(Tables, OfInvalidText) {
  same(
      "CREATE TABLE t(a TEXT, b);"
      "INSERT INTO t VALUES (CAST(x'ff41' AS TEXT), 1), (CAST(x'd800' AS TEXT), 2),"
      " (CAST(x'00d8' AS TEXT), 3), (CAST(x'd84142' AS TEXT), 4), (CAST(x'00d84100' AS TEXT), 5),"
      " (CAST(x'eda080' AS TEXT), 6), (CAST(x'610062' AS TEXT), 7), ('', x''),"
      " (CAST(x'dc00dc00' AS TEXT), 8);");
}

TEST_F(Tables, OldSchemaFormats) {
  same(
      "COMMIT; PRAGMA legacy_file_format=ON; CREATE TABLE t(a, b REAL); INSERT INTO t VALUES (1, "
      "0), (0, "
      "1);"
      "CREATE INDEX i ON t(a DESC); VACUUM; BEGIN;");
}

TEST_F(Tables, FtsShadowTables) {
  same(
      "CREATE VIRTUAL TABLE f USING fts4(a, b); INSERT INTO f VALUES ('one two', 'three');"
      "CREATE VIRTUAL TABLE r USING rtree(id, x0, x1); INSERT INTO r VALUES (1, 2, 3);");
}

}  // namespace
}  // namespace assay::sqlite
