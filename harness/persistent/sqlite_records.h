// Resolves persistent ids to rows of an SQLite database, as the example in the
// pickle documentation does ("Persistence of External Objects"): a DBPickler
// writes ("MemoRecord", key) for each record, and whoever loads the pickle
// fetches the row with that key.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "reference/value/graph.h"

namespace assay {

class SqliteRecords {
 public:
  // Opens `database` without writing to it. `sql` selects one row by one
  // parameter, the key: SELECT columns FROM table WHERE column = ?. When empty,
  // the database must have a single table with a single-column primary key, and
  // rows are taken from there.
  // Throws std::runtime_error naming the file and what is wrong.
  SqliteRecords(const std::filesystem::path& database, const std::string& sql);
  ~SqliteRecords();
  SqliteRecords(SqliteRecords&&) noexcept;
  SqliteRecords& operator=(SqliteRecords&&) noexcept;

  // The record that a persistent id stands for: `pid` is a tuple (name, key)
  // whose key is an integer or a string. Gives
  // call(global('__main__', name), column=value, …), as the example's
  // namedtuple would be built. Throws std::runtime_error when the id has
  // another form or no row has the key.
  NodeId fetch(Graph& graph, NodeId pid) const;

  // The statement in use, for messages.
  const std::string& sql() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace assay
