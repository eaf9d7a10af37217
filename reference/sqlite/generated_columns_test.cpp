// Virtual generated columns, as real SQLite works them out.
#include "reference/sqlite/generated_columns.h"

#include "reference/sqlite/sqlite_for_tests.h"

namespace assay::sqlite {
namespace {

// Columns of every affinity and collation, and values of every class for them.
constexpr const char* columns =
    "a, i INTEGER, r REAL, t TEXT COLLATE NOCASE, n NUMERIC, b BLOB COLLATE RTRIM";
constexpr const char* values[] = {"NULL",
                                  "0",
                                  "1",
                                  "-1",
                                  "7",
                                  "1.0",
                                  "-2.5",
                                  "1e300",
                                  "'abc'",
                                  "'ABC '",
                                  "'12'",
                                  "' 7 '",
                                  "'1.0'",
                                  "'12abc'",
                                  "'1.5x'",
                                  "''",
                                  "x''",
                                  "x'3132'",
                                  "x'41'",
                                  "-9223372036854775807 - 1",
                                  "9223372036854775807",
                                  "'5e'",
                                  "'\u00e9\u20ac\U0001f600'",
                                  "9e999",
                                  "'it''s'",
                                  "0.1",
                                  "x'c3a9ff00'",
                                  "4503599627370497.5",
                                  "'%a_'",
                                  "'true'",
                                  "2.5e-10"};

class GeneratedColumnsTest : public SqliteTest {
 protected:
  // A table for each expression, with each value in one of the columns and others
  // beside it; all of it in every encoding.
  void same(const std::vector<std::string>& expressions,
            const std::vector<const char*>& encodings = {"UTF-8", "UTF-16le", "UTF-16be"}) {
    std::string sql = fmt::format("CREATE TABLE v({});", columns);
    const std::size_t count = std::size(values);
    for (std::size_t k = 0; k < count; ++k) {
      const auto value = [&](std::size_t step) { return values[(k * step + step) % count]; };
      sql += fmt::format("INSERT INTO v VALUES ({}, {}, {}, CAST({} AS TEXT), {}, {});", values[k],
                         value(2), value(3), value(5), value(7), value(11));
    }
    for (std::size_t k = 0; k < expressions.size(); ++k)
      sql += fmt::format(
          "CREATE TABLE e{0}({1}, x AS ({2}), y INT AS ({2}), z TEXT AS ({2}),"
          " w REAL AS ({2})); INSERT INTO e{0} SELECT * FROM v;",
          k, columns, expressions[k]);
    for (const char* encoding : encodings) {
      const std::string name = path(std::string(encoding) + ".db");
      {
        Real real(name);
        ASSERT_TRUE(real.run(fmt::format("PRAGMA encoding='{}'; BEGIN; {} COMMIT;", encoding, sql)))
            << real.error();
      }
      expect_same_rows(name);
    }
  }
};

TEST_F(GeneratedColumnsTest, OfArithmetic) {
  same({"-(r || '\u20ac')",
        "CAST(r || '\u20ac' AS NUMERIC)",
        "(r || '\u20ac') * 2",
        "(r || '\u00e9') + 1",
        "a + 1",
        "a - i",
        "a * r",
        "a / n",
        "a % i",
        "a % 3",
        "-a",
        "-(a)",
        "- -a",
        "+t",
        "~a",
        "a & i",
        "a | 12",
        "a << 3",
        "a << i",
        "a >> 2",
        "a >> n",
        "a << -70",
        "a || b",
        "a || t || i",
        "r || ''",
        "a + 1.5",
        "a / 0",
        "a % 0.5",
        "a - '3x'",
        "i * i",
        "n + n",
        "a / -1",
        "a % -1",
        "1 - -a * 2",
        "a + b / 2 - 3",
        "NOT a",
        "NOT a + 1",
        "a AND i",
        "a OR t",
        "NOT (a AND b) OR n",
        "-9223372036854775808",
        "- 9223372036854775808",
        "9223372036854775808",
        "0x10 + a",
        "0xffffffffffffffff",
        "-0x7f",
        "-0.0",
        "1e999 - a",
        "TRUE + FALSE",
        "x'4142' || a"});
}

TEST_F(GeneratedColumnsTest, OfComparisons) {
  same({"a = i",
        "a == t",
        "a <> n",
        "a != b",
        "a < r",
        "a <= '12'",
        "i > '7'",
        "t >= 12",
        "n = '1.0'",
        "t = 'ABC'",
        "t = 'abc '",
        "b = 'ABC'",
        "a = 'ABC' COLLATE nocase",
        "'abc' = t",
        "a COLLATE rtrim = t",
        "(a || t) = 'abcABC '",
        "(a COLLATE nocase || '') = 'ABC '",
        "a IS NULL",
        "a IS NOT NULL",
        "a ISNULL",
        "a NOTNULL",
        "a NOT NULL",
        "a IS i",
        "a IS NOT t",
        "a IS TRUE",
        "a IS NOT TRUE",
        "a IS FALSE",
        "a IS NOT FALSE",
        "a IS (TRUE)",
        "i IS '7'",
        "a IS DISTINCT FROM i",
        "a IS NOT DISTINCT FROM i",
        "a BETWEEN 0 AND 10",
        "a NOT BETWEEN i AND n",
        "t BETWEEN 'A' AND 'c'",
        "a BETWEEN 1 AND 2 = 0",
        "a BETWEEN i = 1 AND 3 AND 1",
        "a IN (1, 'abc', NULL)",
        "a IN (1, 7, '12', x'41')",
        "i IN ('7', '1.0')",
        "t IN ('ABC', 12)",
        "a NOT IN (1, 2)",
        "a IN ()",
        "a NOT IN ()",
        "t IN (7)",
        "a IN ('ABC ' COLLATE nocase)",
        "a IN ('ABC ' COLLATE nocase, 2)",
        "a IN (i, r, t)",
        "a IN (t)",
        "NULL IN (a)",
        "NOT a = i",
        "a = NOT i",
        "a < i < r",
        "a = i = 1",
        "a < 5 = 1",
        "+i = '7'",
        "CAST(a AS TEXT) = 7",
        "CAST(a AS INTEGER) = '7'",
        "CAST(a AS NUMERIC) < '9'",
        "'7' = 7",
        "a > x'31'",
        "i = b",
        "t = b",
        "r = i",
        "\"abc\" = a",
        "9007199254740993 > 9007199254740992.0"});
}

TEST_F(GeneratedColumnsTest, OfCasts) {
  same({"CAST(a AS INTEGER)",
        "CAST(a AS INT)",
        "CAST(a AS REAL)",
        "CAST(a AS NUMERIC)",
        "CAST(a AS DECIMAL(10, 2))",
        "CAST(a AS TEXT)",
        "CAST(a AS VARCHAR(3))",
        "CAST(a AS BLOB)",
        "CAST(CAST(a AS BLOB) AS TEXT)",
        "CAST(CAST(a AS TEXT) AS BLOB)",
        "CAST('1e17' AS NUMERIC)",
        "CAST('9e18' AS NUMERIC)",
        "CAST(x'3132' AS INTEGER)",
        "CAST(b AS REAL)",
        "CAST(r AS INT)",
        "CAST('9223372036854775808' AS INTEGER)",
        "CAST('-9223372036854775809x' AS INTEGER)",
        "CAST('-' AS NUMERIC)",
        "CAST('+5' AS INT)",
        "CAST('.5' AS INT)",
        "CAST(1e300 AS INT)",
        "CAST('2251799813685248.0' AS NUMERIC)",
        "CAST('2251799813685247.0' AS NUMERIC)",
        "CAST(a AS ANYTHING)",
        "CAST(-'5' AS TEXT)",
        "CAST(x'ff41' AS TEXT)",
        "CAST(x'd800' AS TEXT) || 'x'"});
}

TEST_F(GeneratedColumnsTest, OfCases) {
  same({"CASE WHEN a THEN 'yes' ELSE 'no' END", "CASE WHEN a THEN 1 END",
        "CASE a WHEN 1 THEN 'one' WHEN '12' THEN 'twelve' WHEN NULL THEN 'null' ELSE t END",
        "CASE i WHEN '7' THEN 'seven' ELSE CASE WHEN a IS NULL THEN b ELSE n END END",
        "CASE t WHEN 'ABC' THEN 1 WHEN 'abc ' THEN 2 END",
        "CASE WHEN a = 1 THEN 1 WHEN a > 1 THEN 2 END + 1", "iif(a, 'yes', i)",
        "coalesce(a, i, 'none')", "coalesce(NULL, NULL)", "ifnull(a, 'x')", "nullif(a, i)",
        "nullif(t, 'ABC')", "nullif(a, '12')",
        "CASE WHEN i > -9223372036854775808 THEN abs(i) ELSE 0 END",
        "coalesce(1, abs(-9223372036854775807 - 1))", "iif(0, abs(-9223372036854775807 - 1), a)"});
}

TEST_F(GeneratedColumnsTest, OfFunctions) {
  same({"abs(n % 1000)",
        "abs(t)",
        "abs(r)",
        "length(a)",
        "length(t)",
        "length(b)",
        "lower(a)",
        "upper(a)",
        "upper(t)",
        "substr(t, 2)",
        "substr(t, -2)",
        "substr(t, 0, 2)",
        "substr(t, 2, 1)",
        "substr(t, 3, -2)",
        "substr(t, -2, -1)",
        "substring(t, i, 2)",
        "substr(n % 1000, 1, 2)",
        "substr(t, NULL)",
        "substr(t, 1, n)",
        "substr(CAST(a AS TEXT), '2')",
        "trim(t)",
        "ltrim(a)",
        "rtrim(t)",
        "trim(t, 'a1')",
        "trim(t, '\u20ac\u00e9')",
        "rtrim(a, '')",
        "ltrim(a, NULL)",
        "trim(12, 1)",
        "replace(t, 'b', 'xx')",
        "replace(t, '', 'x')",
        "replace(t, 'a', NULL)",
        "replace(a, 1, 22)",
        "replace('aaaa', 'aa', 'b')",
        "instr(t, 'b')",
        "instr(a, 'C')",
        "instr(a, '')",
        "instr(a, t)",
        "instr(a, '\U0001f600')",
        "instr(x'c3a9ff', x'ff')",
        "hex(a)",
        "hex(t)",
        "hex(r)",
        "quote(a)",
        "quote(t)",
        "quote(r)",
        "quote(b)",
        "typeof(a)",
        "typeof(i)",
        "typeof(r)",
        "typeof(n)",
        "unicode(t)",
        "unicode(a)",
        "char(65, 8364, 128512)",
        "char()",
        "char(0, 66)",
        "char(-1, 55296, 1114112)",
        "char(a)",
        "length(char(65, 0, 66))",
        "min(a, i)",
        "max(a, i, t)",
        "min(t, 'ABC')",
        "max('abc', t)",
        "min(1, 1.0)",
        "max(1, 1.0)",
        "max(a COLLATE nocase, 'abd')",
        "min(b, 'ABC')",
        "round(a)",
        "round(r, 1)",
        "round(a, 2)",
        "round(2.5)",
        "round(-0.3)",
        "round(1.005, 2)",
        "round(1e15 + 0.5)",
        "round(a, NULL)",
        "round(a, -3)",
        "round(0.1 + 0.2, 20)",
        "round(123456.789, 3)",
        "round('1.55', 1)",
        "sign(a)",
        "sign(t)",
        "sign(b)",
        "sign(n)",
        "upper(substr(t, 1, 1)) || lower(substr(t, 2))"});
}

TEST_F(GeneratedColumnsTest, OfPrintf) {
  std::vector<std::string> expressions{"printf(NULL)",
                                       "printf('none')",
                                       "printf('100%%')",
                                       "format('%s!', t)",
                                       "printf('%d and %s')",
                                       "printf('%s, %5s|%-5s|%.2s', a, t, t, a)",
                                       "printf('\u20ac%s', char(97, 0, 98))"};
  for (const char* flags : {"", "-", "0", "+", " ", "-0", "0+"})
    for (const char* width : {"", "1", "9", "25"})
      for (const char* precision : {"", ".", ".0", ".2", ".7", ".20"})
        for (const char* column : {"a", "i"})
          expressions.push_back(
              fmt::format("printf('%{0}{1}{2}d|%{0}{1}{2}f|%{0}{1}{2}s|%{0}{1}{2}lld|%{0}{1}{2}u|'"
                          "|| '%{0}{1}{2}x|%{0}{1}{2}X', {3}, {3}, {3}, {3}, {3}, {3}, {3})",
                          flags, width, precision, column));
  same(expressions);
}

TEST_F(GeneratedColumnsTest, OfPartsOfBlobs) {
  same({"substr(a, 2)", "substr(b, -2)", "substr(b, 1, 1)", "substr(b, 0, 2)", "substr(b, 3, -2)",
        "substr(b, 9)", "substr(x'', 1)", "instr(b, x'32')"},
       {"UTF-8"});
}

TEST_F(GeneratedColumnsTest, OfPatterns) {
  const std::string text = "CAST(a AS TEXT)";
  std::vector<std::string> expressions;
  for (const char* pattern : {"a%", "%C", "%", "_", "___", "%b%", "A_c", "%%_", "", "1%2", "%1.%",
                              "\u00c9%", "_\u20ac%", "%\U0001f600", "a\\%", "[a]%"}) {
    expressions.push_back(fmt::format("{} LIKE '{}'", text, pattern));
    expressions.push_back(fmt::format("'x' || {} NOT LIKE '%{}'", text, pattern));
    expressions.push_back(fmt::format("'a%b' LIKE '{}' ESCAPE 'b'", pattern));
  }
  for (const char* pattern :
       {"a*", "*c", "*", "?", "???", "[a-c]*", "[^a]*", "[]]", "[^]]*", "[a-]bc", "[", "[a",
        "*[0-9]", "*[bc]*", "[\u00e0-\u00ff]*", "?[\u20ac]*", "[z-a]", "a[b-b]c", "[--a]*"})
    expressions.push_back(fmt::format("{} GLOB '{}'", text, pattern));
  for (const char* more :
       {"'a_b' LIKE 'a\\_b' ESCAPE '\\'", "'axb' LIKE 'a\\_b' ESCAPE '\\'",
        "'ab' LIKE 'ab\\' ESCAPE '\\'", "'a%' LIKE 'a%%' ESCAPE '%'", "'abc' LIKE 'a__' ESCAPE '_'",
        "like('A%', 'abc')", "like('a!%', 'a%', '!')", "glob('a*', 'abc')", "NULL LIKE 'a'",
        "12 LIKE 1 || '%'", "CAST(i AS TEXT) LIKE '1%'", "'\u0130' LIKE 'i'",
        "'aaaaaaaaaaaaaaaaaaaaab' LIKE '%a%a%a%a%a%c'", "'a' LIKE 'a' = 1",
        "'\uffff' LIKE '\ufffd'", "'x' LIKE NULL", "'x' LIKE 'x' ESCAPE NULL"})
    expressions.push_back(more);
  same(expressions);
}

TEST_F(GeneratedColumnsTest, ThatNameOthers) {
  const std::string name = path("others.db");
  {
    Real real(name);
    ASSERT_TRUE(
        real.run("CREATE TABLE t(a, x TEXT AS (y || '!'), y INT AS (z * 2), z REAL AS (a + 1) "
                 "STORED, v AS (x || \"X\"));"
                 "INSERT INTO t VALUES (1), ('5'), (NULL), ('x');"
                 "CREATE TABLE w(k TEXT, v AS (upper(k)), p, PRIMARY KEY (p, k)) WITHOUT ROWID;"
                 "INSERT INTO w VALUES ('b', 1), ('a', 2);"
                 "CREATE TABLE p(id INTEGER PRIMARY KEY, d AS (id * 2), e TEXT COLLATE nocase AS "
                 "('Ab'), f AS (e = 'aB'));"
                 "INSERT INTO p VALUES (7); CREATE TABLE o(a); INSERT INTO o VALUES ('old');"
                 "ALTER TABLE o ADD COLUMN g AS (a || 1); ALTER TABLE o ADD COLUMN d DEFAULT 5;"
                 "ALTER TABLE o ADD COLUMN h INT AS (d || '0') VIRTUAL;"
                 "CREATE TABLE s(a TEXT, g INT AS (a), h ANY AS (a + 1), q TEXT GENERATED ALWAYS "
                 "AS (1)) STRICT;"
                 "INSERT INTO s VALUES ('12'), (NULL), ('x'); CREATE INDEX i ON s(g); CREATE INDEX "
                 "j ON s(a || h);"))
        << real.error();
  }
  expect_same_rows(name);
}

TEST_F(GeneratedColumnsTest, SaysWhatItDoesNotWorkOut) {
  const auto refusal = [&](const std::string& expression, const std::string& insert = "1") {
    const std::string name = path("refused.db");
    std::filesystem::remove(name);
    Real real(name);
    // Not before the row is there: SQLite works generated columns out to insert it.
    EXPECT_TRUE(real.run(fmt::format(
        "CREATE TABLE t(a, x AS (0)); INSERT INTO t(a) VALUES ({});"
        "PRAGMA writable_schema=ON; UPDATE sqlite_master SET sql = replace(sql, '(0)', \"({})\")",
        insert, expression)))
        << real.error();
    const Database database(name);
    try {
      rows_of(database, database.table("t"));
    } catch (const DecodeError& error) {
      EXPECT_EQ(error.kind(), ErrorKind::unsupported);
      return std::string(error.what());
    }
    return std::string("nothing");
  };
  const auto names = [](const std::string& text, const std::string& part) {
    EXPECT_NE(text.find(part), std::string::npos) << text;
  };
  names(refusal("date(a)"), "the function date()");
  names(refusal("printf('%g', a)"), "another conversion");
  names(refusal("a + soundex(a)"), "t.x AS (a + soundex(a))");
  names(refusal("a -> '$'", "'{}'"), "->");
  names(refusal("a LIKE 'x'", "x'78'"), "blob");
  names(refusal("(a, 1) = (1, 1)"), "row value");
  names(refusal("(SELECT 1)"), "subquery");
  names(refusal("a = t.a"), "t");
  names(refusal("x + 1"), "itself");
  names(refusal("replace(a, '', 'x')"), "replace()");
  // Where SQLite raises an error.
  names(refusal("abs(a)", "-9223372036854775807 - 1"), "smallest");
  names(refusal("'a' LIKE 'a' ESCAPE a", "'ab'"), "ESCAPE");
}

}  // namespace
}  // namespace assay::sqlite
