// Values to be marshalled: operation "encode" of format "marshal".
#pragma once

#include "generators/stream.h"
#include "reference/value/graph.h"

namespace assay::generators {

// Everything the command and the properties need of marshalling. Seven streams in a
// row are one value in versions 0 to 6; a value that unfolds without bound below
// version 3 comes in versions 3 to 6 alone, and not for Python 2.
extern const StreamFormat marshal_values_format;

// Whether two pieces of marshalled data are one value in one form: their normal
// forms are equal (reference/marshal/normal_form.h) where no string counts as
// interned, and nothing follows. `profile` is the name of who wrote them.
bool marshalled_alike(const Stream& stream, std::string_view profile, std::string_view a,
                      std::string_view b);

// Why two of a value may differ though each is right: the order of hashes, in which
// Pythons before 3.11 write sets and Python 2 its dicts; in 3.11 and 3.12 which letters
// the process has interned, which decides the order of sets. Nothing where the value
// has no such order, or where they are not of one value.
std::optional<std::string> marshalled_may_differ(const Stream& stream, std::string_view profile,
                                                 std::string_view a, std::string_view b);

// How many objects a writer without references meets, down to a depth of 2001, each 64
// bytes of text being one more; as much as `limit` stands for more.
std::uint64_t unfolded_size(const Graph& graph, NodeId root, std::uint64_t limit);

}  // namespace assay::generators
