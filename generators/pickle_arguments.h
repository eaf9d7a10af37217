// Arguments of pickle instructions: what readers must take, and what they must
// look at twice.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "generators/choices.h"
#include "reference/pickle/opcode.h"

namespace assay::generators {

// The instruction's opcode byte and an argument that is right for every profile
// that has the opcode. Not for indices into the memo and extension codes, which
// depend on the program.
std::string right_instruction(Choices& choices, pickle::Code code);

// The opcode byte and an argument of the right shape more often than not: text
// that is no number, bytes that are no UTF-8, a count that is off by one, larger
// than any memory or negative. No count between what is there and 2**62 that
// makes a reader allocate much.
std::string any_instruction(Choices& choices, pickle::Code code);

// Instructions with their arguments written out.
std::string text_instruction(pickle::Code code, std::string_view line);  // a newline is added
std::string number_instruction(pickle::Code code, std::uint64_t number);
std::string counted_instruction(pickle::Code code, std::string_view data);
std::string name_instruction(pickle::Code code, std::string_view module, std::string_view name);

// The codes of protocols up to `protocol`.
std::vector<pickle::Code> codes_up_to(int protocol);

}  // namespace assay::generators
