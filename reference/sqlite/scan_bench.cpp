// A full scan of a table beside the same scan through libsqlite3:
//
//     scan_bench [ROWS [BYTES]]      (default: 1,000,000 rows of 200 bytes)
//
// Makes the database in the folder for temporary files, unless it is there. Each
// side takes every column of every row (a step and column reads there), five
// times in turn; the least processor time counts. Prints both times, their ratio
// and the peak of resident memory before and after our scan.
#include <sqlite3.h>
#include <sys/resource.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <string>

#include "reference/sqlite/database.h"
#include "reference/sqlite/rows.h"

namespace {

double processor_time() {
  timespec time{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
}

long peak_memory() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

// What a scan saw: the same for both sides, or one of them is wrong.
struct Sum {
  std::uint64_t rows = 0, integers = 0, bytes = 0;
  double reals = 0;
  friend bool operator==(const Sum&, const Sum&) = default;
};

bool make(const std::string& path, long rows, long bytes) {
  if (std::filesystem::exists(path)) return true;
  sqlite3* database = nullptr;
  sqlite3_open(path.c_str(), &database);
  char* sql = sqlite3_mprintf(
      "PRAGMA synchronous=OFF; PRAGMA journal_mode=OFF;"
      "CREATE TABLE t(id INTEGER PRIMARY KEY, number INT, part REAL, name TEXT, data BLOB);"
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %ld)"
      " INSERT INTO t SELECT i, i * 7919, i / 3.0, printf('name of %%d', i), randomblob(%ld) FROM "
      "n",
      rows, std::max(bytes - 40, 0L));
  const bool made = sqlite3_exec(database, sql, nullptr, nullptr, nullptr) == SQLITE_OK;
  sqlite3_free(sql);
  sqlite3_close(database);
  return made;
}

Sum scan_theirs(const std::string& path) {
  Sum sum;
  sqlite3* database = nullptr;
  sqlite3_stmt* query = nullptr;
  sqlite3_open_v2(path.c_str(), &database, SQLITE_OPEN_READONLY, nullptr);
  sqlite3_prepare_v2(database, "SELECT * FROM t", -1, &query, nullptr);
  while (sqlite3_step(query) == SQLITE_ROW) {
    ++sum.rows;
    for (int i = 0; i < 5; ++i) {
      switch (sqlite3_column_type(query, i)) {
        case SQLITE_INTEGER:
          sum.integers += static_cast<std::uint64_t>(sqlite3_column_int64(query, i));
          break;
        case SQLITE_FLOAT:
          sum.reals += sqlite3_column_double(query, i);
          break;
        case SQLITE_TEXT:
          sum.bytes += sqlite3_column_text(query, i)[0];
          sum.bytes += static_cast<std::uint64_t>(sqlite3_column_bytes(query, i));
          break;
        case SQLITE_BLOB:
          sum.bytes += static_cast<const unsigned char*>(sqlite3_column_blob(query, i))[0];
          sum.bytes += static_cast<std::uint64_t>(sqlite3_column_bytes(query, i));
          break;
        default:
          break;
      }
    }
  }
  sqlite3_finalize(query);
  sqlite3_close(database);
  return sum;
}

Sum scan_ours(const std::string& path) {
  using namespace assay::sqlite;
  Sum sum;
  const Database database(path);
  const Table table = database.table("t");
  Rows rows(database, table);
  while (rows.next()) {
    ++sum.rows;
    for (const Field& field : rows.row()) {
      switch (field.storage) {
        case Storage::integer:
          sum.integers += static_cast<std::uint64_t>(field.integer);
          break;
        case Storage::real:
          sum.reals += field.real;
          break;
        case Storage::text:
        case Storage::blob:
          sum.bytes += field.bytes[0] + field.bytes.size();
          break;
        case Storage::null:
          break;
      }
    }
  }
  return sum;
}

}  // namespace

int main(int argc, char** argv) {
  const long rows = argc > 1 ? std::atol(argv[1]) : 1000000;
  const long bytes = argc > 2 ? std::atol(argv[2]) : 200;
  const std::string path = std::filesystem::temp_directory_path() /
                           ("assay-scan-" + std::to_string(rows) + "-" + std::to_string(bytes));
  if (!make(path, rows, bytes)) {
    std::fprintf(stderr, "scan_bench: %s cannot be made\n", path.c_str());
    return 2;
  }
  const long before = peak_memory();
  scan_ours(path);  // brings the file into the system's cache, too
  const long after = peak_memory();
  double ours = 1e9, theirs = 1e9;
  bool same = true;
  for (int i = 0; i < 5; ++i) {
    double start = processor_time();
    const Sum one = scan_theirs(path);
    theirs = std::min(theirs, processor_time() - start);
    start = processor_time();
    const Sum other = scan_ours(path);
    ours = std::min(ours, processor_time() - start);
    same &= one == other;
  }
  std::printf(
      "%ld rows, %.1f MB\nlibsqlite3 %.3f s\nours       %.3f s (%.2f times as fast)\n"
      "peak memory %ld KiB before our scan, %ld KiB after\n",
      rows, static_cast<double>(std::filesystem::file_size(path)) / 1e6, theirs, ours,
      theirs / ours, before, after);
  if (!same) std::printf("the sums differ\n");
  return same ? 0 : 1;
}
