// Streams of pickles: programs that are valid, programs with one fault, programs
// that are nothing in particular, and the corpus' inputs changed by a few bytes.
#pragma once

#include "generators/pickle_program.h"
#include "generators/stream.h"

namespace assay::generators {

// Everything the command and the properties need of pickles.
extern const StreamFormat pickle_format;

// A stream that every profile with protocol `protocol` accepts, options
// included. `python3_options` allows options that Python 2 does not have.
Stream valid_pickle(Choices& choices, int protocol, bool python3_options);

// Does one thing wrong: an instruction too few, too many or in the wrong place,
// another opcode, an odd argument, a byte that is no opcode.
void plant_fault(Choices& choices, Program& program, int protocol);

// Streams that are simpler than `stream`: StreamFormat::simpler.
std::vector<Stream> simpler_pickles(const Stream& stream, std::size_t limit);

// Why a reader that goes from instruction to instruction may run out of memory: a
// count between 2**20 and 2**62 that is more than what is left, or an index of the
// memo between 2**17 and 2**59. No stream that is made has such.
std::optional<std::string> pickle_needs_memory(std::string_view bytes);

// StreamFormat::needs_memory: the same, and of a stream with a FRAME, whose rest
// some readers drop to go on elsewhere, at any byte.
std::optional<std::string> pickle_may_need_memory(std::string_view bytes);

}  // namespace assay::generators
