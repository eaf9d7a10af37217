// The write-ahead log: which pages of it count. Takes a file, gives an overlay.
// SQLite file format, 4.
#pragma once

#include "reference/sqlite/pager.h"

namespace assay::sqlite {

// The frames of the last committed transaction and those before it, as a
// recovery finds them (wal.c, walIndexRecover): every frame up to the first whose
// salts or checksum are not those of the log, of these what a commit frame
// closes. A log without such frames gives an overlay without pages. `log` must
// outlive the overlay. Throws DecodeError(unsupported) for a log of another
// version, as SQLite refuses to open the database then.
// Keeps a map entry for each page in the log, not the pages.
Overlay read_wal(const File& log);

}  // namespace assay::sqlite
