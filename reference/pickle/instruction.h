// Reads one instruction of a pickle: an opcode and the argument behind it.
//
// Purely lexical, as pickletools.genops sees a pickle: a text argument is a
// line, a counted one its bytes; what they mean (a number, UTF-8, a frame) is
// for the machine and the disassembler.
#pragma once

#include <cstdint>

#include "reference/bytes/cursor.h"
#include "reference/pickle/opcode.h"

namespace assay::pickle {

struct Instruction {
  const Opcode* opcode = nullptr;
  std::uint64_t offset = 0;  // of the opcode byte, in the original input
  std::uint64_t size = 0;    // bytes, opcode byte included

  // Fixed-width integers: the value, sign-extended where the kind is signed.
  // Counted arguments: the count. Else 0.
  std::uint64_t number = 0;
  // Lines: the (first) line without its newline. Counted arguments: the bytes
  // counted. float8: its eight bytes. Else empty.
  Bytes data;
  // The second line of GLOBAL and INST, without its newline.
  Bytes second;

  Code code() const { return opcode->code; }
  std::int64_t integer() const { return static_cast<std::int64_t>(number); }
  // Offset of the first byte behind the instruction.
  std::uint64_t end() const { return offset + size; }
};

// Takes the next instruction; data and second are views into the input.
// Errors, the cursor staying where it was:
//   truncated  the input ends first (field "opcode", or the opcode's name)
//   malformed  the byte is no opcode; the count of BINSTRING or LONG4 is
//              negative
Instruction read_instruction(Cursor& cursor);

}  // namespace assay::pickle
