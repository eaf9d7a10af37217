// The operations of a script on a dbm.dumb database, as a Python carries them
// out: what each gives, as value text, or the exception it raises.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

#include "reference/dbm/dumb_database.h"
#include "reference/value/graph.h"
#include "reference/value/text.h"

namespace assay::adapter {

// The files of a database: what may stand behind its path.
inline constexpr std::array<std::string_view, 9> script_endings = {
    "", ".dir", ".dat", ".bak", ".pag", ".db", "-wal", "-journal", "-shm"};

// A script that is none.
class ScriptFault : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

// What a script asks for and the reference does not do.
class ScriptUnsupported : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

class ScriptSession {
 public:
  // `chosen`: opened by dbm.open, which makes dbm.dumb's databases.
  ScriptSession(std::string base, bool chosen, dbm::Python python)
      : base_(std::move(base)), chosen_(chosen), python_(python) {}

  // A database opened with a flag, or as the module does by itself. Throws Raised.
  std::unique_ptr<dbm::DumbDatabase> opened(const std::string* flag) const;

  // Closes what is open, whatever comes of it.
  void end() { database_ = nullptr; }
  // The value text of what is in the database, opened again for reading.
  std::string mapping_text();

  const std::string& base() const { return base_; }
  bool python2() const { return python_.major == 2; }
  dbm::Python python() const { return python_; }
  std::unique_ptr<dbm::DumbDatabase>& database() { return database_; }

 private:
  std::string base_;
  bool chosen_;
  dbm::Python python_;
  std::unique_ptr<dbm::DumbDatabase> database_;
};

using ScriptValues = std::span<const NodeId>;

struct ScriptOperation {
  std::string_view name;
  std::size_t least, most;  // values
  std::string (*run)(ScriptSession& session, const Graph& graph, ScriptValues values);
};

// Nothing if no operation is called so.
const ScriptOperation* find_script_operation(std::string_view name);

// global('raises', 'KeyError')
std::string raises_text(std::string_view error);

}  // namespace assay::adapter
