// whichdb() as each Python answers it: Lib/whichdb.py of 2.7, whichdb() of
// Lib/dbm/__init__.py of 3.x. It looks at names and first bytes, in an order
// that README.md, "whichdb", gives.
#pragma once

#include <optional>
#include <string>

#include "reference/dbm/python.h"

namespace assay::dbm {

// The library behind _dbm, which whichdb() tries on a path with a `.db` file.
enum class NdbmLibrary : std::uint8_t { none, gdbm_compat, berkeley };

struct WhichdbAnswer {
  enum class Kind : std::uint8_t {
    none,    // None: there is no such file
    empty,   // '': a file of no kind that it knows
    module,  // `text` is a module's name
    raises,  // `text` is the exception's class
  };
  Kind kind = Kind::none;
  std::string text;
  bool operator==(const WhichdbAnswer&) const = default;
};

// "None", "''", "'dbm.gnu'" or "TypeError", as Python would print it.
std::string shown(const WhichdbAnswer& answer);

// `path` is nothing for None. Reads files, never more than their first page;
// does not throw for anything that the files hold.
WhichdbAnswer whichdb(const std::optional<std::string>& path, Python python,
                      NdbmLibrary ndbm = NdbmLibrary::none);

}  // namespace assay::dbm
