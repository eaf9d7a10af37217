#include "harness/persistent/sqlite_records.h"

#include <fmt/format.h>

#include <optional>
#include <stdexcept>
#include <vector>

#include "harness/persistent/select_statement.h"
#include "reference/sqlite/comparison.h"
#include "reference/sqlite/database.h"
#include "reference/sqlite/rows.h"
#include "reference/sqlite/sql_tokens.h"
#include "reference/sqlite/text_encoding.h"
#include "reference/value/utf8.h"

namespace assay {
namespace {

// An SQL identifier in double quotes (SQLite, "SQLite Keywords").
std::string sql_identifier(const std::string& name) {
  std::string text = "\"";
  for (const char c : name) text += c == '"' ? std::string("\"\"") : std::string(1, c);
  return text + '"';
}

std::string default_sql(const sqlite::Database& database) {
  std::vector<sqlite::Table> tables;
  for (sqlite::Table& table : database.tables())
    if (!table.entry.name.starts_with("sqlite_")) tables.push_back(std::move(table));
  if (tables.size() != 1)
    throw std::runtime_error(
        fmt::format("has {} tables; name the one to read with an SQL statement, e.g. "
                    "SELECT * FROM memos WHERE key = ?",
                    tables.size()));
  const sqlite::TableDefinition& definition = tables[0].definition;
  if (definition.primary_key.size() != 1)
    throw std::runtime_error(fmt::format(
        "table {} has no single-column primary key; give an SQL statement", tables[0].entry.name));
  return fmt::format("SELECT * FROM {} WHERE {} = ?", sql_identifier(tables[0].entry.name),
                     sql_identifier(definition.columns[definition.primary_key[0].column].name));
}

}  // namespace

struct SqliteRecords::State {
  std::string file;
  std::string sql;
  std::optional<sqlite::Database> database;
  sqlite::Table table;
  std::optional<sqlite::Rows> rows;
  std::size_t key = 0;  // the column that is compared
  struct Output {
    std::size_t column;
    std::string name;
  };
  std::vector<Output> outputs;

  [[noreturn]] void fail(std::string_view what) const {
    throw std::runtime_error(fmt::format("{}: {}", file, what));
  }
  std::size_t column(const std::string& name) const;
  void open(const std::string& statement);
  bool find(const sqlite::Constant& sought);
  NodeId value(Graph& graph, std::size_t column) const;
};

std::size_t SqliteRecords::State::column(const std::string& name) const {
  const auto found = table.definition.find(name);
  if (!found) throw std::runtime_error(fmt::format("no such column: {} (in: {})", name, sql));
  return *found;
}

void SqliteRecords::State::open(const std::string& statement) {
  database.emplace(file);
  sql = statement.empty() ? default_sql(*database) : statement;
  const SelectByKey select = parse_select_by_key(sql);
  table = database->table(select.table);
  key = column(select.key);
  for (const SelectByKey::Output& output : select.outputs) {
    const std::size_t at = column(output.column);
    outputs.push_back({at, output.name.empty() ? table.definition.columns[at].name : output.name});
  }
  if (outputs.empty())
    for (std::size_t i = 0; i < table.definition.columns.size(); ++i)
      outputs.push_back({i, table.definition.columns[i].name});
  rows.emplace(*database, table);
}

// The first row whose key equals what is sought, as the comparison = finds it:
// the column's affinity is applied to the sought value first.
bool SqliteRecords::State::find(const sqlite::Constant& sought) {
  const sqlite::Column& compared = table.definition.columns[key];
  sqlite::Constant value = sought;
  sqlite::apply_affinity(value, compared.affinity);
  if (table.definition.rowid_alias == key) {
    if (value.storage != sqlite::Storage::integer) return false;
    return rows->find(value.integer);
  }
  const auto encoding = database->header().encoding;
  const auto collation = sqlite::collation_named(compared.collation);
  if (!collation) fail(fmt::format("no such collation sequence: {}", compared.collation));
  rows->rewind();
  while (rows->next())
    if (sqlite::compare(rows->row()[key], encoding, value, *collation) == 0) return true;
  return false;
}

NodeId SqliteRecords::State::value(Graph& graph, std::size_t column) const {
  const sqlite::Field& field = rows->row()[column];
  switch (field.storage) {
    case sqlite::Storage::null:
      return Graph::none;
    case sqlite::Storage::integer:
      return graph.integer(field.integer);
    case sqlite::Storage::real:
      return graph.floating(field.real);
    case sqlite::Storage::blob:
      return graph.bytes(graph.keep(field.bytes));
    case sqlite::Storage::text:
      break;
  }
  std::string storage;
  const Bytes text = sqlite::as_utf8(field.bytes, database->header().encoding, storage);
  // Modules/_sqlite/cursor.c, _pysqlite_fetch_one_row: OperationalError.
  if (!valid_utf8(text, false))
    fail(fmt::format("Could not decode to UTF-8 column '{}'",
                     table.definition.columns[column].name));
  return graph.string(graph.keep(text));
}

SqliteRecords::SqliteRecords(const std::filesystem::path& database, const std::string& sql)
    : state_(std::make_unique<State>()) {
  state_->file = database.string();
  try {
    state_->open(sql);
  } catch (const std::runtime_error& error) {
    // What the system refuses names the file already.
    const std::string_view what = error.what();
    if (what.starts_with(state_->file)) throw;
    state_->fail(what);
  }
}

SqliteRecords::~SqliteRecords() = default;
SqliteRecords::SqliteRecords(SqliteRecords&&) noexcept = default;
SqliteRecords& SqliteRecords::operator=(SqliteRecords&&) noexcept = default;

const std::string& SqliteRecords::sql() const {
  return state_->sql;
}

NodeId SqliteRecords::fetch(Graph& graph, NodeId pid) const {
  const auto parts = graph.items(pid);
  if (graph.kind(pid) != Kind::tuple || parts.size() != 2 || graph.kind(parts[0]) != Kind::string)
    state_->fail("a persistent id is not a tuple (name, key); protocol 0 writes it as text");
  const NodeId name = parts[0], key = parts[1];
  sqlite::Constant sought;
  if (graph.kind(key) == Kind::integer) {
    sought.storage = sqlite::Storage::integer;
    sought.integer = graph[key].integer;
  } else if (graph.kind(key) == Kind::string) {
    sought.storage = sqlite::Storage::text;
    sought.bytes = graph.text(key);
  } else {
    state_->fail("the key of a persistent id is neither an integer nor a string");
  }
  try {
    if (!state_->find(sought))
      state_->fail(fmt::format("no row for a persistent id of {}", graph.text(name)));
  } catch (const DecodeError& error) {
    state_->fail(error.what());
  }
  const NodeId kwargs = graph.dict();
  for (const State::Output& output : state_->outputs)
    graph.add_pair_unchecked(kwargs, graph.string(graph.keep(as_bytes(output.name))),
                             state_->value(graph, output.column));
  return graph.call(graph.global(graph.string("__main__"), name), Graph::empty_tuple, kwargs);
}

}  // namespace assay
