#include "reference/dbm/magic.h"

#include "reference/bytes/ordered.h"

namespace assay::dbm {
namespace {

constexpr Magic table[] = {
    {12, 0x00061561, Format::berkeley_hash, 0, false, "db.h DB_HASHMAGIC"},
    {12, 0x00053162, Format::berkeley_btree, 0, false, "db.h DB_BTREEMAGIC"},
    {12, 0x00042253, Format::berkeley_queue, 0, false, "db.h DB_QAMMAGIC"},
    {12, 0x00074582, Format::berkeley_heap, 0, false, "db.h DB_HEAPMAGIC"},
    {0, 0x00061561, Format::old_hash, 0, false, "4.4BSD db.h HASHMAGIC"},
    {0, 0x00053162, Format::old_btree, 0, false, "4.4BSD db.h BTREEMAGIC"},
    {0, 0x13579ace, Format::gdbm, 0, false, "gdbmconst.h GDBM_OMAGIC"},
    {0, 0x13579acd, Format::gdbm, 32, false, "gdbmconst.h GDBM_MAGIC32"},
    {0, 0x13579acf, Format::gdbm, 64, false, "gdbmconst.h GDBM_MAGIC64"},
    {0, 0x13579ad0, Format::gdbm, 32, true, "gdbmconst.h GDBM_NUMSYNC_MAGIC32"},
    {0, 0x13579ad1, Format::gdbm, 64, true, "gdbmconst.h GDBM_NUMSYNC_MAGIC64"},
};

}  // namespace

std::string_view name(Format format) {
  switch (format) {
    case Format::unknown:
      return "unknown";
    case Format::dumb:
      return "dbm.dumb";
    case Format::gdbm:
      return "GNU dbm";
    case Format::berkeley_hash:
      return "Berkeley DB hash";
    case Format::berkeley_btree:
      return "Berkeley DB btree";
    case Format::berkeley_queue:
      return "Berkeley DB queue";
    case Format::berkeley_heap:
      return "Berkeley DB heap";
    case Format::old_hash:
      return "Berkeley DB 1.85 hash";
    case Format::old_btree:
      return "Berkeley DB 1.85 btree";
    case Format::ndbm:
      return "ndbm pages";
    case Format::sqlite:
      return "SQLite";
  }
  return "unknown";
}

std::span<const Magic> magics() {
  return table;
}

std::optional<FoundMagic> find_magic(Bytes file) {
  for (const Magic& magic : table) {
    if (file.size() < magic.at + 4) continue;
    for (const bool big_endian : {false, true})
      if (Ordered(file, big_endian).u32(magic.at, "magic") == magic.value)
        return FoundMagic{&magic, big_endian};
  }
  return std::nullopt;
}

}  // namespace assay::dbm
