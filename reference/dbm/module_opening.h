// What a module of Python's makes of a file that is opened for reading, all its
// keys listed and each looked up: what may be said of a file that is damaged.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "reference/bytes/cursor.h"
#include "reference/dbm/python.h"

namespace assay::dbm {

struct ModuleOpening {
  enum class Kind : std::uint8_t {
    whole,    // every entry is found
    partly,   // it opens; `what` says what is given: "3 keys, then KeyError"
    refuses,  // `what` is the exception of open()
    unknown,  // was not worked out: `what` says why, or nothing of a damaged file
  };
  Kind kind = Kind::whole;
  std::string what;
};

// "3 keys, then KeyError"; without an exception "3 keys".
std::string keys_given(std::uint64_t listed, std::string_view exception);

// dbm.gnu over libgdbm 1.23, as gdbm_module.h follows it; on machines of other
// byte orders and sizes, whether the file is sound. Reads the file twice.
ModuleOpening open_as_dbm_gnu(Bytes file);

// dbm.dumb as `python` has it, of an index and the values.
ModuleOpening open_as_dbm_dumb(Bytes dir, Bytes dat, Python python);

}  // namespace assay::dbm
