// Corrupt files: the rows that SQLite returns, or an error; never more.
#include <fstream>
#include <iterator>
#include <random>

#include "reference/sqlite/check.h"
#include "reference/sqlite/sqlite_for_tests.h"

namespace assay::sqlite {
namespace {

class Corrupt : public SqliteTest {
 protected:
  static std::string bytes_of(const std::string& name) {
    std::ifstream file(name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  static void write(const std::string& name, const std::string& bytes) {
    std::ofstream(name, std::ios::binary) << bytes;
  }

  // Counts of what became of the files.
  struct Tally {
    int same = 0, refused_by_both = 0, refused_by_us = 0, accepted_by_us = 0, false_alarms = 0;
  };

  void compare(const std::string& name, Tally& tally) {
    Real real(name);
    std::vector<Table> tables;
    std::unique_ptr<Database> database;
    std::string refused;
    try {
      database = std::make_unique<Database>(name);
      tables = database->tables();
    } catch (const std::runtime_error& error) {
      refused = error.what();
    }
    if (!refused.empty()) {
      const bool theirs = (real.rows("SELECT * FROM sqlite_master"), real.error() != "");
      ++(theirs ? tally.refused_by_both : tally.refused_by_us);
      return;
    }
    if (!check(*database).empty()) {
      tally.false_alarms += real.rows("PRAGMA integrity_check") == std::vector<std::string>{"'ok'"};
    }
    for (const Table& table : tables) compare(*database, table, real, tally);
  }

  static void compare(const Database& database, const Table& table, Real& real, Tally& tally) {
    std::vector<std::string> ours;
    std::string refused;
    try {
      ours = rows_of(database, table);
    } catch (const std::runtime_error& error) {
      refused = error.what();
    }
    const auto theirs =
        real.rows("SELECT * FROM " + quoted(table.definition.name) + " NOT INDEXED");
    if (!refused.empty()) {
      ++(real.error().empty() ? tally.refused_by_us : tally.refused_by_both);
    } else if (ours == theirs && real.error().empty()) {
      ++tally.same;
    } else if (real.error().find("malformed database schema") != std::string::npos) {
      // SQLite refuses every table for what it finds in any view, trigger or
      // index; tables here are read each for itself.
      ++tally.refused_by_both;
    } else {
      ++tally.accepted_by_us;
      ADD_FAILURE() << table.definition.name << ": " << ours.size() << " rows, and SQLite "
                    << theirs.size() << ": " << real.error();
    }
  }
};

constexpr const char* made =
    "CREATE TABLE t(a, b REAL); CREATE INDEX i ON t(a);"
    "CREATE TABLE w(k TEXT PRIMARY KEY, v) WITHOUT ROWID;"
    "CREATE TABLE r(v, id INTEGER PRIMARY KEY);"
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60)"
    " INSERT INTO t SELECT zeroblob(i * 31 % 900), i FROM n;"
    "INSERT INTO w SELECT 'key' || rowid, a FROM t; INSERT INTO r SELECT b, rowid * 3 FROM t;"
    "DELETE FROM t WHERE b % 4 = 1; ALTER TABLE t ADD COLUMN c INT DEFAULT 7;";

TEST_F(Corrupt, RowsOfSqliteOrAnError) {
  std::mt19937 random(7);
  Tally tally;
  for (const int page_size : {512, 1024}) {
    const std::string whole = path("whole.db");
    std::filesystem::remove(whole);
    ASSERT_TRUE(Real(whole).run(fmt::format("PRAGMA page_size={}; {}", page_size, made)));
    const std::string bytes = bytes_of(whole);
    for (int i = 0; i < 400; ++i) {
      std::string changed = bytes;
      for (auto n = random() % 3; n < 3; ++n) {
        // Half of the changes hit the start of a page, where its header is.
        std::size_t at = random() % bytes.size();
        if (random() % 2) at = at / page_size * page_size + random() % 24;
        changed[at] =
            static_cast<char>(random() % 4 == 0 ? random() : changed[at] ^ (1 << random() % 8));
      }
      if (random() % 20 == 0) changed.resize(random() % changed.size());
      write(path("x.db"), changed);
      SCOPED_TRACE(fmt::format("page size {}, file {}", page_size, i));
      compare(path("x.db"), tally);
    }
  }
  EXPECT_GT(tally.same, 1000);
  EXPECT_GT(tally.refused_by_both, 50);
  EXPECT_EQ(tally.accepted_by_us, 0);
  EXPECT_EQ(tally.false_alarms, 0);
  fmt::print("same {}, refused by both {}, by us only {}\n", tally.same, tally.refused_by_both,
             tally.refused_by_us);
}

}  // namespace
}  // namespace assay::sqlite
