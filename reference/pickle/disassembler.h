// Pickles back to assembly text (assembler.h): one instruction a line.
#pragma once

#include <string>

#include "reference/bytes/cursor.h"
#include "reference/pickle/instruction.h"

namespace assay::pickle {

// Assembly text of any bytes: assemble(disassemble(b)) == b for every b.
// Instructions that follow a STOP are written as any others; from the first
// byte that is no complete instruction on, the rest is `.hex`, under a comment
// that says what is wrong there. Linear in the input.
std::string disassemble(Bytes bytes);

// Appends the argument of an instruction as assembly text, without a leading
// blank; nothing where the opcode has none. One line of printable ASCII.
void append_argument(std::string& out, const Instruction& instruction);

}  // namespace assay::pickle
