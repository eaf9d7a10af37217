#include "reference/sqlite/scan_plan.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <charconv>

#include "reference/sqlite/create_index.h"
#include "reference/sqlite/rows.h"
#include "reference/sqlite/sql_tokens.h"
#include "reference/sqlite/text_encoding.h"

namespace assay::sqlite {
namespace {

constexpr std::size_t rowid = static_cast<std::size_t>(-1);

struct Index {
  std::int64_t root = 0;
  std::vector<KeyColumn> fields;  // of its entries; the column may be `rowid`
  std::size_t keys = 0;           // how many of them are the index's own
  bool whole = true;              // no expressions, no WHERE
  bool constraint = false;        // not made by CREATE INDEX
};

// Ten times the logarithm to the base 2, as the planner reckons (util.c,
// sqlite3LogEst).
int logarithm(std::uint64_t value) {
  static constexpr int eighths[] = {0, 2, 3, 5, 6, 7, 8, 9};
  if (value < 2) return 0;
  const int power = static_cast<int>(std::bit_width(value)) - 1;
  const std::uint64_t top = power >= 3 ? value >> (power - 3) : value << (3 - power);
  return eighths[top & 7] + 10 * power;
}

// What the planner takes for the size of a column, in units of 4 bytes
// (build.c, sqlite3AffinityType and sqlite3AddColumn).
std::uint64_t column_size(const Column& column) {
  if (column.type.empty()) return 1;
  if (column.affinity != Affinity::text && column.affinity != Affinity::blob) return 1;
  if (same_name(column.type, "ANY")) return 1;
  std::string type;
  for (const char c : column.type)
    type += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  // VARCHAR(40), BLOB(40): the first number behind the word.
  std::size_t at = type.rfind("CHAR");
  if (at != std::string::npos) {
    at += 4;
  } else if ((at = type.rfind("BLOB(")) != std::string::npos) {
    at += 5;
  } else {
    return 16 / 4 + 1;
  }
  int length = 0;
  at = type.find_first_of("0123456789", at);
  if (at != std::string::npos) std::from_chars(type.data() + at, type.data() + type.size(), length);
  return static_cast<std::uint64_t>(std::min(length / 4 + 1, 255));
}

std::uint64_t size_of(const TableDefinition& table, std::size_t column) {
  return column == rowid ? 1 : column_size(table.columns[column]);
}

class Indexes {
 public:
  Indexes(const Database& database, const Table& table) : database_(database), table_(table) {
    for (const UniqueKey& key : table.definition.unique_keys) add_constraint(key);
    for (const SchemaEntry& entry : database.schema())
      if (entry.type == "index" && entry.sql && same_name(entry.table, table.entry.name))
        add_statement(entry);
  }
  const std::vector<Index>& all() const { return all_; }

 private:
  static bool has(const std::vector<KeyColumn>& fields, const KeyColumn& sought) {
    return std::any_of(fields.begin(), fields.end(), [&](const KeyColumn& field) {
      return field.column == sought.column && same_name(field.collation, sought.collation);
    });
  }
  // The row that an entry belongs to: its rowid, or what of its key is not there.
  void complete(Index& index) const {
    index.keys = index.fields.size();
    if (!table_.definition.without_rowid) {
      index.fields.push_back({rowid, "", false});
      return;
    }
    for (const KeyColumn& part : table_.definition.primary_key)
      if (!has(index.fields, part)) index.fields.push_back(part);
  }
  void add_constraint(const UniqueKey& key) {
    const bool is_table = key.primary && table_.definition.without_rowid;
    // A second constraint on the same columns makes no index of its own.
    for (const Index& other : all_)
      if (other.keys == key.columns.size() &&
          std::equal(key.columns.begin(), key.columns.end(), other.fields.begin(),
                     [](const KeyColumn& a, const KeyColumn& b) {
                       return a.column == b.column && same_name(a.collation, b.collation);
                     }))
        return;
    Index index;
    index.constraint = true;
    if (is_table) {
      index.root = table_.entry.root;
      index.fields = table_.key_order;
      index.keys = key.columns.size();
    } else {
      const std::string name =
          fmt::format("sqlite_autoindex_{}_{}", table_.entry.name, all_.size() + 1);
      for (const SchemaEntry& entry : database_.schema())
        if (entry.type == "index" && same_name(entry.name, name)) index.root = entry.root;
      index.fields = key.columns;
      complete(index);
    }
    all_.push_back(std::move(index));
  }
  void add_statement(const SchemaEntry& entry) {
    Index index;
    index.root = entry.root;
    const auto parsed = parse_create_index(*entry.sql);
    index.whole = parsed && !parsed->partial && !parsed->expressions;
    if (index.whole)
      for (const IndexDefinition::Part& part : parsed->parts) {
        const auto column = table_.definition.find(part.column);
        if (!column) {
          index.whole = false;  // rowid by one of its names, or a string
          break;
        }
        index.fields.push_back(
            {*column,
             part.collation.empty() ? table_.definition.columns[*column].collation : part.collation,
             false});
      }
    if (index.whole) complete(index);
    all_.push_back(std::move(index));
  }

  const Database& database_;
  const Table& table_;
  std::vector<Index> all_;  // the oldest first
};

// Where each column stands in the entries, or `only` that one; nothing when one does
// not.
std::optional<IndexScan> scan_of(const Table& table, const Index& index,
                                 std::optional<std::size_t> only) {
  IndexScan scan;
  if (!index.whole || index.root < 2 || index.root > 0xffffffff) return std::nullopt;
  scan.root = static_cast<std::uint32_t>(index.root);
  scan.rowid_field = index.fields.size() - 1;
  scan.places.resize(table.definition.columns.size());
  for (std::size_t i = 0; i < scan.places.size(); ++i) {
    const bool generated = table.definition.columns[i].generated != Generated::no;
    if (only && *only != i) {
      scan.places[i].source = Table::Source::expression;
      continue;
    }
    const auto field =
        std::find_if(index.fields.begin(), index.fields.end(), [&](const KeyColumn& one) {
          return one.column == i || (one.column == rowid && table.definition.rowid_alias == i);
        });
    if (generated || field == index.fields.end()) {
      if (!generated || only) return std::nullopt;
      scan.places[i].source = Table::Source::expression;
      continue;
    }
    // The planner keeps track of the first 63 columns only.
    if (i >= 63) return std::nullopt;
    scan.places[i].field = static_cast<std::size_t>(field - index.fields.begin());
    scan.record_fields = std::max(scan.record_fields, scan.places[i].field + 1);
  }
  return scan;
}

bool analyzed(const Database& database, const Table& table) {
  for (const SchemaEntry& entry : database.schema()) {
    if (entry.name != "sqlite_stat1" || !entry.sql) continue;
    const Table statistics = table_of(entry);
    if (statistics.definition.columns.empty()) return false;  // a virtual one
    Rows rows(database, statistics);
    std::string storage;
    while (rows.next())
      if (rows.row()[0].storage == Storage::text &&
          same_name(as_text(as_utf8(rows.row()[0].bytes, database.header().encoding, storage)),
                    table.entry.name))
        return true;
  }
  return false;
}

std::optional<IndexScan> cheapest(const Database& database, const Table& table,
                                  std::optional<std::size_t> only) {
  const Indexes indexes(database, table);
  if (indexes.all().empty()) return std::nullopt;
  const TableDefinition& definition = table.definition;
  std::uint64_t width = definition.rowid_alias ? 0 : 1;
  for (std::size_t i = 0; i < definition.columns.size(); ++i) width += size_of(definition, i);
  const int table_size = logarithm(width * 4);

  std::optional<IndexScan> best;
  // A scan of a table costs 16, 14 once it was analysed; of an index 1 and the
  // part of 15 that it is of the table's size. The first of the cheapest wins:
  // the table, then the index made last.
  int cost = definition.without_rowid ? 1000 : analyzed(database, table) ? 14 : 16;
  for (auto index = indexes.all().rbegin(); index != indexes.all().rend(); ++index) {
    auto scan = scan_of(table, *index, only);
    if (!scan) continue;
    std::uint64_t entry = 0;
    for (const KeyColumn& field : index->fields) entry += size_of(definition, field.column);
    const int entry_size = logarithm(entry * 4);
    if (!definition.without_rowid && entry_size >= table_size) continue;
    const int scan_cost = 1 + 15 * entry_size / table_size;
    if (scan_cost >= cost) continue;
    cost = scan_cost;
    best = std::move(scan);
  }
  if (best && definition.without_rowid && best->root == table.entry.root) return std::nullopt;
  return best;
}

}  // namespace

std::optional<IndexScan> covering_index(const Database& database, const Table& table) {
  return cheapest(database, table, std::nullopt);
}

std::optional<IndexScan> covering_index(const Database& database, const Table& table,
                                        std::size_t column) {
  return cheapest(database, table, column);
}

std::optional<KeyIndex> constraint_index(const Database& database, const Table& table,
                                         std::size_t column) {
  if (table.definition.without_rowid) return std::nullopt;
  const Indexes indexes(database, table);
  for (const Index& index : indexes.all())
    if (index.constraint && index.root >= 2 && index.root <= 0xffffffff &&
        index.fields.front().column == column)
      return KeyIndex{static_cast<std::uint32_t>(index.root), index.fields.front().descending,
                      index.fields.size() - 1};
  return std::nullopt;
}

}  // namespace assay::sqlite
