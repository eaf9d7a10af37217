// Reads marshalled data as one CPython would: marshal.loads().
//
// Nothing that the data names is imported, and no code runs: a code object is a
// node with named fields (Kind::code). Depth costs no recursion, and memory is
// linear in the data whatever sizes it claims.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "reference/bytes/cursor.h"
#include "reference/marshal/profile.h"
#include "reference/value/graph.h"

namespace assay::marshal {

struct ReadOptions {
  // The argument of loads() from Python 3.13 on; earlier profiles ignore it.
  bool allow_code = true;
};

enum class Status : std::uint8_t {
  accepted,
  rejected,     // as the profile rejects it: `error` is the exception's class
  crashes,      // this CPython aborts or reads what is not there (`message` says where)
  unsupported,  // writing: nothing that this CPython could hold; reading: not modelled
  limit,        // a row of bytes/limits.h was exceeded
  internal,     // a bug in Assay
};

struct Outcome {
  bool accepted = false;
  Status status = Status::internal;
  NodeId value = no_node;      // accepted
  std::string_view error;      // rejected: "ValueError"; static storage
  std::string message;         // not accepted: why, for people
  std::uint64_t offset = 0;    // of the type code last read
  std::uint64_t consumed = 0;  // accepted: bytes read; what follows is ignored
};

// `data` must outlive the graph: strings in it are views.
Outcome read(Graph& graph, Bytes data, const Profile& profile, ReadOptions options = {});

}  // namespace assay::marshal
