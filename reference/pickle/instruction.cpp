#include "reference/pickle/instruction.h"

#include <fmt/format.h>

namespace assay::pickle {
namespace {

std::uint64_t read_number(Cursor& cursor, const ArgumentInfo& about, const char* field) {
  switch (about.width) {
    case 1:
      return cursor.u8(field);
    case 2:
      return cursor.le16(field);
    case 4: {
      const std::uint32_t number = cursor.le32(field);
      if (!about.is_signed) return number;
      return static_cast<std::uint64_t>(std::int64_t{static_cast<std::int32_t>(number)});
    }
    default:
      return cursor.le64(field);
  }
}

void read_counted(Cursor& cursor, const ArgumentInfo& about, const char* field,
                  Instruction& instruction) {
  const std::uint64_t at = cursor.offset();
  instruction.number = read_number(cursor, about, field);
  if (about.is_signed && instruction.integer() < 0)
    throw DecodeError(ErrorKind::malformed, at, field,
                      fmt::format("the count {} is negative", instruction.integer()));
  instruction.data = cursor.take(instruction.number, field);
}

}  // namespace

Instruction read_instruction(Cursor& cursor) {
  Cursor at = cursor;
  Instruction instruction;
  instruction.offset = at.offset();
  const std::uint8_t byte = at.u8("opcode");
  instruction.opcode = find_opcode(byte);
  if (instruction.opcode == nullptr)
    throw DecodeError(ErrorKind::malformed, instruction.offset, "opcode",
                      fmt::format("no opcode is {:#04x}", byte));
  // Names are string literals, so a terminating zero follows.
  const char* field = instruction.opcode->name.data();
  const ArgumentInfo about = info(instruction.opcode->argument);
  switch (about.shape) {
    case Shape::none:
      break;
    case Shape::fixed:
      if (instruction.opcode->argument == Argument::float8)
        instruction.data = at.take(8, field);
      else
        instruction.number = read_number(at, about, field);
      break;
    case Shape::line:
      instruction.data = at.line(field);
      break;
    case Shape::pair:
      instruction.data = at.line(field);
      instruction.second = at.line(field);
      break;
    case Shape::counted:
      read_counted(at, about, field, instruction);
      break;
  }
  instruction.size = at.offset() - instruction.offset;
  cursor = at;
  return instruction;
}

}  // namespace assay::pickle
