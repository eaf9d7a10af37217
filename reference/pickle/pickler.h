// The pickler: writes a value graph as one CPython lane would write the same
// objects, byte for byte, and refuses what that lane refuses with the same
// exception class. README.md, "Writing", is the specification.
//
// What one node is, is one object; two nodes are two objects, except those that
// CPython cannot make twice: the singletons, the empty tuple and frozenset,
// texts of at most one Latin-1 character, bytes of at most one byte, and
// globals of the same name.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "reference/bytes/cursor.h"
#include "reference/pickle/machine.h"
#include "reference/pickle/profile.h"
#include "reference/value/graph.h"
#include "reference/value/pool.h"

namespace assay::pickle {

// The arguments of Pickler() and what stands in for its environment.
struct PickleOptions {
  int protocol = 4;
  bool fix_imports = true;
  // Pickler.fast: no memo.
  bool fast = false;
  // Whether a buffer_callback takes every buffer (protocol 5).
  bool out_of_band = false;
  // Through pickletools.optimize of the profile's version.
  bool optimize = false;
  // What the graph's buffer(i) nodes are.
  std::vector<SuppliedBuffer> buffers;
  // copyreg's registry; a global in it is written as its code.
  std::vector<Extension> extensions;
};

// What became of one dump().
struct Pickled {
  Status status = Status::internal;
  Pool<std::uint8_t> data;            // accepted: the pickle
  std::vector<std::size_t> buffers;   // accepted: indices of those out of band, in order
  std::vector<bool> buffer_readonly;  // whether each was given through readonly()
  std::string_view error;             // rejected: the exception's class
  std::string message;                // not accepted: why, for people

  bool accepted() const { return status == Status::accepted; }
  Bytes bytes() const { return {data.data(), data.size()}; }
};

// Writes `root`. Time and memory are linear in what is written, but for graphs
// that are rejected as endless recursion.
Pickled pickle(const Graph& graph, NodeId root, const Profile& profile,
               const PickleOptions& options = {});

// pickletools.optimize(data) of the profile's version, of data that the profile
// wrote. Throws Rejection where optimize raises: what is no pickle is a ValueError,
// and so is a name or a persistent id with a wrong escape; in Python 3 a name or a
// persistent id that is not ASCII is a UnicodeDecodeError.
Pool<std::uint8_t> optimize(Bytes data, const Profile& profile);

}  // namespace assay::pickle
