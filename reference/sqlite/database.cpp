#include "reference/sqlite/database.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <stdexcept>

#include "reference/sqlite/journal.h"
#include "reference/sqlite/sql_tokens.h"
#include "reference/sqlite/wal.h"

namespace assay::sqlite {
namespace {

// The byte after the pending byte: os.h, RESERVED_BYTE.
constexpr std::uint64_t reserved_byte = 0x40000001;

// An empty file counts for none (os_unix.c, unixAccess).
bool exists(const std::string& name) {
  std::error_code error;
  const auto status = std::filesystem::status(name, error);
  if (!std::filesystem::exists(status)) return false;
  return !std::filesystem::is_regular_file(status) || std::filesystem::file_size(name, error) > 0;
}

bool has_field(const Table& table, std::size_t column) {
  return std::any_of(table.key_order.begin(), table.key_order.end(),
                     [&](const KeyColumn& key) { return key.column == column; });
}

// WITHOUT ROWID: the key's columns, each once for each collation, then the
// others. SQLite file format, 2.4, and build.c, convertToWithoutRowidTable.
void place_without_rowid(Table& table) {
  const TableDefinition& definition = table.definition;
  for (const KeyColumn& part : definition.primary_key) {
    const bool repeated =
        std::any_of(table.key_order.begin(), table.key_order.end(), [&](const KeyColumn& other) {
          return other.column == part.column && same_name(other.collation, part.collation);
        });
    if (!repeated) table.key_order.push_back(part);
  }
  for (std::size_t i = 0; i < definition.columns.size(); ++i)
    if (definition.columns[i].generated != Generated::virtual_ && !has_field(table, i))
      table.key_order.push_back({i, definition.columns[i].collation, false});
  for (std::size_t field = table.key_order.size(); field-- > 0;)
    table.places[table.key_order[field].column].field = field;
}

}  // namespace

Table table_of(const SchemaEntry& entry) {
  Table table;
  table.entry = entry;
  try {
    table.definition = parse_create_table(entry.sql.value_or(""));
  } catch (const DecodeError& error) {
    throw DecodeError(error.kind(), entry.offset, "schema",
                      fmt::format("table {}: {}", entry.name, error.what()));
  }
  const TableDefinition& definition = table.definition;
  table.places.resize(definition.columns.size());
  std::size_t field = 0;
  for (std::size_t i = 0; i < definition.columns.size(); ++i) {
    Table::Place& place = table.places[i];
    if (definition.columns[i].generated == Generated::virtual_) {
      place.source = Table::Source::expression;
      continue;
    }
    place.field = field++;
    if (definition.rowid_alias == i) place.source = Table::Source::rowid;
  }
  if (definition.without_rowid) place_without_rowid(table);
  for (const Table::Place& place : table.places)
    if (place.source == Table::Source::record)
      table.record_fields = std::max(table.record_fields, place.field + 1);
  return table;
}

Database::Database(const std::string& path) {
  auto file = std::make_unique<DiskFile>(path);
  own_log_ = open_if_exists(path + "-wal");
  if (!file->write_locked(reserved_byte)) own_journal_ = open_if_exists(path + "-journal");
  file_ = file.get();
  own_file_ = std::move(file);
  lay_over(own_log_.get(), own_journal_.get(), exists);
}

Database::Database(const File& file, const File* log, const File* journal,
                   const std::function<bool(const std::string&)>& super_exists)
    : file_(&file) {
  lay_over(log, journal, super_exists);
}

// The journal is rolled back first; what it leaves is what the log lies over
// (pager.c, sqlite3PagerSharedLock). Beside an empty database neither counts.
void Database::lay_over(const File* log, const File* journal,
                        const std::function<bool(const std::string&)>& super_exists) {
  std::vector<Overlay> overlays;
  bool empty = file_->size() == 0;
  if (!empty && journal != nullptr) {
    // Only journals older than 3.5.8 need the page size from here.
    std::uint8_t size[2] = {};
    file_->read(16, size);
    const std::uint32_t page_size = size[0] == 0 && size[1] == 1 ? 65536 : size[0] << 8 | size[1];
    if (auto overlay = read_hot_journal(*journal, page_size, super_exists)) {
      rolled_back_ = true;
      empty = overlay->page_count == 0u;
      overlays.push_back(std::move(*overlay));
    }
  }
  if (!empty && log != nullptr) {
    Overlay overlay = read_wal(*log);
    if (overlay.page_count) overlays.push_back(std::move(overlay));
  }
  pager_ = std::make_unique<Pager>(*file_, std::move(overlays));
  schema_ = read_schema(*pager_);
}

std::vector<Table> Database::tables() const {
  std::vector<Table> found;
  for (const SchemaEntry& entry : schema_) {
    if (entry.type != "table") continue;
    Table table = table_of(entry);
    if (!table.definition.virtual_table) found.push_back(std::move(table));
  }
  return found;
}

Table Database::table(std::string_view name) const {
  for (const SchemaEntry& entry : schema_)
    if (entry.type == "table" && same_name(entry.name, name)) return table_of(entry);
  for (const char* known : {"sqlite_master", "sqlite_schema"}) {
    if (!same_name(name, known)) continue;
    SchemaEntry entry;
    entry.type = "table";
    entry.name = entry.table = "sqlite_master";
    entry.root = 1;
    entry.sql = schema_table_sql;
    return table_of(entry);
  }
  throw std::runtime_error(fmt::format("there is no table {}", name));
}

}  // namespace assay::sqlite
