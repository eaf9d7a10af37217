#include "harness/persistent/sqlite_records.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <unistd.h>

#include <stdexcept>

namespace assay {
namespace {

using ::testing::HasSubstr;

// The database of the documentation's example, in a file of its own.
class Memos : public ::testing::Test {
 protected:
  void SetUp() override {
    file_ = std::filesystem::temp_directory_path() / ("assay-memos-" + std::to_string(getpid()));
    std::filesystem::remove(file_);
    run("CREATE TABLE memos(key INTEGER PRIMARY KEY, task TEXT);"
        "INSERT INTO memos VALUES (1, 'give food to fish'), (7, NULL);");
  }
  void TearDown() override { std::filesystem::remove(file_); }
  void run(const char* sql) {
    sqlite3* database = nullptr;
    ASSERT_EQ(sqlite3_open(file_.c_str(), &database), SQLITE_OK);
    ASSERT_EQ(sqlite3_exec(database, sql, nullptr, nullptr, nullptr), SQLITE_OK);
    sqlite3_close(database);
  }
  NodeId pid(std::int64_t key) {
    return graph_.tuple(std::vector<NodeId>{graph_.string("MemoRecord"), graph_.integer(key)});
  }
  template <typename Act>
  std::string error_of(Act act) {
    try {
      act();
    } catch (const std::runtime_error& error) {
      return error.what();
    }
    return "no error";
  }

  std::filesystem::path file_;
  Graph graph_;
};

TEST_F(Memos, ARecordIsACallWithTheRowsColumns) {
  const SqliteRecords records(file_, "");
  const NodeId record = records.fetch(graph_, pid(1));
  ASSERT_EQ(graph_.kind(record), Kind::call);
  EXPECT_EQ(graph_.text(graph_.qualname(graph_.callee(record))), "MemoRecord");
  const auto row = graph_.edges(graph_.kwargs(record));
  ASSERT_EQ(row.size(), 4u);
  EXPECT_EQ(graph_.text(row[0]), "key");
  EXPECT_EQ(graph_[row[1]].integer, 1);
  EXPECT_EQ(graph_.text(row[3]), "give food to fish");
  EXPECT_EQ(graph_.edges(graph_.kwargs(records.fetch(graph_, pid(7))))[3], Graph::none);
}

TEST_F(Memos, WhatCannotBeFetchedSaysWhy) {
  const SqliteRecords records(file_, "");
  EXPECT_THAT(error_of([&] { records.fetch(graph_, pid(2)); }), HasSubstr("no row"));
  EXPECT_THAT(error_of([&] { records.fetch(graph_, graph_.string("('MemoRecord', 1)")); }),
              HasSubstr("protocol 0 writes it as text"));
  EXPECT_THAT(error_of([&] { SqliteRecords("/nonexistent/memos", ""); }),
              HasSubstr("/nonexistent/memos: cannot be opened"));
}

TEST_F(Memos, SeveralTablesNeedAStatementThatOnlyReads) {
  run("CREATE TABLE other(key INTEGER PRIMARY KEY)");
  EXPECT_THAT(error_of([&] { SqliteRecords(file_, ""); }), HasSubstr("2 tables"));
  EXPECT_THAT(error_of([&] { SqliteRecords(file_, "DELETE FROM memos WHERE key = ?"); }),
              HasSubstr("would write"));
  EXPECT_THAT(error_of([&] { SqliteRecords(file_, "SELECT * FROM memos"); }),
              HasSubstr("one parameter"));
  EXPECT_THAT(error_of([&] { SqliteRecords(file_, "SELECT * FROM memos WHERE key > ?"); }),
              HasSubstr("expected =, found >"));
  const SqliteRecords records(file_, "SELECT task AS what FROM memos WHERE key = ?");
  const auto row = graph_.edges(graph_.kwargs(records.fetch(graph_, pid(1))));
  ASSERT_EQ(row.size(), 2u);
  EXPECT_EQ(graph_.text(row[0]), "what");
}

// Comparison as SQLite's = does it: the column's affinity and its collation.
TEST_F(Memos, AKeyIsComparedAsTheColumnSays) {
  run("CREATE TABLE k(a TEXT, b NUMERIC, c COLLATE nocase, d);"
      "INSERT INTO k VALUES ('5', 1, 'x', 'x'), ('x', 5, 'FIVE', 5), ('6', '6', '6', '6')");
  const auto found = [&](const char* column, NodeId key) -> std::string {
    const std::string sql = std::string("SELECT a FROM k WHERE ") + column + " = ?";
    const NodeId pid = graph_.tuple(std::vector<NodeId>{graph_.string("K"), key});
    std::string error = error_of([&] {
      const NodeId record = SqliteRecords(file_, sql).fetch(graph_, pid);
      throw std::runtime_error(std::string(graph_.text(graph_.edges(graph_.kwargs(record))[1])));
    });
    return error;
  };
  EXPECT_EQ(found("a", graph_.integer(5)), "5");
  EXPECT_EQ(found("b", graph_.string("5")), "x");
  EXPECT_EQ(found("c", graph_.string("five")), "x");
  EXPECT_EQ(found("d", graph_.integer(5)), "x");
  EXPECT_THAT(found("d", graph_.string("5")), HasSubstr("no row"));
  EXPECT_THAT(found("d", graph_.integer(6)), HasSubstr("no row"));
  EXPECT_EQ(found("d", graph_.string("6")), "6");
}

}  // namespace
}  // namespace assay
