// Values as graphs: every kind of node, shared and cyclic, of sizes on both sides
// of what picklers treat differently.
#pragma once

#include <cstddef>
#include <string_view>

#include "generators/choices.h"
#include "reference/value/graph.h"

namespace assay::generators {

struct ValueWorld {
  int buffers = 0;          // out-of-band buffers there are; 0: no buffer is made
  bool persistent = false;  // persistent ids
  bool python2 = false;     // long(1) and what only Python 2 has
  bool large = false;       // containers of about 1000 items, texts of about 64 KiB
  bool hash_order = false;  // sets, and dicts, whose order their hashes decide
  // For marshal: no instances and names but where `refused`.
  bool marshal = false;
  bool refused = false;      // what marshal does not write
  bool slices = true;        // marshal: slices
  bool frozendicts = false;  // marshal: frozendicts
  bool cyclic = true;        // objects that hold themselves
};

// A value of about `size` objects. What it is made of:
//
// - numbers about every width that an opcode has, texts and bytes about 1, 255 and
//   (large) 65535 bytes and with every kind of character;
// - containers of 0 to 4 items and (large) about 1000 and 2000;
// - objects that are met again, in themselves as well where Python can make it so;
// - calls and new objects with items, pairs and state, whose names are plain,
//   nested, renamed by fix_imports, those of built-in types, or none;
// - keys and items that are hashable and not equal.
//
// Unless `world.hash_order`, a set has one item or the numbers from 0 on, and so
// has a dict in most values: their order is then the same for every hash.
NodeId make_value(Choices& choices, Graph& graph, const ValueWorld& world, std::size_t size);

}  // namespace assay::generators
