// Assay's adapter for libgdbm.
#include <gdbm.h>

#include <cstdlib>

#include "harness/adapters/dbm_library/serve.h"

namespace {

std::string version() {
  return std::to_string(gdbm_version_number[0]) + "." + std::to_string(gdbm_version_number[1]) +
         "." + std::to_string(gdbm_version_number[2]);
}

// gdbm_firstkey() and gdbm_nextkey() end with GDBM_ITEM_NOT_FOUND; any other
// error is one.
bool failed() {
  return gdbm_errno != GDBM_NO_ERROR && gdbm_errno != GDBM_ITEM_NOT_FOUND;
}

Answer read_entries(GDBM_FILE file) {
  Entries entries;
  gdbm_errno = GDBM_NO_ERROR;
  datum key = gdbm_firstkey(file);
  while (key.dptr != nullptr) {
    const datum value = gdbm_fetch(file, key);
    if (value.dptr == nullptr) {
      std::free(key.dptr);
      return rejected(gdbm_strerror(gdbm_errno));
    }
    entries.add(key.dptr, static_cast<std::size_t>(key.dsize), value.dptr,
                static_cast<std::size_t>(value.dsize));
    std::free(value.dptr);
    gdbm_errno = GDBM_NO_ERROR;
    const datum next = gdbm_nextkey(file, key);
    std::free(key.dptr);
    key = next;
  }
  return failed() ? rejected(gdbm_strerror(gdbm_errno)) : Answer{{"value", entries.text()}};
}

Answer read_path(const std::string& format, const std::string& path) {
  if (format != "dbm.gnu") return {{"unsupported", "read " + format}};
  GDBM_FILE file = gdbm_open(path.c_str(), 0, GDBM_READER, 0, nullptr);
  if (file == nullptr) return rejected(gdbm_strerror(gdbm_errno));
  Answer answer = read_entries(file);
  gdbm_close(file);
  return answer;
}

}  // namespace

int main() {
  return serve(
      {{"implementation", "libgdbm"}, {"version", version()}, {"formats", {"dbm.gnu:read"}}},
      read_path);
}
