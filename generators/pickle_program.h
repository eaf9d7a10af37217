// Pickle programs that are valid by construction: what stands on the stack, above
// which marks and in the memo is followed while instructions are chosen, so that
// every choice is one that an unpickler must take.
#pragma once

#include <string>
#include <vector>

#include "generators/choices.h"

namespace assay::generators {

// Instructions with their arguments, the last of them STOP. Frames are not among
// them: framed() adds those.
using Program = std::vector<std::string>;

struct ProgramWorld {
  int protocol = 5;         // opcodes of higher protocols are not used
  int buffers = 0;          // out-of-band buffers there are
  bool extensions = false;  // codes 1, 300 and 70000 are registered
  bool persistent = true;   // persistent_load is defined
};

// A program that every profile with the opcodes of `world.protocol` accepts, of
// about `length` choices; with `encoding` other than ASCII, too.
Program valid_program(Choices& choices, const ProgramWorld& world, std::size_t length);

// The bytes of a program; with `frames`, runs of its instructions behind PROTO
// are put into frames of their size.
std::string assembled(const Program& program);
std::string framed(Choices& choices, const Program& program);

}  // namespace assay::generators
