// Entries written into a new database: by the reference, or by a Python that has
// the module.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "reference/bytes/cursor.h"
#include "reference/dbm/python.h"

namespace assay {

class StoreWriter {
 public:
  virtual ~StoreWriter() = default;
  // Throws std::runtime_error when nothing more can be written.
  virtual void set(Bytes key, Bytes value) = 0;
  // Closes the database. Gives the entries that the module refused, by their
  // number in the order of set(), with the exception. Throws as set() does.
  virtual std::map<std::uint64_t, std::string> finish() = 0;
};

// dbm.dumb, as that Python writes it.
std::unique_ptr<StoreWriter> dumb_writer(const std::string& path, dbm::Python python);

// `store` ("dbm.gnu", …) by the Python `program`. What ends it (a full disk) is the
// text of what is thrown: the exception, not its traceback.
std::unique_ptr<StoreWriter> python_writer(const std::string& program, const std::string& store,
                                           const std::string& path);

// Whether the Python `program` can import the module.
bool python_has(const std::string& program, const std::string& store);

}  // namespace assay
