// The constructors that picklers emit for built-in types: a call of one of
// these, with exactly the arguments a pickler writes, gives the real value.
// Every other call stays a call node.
#pragma once

#include <cstdint>
#include <string_view>

#include "reference/value/graph.h"

namespace assay::pickle {

enum class Constructor : std::uint8_t {
  none,
  set,            // () or a list
  frozenset,      // () or a list
  bytearray,      // (), bytes, or a str and 'latin-1'
  bytes,          // ()
  complex,        // two floats
  range,          // three ints; xrange in Python 2
  slice,          // three values without identity
  encode,         // _codecs.encode: a str and 'latin1'
  getattr,        // a global and a str: the dotted global, as protocol 4 names it
  reconstructor,  // copyreg._reconstructor: a class, object, None
  newobj,         // copyreg.__newobj__: a class and arguments
  newobj_ex,      // copyreg.__newobj_ex__: a class, a tuple, a dict
};

// The constructor of a name, under its Python 2 or Python 3 module.
Constructor find_constructor(std::string_view module, std::string_view name, bool python2);

// The value of a name that is a singleton (Ellipsis, NotImplemented), or no_node.
NodeId resolve_global(std::string_view module, std::string_view name);

}  // namespace assay::pickle
