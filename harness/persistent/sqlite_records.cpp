#include "harness/persistent/sqlite_records.h"

#include <fmt/format.h>
#include <sqlite3.h>

#include <stdexcept>
#include <vector>

namespace assay {

struct SqliteRecords::State {
  std::string file;
  std::string sql;
  sqlite3* database = nullptr;
  sqlite3_stmt* select = nullptr;

  ~State() {
    sqlite3_finalize(select);
    sqlite3_close(database);
  }
  [[noreturn]] void fail(std::string_view what) const {
    throw std::runtime_error(fmt::format("{}: {}", file, what));
  }
  sqlite3_stmt* prepare(const std::string& text) const {
    sqlite3_stmt* made = nullptr;
    if (sqlite3_prepare_v2(database, text.c_str(), -1, &made, nullptr) != SQLITE_OK)
      fail(fmt::format("{} (in: {})", sqlite3_errmsg(database), text));
    return made;
  }
  std::vector<std::string> column_of_strings(const std::string& text) const {
    std::vector<std::string> found;
    sqlite3_stmt* query = prepare(text);
    while (sqlite3_step(query) == SQLITE_ROW)
      found.emplace_back(reinterpret_cast<const char*>(sqlite3_column_text(query, 0)));
    const int result = sqlite3_finalize(query);
    if (result != SQLITE_OK) fail(sqlite3_errstr(result));
    return found;
  }
  std::string default_sql() const;
};

namespace {

// An SQL identifier in double quotes (SQLite, "SQLite Keywords").
std::string quoted(const std::string& name) {
  std::string text = "\"";
  for (const char c : name) text += c == '"' ? std::string("\"\"") : std::string(1, c);
  return text + '"';
}

NodeId value_of(Graph& graph, sqlite3_stmt* row, int column) {
  const auto bytes = [&](const void* data) {
    return graph.keep({static_cast<const std::uint8_t*>(data),
                       static_cast<std::size_t>(sqlite3_column_bytes(row, column))});
  };
  switch (sqlite3_column_type(row, column)) {
    case SQLITE_INTEGER:
      return graph.integer(sqlite3_column_int64(row, column));
    case SQLITE_FLOAT:
      return graph.floating(sqlite3_column_double(row, column));
    case SQLITE_TEXT:
      return graph.string(bytes(sqlite3_column_text(row, column)));
    case SQLITE_BLOB:
      return graph.bytes(bytes(sqlite3_column_blob(row, column)));
    default:
      return Graph::none;
  }
}

}  // namespace

std::string SqliteRecords::State::default_sql() const {
  const auto tables = column_of_strings(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite~_%' "
      "ESCAPE '~' ORDER BY name");
  if (tables.size() != 1)
    fail(
        fmt::format("has {} tables; name the one to read with an SQL statement, e.g. "
                    "SELECT * FROM memos WHERE key = ?",
                    tables.size()));
  const auto keys = column_of_strings(
      fmt::format("SELECT name FROM pragma_table_info({}) WHERE pk > 0", quoted(tables[0])));
  if (keys.size() != 1)
    fail(
        fmt::format("table {} has no single-column primary key; give an SQL statement", tables[0]));
  return fmt::format("SELECT * FROM {} WHERE {} = ?", quoted(tables[0]), quoted(keys[0]));
}

SqliteRecords::SqliteRecords(const std::filesystem::path& database, const std::string& sql)
    : state_(std::make_unique<State>()) {
  state_->file = database.string();
  if (sqlite3_open_v2(state_->file.c_str(), &state_->database, SQLITE_OPEN_READONLY, nullptr) !=
      SQLITE_OK)
    state_->fail(sqlite3_errmsg(state_->database));
  state_->sql = sql.empty() ? state_->default_sql() : sql;
  state_->select = state_->prepare(state_->sql);
  if (!sqlite3_stmt_readonly(state_->select)) state_->fail("the SQL statement would write");
  if (sqlite3_bind_parameter_count(state_->select) != 1)
    state_->fail("the SQL statement needs exactly one parameter, the key");
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
  sqlite3_stmt* select = state_->select;
  sqlite3_reset(select);
  if (graph.kind(key) == Kind::integer) {
    sqlite3_bind_int64(select, 1, graph[key].integer);
  } else if (graph.kind(key) == Kind::string) {
    const auto text = graph.text(key);
    sqlite3_bind_text64(select, 1, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
  } else {
    state_->fail("the key of a persistent id is neither an integer nor a string");
  }
  const int stepped = sqlite3_step(select);
  if (stepped == SQLITE_DONE)
    state_->fail(fmt::format("no row for a persistent id of {}", graph.text(name)));
  if (stepped != SQLITE_ROW) state_->fail(sqlite3_errmsg(state_->database));

  const NodeId kwargs = graph.dict();
  for (int column = 0; column < sqlite3_column_count(select); ++column) {
    const std::string_view column_name = sqlite3_column_name(select, column);
    graph.add_pair_unchecked(kwargs, graph.string(graph.keep(as_bytes(column_name))),
                             value_of(graph, select, column));
  }
  sqlite3_reset(select);
  return graph.call(graph.global(graph.string("__main__"), name), Graph::empty_tuple, kwargs);
}

}  // namespace assay
