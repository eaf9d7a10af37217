// What must hold of any stream over any bytes. Fuzz targets only.
#pragma once

#include <cstdlib>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "reference/dbm/entry.h"

namespace assay::dbm {

inline void must(bool holds) {
  if (!holds) std::abort();
}

using MakeStream = std::function<std::unique_ptr<EntryStream>(ReadOptions)>;

// Reads all of a file of `size` bytes, first as it is, then to be salvaged: no
// entry takes less than a byte of the file, no byte belongs to two values, and
// what is read without a fault is found again when it is salvaged.
inline void read_every_way(std::uint64_t size, const MakeStream& make) {
  std::uint64_t strict = 0;
  bool sound = false;
  try {
    const auto stream = make({});
    const auto finder = make({});
    std::uint64_t values = 0;
    for (Entry entry; stream->next(entry);) {
      must(++strict <= size);
      must((values += entry.value.size()) <= 2 * size);
      Entry found;
      // Looking up is not to fail on what enumeration accepts; it need not find
      // keys that stand in the wrong place.
      if (strict <= 16 && !entry.numbered) finder->find(entry.key, found);
    }
    sound = stream->losses().empty();
  } catch (const DecodeError& error) {
    must(error.kind() != ErrorKind::internal);
  }
  try {
    const auto stream = make({.salvage = true});
    std::uint64_t salvaged = 0;
    for (Entry entry; stream->next(entry);) must(++salvaged <= 8 * size + 8);
    if (sound) must(salvaged >= strict);
    must(stream->losses().size() <= 8 * size + 8);
  } catch (const DecodeError& error) {
    must(error.kind() != ErrorKind::internal && !sound);
  }
}

}  // namespace assay::dbm
