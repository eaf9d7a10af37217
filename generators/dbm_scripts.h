// Scripts of operations on dbm databases and shelves (harness/adapters/README.md,
// "Scripts"), as operation `write` runs them.
#pragma once

#include "generators/stream.h"

namespace assay::generators {

// Scripts for each of the modules that write: "dbm.dumb", "dbm", "dbm.gnu",
// "dbm.ndbm", "dbm.sqlite3", "bsddb.hash", "bsddb.btree", "shelve". Those for
// dbm.dumb look at the bytes of the files, too, change them, and give wrong types.
std::span<const StreamFormat> dbm_script_formats();

}  // namespace assay::generators
