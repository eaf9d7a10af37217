// Values to be pickled: operation "encode" of format "pickle".
#pragma once

#include "generators/stream.h"

namespace assay::generators {

// Everything the command and the properties need of pickling. Six streams in a row
// are one value with one set of options, in protocols 0 to 5.
extern const StreamFormat pickle_values_format;

// Why two pickles of a value may differ though each is right: the order of a set's
// items, or of a dict's pairs in Python 2, which hashes decide; names of one letter
// in 3.11 and 3.12, which may be one object or two. Nothing where the value has
// neither, or where the pickles are not of one value. Pickles that no reader accepts
// must have the same instructions.
std::optional<std::string> pickles_may_differ(const Stream& stream, std::string_view profile,
                                              std::string_view a, std::string_view b);

// Why a value may be refused for one part or for another: hashes decide which is
// pickled first. Nothing where the value has no such order.
std::optional<std::string> pickle_refusals_may_differ(const Stream& stream,
                                                      std::string_view profile);

// Streams with a simpler value, fewer options or a lower protocol, the boldest first:
// StreamFormat::simpler of every format that is encoded.
std::vector<Stream> simpler_encodings(const Stream& stream, std::size_t limit);

}  // namespace assay::generators
