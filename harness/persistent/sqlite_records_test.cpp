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
              HasSubstr("/nonexistent/memos: unable to open"));
}

TEST_F(Memos, SeveralTablesNeedAStatementThatOnlyReads) {
  run("CREATE TABLE other(key INTEGER PRIMARY KEY)");
  EXPECT_THAT(error_of([&] { SqliteRecords(file_, ""); }), HasSubstr("2 tables"));
  EXPECT_THAT(error_of([&] { SqliteRecords(file_, "DELETE FROM memos WHERE key = ?"); }),
              HasSubstr("would write"));
  EXPECT_THAT(error_of([&] { SqliteRecords(file_, "SELECT * FROM memos"); }),
              HasSubstr("one parameter"));
  const SqliteRecords records(file_, "SELECT task FROM memos WHERE key = ?");
  EXPECT_EQ(graph_.edges(graph_.kwargs(records.fetch(graph_, pid(1)))).size(), 2u);
}

}  // namespace
}  // namespace assay
