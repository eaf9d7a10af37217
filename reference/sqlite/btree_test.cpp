// Header, pager, b-trees and records against what real SQLite wrote.
#include <fstream>

#include "reference/sqlite/check.h"
#include "reference/sqlite/file.h"
#include "reference/sqlite/record.h"
#include "reference/sqlite/sqlite_for_tests.h"
#include "reference/sqlite/tree_cursor.h"
#include "reference/sqlite/varint.h"

namespace assay::sqlite {
namespace {

TEST(Varint, AsTheFormatDocumentDefinesIt) {
  const auto of = [](std::vector<std::uint8_t> bytes) { return read_varint(bytes); };
  EXPECT_EQ(of({0x7f}).value, 127u);
  EXPECT_EQ(of({0x81, 0x00}).value, 128u);
  EXPECT_EQ(of({0xff, 0x7f}).value, 16383u);
  const Varint nine = of({0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe});
  EXPECT_EQ(nine.value, 0xfffffffffffffffeu);
  EXPECT_EQ(nine.length, 9u);
  EXPECT_EQ(of({0x81}).length, 0u);
  EXPECT_EQ(of({}).length, 0u);
}

// Rows of every width, some far longer than a page.
constexpr const char* make_rows =
    "CREATE TABLE t(a, b, c);"
    "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 900)"
    " INSERT INTO t SELECT CASE i % 7 WHEN 0 THEN NULL WHEN 1 THEN i WHEN 2 THEN i / 3.0"
    " WHEN 3 THEN -(1 << (i % 62)) WHEN 4 THEN (1 << (i % 62)) WHEN 5 THEN 0 ELSE 1 END,"
    " CASE i % 3 WHEN 0 THEN printf('%.*c', i * 7, 'x') WHEN 1 THEN zeroblob(i)"
    " ELSE char(0x20ac, 0x1f600, i + 1) END, randomblob(i * i % 9000) FROM n;"
    "DELETE FROM t WHERE rowid % 5 = 0;";

std::vector<std::string> scanned(const std::string& path, std::uint32_t root, std::size_t columns) {
  const DiskFile file(path);
  const Pager pager(file, {});
  TreeCursor cursor(pager, root, TreeKind::table);
  std::vector<std::string> rows;
  std::vector<Field> fields(columns);
  while (cursor.next()) {
    std::fill(fields.begin(), fields.end(), Field());
    EXPECT_EQ(decode_record(cursor.payload(), fields, cursor.payload_offset()), columns);
    std::string row = fmt::format("{}", cursor.rowid());
    for (const Field& field : fields) row += "|" + shown(field, pager.header().encoding);
    rows.push_back(row);
  }
  return rows;
}

struct Shape {
  int page_size, reserved;
  const char* encoding;
  const char* vacuum;
};

class Shapes : public SqliteTest, public ::testing::WithParamInterface<Shape> {
 protected:
  void SetUp() override {
    folder_ =
        std::filesystem::temp_directory_path() /
        fmt::format("assay-shapes-{}-{}-{}", getpid(), GetParam().page_size, GetParam().reserved);
    std::filesystem::create_directories(folder_);
  }
};

TEST_P(Shapes, ReadAsSqliteReads) {
  const Shape shape = GetParam();
  const std::string name = path("t.db");
  std::vector<std::string> expected;
  std::uint32_t root = 0;
  {
    Real real(name);
    int reserved = shape.reserved;
    ASSERT_EQ(sqlite3_file_control(real.handle(), "main", SQLITE_FCNTL_RESERVE_BYTES, &reserved),
              SQLITE_OK);
    ASSERT_TRUE(
        real.run(fmt::format("PRAGMA page_size={}; PRAGMA encoding='{}';"
                             "PRAGMA auto_vacuum={}; {}",
                             shape.page_size, shape.encoding, shape.vacuum, make_rows)))
        << real.error();
    expected = real.rows("SELECT rowid, * FROM t NOT INDEXED");
    root =
        static_cast<std::uint32_t>(std::stoul(real.rows("SELECT rootpage FROM sqlite_master")[0]));
  }
  ASSERT_EQ(expected.size(), 721u);
  const DiskFile file(name);
  const Pager pager(file, {});
  EXPECT_EQ(pager.page_size(), static_cast<std::uint32_t>(shape.page_size));
  EXPECT_EQ(pager.header().reserved, static_cast<std::uint32_t>(shape.reserved));
  EXPECT_EQ(std::uint64_t{pager.page_count()} * pager.page_size(), file.size());
  EXPECT_EQ(scanned(name, root, 3), expected);

  // Each rowid is found where the scan found it, and the missing ones are not.
  TreeCursor cursor(pager, root, TreeKind::table);
  for (std::int64_t rowid = 0; rowid <= 902; ++rowid)
    EXPECT_EQ(cursor.find(rowid), rowid > 0 && rowid < 902 && rowid % 5 != 0) << rowid;
  ASSERT_TRUE(cursor.find(7));
  ASSERT_TRUE(cursor.next());
  EXPECT_EQ(cursor.rowid(), 8);
}

INSTANTIATE_TEST_SUITE_P(
    Pages, Shapes,
    ::testing::Values(Shape{512, 0, "UTF-8", "NONE"}, Shape{512, 32, "UTF-16le", "FULL"},
                      Shape{1024, 0, "UTF-16be", "NONE"}, Shape{2048, 8, "UTF-8", "INCREMENTAL"},
                      Shape{4096, 0, "UTF-8", "FULL"}, Shape{4096, 255, "UTF-16le", "NONE"},
                      Shape{8192, 0, "UTF-8", "NONE"}, Shape{16384, 12, "UTF-16be", "FULL"},
                      Shape{32768, 0, "UTF-8", "NONE"}, Shape{65536, 0, "UTF-16le", "FULL"},
                      Shape{65536, 200, "UTF-8", "NONE"}));

using Btree = SqliteTest;

// The file's bytes with one change, in memory.
std::string message_of(std::string bytes, std::size_t at, std::string_view with) {
  bytes.replace(at, with.size(), with);
  const MemoryFile file(as_bytes(bytes));
  try {
    const Pager pager(file, {});
    TreeCursor cursor(pager, 2, TreeKind::table);
    std::vector<Field> fields(3);
    while (cursor.next()) decode_record(cursor.payload(), fields, cursor.payload_offset());
  } catch (const DecodeError& error) {
    return error.what();
  }
  return "no error";
}

TEST_F(Btree, AFaultIsNamedByPageAndOffset) {
  const std::string name = path("t.db");
  {
    Real real(name);
    ASSERT_TRUE(real.run(
        "PRAGMA page_size=512; CREATE TABLE t(a,b,c);"
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 50)"
        " INSERT INTO t SELECT i, zeroblob(40), zeroblob(CASE i WHEN 50 THEN 2000 END) FROM n"));
  }
  std::string bytes(std::filesystem::file_size(name), '\0');
  DiskFile(name).read(0, {reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size()});
  using ::testing::HasSubstr;
  using namespace std::string_view_literals;
  EXPECT_EQ(message_of(bytes, 0, "S"), "no error");
  EXPECT_THAT(message_of(bytes, 0, "s"), HasSubstr("magic"));
  EXPECT_THAT(message_of(bytes, 16, "\3\0"sv), HasSubstr("page size"));
  EXPECT_THAT(message_of(bytes, 20, "\x40"), HasSubstr("reserved bytes"));
  EXPECT_THAT(message_of(bytes, 19, "\3"), HasSubstr("later SQLite"));
  EXPECT_THAT(message_of(bytes, 47, "\5"), HasSubstr("schema format"));
  EXPECT_THAT(message_of(bytes, 28, "\0\1"sv), HasSubstr("database size"));
  // Page 2 is the root, an interior page of the table.
  EXPECT_THAT(message_of(bytes, 512, "\7"), HasSubstr("b-tree page type"));
  EXPECT_THAT(message_of(bytes, 512, "\2"), HasSubstr("a table's tree"));
  EXPECT_THAT(message_of(bytes, 515, "\xff"), HasSubstr("number of cells"));
  EXPECT_THAT(message_of(bytes, 520, "\0\0\0\2"sv), HasSubstr("visits a page twice"));
  EXPECT_THAT(message_of(bytes, 520, "\0\1\0\0"sv),
              HasSubstr("right child: malformed: names page 65536"));
  EXPECT_THAT(message_of(bytes, 524, "\xff"), HasSubstr("page 2, cell 0"));
}

// Makes SQLite believe that a database has `pages` pages, which the file then has as a
// hole; what it adds comes behind them.
void lengthen(const std::string& name, std::uint32_t pages, std::uint32_t page_size) {
  std::filesystem::resize_file(name, std::uint64_t{pages} * page_size);
  std::fstream file(name, std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(28);
  for (int shift = 24; shift >= 0; shift -= 8) file.put(static_cast<char>(pages >> shift));
}

class LockByte : public SqliteTest {};

TEST_F(LockByte, ItsPageIsLeftOut) {
  for (const std::uint32_t page_size : {65536u, 4096u})
    for (const char* vacuum : {"NONE", "FULL"}) {
      const std::string name = path(fmt::format("{}-{}.db", page_size, vacuum));
      const std::uint32_t page = 0x40000000 / page_size + 1;
      {
        Real real(name);
        ASSERT_TRUE(
            real.run(fmt::format("PRAGMA page_size={}; PRAGMA auto_vacuum={};"
                                 "CREATE TABLE t(a, b); CREATE INDEX i ON t(b);",
                                 page_size, vacuum)));
      }
      lengthen(name, page - 2, page_size);
      Real(name).run(
          "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20)"
          " INSERT INTO t SELECT zeroblob(i * 40000), printf('%.*c', i * 600, 'x') FROM n;");
      const Database database(name);
      EXPECT_GT(database.pager().page_count(), page + 20);
      EXPECT_EQ(database.pager().lock_byte_page(), page);
      expect_same_rows(name);
      for (const Fault& fault : check(database, 300000)) {
        EXPECT_TRUE(fault.page < page - 1) << text_of(fault);
        EXPECT_NE(fault.page, page) << text_of(fault);
      }
    }
}

}  // namespace
}  // namespace assay::sqlite
