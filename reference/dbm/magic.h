// The numbers by which dbm files are known. README.md, "Telling them apart".
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "reference/bytes/cursor.h"

namespace assay::dbm {

enum class Format : std::uint8_t {
  unknown,
  dumb,            // dbm.dumb: .dir and .dat
  gdbm,            // GNU dbm, also as gdbm-compat's .pag
  berkeley_hash,   // Berkeley DB 2 and later
  berkeley_btree,  // btree and recno
  berkeley_queue,
  berkeley_heap,
  old_hash,   // Berkeley DB 1.85
  old_btree,  // Berkeley DB 1.85
  ndbm,       // pages of ndbm and sdbm: .pag and .dir, no magic
  sqlite,
};

// "GNU dbm", "Berkeley DB hash", ...
std::string_view name(Format format);

struct Magic {
  std::uint64_t at;     // offset in the file
  std::uint32_t value;  // in the file's own byte order
  Format format;
  std::uint8_t offset_bits;  // gdbm: 32, 64; 0 where the magic does not tell
  bool numsync;              // gdbm: the header is extended
  std::string_view cites;
};

std::span<const Magic> magics();

struct FoundMagic {
  const Magic* magic;
  bool big_endian;
};

// The row whose number stands in `file`, in either byte order. Rows whose number
// stands further on in the file are found first, because the number of Berkeley
// DB's pages would be a log sequence number at offset 0.
std::optional<FoundMagic> find_magic(Bytes file);

}  // namespace assay::dbm
