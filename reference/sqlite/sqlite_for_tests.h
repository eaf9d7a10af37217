// The oracle of this room's tests: real SQLite, through libsqlite3. Only tests
// link it.
#pragma once

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sqlite3.h>
#include <unistd.h>

#include <bit>
#include <filesystem>
#include <string>
#include <vector>

#include "reference/sqlite/database.h"
#include "reference/sqlite/record.h"
#include "reference/sqlite/rows.h"
#include "reference/sqlite/text_encoding.h"

namespace assay::sqlite {

// A row as text that tells storage classes, bits and bytes apart.
inline std::string shown(Storage storage, std::int64_t integer, double real, std::string bytes) {
  switch (storage) {
    case Storage::null:
      return "NULL";
    case Storage::integer:
      return fmt::format("{}", integer);
    case Storage::real:
      return fmt::format("real:{:x}", std::bit_cast<std::uint64_t>(real));
    case Storage::text:
      return "'" + bytes + "'";
    case Storage::blob:
      break;
  }
  return "x'" + bytes + "'";
}

inline std::string shown(const Field& field, TextEncoding encoding) {
  std::string storage;
  const Bytes bytes =
      field.storage == Storage::text ? as_utf8(field.bytes, encoding, storage) : field.bytes;
  return shown(field.storage, field.integer, field.real, std::string(as_text(bytes)));
}

// A connection of libsqlite3's.
class Real {
 public:
  explicit Real(const std::string& path) {
    EXPECT_EQ(sqlite3_open(path.c_str(), &database_), SQLITE_OK) << path;
    run("PRAGMA synchronous=OFF");  // these files need not survive a power cut
  }
  ~Real() { sqlite3_close(database_); }
  Real(const Real&) = delete;
  Real& operator=(const Real&) = delete;

  sqlite3* handle() { return database_; }
  const std::string& error() const { return error_; }

  // False when SQLite refuses; error() says why.
  bool run(const std::string& sql) {
    char* message = nullptr;
    const bool done = sqlite3_exec(database_, sql.c_str(), nullptr, nullptr, &message) == SQLITE_OK;
    error_ = message == nullptr ? "" : message;
    sqlite3_free(message);
    return done;
  }
  // Every row, up to the first error, which error() then says.
  std::vector<std::string> rows(const std::string& sql) {
    std::vector<std::string> found;
    sqlite3_stmt* query = nullptr;
    error_.clear();
    if (sqlite3_prepare_v2(database_, sql.c_str(), -1, &query, nullptr) != SQLITE_OK) {
      error_ = sqlite3_errmsg(database_);
      return found;
    }
    int stepped = SQLITE_ROW;
    while ((stepped = sqlite3_step(query)) == SQLITE_ROW) {
      std::string row;
      for (int i = 0; i < sqlite3_column_count(query); ++i) row += (i ? "|" : "") + cell(query, i);
      found.push_back(row);
    }
    if (stepped != SQLITE_DONE) error_ = sqlite3_errmsg(database_);
    sqlite3_finalize(query);
    return found;
  }

 private:
  static std::string cell(sqlite3_stmt* query, int i) {
    const auto bytes = [&](const void* data) {
      return std::string(static_cast<const char*>(data),
                         static_cast<std::size_t>(sqlite3_column_bytes(query, i)));
    };
    switch (sqlite3_column_type(query, i)) {
      case SQLITE_INTEGER:
        return shown(Storage::integer, sqlite3_column_int64(query, i), 0, "");
      case SQLITE_FLOAT:
        return shown(Storage::real, 0, sqlite3_column_double(query, i), "");
      case SQLITE_TEXT:
        return shown(Storage::text, 0, 0, bytes(sqlite3_column_text(query, i)));
      case SQLITE_BLOB: {
        const void* data = sqlite3_column_blob(query, i);
        return shown(Storage::blob, 0, 0, data == nullptr ? "" : bytes(data));
      }
      default:
        return "NULL";
    }
  }

  sqlite3* database_ = nullptr;
  std::string error_;
};

// An SQL identifier in double quotes.
inline std::string quoted(const std::string& name) {
  std::string text = "\"";
  for (const char c : name) text += c == '"' ? std::string("\"\"") : std::string(1, c);
  return text + '"';
}

inline std::string shown(std::span<const Field> row, TextEncoding encoding) {
  std::string text;
  for (std::size_t i = 0; i < row.size(); ++i) text += (i ? "|" : "") + shown(row[i], encoding);
  return text;
}

// Every row as we read it.
inline std::vector<std::string> rows_of(const Database& database, const Table& table) {
  std::vector<std::string> found;
  Rows rows(database, table);
  while (rows.next()) found.push_back(shown(rows.row(), database.header().encoding));
  return found;
}

// All rows in the order in which the table's tree has them. SQLite reads another
// index of a WITHOUT ROWID table when that holds every column.
inline std::string select_all(const Table& table) {
  std::string sql = "SELECT * FROM " + quoted(table.entry.name) + " NOT INDEXED";
  if (!table.definition.without_rowid) return sql;
  const char* separator = " ORDER BY ";
  for (const KeyColumn& key : table.definition.primary_key) {
    sql += separator + quoted(table.definition.columns[key.column].name) +
           (key.collation.empty() ? "" : " COLLATE " + key.collation) +
           (key.descending ? " DESC" : "");
    separator = ", ";
  }
  return sql;
}

// Every table's rows, ours and real SQLite's.
inline void expect_same_rows(const std::string& path) {
  const Database database(path);
  std::vector<std::string> ours;
  for (const SchemaEntry& entry : database.schema()) ours.push_back(entry.name);
  Real real(path);
  std::vector<std::string> theirs;
  for (const std::string& name : real.rows("SELECT name FROM sqlite_master"))
    theirs.push_back(name.substr(1, name.size() - 2));
  EXPECT_EQ(ours, theirs) << real.error();
  for (const Table& table : database.tables()) {
    const auto expected = real.rows(select_all(table));
    ASSERT_EQ(real.error(), "") << table.entry.name;
    EXPECT_EQ(rows_of(database, table), expected) << table.entry.sql.value_or("");
  }
}

// A folder of its own for each test, removed with it.
class SqliteTest : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::temp_directory_path() /
              fmt::format("assay-sqlite-{}-{}", getpid(),
                          ::testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }
  std::string path(const std::string& name) const { return (folder_ / name).string(); }

  std::filesystem::path folder_;
};

}  // namespace assay::sqlite
