// What Python's dbm.gnu makes of a file, sound or damaged: the module over
// libgdbm 1.23 on a little-endian machine of 64 bits, as Debian's python3 has it.
//
// GdbmStream reads every file and names what is wrong with it. The module does
// neither: it refuses files of other machines; where libgdbm finds a fault, keys()
// just ends there (Modules/_gdbmmodule.c does not ask why), and from then on no
// key is found, because the library wants the file to be recovered.
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "reference/bytes/cursor.h"

namespace assay::dbm {

struct ModuleRead {
  bool opens = false;
  bool needs_recovery = false;  // to libgdbm, once every key has been listed
  std::uint64_t listed = 0;     // by keys()
  // The class of the exception: of open(), or of the first key that was listed
  // and is not found. Empty if there was none.
  std::string_view exception;
  // Views into the file; none with an exception.
  std::vector<std::pair<Bytes, Bytes>> entries;
};

// open(file, "r"), then every key of keys() looked up. Never throws but for a
// file around which the library would run in circles, or whose keys overlap so
// that looking at each would cost more than 64 times its size: DecodeError, a limit.
ModuleRead read_as_dbm_gnu(Bytes file);

}  // namespace assay::dbm
