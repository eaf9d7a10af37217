#include "reference/sqlite/key_values.h"

#include <algorithm>
#include <array>
#include <optional>
#include <stdexcept>
#include <vector>

#include "reference/sqlite/comparison.h"
#include "reference/sqlite/scan_plan.h"
#include "reference/sqlite/sql_tokens.h"

namespace assay::sqlite {

namespace {

// Dict as a table; a view's rows would take the whole of SQL.
Table dict_of(const Database& database, const std::string& path) {
  for (const SchemaEntry& entry : database.schema())
    if (entry.type == "view" && same_name(entry.name, "Dict"))
      throw DecodeError(ErrorKind::unsupported, entry.offset, "schema", "Dict is a view");
  const auto& schema = database.schema();
  if (std::none_of(schema.begin(), schema.end(), [](const SchemaEntry& entry) {
        return entry.type == "table" && same_name(entry.name, "Dict");
      }))
    throw std::runtime_error(path + ": there is no table Dict");
  Table table = database.table("Dict");
  if (table.definition.virtual_table)
    throw DecodeError(ErrorKind::unsupported, table.entry.offset, "schema",
                      "Dict is a virtual table");
  if (!table.definition.find("key") || !table.definition.find("value"))
    throw std::runtime_error(path + ": table Dict has not the columns key and value");
  return table;
}

}  // namespace

struct KeyValues::State {
  explicit State(const std::string& path)
      : database(path), table(dict_of(database, path)), rows(database, table) {
    key = *table.definition.find("key");
    value = *table.definition.find("value");
    const auto scanned = covering_index(database, table, key);
    if (scanned && table.definition.without_rowid)
      throw DecodeError(ErrorKind::unsupported, table.entry.offset, "schema",
                        "Dict is WITHOUT ROWID, and its keys are listed from an index");
    if (scanned) {
      scan.emplace(database.pager(), scanned->root, TreeKind::index);
      scan_rowid = scanned->rowid_field;
    }
    if (const auto index = constraint_index(database, table, key)) {
      search.emplace(database.pager(), index->root, TreeKind::index);
      search_rowid = index->rowid_field;
      // Before format 4 DESC was taken and did nothing. SQLite file format, 1.3.11.
      descending = index->descending && database.header().schema_format >= 4;
    }
  }

  // The row that the current entry of an index names.
  bool follow(TreeCursor& index, std::size_t rowid) {
    fields.resize(rowid + 1);
    const std::size_t have = decode_record(index.payload(), fields, index.payload_offset());
    if (have > rowid && fields[rowid].storage == Storage::integer &&
        rows.find(fields[rowid].integer))
      return true;
    throw DecodeError(ErrorKind::malformed, index.payload_offset(), "index entry",
                      "names a row that is not there");
  }

  Database database;
  Table table;
  Rows rows;
  std::optional<TreeCursor> scan, search;  // of indexes: for next(), for find()
  std::size_t scan_rowid = 0, search_rowid = 0;
  bool descending = false;  // the order of `search`
  std::vector<Field> fields;
  std::size_t key = 0, value = 0;
};

KeyValues::KeyValues(const std::string& path) : state_(std::make_unique<State>(path)) {}
KeyValues::~KeyValues() = default;
KeyValues::KeyValues(KeyValues&&) noexcept = default;
KeyValues& KeyValues::operator=(KeyValues&&) noexcept = default;

bool KeyValues::next() {
  State& state = *state_;
  if (!state.scan) return state.rows.next();
  return state.scan->next() && state.follow(*state.scan, state.scan_rowid);
}

bool KeyValues::find(Bytes key) {
  State& state = *state_;
  Field sought;
  sought.storage = Storage::blob;
  sought.bytes = key;
  const auto order = [&](const Field& found) {
    return compare(found, sought, state.database.header().encoding, Collation::binary);
  };
  if (!state.search) {
    for (state.rows.rewind(); state.rows.next();)
      if (order(state.rows.row()[state.key]) == 0) return true;
    return false;
  }
  const bool found = state.search->find_first([&](Bytes payload, std::uint64_t offset) {
    std::array<Field, 1> first{};
    decode_record(payload, first, offset);
    return state.descending ? -order(first[0]) : order(first[0]);
  });
  return found && state.follow(*state.search, state.search_rowid) &&
         order(state.rows.row()[state.key]) == 0;
}

void KeyValues::rewind() {
  state_->rows.rewind();
  if (state_->scan) state_->scan->rewind();
}

const Field& KeyValues::key() const {
  return state_->rows.row()[state_->key];
}
const Field& KeyValues::value() const {
  return state_->rows.row()[state_->value];
}
TextEncoding KeyValues::encoding() const {
  return state_->database.header().encoding;
}

bool KeyValues::needs_rollback() const {
  return state_->database.rolled_back();
}

}  // namespace assay::sqlite
