// Reading all of a file: this room beside libgdbm and libdb, in one run.
//
//   dbm_bench [ENTRIES]      1,000,000 by default
//
// Each reads every key and value and adds up their sizes and some of their
// bytes. Prints entries a second of CPU time, the ratio, and by how much reading raised the
// memory of the process (as the kernel counts it, mapped pages included).
#include <db.h>
#include <fmt/format.h>
#include <gdbm.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>

#include "reference/dbm/open.h"

namespace {

// Seconds of CPU time, user's and system's: a busy machine does not change them.
double cpu_seconds() {
  timespec time = {};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

struct Sum {
  std::uint64_t entries = 0, bytes = 0;
  void add(const void* key, std::size_t key_size, const void* value, std::size_t value_size) {
    ++entries;
    bytes += key_size + value_size;
    if (key_size > 0) bytes += *static_cast<const unsigned char*>(key);
    if (value_size > 0) bytes += *static_cast<const unsigned char*>(value);
  }
};

std::string value_of(long i) {
  return std::string(static_cast<std::size_t>(20 + i % 100), static_cast<char>('a' + i % 26));
}

void make_gdbm(const std::string& path, long entries) {
  GDBM_FILE file = gdbm_open(path.c_str(), 4096, GDBM_NEWDB, 0644, nullptr);
  for (long i = 0; i < entries; ++i) {
    std::string key = fmt::format("key {}", i), value = value_of(i);
    gdbm_store(file, {key.data(), static_cast<int>(key.size())},
               {value.data(), static_cast<int>(value.size())}, GDBM_INSERT);
  }
  gdbm_close(file);
}

void make_hash(const std::string& path, long entries) {
  DB* db = nullptr;
  db_create(&db, nullptr, 0);
  db->set_cachesize(db, 0, 256u << 20, 1);
  db->open(db, nullptr, path.c_str(), nullptr, DB_HASH, DB_CREATE, 0644);
  for (long i = 0; i < entries; ++i) {
    std::string key = fmt::format("key {}", i), value = value_of(i);
    DBT k = {}, v = {};
    k.data = key.data();
    k.size = static_cast<u_int32_t>(key.size());
    v.data = value.data();
    v.size = static_cast<u_int32_t>(value.size());
    db->put(db, nullptr, &k, &v, 0);
  }
  db->close(db, 0);
}

Sum read_with_libgdbm(const std::string& path) {
  Sum sum;
  GDBM_FILE file = gdbm_open(path.c_str(), 0, GDBM_READER, 0, nullptr);
  datum key = gdbm_firstkey(file);
  while (key.dptr != nullptr) {
    const datum value = gdbm_fetch(file, key);
    sum.add(key.dptr, static_cast<std::size_t>(key.dsize), value.dptr,
            static_cast<std::size_t>(value.dsize));
    std::free(value.dptr);
    const datum next = gdbm_nextkey(file, key);
    std::free(key.dptr);
    key = next;
  }
  gdbm_close(file);
  return sum;
}

Sum read_with_libdb(const std::string& path) {
  Sum sum;
  DB* db = nullptr;
  db_create(&db, nullptr, 0);
  db->open(db, nullptr, path.c_str(), nullptr, DB_HASH, DB_RDONLY, 0);
  DBC* cursor = nullptr;
  db->cursor(db, nullptr, &cursor, 0);
  DBT key = {}, value = {};
  while (cursor->get(cursor, &key, &value, DB_NEXT) == 0)
    sum.add(key.data, key.size, value.data, value.size);
  cursor->close(cursor);
  db->close(db, 0);
  return sum;
}

Sum read_with_assay(const std::string& path) {
  Sum sum;
  const auto opened = assay::dbm::open_dbm(*assay::dbm::identify(path), {}, {});
  for (assay::dbm::Entry entry; opened->stream->next(entry);)
    sum.add(entry.key.data(), entry.key.size(), entry.value.data(), entry.value.size());
  return sum;
}

// Kilobytes of this process's memory at its peak.
long peak_kilobytes() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmHWM:")) return std::strtol(line.c_str() + 6, nullptr, 10);
  return 0;
}

struct Measured {
  double seconds = 0;
  long kilobytes = 0;
  Sum sum;
};

// In a process of its own, so that peaks do not add up. The best of three.
Measured measured(Sum (*read)(const std::string&), const std::string& path) {
  int ends[2];
  if (::pipe(ends) != 0) std::abort();
  const pid_t child = ::fork();
  if (child == 0) {
    Measured best;
    const long before = peak_kilobytes();
    for (int i = 0; i < 3; ++i) {
      const double start = cpu_seconds();
      best.sum = read(path);
      const double seconds = cpu_seconds() - start;
      if (i == 0 || seconds < best.seconds) best.seconds = seconds;
    }
    best.kilobytes = peak_kilobytes() - before;
    if (::write(ends[1], &best, sizeof best) != sizeof best) ::_exit(1);
    ::_exit(0);
  }
  Measured result;
  ::close(ends[1]);
  if (::read(ends[0], &result, sizeof result) != sizeof result) std::abort();
  ::close(ends[0]);
  ::waitpid(child, nullptr, 0);
  return result;
}

bool compare(const char* name, const std::string& path, Sum (*library)(const std::string&)) {
  const Measured theirs = measured(library, path), ours = measured(read_with_assay, path);
  const double megabytes = static_cast<double>(std::filesystem::file_size(path)) / 1e6;
  fmt::print(
      "{:<8} {:8.1f} MB  library {:9.0f}/s {:7} kB  assay {:9.0f}/s {:7} kB  {:5.2f} times\n", name,
      megabytes, static_cast<double>(theirs.sum.entries) / theirs.seconds, theirs.kilobytes,
      static_cast<double>(ours.sum.entries) / ours.seconds, ours.kilobytes,
      theirs.seconds / ours.seconds);
  return theirs.sum.entries == ours.sum.entries && theirs.sum.bytes == ours.sum.bytes;
}

}  // namespace

int main(int argc, char** argv) {
  const long entries = argc > 1 ? std::strtol(argv[1], nullptr, 10) : 1000000;
  std::string folder = (std::filesystem::temp_directory_path() / "assay_dbm_bench_XXXXXX").string();
  if (::mkdtemp(folder.data()) == nullptr) return 2;
  make_gdbm(folder + "/gdbm", entries);
  make_hash(folder + "/hash", entries);
  bool same = compare("gdbm", folder + "/gdbm", read_with_libgdbm);
  same &= compare("hash", folder + "/hash", read_with_libdb);
  std::filesystem::remove_all(folder);
  fmt::print("{}\n", same ? "the same entries" : "DIFFERENT entries");
  return same ? 0 : 1;
}
