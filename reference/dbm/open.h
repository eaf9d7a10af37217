// A dbm file of any kind as a stream of entries.
#pragma once

#include <memory>
#include <string>

#include "reference/dbm/entry.h"
#include "reference/dbm/identify.h"

namespace assay::dbm {

// The files and the stream that reads them.
struct OpenedDbm {
  Identification found;
  MappedFile file, second;
  std::unique_ptr<EntryStream> stream;
};

// Opens what `found` names, as `python` reads it where Pythons differ (dbm.dumb).
// Throws DecodeError as the stream's reader does, unsupported for formats that
// are only identified; std::system_error for files that cannot be read.
std::unique_ptr<OpenedDbm> open_dbm(const Identification& found, Python python,
                                    ReadOptions options);

// The stream of a file's bytes, without its path: everything but dbm.dumb and
// pages without a magic.
std::unique_ptr<EntryStream> open_bytes(Bytes file, ReadOptions options);

}  // namespace assay::dbm
