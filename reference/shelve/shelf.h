// A shelf: a dbm file whose values are pickles and whose keys are text.
// README.md is the specification.
#pragma once

#include "reference/dbm/entry.h"
#include "reference/pickle/machine.h"
#include "reference/pickle/profile.h"
#include "reference/shelve/key_encoding.h"
#include "reference/value/graph.h"

namespace assay::shelve {

struct ShelfOptions {
  pickle::Profile profile;
  pickle::UnpickleOptions unpickle;
  KeyEncoding key_encoding = KeyEncoding::utf8;  // 2.7 has none: its keys are bytes
};

// One entry. A key or a value that cannot be read hides no other entry.
struct ShelfEntry {
  Bytes raw_key;  // until the next entry is asked for
  // The key as a value: str, or bytes in 2.7; no_node if it does not decode, and
  // Python then raises UnicodeDecodeError as it comes to this key.
  NodeId key = no_node;
  pickle::Outcome value;
  std::uint64_t offset = 0;  // of the key in its file
  std::uint64_t extra = 0;   // bytes behind the pickle, which Python ignores
};

class Shelf {
 public:
  // `store` must outlive the shelf.
  Shelf(dbm::EntryStream& store, ShelfOptions options);

  // The next entry, built into `graph`, which must be empty and must not outlive
  // it: strings are views of the store's. False at the end. Throws what the
  // store throws.
  bool next(Graph& graph, ShelfEntry& entry);

 private:
  dbm::EntryStream& store_;
  ShelfOptions options_;
};

// Whether the values look like pickles: of the first few most are one pickle and
// nothing else. Reads entries from `store`; an empty one is no shelf.
bool looks_like_shelf(dbm::EntryStream& store);

}  // namespace assay::shelve
