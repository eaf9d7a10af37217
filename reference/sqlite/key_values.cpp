#include "reference/sqlite/key_values.h"

#include <array>
#include <optional>
#include <stdexcept>

#include "reference/sqlite/comparison.h"
#include "reference/sqlite/sql_tokens.h"

namespace assay::sqlite {

struct KeyValues::State {
  explicit State(const std::string& path)
      : database(path), table(database.table("Dict")), rows(database, table) {
    const auto key_column = table.definition.find("key");
    const auto value_column = table.definition.find("value");
    if (!key_column || !value_column || table.definition.without_rowid)
      throw std::runtime_error(path + ": table Dict is not one that dbm.sqlite3 made");
    key = *key_column;
    value = *value_column;
    // The index of the constraint UNIQUE has no SQL; its name is SQLite's.
    for (const SchemaEntry& entry : database.schema())
      if (entry.type == "index" && !entry.sql && same_name(entry.table, "Dict") &&
          same_name(entry.name, "sqlite_autoindex_Dict_1") && entry.root > 0 &&
          entry.root <= 0xffffffff)
        index.emplace(database.pager(), static_cast<std::uint32_t>(entry.root), TreeKind::index);
  }

  // The row that the index's current entry (key, rowid) names.
  bool follow() {
    std::array<Field, 2> entry;
    decode_record(index->payload(), entry, index->payload_offset());
    if (entry[1].storage == Storage::integer && rows.find(entry[1].integer)) return true;
    throw DecodeError(ErrorKind::malformed, index->payload_offset(), "index entry",
                      "names a row that is not there");
  }

  Database database;
  Table table;
  Rows rows;
  std::optional<TreeCursor> index;
  std::size_t key = 0, value = 0;
};

KeyValues::KeyValues(const std::string& path) : state_(std::make_unique<State>(path)) {}
KeyValues::~KeyValues() = default;
KeyValues::KeyValues(KeyValues&&) noexcept = default;
KeyValues& KeyValues::operator=(KeyValues&&) noexcept = default;

bool KeyValues::next() {
  if (!state_->index) return state_->rows.next();
  return state_->index->next() && state_->follow();
}

bool KeyValues::find(Bytes key) {
  State& state = *state_;
  Field sought;
  sought.storage = Storage::blob;
  sought.bytes = key;
  const auto order = [&](const Field& found) {
    return compare(found, sought, state.database.header().encoding, Collation::binary);
  };
  if (!state.index) {
    for (state.rows.rewind(); state.rows.next();)
      if (order(state.rows.row()[state.key]) == 0) return true;
    return false;
  }
  std::array<Field, 2> entry;
  const bool found = state.index->find_first([&](Bytes payload, std::uint64_t offset) {
    entry = {};
    decode_record(payload, entry, offset);
    return order(entry[0]);
  });
  return found && state.follow() && order(state.rows.row()[state.key]) == 0;
}

void KeyValues::rewind() {
  state_->rows.rewind();
  if (state_->index) state_->index->rewind();
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

}  // namespace assay::sqlite
