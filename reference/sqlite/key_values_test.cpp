// The table of dbm.sqlite3, read as Python's module gives it.
#include "reference/sqlite/key_values.h"

#include "reference/sqlite/sqlite_for_tests.h"

namespace assay::sqlite {
namespace {

using KeyValuesTest = SqliteTest;

// The statements are those of Lib/dbm/sqlite3.py.
TEST_F(KeyValuesTest, InTheOrderAndWithTheValuesOfDbmSqlite3) {
  const std::string name = path("d.db");
  std::vector<std::string> keys, values;
  {
    Real real(name);
    ASSERT_TRUE(real.run(
        "PRAGMA page_size=512; PRAGMA journal_mode=WAL;"
        "CREATE TABLE IF NOT EXISTS Dict (key BLOB UNIQUE NOT NULL, value BLOB NOT NULL)"));
    for (int i = 0; i < 700; ++i)
      ASSERT_TRUE(real.run(fmt::format(
          "REPLACE INTO Dict (key, value) VALUES (CAST('{}' AS BLOB), CAST('{}' AS BLOB))",
          std::string(static_cast<std::size_t>(i % 90), 'k') + std::to_string(i * 7919 % 1009),
          std::string(static_cast<std::size_t>(i % 1300), 'v'))));
    keys = real.rows("SELECT key FROM Dict");
    for (const std::string& key : keys)
      values.push_back(
          real.rows("SELECT value FROM Dict WHERE key = CAST(" + key.substr(1) + " AS BLOB)")[0]);
  }
  ASSERT_EQ(keys.size(), 700u);
  KeyValues entries(name);
  for (std::size_t i = 0; i < keys.size(); ++i) {
    ASSERT_TRUE(entries.next());
    EXPECT_EQ(shown(entries.key(), entries.encoding()), keys[i]);
    EXPECT_EQ(shown(entries.value(), entries.encoding()), values[i]);
  }
  EXPECT_FALSE(entries.next());
  for (std::size_t i = 0; i < keys.size(); ++i) {
    ASSERT_TRUE(entries.find(as_bytes(keys[i]).subspan(2, keys[i].size() - 3))) << keys[i];
    EXPECT_EQ(shown(entries.value(), entries.encoding()), values[i]);
  }
  EXPECT_FALSE(entries.find(as_bytes("none")));
  EXPECT_FALSE(entries.find(as_bytes("zzz")));
  EXPECT_FALSE(entries.find({}));
}

}  // namespace
}  // namespace assay::sqlite
