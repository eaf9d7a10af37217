// Floats as SQLite prints and reads them.
#include "reference/sqlite/float_text.h"

#include <bit>
#include <cmath>
#include <random>

#include "reference/sqlite/sqlite_for_tests.h"

namespace assay::sqlite {
namespace {

class FloatText : public ::testing::Test {
 protected:
  void SetUp() override {
    // From 3.43 on SQLite prints and reads floats in another way, see the header.
    ASSERT_LT(sqlite3_libversion_number(), 3043000) << "the oracle is Debian 12's SQLite 3.40";
    ASSERT_EQ(sqlite3_open(":memory:", &database_), SQLITE_OK);
    ASSERT_EQ(sqlite3_prepare_v2(database_, "SELECT quote(?1), CAST(?1 AS TEXT), CAST(?2 AS REAL)",
                                 -1, &query_, nullptr),
              SQLITE_OK);
  }
  void TearDown() override {
    sqlite3_finalize(query_);
    sqlite3_close(database_);
  }
  void same(double value) {
    const std::string text = fmt::format("{}", value);
    sqlite3_reset(query_);
    sqlite3_bind_double(query_, 1, value);
    sqlite3_bind_text(query_, 2, text.c_str(), -1, SQLITE_TRANSIENT);
    ASSERT_EQ(sqlite3_step(query_), SQLITE_ROW);
    const auto column = [&](int i) {
      return std::string(reinterpret_cast<const char*>(sqlite3_column_text(query_, i)));
    };
    ASSERT_EQ(real_quoted(value), column(0)) << text;
    ASSERT_EQ(real_as_text(value), column(1)) << text;
    if (std::isfinite(value)) {
      ASSERT_EQ(std::bit_cast<std::uint64_t>(real_from_text(text)),
                std::bit_cast<std::uint64_t>(sqlite3_column_double(query_, 2)))
          << text;
    }
  }

  sqlite3* database_ = nullptr;
  sqlite3_stmt* query_ = nullptr;
};

TEST_F(FloatText, AsRealSqlite) {
  for (const double value : {0.0, -0.0, 1.0, -1.0, 0.1, 1.0 / 3, 1e15, 1e16, 123456789012345678.0,
                             5e-324, 2.2250738585072014e-308, 1.7976931348623157e308, 1e100, 1e-5,
                             0.0001, 9.9999999999999995e22, 999999999999999.9, 0.5, 1e-310})
    same(value), same(-value);
  same(std::numeric_limits<double>::infinity());
  same(-std::numeric_limits<double>::infinity());
  std::mt19937_64 random(1);
  for (int i = 0; i < 60000; ++i) {
    const double value = std::bit_cast<double>(random());
    if (!std::isnan(value)) same(value);
    same(static_cast<double>(static_cast<std::int64_t>(random())) / 1000.0);
    same(static_cast<double>(random() % 1000000) / 100.0);
  }
}

}  // namespace
}  // namespace assay::sqlite
