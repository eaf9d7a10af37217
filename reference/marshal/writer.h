// Writes a value as one CPython would: marshal.dumps().
//
// FLAG_REF depends in CPython on how many references to an object there happen
// to be. Here it stands on what is referred to again in the data, and on nothing
// else: the normal form (normal_form.h) of what CPython writes.
#pragma once

#include <string>
#include <string_view>

#include "reference/bytes/limits.h"
#include "reference/marshal/profile.h"
#include "reference/marshal/reader.h"
#include "reference/value/graph.h"

namespace assay::marshal {

struct WriteOptions {
  // The argument of dumps() from Python 3.13 on; earlier profiles ignore it.
  bool allow_code = true;
  // Leaves the items of sets as they stand, where CPython from 3.11 on sorts them.
  bool keep_set_order = false;
  // More output than this is Status::limit: below version 3 sharing is lost, and
  // a small value can unfold to any size.
  std::uint64_t most_bytes = limits::unfolded_bytes;
};

struct Written {
  bool accepted = false;
  Status status = Status::internal;
  std::string data;        // accepted
  std::string_view error;  // rejected: "ValueError"; static storage
  std::string message;     // not accepted
};

// `version` is the second argument of dumps(): any number; what is beyond
// marshal.version means the same as that. Strings that a code object holds as
// names are written as interned, and others that have flag::interned.
Written write(const Graph& graph, NodeId root, int version, const Profile& profile,
              WriteOptions options = {});

}  // namespace assay::marshal
