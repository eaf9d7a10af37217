#include "reference/sqlite/foreign_keys.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <string>
#include <unordered_set>
#include <vector>

#include "reference/sqlite/comparison.h"
#include "reference/sqlite/constant.h"
#include "reference/sqlite/create_index.h"
#include "reference/sqlite/rows.h"
#include "reference/sqlite/sql_tokens.h"
#include "reference/sqlite/text_encoding.h"

namespace assay::sqlite {
namespace {

// The columns of the parent that a foreign key refers to, in the order of its own
// columns.
struct ParentKey {
  std::vector<std::size_t> columns;
  bool rowid = false;
};

std::string collation_of(const std::string& name) {
  return name.empty() ? "BINARY" : name;
}

// The columns of every unique index of a table (fkey.c, sqlite3FkLocateIndex,
// takes those whose collations are the columns' own).
std::vector<UniqueKey> unique_indexes(const Database& database, const Table& parent) {
  std::vector<UniqueKey> found = parent.definition.unique_keys;
  for (const SchemaEntry& entry : database.schema()) {
    if (entry.type != "index" || !entry.sql || !same_name(entry.table, parent.entry.name)) continue;
    const auto index = parse_create_index(*entry.sql);
    if (!index || !index->unique || index->partial || index->expressions) continue;
    UniqueKey key;
    for (const IndexDefinition::Part& part : index->parts)
      if (const auto column = parent.definition.find(part.column))
        key.columns.push_back({*column, part.collation, false});
    if (key.columns.size() == index->parts.size()) found.push_back(std::move(key));
  }
  for (UniqueKey& key : found)
    for (KeyColumn& part : key.columns)
      if (part.collation.empty()) part.collation = parent.definition.columns[part.column].collation;
  return found;
}

// The columns of `index` in the order of the foreign key's; nothing if it is not
// the one.
std::optional<std::vector<std::size_t>> matched(const TableDefinition& parent,
                                                const ForeignKey& key, const UniqueKey& index) {
  if (index.columns.size() != key.columns.size()) return std::nullopt;
  std::vector<std::size_t> columns(key.columns.size());
  for (std::size_t i = 0; i < index.columns.size(); ++i) {
    const KeyColumn& part = index.columns[i];
    if (key.keys.empty()) {
      if (!index.primary) return std::nullopt;
      columns[i] = part.column;
      continue;
    }
    const Column& column = parent.columns[part.column];
    const auto named = std::find_if(key.keys.begin(), key.keys.end(), [&](const std::string& name) {
      return same_name(name, column.name);
    });
    if (named == key.keys.end() ||
        !same_name(collation_of(part.collation), collation_of(column.collation)))
      return std::nullopt;
    columns[static_cast<std::size_t>(named - key.keys.begin())] = part.column;
  }
  return columns;
}

// fkey.c, sqlite3FkLocateIndex. Nothing: "foreign key mismatch".
std::optional<ParentKey> locate(const Database& database, const Table& parent,
                                const ForeignKey& key) {
  const TableDefinition& definition = parent.definition;
  if (key.columns.size() == 1 && definition.rowid_alias) {
    const std::size_t alias = *definition.rowid_alias;
    if (key.keys.empty() || same_name(key.keys[0], definition.columns[alias].name))
      return ParentKey{{alias}, true};
  }
  for (const UniqueKey& index : unique_indexes(database, parent))
    if (auto columns = matched(definition, key, index)) return ParentKey{std::move(*columns)};
  return std::nullopt;
}

// Bytes that are equal for values that SQLite takes for equal.
void append_key(std::string& out, const Constant& value, const std::string& collation) {
  std::string bytes = value.bytes;
  std::uint64_t number = static_cast<std::uint64_t>(value.integer);
  char kind = "nirtb"[static_cast<std::size_t>(value.storage)];
  if (value.storage == Storage::real) {
    const bool whole = std::trunc(value.real) == value.real &&
                       value.real >= -9223372036854775808.0 && value.real < 9223372036854775808.0;
    number = whole ? static_cast<std::uint64_t>(static_cast<std::int64_t>(value.real))
                   : std::bit_cast<std::uint64_t>(value.real);
    if (whole) kind = 'i';
  }
  if (value.storage == Storage::text && same_name(collation, "NOCASE"))
    for (char& c : bytes)
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 'a' - 'A');
  if (value.storage == Storage::text && same_name(collation, "RTRIM"))
    bytes.erase(bytes.find_last_not_of(' ') + 1);
  if (kind == 'i' || kind == 'r')
    bytes.assign(reinterpret_cast<const char*>(&number), sizeof number);
  out += kind;
  out += std::to_string(bytes.size());
  out += ':';
  out += bytes;
}

std::unordered_set<std::string> parent_keys(const Database& database, const Table& parent,
                                            const ParentKey& key) {
  std::unordered_set<std::string> keys;
  const TextEncoding encoding = database.header().encoding;
  Rows rows(database, parent);
  while (rows.next()) {
    std::string one;
    for (const std::size_t column : key.columns)
      append_key(one, constant_of(rows.row()[column], encoding),
                 parent.definition.columns[column].collation);
    keys.insert(std::move(one));
  }
  return keys;
}

// Whether some row of `child` breaks the key. A row with a NULL in it does not; a
// parent that is not there has no rows.
bool broken(const Database& database, const Table& child, const ForeignKey& key,
            const Table* parent) {
  const TextEncoding encoding = database.header().encoding;
  ParentKey found;
  std::unordered_set<std::string> keys;
  if (parent != nullptr) {
    found = locate(database, *parent, key).value();
    keys = parent_keys(database, *parent, found);
  }
  Rows rows(database, child);
  while (rows.next()) {
    std::string one;
    bool null = false;
    for (std::size_t i = 0; i < key.columns.size(); ++i) {
      Constant value = constant_of(rows.row()[key.columns[i]], encoding);
      null |= value.storage == Storage::null;
      if (parent == nullptr) continue;
      const Column& column = parent->definition.columns[found.columns[i]];
      apply_affinity(value, found.rowid ? Affinity::numeric : column.affinity);
      append_key(one, value, column.collation);
    }
    if (!null && keys.find(one) == keys.end()) return true;
  }
  return false;
}

}  // namespace

ForeignKeys foreign_key_check(const Database& database) {
  const std::vector<Table> tables = database.tables();
  const auto named = [&](const std::string& name) {
    const auto table = std::find_if(tables.begin(), tables.end(), [&](const Table& one) {
      return same_name(one.entry.name, name);
    });
    return table == tables.end() ? nullptr : &*table;
  };
  const auto is_other = [&](const std::string& name) {  // a view or a virtual table
    return std::any_of(database.schema().begin(), database.schema().end(), [&](const auto& entry) {
      return (entry.type == "view" || entry.type == "table") && same_name(entry.name, name);
    });
  };
  for (const Table& child : tables)
    for (const ForeignKey& key : child.definition.foreign_keys) {
      const Table* parent = named(key.parent);
      if (parent == nullptr ? is_other(key.parent) : !locate(database, *parent, key))
        return ForeignKeys::mismatched;
    }
  for (const Table& child : tables)
    for (const ForeignKey& key : child.definition.foreign_keys)
      if (broken(database, child, key, named(key.parent))) return ForeignKeys::violated;
  return ForeignKeys::kept;
}

}  // namespace assay::sqlite
