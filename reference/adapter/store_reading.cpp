#include "reference/adapter/store_reading.h"

#include <fmt/format.h>

#include <map>
#include <memory>
#include <set>
#include <stdexcept>

#include "reference/bytes/error.h"
#include "reference/dbm/berkeley_btree.h"
#include "reference/dbm/berkeley_hash.h"
#include "reference/dbm/berkeley_queue.h"
#include "reference/dbm/dumb.h"
#include "reference/dbm/gdbm_module.h"
#include "reference/dbm/magic.h"
#include "reference/dbm/mapped_file.h"
#include "reference/dbm/python_error.h"
#include "reference/dbm/sqlite3/store.h"

namespace assay::adapter {
namespace {

using Status = StoredEntries::Status;

StoredEntries raised(std::string_view exception, std::string_view message) {
  StoredEntries read;
  read.status = Status::raised;
  read.exception = exception;
  read.message = message;
  return read;
}

StoredEntries unsupported(std::string_view message) {
  StoredEntries read;
  read.status = Status::unsupported;
  read.message = message;
  return read;
}

std::string text(Bytes bytes) {
  return std::string(as_text(bytes));
}

StoredEntry stored(const dbm::Entry& entry) {
  StoredEntry one;
  if (entry.numbered) one.kind = StoredEntry::Key::number;
  if (entry.unicode) one.kind = StoredEntry::Key::unicode;
  one.key = entry.numbered ? std::to_string(entry.number) : text(entry.key);
  one.values = {text(entry.value)};
  return one;
}

// Lib/dbm/dumb.py: the files are made where they are missing (up to 3.7), or
// opening for reading fails.
StoredEntries read_dumb(const std::string& path, dbm::Python python) {
  const bool makes_files = python < dbm::Python{3, 8};
  const dbm::MappedFile none;
  dbm::MappedFile dir, dat;
  const bool has_dat = dbm::readable(path + ".dat"), has_dir = dbm::readable(path + ".dir");
  if (!makes_files && (!has_dat || !has_dir))
    return raised("FileNotFoundError", path + (has_dat ? ".dir" : ".dat"));
  if (has_dat) dat = dbm::MappedFile(path + ".dat");
  if (has_dir) dir = dbm::MappedFile(path + ".dir");
  StoredEntries read;
  dbm::DumbStream stream(dir.bytes(), dat.bytes(), python, {});
  for (dbm::Entry entry; stream.next(entry);) read.entries.push_back(stored(entry));
  return read;
}

StoredEntries read_gnu(const std::string& path) {
  if (!dbm::readable(path)) return raised("error", "there is no such file");
  const dbm::MappedFile file(path);
  const dbm::ModuleRead found = dbm::read_as_dbm_gnu(file.bytes());
  if (!found.exception.empty()) return raised(found.exception, "as libgdbm finds it");
  StoredEntries read;
  for (const auto& [key, value] : found.entries)
    read.entries.push_back({StoredEntry::Key::bytes, text(key), {text(value)}});
  return read;
}

// Versions that Berkeley DB 5.3 wants to be upgraded first, and those it opens.
struct Versions {
  dbm::Format format;
  std::uint32_t old, first, last;
};
constexpr Versions versions[] = {
    {dbm::Format::berkeley_hash, 4, 7, 9},
    {dbm::Format::berkeley_btree, 6, 8, 9},
    {dbm::Format::berkeley_queue, 1, 3, 4},
};

// The class of bsddb3's exception for a file that DB->open() refuses; empty if it
// opens (db/db_meta.c, db/db_open.c).
std::string_view berkeley_refusal(Bytes file, dbm::Format format) {
  const auto magic = dbm::find_magic(file);
  if (!magic || magic->magic->format != format || file.size() < dbm::berkeley_meta_bytes)
    return "DBInvalidArgError";
  const Ordered page(file, magic->big_endian);
  const std::uint32_t version = page.u32(16, "version"), size = page.u32(20, "pagesize");
  for (const Versions& row : versions) {
    if (row.format != format) continue;
    if (version >= row.old && version < row.first) return "DBOldVersionError";
    if (version < row.old || version > row.last) return "DBInvalidArgError";
  }
  const bool encrypted = page.u8(24, "encrypt_alg") != 0;
  if (!encrypted &&
      !dbm::berkeley_meta_is_whole(page.window(0, dbm::berkeley_meta_bytes, "metadata")))
    return "DBInvalidArgError";
  // Opening a btree reads its root.
  if (format == dbm::Format::berkeley_btree && size != 0 &&
      page.u32(88, "root") >= file.size() / size)
    return "DBInvalidArgError";
  return encrypted || size == 0 || file.size() % size != 0 ? "DBInvalidArgError" : "";
}

struct BerkeleyModule {
  std::string_view name;
  dbm::Format format;
};
constexpr BerkeleyModule berkeley_modules[] = {
    {"bsddb.hash", dbm::Format::berkeley_hash},
    {"bsddb.btree", dbm::Format::berkeley_btree},
    {"bsddb.recno", dbm::Format::berkeley_btree},
    {"bsddb.queue", dbm::Format::berkeley_queue},
};

std::unique_ptr<dbm::EntryStream> berkeley_stream(Bytes file, dbm::Format format) {
  const dbm::ReadOptions options{.as_library = true};
  if (format == dbm::Format::berkeley_hash)
    return std::make_unique<dbm::BerkeleyHashStream>(file, options);
  if (format == dbm::Format::berkeley_btree)
    return std::make_unique<dbm::BerkeleyBtreeStream>(file, options);
  return std::make_unique<dbm::BerkeleyQueueStream>(file, options);
}

// What a cursor gives; a key with several values has them together.
StoredEntries read_berkeley(const BerkeleyModule& module, const std::string& path) {
  if (!dbm::readable(path)) return raised("DBNoSuchFileError", "there is no such file");
  const dbm::MappedFile file(path);
  if (const auto refusal = berkeley_refusal(file.bytes(), module.format); !refusal.empty())
    return raised(refusal, "as Berkeley DB opens it");
  StoredEntries read;
  std::map<std::string, std::size_t> places;
  try {
    // A recno is a btree with a flag; each is opened as what it is.
    const bool numbers = module.name == "bsddb.recno";
    if (module.format == dbm::Format::berkeley_btree &&
        dbm::read_berkeley_meta(file.bytes()).recno != numbers)
      return raised("DBInvalidArgError", "another kind of btree");
    const auto stream = berkeley_stream(file.bytes(), module.format);
    for (dbm::Entry entry; stream->next(entry);) {
      StoredEntry one = stored(entry);
      const auto [place, is_new] = places.emplace(one.key, read.entries.size());
      if (is_new) {
        read.entries.push_back(std::move(one));
      } else {
        read.entries[place->second].values.push_back(std::move(one.values.front()));
      }
    }
  } catch (const DecodeError& error) {
    if (error.kind() == ErrorKind::unsupported) return unsupported(error.what());
    return raised(
        error.kind() == ErrorKind::truncated ? "DBPageNotFoundError" : "DBRunRecoveryError",
        error.what());
  }
  return read;
}

// Modules/_dbmmodule.c over Berkeley DB: only PATH.db, a hash. keys() ends at an
// empty key, which it takes for the end.
StoredEntries read_ndbm(const std::string& path) {
  if (!dbm::readable(path + ".db")) return raised("error", "there is no such file");
  const dbm::MappedFile file(path + ".db");
  if (!berkeley_refusal(file.bytes(), dbm::Format::berkeley_hash).empty())
    return raised("error", "Berkeley DB does not open it");
  StoredEntries read = read_berkeley(berkeley_modules[0], path + ".db");
  for (std::size_t i = 0; i < read.entries.size(); ++i) {
    read.entries[i].values.resize(1);
    if (read.entries[i].key.empty()) read.entries.resize(i);
  }
  return read;
}

// Lib/dbm/sqlite3.py: every key of SELECT key, each looked up as a BLOB.
StoredEntries read_sqlite3(const std::string& path) {
  if (!dbm::readable(path)) return raised("error", "there is no such file");
  const dbm::MappedFile file(path);
  if (file.bytes().empty()) return raised("error", "no such table: Dict");
  std::unique_ptr<dbm::SqliteStream> stream;
  try {
    stream = std::make_unique<dbm::SqliteStream>(path, dbm::ReadOptions{});
  } catch (const DecodeError& error) {
    if (error.kind() == ErrorKind::unsupported) throw;
    return raised("DatabaseError", error.what());
  } catch (const std::runtime_error& error) {
    return raised("error", error.what());
  }
  if (stream->needs_rollback()) return raised("error", "attempt to write a readonly database");
  StoredEntries read;
  try {
    // Of a key that stands there twice, the first is found.
    std::set<std::string> keys;
    for (dbm::Entry entry; stream->next(entry);) {
      StoredEntry one = stored(entry);
      if (keys.insert(one.key).second) read.entries.push_back(std::move(one));
    }
  } catch (const dbm::PythonError&) {
    throw;
  } catch (const DecodeError& error) {
    return raised("error", error.what());
  }
  return read;
}

// dbm.open(): what whichdb answers.
StoredEntries read_default(const std::string& path, dbm::Python python, dbm::NdbmLibrary ndbm) {
  const auto which = dbm::whichdb(path, python, ndbm);
  using Kind = dbm::WhichdbAnswer::Kind;
  if (which.kind == Kind::raises) return raised(which.text, "whichdb");
  if (which.kind != Kind::module) return raised("error", "db type could not be determined");
  if (which.text == "dumbdbm") return read_store("dbm.dumb", path, python);
  if (which.text == "gdbm") return read_store("dbm.gnu", path, python);
  if (which.text == "dbm") return read_store("dbm.ndbm", path, python);
  if (which.text == "dbhash") return read_store("bsddb.hash", path, python);
  return read_store(which.text, path, python);
}

StoredEntries read_module(std::string_view module, const std::string& path, dbm::Python python,
                          dbm::NdbmLibrary ndbm) {
  if (module == "dbm") return read_default(path, python, ndbm);
  if (module == "dbm.dumb") return read_dumb(path, python);
  if (module == "dbm.gnu") return read_gnu(path);
  if (module == "dbm.ndbm") return read_ndbm(path);
  if (module == "dbm.sqlite3") return read_sqlite3(path);
  for (const BerkeleyModule& one : berkeley_modules)
    if (one.name == module) return read_berkeley(one, path);
  return unsupported(fmt::format("read {}", module));
}

}  // namespace

bool is_store(std::string_view module) {
  if (module == "dbm" || module == "dbm.dumb" || module == "dbm.gnu" || module == "dbm.ndbm" ||
      module == "dbm.sqlite3")
    return true;
  for (const BerkeleyModule& one : berkeley_modules)
    if (one.name == module) return true;
  return false;
}

StoredEntries read_store(std::string_view module, const std::string& path, dbm::Python python,
                         dbm::NdbmLibrary ndbm) {
  try {
    return read_module(module, path, python, ndbm);
  } catch (const dbm::PythonError& error) {
    return raised(error.exception(), error.what());
  } catch (const DecodeError& error) {
    if (error.kind() == ErrorKind::unsupported || error.kind() == ErrorKind::limit)
      return unsupported(error.what());
    return raised("error", error.what());
  } catch (const std::runtime_error& error) {
    return raised("OSError", error.what());
  }
}

}  // namespace assay::adapter
