// Entries as the engines and the streams give them, in one notation. Tests only.
#pragma once

#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "reference/bytes/cursor.h"
#include "reference/dbm/entry.h"

namespace assay::dbm {

using Pairs = std::vector<std::pair<std::string, std::string>>;

inline std::string text_of(Bytes bytes) {
  return std::string(as_text(bytes));
}

// How many random scripts a test runs: ASSAY_SCRIPTS, for campaigns.
inline unsigned scripts_to_run() {
  const char* wanted = std::getenv("ASSAY_SCRIPTS");
  return wanted != nullptr ? static_cast<unsigned>(std::strtoul(wanted, nullptr, 10)) : 60;
}

// Everything a stream gives, in its order; a record's number is its key.
inline Pairs all_of(EntryStream& stream) {
  Pairs pairs;
  for (Entry entry; stream.next(entry);)
    pairs.emplace_back(entry.numbered ? std::to_string(entry.number) : text_of(entry.key),
                       text_of(entry.value));
  return pairs;
}

}  // namespace assay::dbm
