// Write-ahead logs and rollback journals as a crash leaves them: the files are
// copied while real SQLite still has the transaction open.
#include "reference/sqlite/journal.h"

#include <fstream>
#include <iterator>
#include <set>

#include "reference/sqlite/sqlite_for_tests.h"
#include "reference/sqlite/wal.h"

namespace assay::sqlite {
namespace {

namespace fs = std::filesystem;

class Crash : public SqliteTest {
 protected:
  // What stands on the disk now, under another name.
  void copy(const std::string& from, const std::string& to) {
    for (const char* suffix : {"", "-wal", "-journal"}) {
      fs::remove(path(to) + suffix);
      if (fs::exists(path(from) + suffix)) fs::copy_file(path(from) + suffix, path(to) + suffix);
    }
  }
  static std::string bytes_of(const std::string& name) {
    std::ifstream file(name, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  static void write(const std::string& name, const std::string& bytes) {
    std::ofstream(name, std::ios::binary) << bytes;
  }
  // Our reading of a copy, then SQLite's, which recovers it. Both may refuse.
  void same(const std::string& from) {
    copy(from, "copy.db");
    const auto before = std::pair(bytes_of(path("copy.db")), bytes_of(path("copy.db-wal")));
    const auto journal = bytes_of(path("copy.db-journal"));
    std::vector<std::string> ours;
    std::string refused;
    try {
      const Database database(path("copy.db"));
      ours = rows_of(database, database.table("t"));
    } catch (const std::runtime_error& error) {
      refused = error.what();
    }
    EXPECT_EQ(std::pair(bytes_of(path("copy.db")), bytes_of(path("copy.db-wal"))), before);
    EXPECT_EQ(bytes_of(path("copy.db-journal")), journal);
    Real real(path("copy.db"));
    const auto theirs = real.rows("SELECT * FROM t NOT INDEXED");
    read_ = ours.size();
    if (refused.empty()) {
      EXPECT_EQ(real.error(), "");
      EXPECT_EQ(ours, theirs);
    } else if (real.error().empty()) {
      // SQLite reads on where it need not look: then its own check finds a fault.
      EXPECT_NE(real.rows("PRAGMA integrity_check"), std::vector<std::string>{"'ok'"}) << refused;
    }
  }
  std::size_t read_ = 0;
};

constexpr const char* fill =
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300)"
    " INSERT INTO t SELECT i, zeroblob(i) FROM n;";

TEST_F(Crash, ALogThatWasNeverCheckpointed) {
  for (const int page_size : {512, 4096, 65536}) {
    const std::string name = fmt::format("{}.db", page_size);
    Real real(path(name));
    ASSERT_TRUE(
        real.run(fmt::format("PRAGMA page_size={}; PRAGMA journal_mode=WAL;"
                             "PRAGMA wal_autocheckpoint=0; CREATE TABLE t(a, b); {}",
                             page_size, fill)));
    same(name);
    EXPECT_EQ(read_, 300u);
    ASSERT_TRUE(real.run("DELETE FROM t WHERE a > 20; VACUUM;"));
    same(name);
    EXPECT_EQ(read_, 20u);
    // A transaction that is open, and spilled into the log.
    ASSERT_TRUE(real.run(fmt::format("PRAGMA cache_size=2; BEGIN; {}", fill)));
    same(name);
    EXPECT_EQ(read_, 20u);
    ASSERT_TRUE(real.run("COMMIT; PRAGMA wal_checkpoint(RESTART); INSERT INTO t VALUES (9, 9)"));
    same(name);
    EXPECT_EQ(read_, 321u);
  }
}

TEST_F(Crash, ALogThatIsTorn) {
  {
    Real real(path("t.db"));
    ASSERT_TRUE(real.run("PRAGMA page_size=512; PRAGMA journal_mode=WAL; CREATE TABLE t(a);"));
    for (int i = 0; i < 5; ++i) ASSERT_TRUE(real.run(fmt::format("INSERT INTO t VALUES ({})", i)));
    copy("t.db", "torn.db");
  }
  const std::string log = bytes_of(path("torn.db-wal"));
  std::set<std::size_t> seen;
  for (std::size_t size = log.size() % 86; size <= log.size(); size += 86) {
    write(path("torn.db-wal"), log.substr(0, size));
    same("torn.db");
    seen.insert(read_);
  }
  EXPECT_EQ(seen, (std::set<std::size_t>{0, 1, 2, 3, 4, 5})) << "of " << log.size();
  for (std::size_t at = 0; at < log.size(); at += 101) {
    std::string changed = log;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    write(path("torn.db-wal"), changed);
    same("torn.db");
  }
}

TEST_F(Crash, AHotJournal) {
  for (const int page_size : {512, 4096, 65536}) {
    const std::string name = fmt::format("{}.db", page_size);
    Real real(path(name));
    ASSERT_TRUE(real.run(fmt::format(
        "PRAGMA page_size={}; PRAGMA cache_size=2; PRAGMA synchronous={}; CREATE TABLE t(a, b); {}",
        page_size, page_size == 4096 ? "FULL" : "OFF", fill)));
    ASSERT_TRUE(
        real.run("BEGIN; UPDATE t SET a = -a, b = zeroblob(a * 3); DELETE FROM t WHERE a "
                 "< -200; CREATE TABLE u(x);"));
    ASSERT_TRUE(fs::exists(path(name) + "-journal"));
    copy(name, "hot.db");
    same("hot.db");
    EXPECT_EQ(read_, 300u);
    // Without its journal the half-written database reads otherwise.
    fs::remove(path("hot.db-journal"));
    same("hot.db");
    ASSERT_TRUE(real.run("ROLLBACK"));
    same(name);
  }
}

TEST_F(Crash, AJournalThatIsTornOrCold) {
  {
    Real real(path("t.db"));
    ASSERT_TRUE(
        real.run(fmt::format("PRAGMA page_size=512; PRAGMA cache_size=2; PRAGMA synchronous=FULL; "
                             "CREATE TABLE t(a, b); {}",
                             fill)));
    ASSERT_TRUE(real.run("BEGIN; UPDATE t SET a = -a; DELETE FROM t WHERE a < -250;"));
    copy("t.db", "hot.db");
  }
  const std::string journal = bytes_of(path("hot.db-journal"));
  ASSERT_GT(journal.size(), 2000u);
  for (std::size_t size = 0; size <= journal.size(); size += 3001) {
    write(path("hot.db-journal"), journal.substr(0, size));
    same("hot.db");
  }
  for (std::size_t at = 0; at < journal.size(); at += at < 28 ? 3 : 2503) {
    std::string changed = journal;
    changed[at] = static_cast<char>(changed[at] ^ 2);
    write(path("hot.db-journal"), changed);
    same("hot.db");
  }
  write(path("hot.db-journal"), std::string(journal.size(), '\0'));
  same("hot.db");
}

// pager.c, readSuperJournal: name, length, checksum and magic at the end.
TEST_F(Crash, ASuperJournalDecides) {
  {
    Real real(path("t.db"));
    ASSERT_TRUE(
        real.run(fmt::format("PRAGMA page_size=512; PRAGMA cache_size=2; PRAGMA synchronous=FULL; "
                             "CREATE TABLE t(a, b); {}",
                             fill)));
    ASSERT_TRUE(real.run("BEGIN; UPDATE t SET a = -a;"));
    copy("t.db", "hot.db");
  }
  const std::string super = path("hot.db-mj1234");
  std::uint32_t sum = 0;
  for (const char c : super) sum += static_cast<std::uint32_t>(static_cast<signed char>(c));
  const auto big_endian = [](std::uint32_t value) {
    std::string text;
    for (int shift = 24; shift >= 0; shift -= 8) text += static_cast<char>(value >> shift);
    return text;
  };
  const std::string tail = big_endian(0x40000000 / 512 + 1) + super +
                           big_endian(static_cast<std::uint32_t>(super.size())) + big_endian(sum) +
                           "\xd9\xd5\x05\xf9\x20\xa1\x63\xd7";
  write(path("hot.db-journal"), bytes_of(path("hot.db-journal")) + tail);
  write(super, "names of journals");
  same("hot.db");
  write(super, "");  // counts for no file
  same("hot.db");
  fs::remove(super);
  same("hot.db");
}

}  // namespace
}  // namespace assay::sqlite
