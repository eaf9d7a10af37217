// Generated schemas, rows and scripts: written by real SQLite, read by us; rows
// compared with SQLite's, dumps with every CPython's. A small run by default;
// ASSAY_SQLITE_CASES=10000 is the campaign (RC_PARAMS="seed=… max_success=…" repeats one).
#include <rapidcheck.h>

#include "reference/sqlite/check.h"
#include "reference/sqlite/python_for_tests.h"

namespace assay::sqlite {
namespace {

using rc::gen::element;
using rc::gen::inRange;

std::string hex_of(const std::string& bytes) {
  std::string text;
  for (const char c : bytes) text += fmt::format("{:02x}", static_cast<unsigned char>(c));
  return text;
}

std::string text_literal() {
  std::string text = "'";
  const int length = *inRange(0, *element(4, 40, 3000));
  const int alphabet = *inRange(0, 3);
  // Long texts repeat: each character would be a choice of its own.
  const std::string one = alphabet == 0   ? "a"
                          : alphabet == 1 ? *element<std::string>("''", "Z", " ", "\\n", "\"")
                                          : *element<std::string>("\u00e9", "\u20ac", "\U0001f600");
  for (int i = 0; i < length; ++i) text += i % 7 == 3 ? "x" : one;
  return text + "'";
}

// An SQL literal.
std::string value_literal() {
  switch (*inRange(0, 8)) {
    case 0:
      return "NULL";
    case 1:
      return fmt::format("{}", *inRange(-3, 300));
    case 2: {
      const auto wide = static_cast<std::int64_t>(*rc::gen::arbitrary<std::uint64_t>());
      return fmt::format("{}", std::max<std::int64_t>(wide >> *inRange(0, 60), INT64_MIN + 1));
    }
    case 3:
      return fmt::format("{}.0", *inRange(-100000, 100000));
    case 4: {
      const double real = *rc::gen::arbitrary<double>();
      return std::isfinite(real) ? fmt::format("{:e}", real) : "9e999";
    }
    case 5:
      return text_literal();
    case 6:
      return "x'" + hex_of(*rc::gen::container<std::string>(rc::gen::arbitrary<char>())) + "'";
    default:
      return fmt::format("zeroblob({})", *inRange(0, *element(10, 600, 9000)));
  }
}

std::string expression(const std::vector<std::string>& columns, int depth);

// A function, CAST, CASE, LIKE or GLOB of expressions. What depends on how SQLite
// was built, and what it may refuse, is given text or small numbers.
std::string call(const std::vector<std::string>& columns, int depth) {
  const auto any = [&] { return expression(columns, depth - 1); };
  const auto text = [&] { return "CAST(" + any() + " AS TEXT)"; };
  switch (*inRange(0, 17)) {
    case 0:
      return fmt::format("{}({})",
                         *element<std::string>("length", "lower", "upper", "hex", "quote", "typeof",
                                               "unicode", "trim", "sign", "round"),
                         any());
    case 1:
      return fmt::format("{}({}, {})",
                         *element<std::string>("ifnull", "coalesce", "nullif", "min", "max"), any(),
                         any());
    case 2:
      return fmt::format("{}({}, {})", *element<std::string>("trim", "ltrim", "rtrim", "instr"),
                         text(), text());
    case 3:
      return fmt::format("substr({}, {}, {})", text(), *inRange(-4, 6), *inRange(-4, 6));
    case 4:
      return fmt::format("substr({}, {})", text(), any());
    case 5:
      return fmt::format("replace({}, {}, {})", text(), text(), any());
    case 6:
      return fmt::format("CAST({} AS {})", any(),
                         *element<std::string>("INT", "REAL", "TEXT", "BLOB", "NUMERIC"));
    case 7:
      return fmt::format("{} {} '{}'", text(), *element<std::string>("LIKE", "NOT LIKE", "GLOB"),
                         *element<std::string>("%a%", "_", "*[0-9]*", "a*", "%\u00e9_", "[^x]?"));
    case 8:
      return fmt::format("CASE WHEN {} THEN {} ELSE {} END", any(), any(), any());
    case 9:
      return fmt::format("CASE {} WHEN {} THEN {} END", any(), any(), any());
    case 10:
      return fmt::format("iif({}, {}, {})", any(), any(), any());
    case 11:
      return fmt::format("{} {} ({}, {}, {})", any(), *element<std::string>("IN", "NOT IN"), any(),
                         any(), any());
    case 12:
      return fmt::format("{} {} {} AND {}", any(), *element<std::string>("BETWEEN", "NOT BETWEEN"),
                         any(), any());
    case 13:
      return fmt::format("char({}, {})", *inRange(0, 70000), any());
    case 14:
      return fmt::format("round({}, {})", any(), *inRange(-1, 20));
    case 15:
      return fmt::format(
          "printf('%{}{}{}', {})", *element<std::string>("", "-", "0", "+", "07", "9"),
          *element<std::string>("", ".1", ".4"), *element<std::string>("d", "s", "x", "u"), any());
    default:
      return fmt::format("abs({} % 1000)", any());
  }
}

// An expression that a generated column may have.
std::string expression(const std::vector<std::string>& columns, int depth) {
  const int kind = depth == 0 ? *inRange(0, 3) : *inRange(0, 10);
  if (kind < 2) return *rc::gen::elementOf(columns);
  if (kind == 2)
    return *element<std::string>("NULL", "0", "-1", "7", "1.5", "'a'", "'12'", "''", "x'41'",
                                 "1e18", "'Z '", "TRUE", "0x7fffffffffffffff");
  const std::string one = expression(columns, depth - 1);
  if (kind == 3) return *element<std::string>("-", "+", "~", "NOT ") + "(" + one + ")";
  if (kind == 4)
    return fmt::format("({}) {}", one,
                       *element<std::string>("ISNULL", "NOTNULL", "IS TRUE", "IS NOT FALSE",
                                             "COLLATE nocase", "COLLATE rtrim"));
  if (kind < 8) {
    const std::string op =
        *element<std::string>("+", "-", "*", "/", "%", "||", "&", "|", "<<", ">>", "=", "<>", "<",
                              "<=", ">", ">=", "AND", "OR", "IS", "IS NOT");
    const std::string other = expression(columns, depth - 1);
    // Without parentheses, too: what binds how is part of it.
    return *inRange(0, 2) == 0 ? fmt::format("({}) {} ({})", one, op, other)
                               : fmt::format("{} {} {}", one, op, other);
  }
  return "(" + call(columns, depth) + ")";
}

struct MadeTable {
  std::string name;
  std::vector<std::string> columns;  // that can be inserted into
  std::vector<std::string> virtuals;
  std::string key;  // for WITHOUT ROWID: must not be NULL
  bool strict = false;
};

class Script {
 public:
  std::string sql;
  std::vector<MadeTable> tables;

  void create_table() {
    MadeTable table;
    table.name = *element<std::string>("t", "\"a b\"", "\"q\"\"q\"", "\u00fc") +
                 (tables.empty() ? "" : std::to_string(tables.size()));
    if (table.name.front() == '"' && !tables.empty())
      table.name = fmt::format("\"a b{}\"", tables.size());
    table.strict = *inRange(0, 6) == 0;
    const bool without_rowid = *inRange(0, 4) == 0;
    std::string columns;
    const int count = *inRange(1, 6);
    for (int i = 0; i < count; ++i) {
      const std::string name = fmt::format("c{}", i);
      columns += (i == 0 ? "" : ", ") + name + ' ' + type(table.strict);
      // UNIQUE on the key would be the key's index, whatever order that names.
      if (*inRange(0, 5) == 0)
        columns += *element<std::string>(" COLLATE nocase", " DEFAULT 5", " DEFAULT 'd'",
                                         without_rowid ? "" : " UNIQUE");
      if (!tables.empty() && *inRange(0, 12) == 0)
        columns += " REFERENCES " + tables.back().name +
                   *element<std::string>("", "(" + tables.back().columns.back() + ")");
      table.columns.push_back(name);
    }
    if (without_rowid) {
      table.key = table.columns.back();
      columns += fmt::format(", PRIMARY KEY({}{})", table.key, *element<std::string>("", " DESC"));
    } else if (*inRange(0, 3) == 0) {
      columns = *element<std::string>("id INTEGER PRIMARY KEY, ", "id INT PRIMARY KEY, ",
                                      "id INTEGER PRIMARY KEY DESC, ",
                                      "id INTEGER PRIMARY KEY AUTOINCREMENT, ") +
                columns;
    }
    if (*inRange(0, 5) == 0)
      columns += fmt::format(", g {} AS ({}) STORED", type(table.strict), table.columns[0]);
    std::vector<std::string> names = table.columns;
    for (int i = *inRange(0, *element(1, 4)); i > 0; --i) {
      columns += fmt::format(", v{} {}{} AS ({})", i, type(table.strict),
                             *element<std::string>("", "", " COLLATE nocase"),
                             expression(names, *inRange(0, 4)));
      names.push_back(fmt::format("v{}", i));
      table.virtuals.push_back(names.back());
    }
    // The grammar wants constraints behind all columns.
    const std::size_t key = columns.find(", PRIMARY KEY("),
                      generated = std::min(columns.find(", g "), columns.find(", v"));
    if (key != std::string::npos && generated != std::string::npos)
      columns =
          columns.substr(0, key) + columns.substr(generated) + columns.substr(key, generated - key);
    std::string options;
    if (without_rowid) options = " WITHOUT ROWID";
    if (table.strict) options += without_rowid ? ", STRICT" : " STRICT";
    sql += fmt::format("CREATE TABLE {}({}){};\n", table.name, columns, options);
    tables.push_back(std::move(table));
  }
  void insert() {
    const MadeTable& table = one();
    const int rows = *inRange(1, 30);
    for (int row = 0; row < rows; ++row) {
      std::string names, values;
      for (const std::string& column : table.columns) {
        if (column != table.key && *inRange(0, 8) == 0) continue;
        names += (names.empty() ? "" : ", ") + column;
        values += (values.empty() ? "" : ", ") + value_literal();
      }
      if (names.empty()) continue;
      sql += fmt::format("INSERT OR IGNORE INTO {}({}) VALUES ({});\n", table.name, names, values);
    }
  }
  void change() {
    const MadeTable& table = one();
    const std::string& column =
        table
            .columns[static_cast<std::size_t>(*inRange(0, static_cast<int>(table.columns.size())))];
    switch (*inRange(0, 6)) {
      case 0:
        sql += fmt::format("DELETE FROM {} WHERE length({}) % {} = 0;\n", table.name, column,
                           *inRange(1, 5));
        break;
      case 1:
        sql += fmt::format("UPDATE OR IGNORE {} SET {} = {} WHERE length({}) % 2 = 0;\n",
                           table.name, column, value_literal(), column);
        break;
      case 2:
        sql += fmt::format(
            "CREATE INDEX i{} ON {}({}{}{});\n", ++made_, table.name,
            table.virtuals.empty() || *inRange(0, 3) > 0 ? column : table.virtuals.front(),
            *element<std::string>("", " DESC", " COLLATE rtrim"),
            *inRange(0, 2) == 0 ? "" : ", " + table.columns[0]);
        break;
      case 3:
        sql += fmt::format("ALTER TABLE {} ADD COLUMN a{} {} DEFAULT {};\n", table.name, ++made_,
                           type(table.strict),
                           *element<std::string>("NULL", "7", "'x'", "-1.5", "x'01'", "1e300"));
        break;
      case 4:
        sql += fmt::format("CREATE VIEW v{} AS SELECT {} FROM {};\n", ++made_, column, table.name);
        break;
      default:
        sql += "COMMIT; VACUUM; BEGIN;\n";
    }
  }

 private:
  static std::string type(bool strict) {
    if (strict) return *element<std::string>("INT", "INTEGER", "REAL", "TEXT", "BLOB", "ANY");
    return *element<std::string>("", "INT", "INTEGER", "REAL", "TEXT", "BLOB", "NUMERIC",
                                 "VARCHAR(20)", "DOUBLE", "DATE");
  }
  const MadeTable& one() const {
    return tables[static_cast<std::size_t>(*inRange(0, static_cast<int>(tables.size())))];
  }
  int made_ = 0;
};

// Statements that SQLite refuses (a default of another type in a STRICT table)
// are left out one by one.
void run_each(Real& real, const std::string& sql) {
  std::size_t start = 0;
  for (std::size_t end = 0; (end = sql.find(";\n", start)) != std::string::npos; start = end + 2)
    real.run(sql.substr(start, end - start));
}

class Differential : public SqliteTest {
 protected:
  // RapidCheck reads this once: a fixed run by default, a campaign of new cases
  // when a number is asked for.
  static void choose_cases() {
    const char* asked = std::getenv("ASSAY_SQLITE_CASES");
    const std::string parameters =
        asked == nullptr ? "seed=1 max_success=100" : fmt::format("max_success={}", asked);
    setenv("RC_PARAMS", parameters.c_str(), 0);
  }
};

TEST_F(Differential, GeneratedDatabasesReadAsSqliteReadsThem) {
  choose_cases();
  std::vector<std::string> files;
  int made = 0, compared = 0, worked_out = 0;
  const std::vector<Python> found = pythons();
  ASSERT_FALSE(found.empty()) << "a CPython with sqlite3 is needed as the oracle of this test";
  // Only a campaign has time for these; they read no database in WAL mode.
  const std::vector<Python> others =
      std::getenv("ASSAY_SQLITE_CASES") == nullptr ? std::vector<Python>() : pyodides(folder_);
  const std::size_t batch = others.empty() ? 50 : 500;
  const auto dumps = [&] {
    for (const Python& python : found)
      ASSERT_EQ(
          first_difference(dumped_by_us(python.version, files), dumped_by(python, files, folder_)),
          "")
          << python.program;
    for (const std::string& file : files) {
      std::fstream bytes(file, std::ios::in | std::ios::out | std::ios::binary);
      bytes.seekp(18).write("\1\1", 2);
    }
    for (const Python& python : others) {
      ASSERT_EQ(
          first_difference(dumped_by_us(python.version, files), dumped_by(python, files, folder_)),
          "")
          << python.program;
      ASSERT_EQ(first_difference(rows_by_us(files), rows_by(python, files, folder_)), "")
          << python.program;
    }
    for (const std::string& file : files) std::filesystem::remove(file);
    compared += static_cast<int>(files.size());
    if (isatty(STDERR_FILENO)) fmt::print(stderr, "\r{} databases", compared);
    files.clear();
  };
  const auto property = [&] {
    Script script;
    for (int i = *inRange(1, 4); i > 0; --i) script.create_table();
    for (int i = *inRange(1, 12); i > 0; --i)
      *inRange(0, 2) == 0 ? script.insert() : script.change();
    const std::string name = path(fmt::format("{}.db", made++));
    const std::string start = fmt::format(
        "PRAGMA page_size={}; PRAGMA encoding='{}'; PRAGMA auto_vacuum={}; PRAGMA journal_mode={};",
        *element(512, 1024, 4096, 65536), *element<std::string>("UTF-8", "UTF-16le", "UTF-16be"),
        *inRange(0, 3), *element<std::string>("DELETE", "WAL", "MEMORY"));
    const std::string copy = path(fmt::format("{}-copy.db", made));
    {
      Real real(name);
      int reserved = *element(0, 0, 0, 13, 200);
      sqlite3_file_control(real.handle(), "main", SQLITE_FCNTL_RESERVE_BYTES, &reserved);
      RC_ASSERT(real.run(start));
      real.run("BEGIN");
      run_each(real, script.sql);
      real.run("COMMIT");
      // As it stands now, the log included.
      std::filesystem::copy_file(name, copy);
      if (std::filesystem::exists(name + "-wal"))
        std::filesystem::copy_file(name + "-wal", copy + "-wal");
    }
    RC_LOG() << start << "\n" << script.sql;
    Real real(name);
    for (const std::string& file : {name, copy}) {
      const Database database(file);
      RC_ASSERT(check(database).empty());
      for (const Table& table : database.tables()) {
        const auto theirs = real.rows(select_all(table));
        RC_ASSERT(real.error() == "");
        RC_ASSERT(rows_of(database, table) == theirs);
        for (const Column& column : table.definition.columns)
          if (column.generated == Generated::virtual_)
            worked_out += static_cast<int>(theirs.size());
      }
    }
    std::filesystem::remove(copy);
    std::filesystem::remove(copy + "-wal");
    files.push_back(name);
    if (files.size() == batch) dumps();
  };
  ASSERT_TRUE(rc::check(property));
  dumps();
  EXPECT_GT(worked_out, 0) << "no virtual generated column had a value";
  fmt::print("{} databases, {} values of virtual columns; dumped by {} Pythons\n", compared,
             worked_out, found.size() + others.size());
}

}  // namespace
}  // namespace assay::sqlite
