// Showing dbm files and shelves, entry by entry.
#pragma once

#include <optional>
#include <string>

#include "reference/dbm/identify.h"
#include "reference/pickle/machine.h"
#include "reference/pickle/profile.h"

namespace assay {

struct DbmShowOptions {
  std::string format;        // "dbm", "shelve", or empty: found from the values
  std::string key_encoding;  // of a shelf; empty: utf-8
  bool salvage = false;
  bool identify_only = false;
  bool json = false;
  pickle::Profile profile;
  pickle::UnpickleOptions unpickle;
};

// Prints what `found` is, what each Python does with it, and its entries as they
// are read. False if anything was lost or refused, which is said on standard
// error. Throws UsageError when the file cannot be read on.
bool show_dbm(const dbm::Identification& found, const DbmShowOptions& options);

}  // namespace assay
