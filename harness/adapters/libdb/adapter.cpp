// Assay's adapter for Berkeley DB's library.
#include <db.h>

#include <cstring>
#include <map>

#include "harness/adapters/dbm_library/serve.h"

namespace {

const std::map<std::string, DBTYPE> types = {{"bsddb.hash", DB_HASH},
                                             {"bsddb.btree", DB_BTREE},
                                             {"bsddb.recno", DB_RECNO},
                                             {"bsddb.queue", DB_QUEUE}};

// Nothing to standard error: what went wrong is in the answer.
void say_nothing(const DB_ENV*, const char*, const char*) {}

Answer read_entries(DB* db, bool numbered) {
  DBC* cursor = nullptr;
  if (const int error = db->cursor(db, nullptr, &cursor, 0)) return rejected(db_strerror(error));
  Entries entries;
  DBT key = {}, value = {};
  int error = 0;
  while ((error = cursor->get(cursor, &key, &value, DB_NEXT)) == 0) {
    db_recno_t number = 0;
    if (numbered) std::memcpy(&number, key.data, sizeof number);
    if (numbered) {
      entries.add_record(number, value.data, value.size);
    } else {
      entries.add(key.data, key.size, value.data, value.size);
    }
  }
  cursor->close(cursor);
  return error == DB_NOTFOUND ? Answer{{"value", entries.text()}} : rejected(db_strerror(error));
}

Answer read_path(const std::string& format, const std::string& path) {
  const auto type = types.find(format);
  if (type == types.end()) return {{"unsupported", "read " + format}};
  DB* db = nullptr;
  if (const int error = db_create(&db, nullptr, 0)) return rejected(db_strerror(error));
  db->set_errcall(db, say_nothing);
  // The library writes into files that it opens for reading: empty pages in place of a
  // hash's buckets behind the last page (mp/mp_fget.c).
  const Copy copy(path);
  int error = db->open(db, nullptr, copy.path().c_str(), nullptr, type->second, DB_RDONLY, 0);
  const bool numbered = type->second == DB_RECNO || type->second == DB_QUEUE;
  const Answer answer = error == 0 ? read_entries(db, numbered) : rejected(db_strerror(error));
  db->close(db, 0);
  return answer;
}

}  // namespace

int main() {
  int major = 0, minor = 0, patch = 0;
  db_version(&major, &minor, &patch);
  const std::string version =
      std::to_string(major) + "." + std::to_string(minor) + "." + std::to_string(patch);
  std::vector<std::string> formats;
  for (const auto& [format, type] : types) formats.push_back(format + ":read");
  return serve({{"implementation", "libdb"}, {"version", version}, {"formats", formats}},
               read_path);
}
