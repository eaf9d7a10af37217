// Streams of marshalled data: values of any Python's types, some with faults, and
// the corpus' inputs changed by a few bytes.
#pragma once

#include "generators/stream.h"

namespace assay::generators {

// Everything the command and the properties need of marshal.
extern const StreamFormat marshal_format;

// StreamFormat::needs_memory: a size between 2**20 and 2**31 of a tuple, list,
// int or string that is more than what is left; also bytecode that makes some
// CPython read or write what is not there.
std::optional<std::string> marshal_needs_memory(std::string_view bytes);

}  // namespace assay::generators
