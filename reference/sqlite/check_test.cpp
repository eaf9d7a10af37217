// The integrity check beside PRAGMA integrity_check.
#include "reference/sqlite/check.h"

#include "reference/sqlite/sqlite_for_tests.h"

namespace assay::sqlite {
namespace {

class Check : public SqliteTest {
 protected:
  std::vector<std::string> faults(const std::string& name) {
    std::vector<std::string> found;
    for (const Fault& fault : check(Database(name))) found.push_back(text_of(fault));
    return found;
  }
  // One byte string at an offset of the file is another.
  void change(const std::string& name, std::size_t at, std::string_view bytes) {
    std::FILE* file = std::fopen(name.c_str(), "r+b");
    ASSERT_NE(file, nullptr);
    std::fseek(file, static_cast<long>(at), SEEK_SET);
    std::fwrite(bytes.data(), 1, bytes.size(), file);
    std::fclose(file);
  }
};

constexpr const char* busy =
    "CREATE TABLE t(a, b); CREATE INDEX i ON t(a); CREATE INDEX p ON t(b) WHERE a > 50;"
    "CREATE TABLE w(k TEXT PRIMARY KEY, v UNIQUE) WITHOUT ROWID;"
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 400)"
    " INSERT INTO t SELECT i, zeroblob(i * 7 % 1900) FROM n;"
    "INSERT INTO w SELECT 'k' || a, a FROM t; DELETE FROM t WHERE a % 3 = 0;"
    "UPDATE t SET b = 'short' WHERE a % 5 = 0; DELETE FROM w WHERE v > 300;";

TEST_F(Check, AWholeDatabaseHasNoFaults) {
  for (const int page_size : {512, 1024, 4096, 65536})
    for (const char* vacuum : {"NONE", "FULL", "INCREMENTAL"}) {
      const std::string name = path(fmt::format("{}{}.db", page_size, vacuum));
      {
        Real real(name);
        ASSERT_TRUE(real.run(fmt::format("PRAGMA page_size={}; PRAGMA auto_vacuum={}; {}",
                                         page_size, vacuum, busy)));
      }
      EXPECT_EQ(faults(name), std::vector<std::string>()) << name;
    }
}

TEST_F(Check, AFaultIsNamedByPageAndCell) {
  using ::testing::Contains;
  using ::testing::HasSubstr;
  using namespace std::string_view_literals;
  const auto after = [&](std::size_t at, std::string_view bytes) {
    const std::string name = path("t.db");
    std::filesystem::remove(name);
    Real(name).run(
        "PRAGMA page_size=512; CREATE TABLE t(a); CREATE INDEX i ON t(a);"
        "INSERT INTO t VALUES (1), (2), (3), (zeroblob(900));"
        "CREATE TABLE gone(a); INSERT INTO gone VALUES (zeroblob(3000));"
        "DROP TABLE gone;");
    change(name, at, bytes);
    return faults(name);
  };
  EXPECT_THAT(after(0, "S"), ::testing::IsEmpty());
  EXPECT_THAT(after(39, "\1"), Contains(HasSubstr("pages are free, and the header says 1")));
  EXPECT_THAT(after(512 + 7, "\5"), Contains("page 2: 0 bytes are fragments, and the page says 5"));
  EXPECT_THAT(after(512 + 4, "\3"), Contains(HasSubstr("page 2")));
  // Pointers to the first two cells of t: the same cell twice.
  const auto twice = after(512 + 8, "\x01\xf5\x01\xf5"sv);
  EXPECT_THAT(twice, Contains(HasSubstr("page 2, cell 1")));
  EXPECT_THAT(after(512 + 8, "\x02\x00"sv), Contains(HasSubstr("page 2, cell 0: points to 512")));
}

}  // namespace
}  // namespace assay::sqlite
