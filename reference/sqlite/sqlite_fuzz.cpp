// libFuzzer: a database, with a log or a journal, read in every way there is. The
// first byte says what is laid over it, the next two where that begins (in steps
// of 8 bytes); 0 is the database alone.
#include <stdexcept>

#include "reference/sqlite/check.h"
#include "reference/sqlite/database.h"
#include "reference/sqlite/iterdump.h"
#include "reference/sqlite/rows.h"
#include "reference/sqlite/schema_check.h"
#include "reference/sqlite/value_text.h"

namespace {

using namespace assay;
using namespace assay::sqlite;

// What it throws must be one of the errors that the headers name.
template <typename Act>
void attempt(Act act) {
  try {
    act();
  } catch (const DecodeError& error) {
    if (error.kind() == ErrorKind::internal) throw;
  } catch (const std::runtime_error&) {
  }
}

void read_all(const Database& database) {
  attempt([&] { write_value_text(database, "", [](std::string_view) {}); });
  attempt([&] { check(database); });
  attempt([&] { check_schema(database); });
  for (const SchemaEntry& entry : database.schema())
    attempt([&] {
      const Table table = table_of(entry);
      Rows rows(database, table);
      while (rows.next()) {
      }
      if (!table.definition.without_rowid) rows.find(7);
    });
  for (const PythonVersion version : {PythonVersion{2, 7}, PythonVersion{3, 13}})
    attempt([&] { iterdump(database, version, [](std::string_view) {}); });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 3) return 0;
  const Bytes rest(data + 3, size - 3);
  const std::size_t split = data[0] % 3 == 0
                                ? rest.size()
                                : std::min<std::size_t>(rest.size(), (data[1] << 8 | data[2]) * 8);
  const MemoryFile file(rest.first(split)), over(rest.subspan(split));
  attempt([&] {
    read_all(Database(file, data[0] % 3 == 1 ? &over : nullptr, data[0] % 3 == 2 ? &over : nullptr,
                      [](const std::string& name) { return name.size() % 2 == 0; }));
  });
  return 0;
}
