#include "reference/pickle/disassembler.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <iterator>

#include "reference/value/graph.h"
#include "reference/value/integer.h"
#include "reference/value/literal.h"
#include "reference/value/utf8.h"

namespace assay::pickle {
namespace {

// Bytes of one `.hex` line.
constexpr std::size_t hex_bytes = 32;

// Whether the assembler would write the number of these bytes with just them:
// no shorter two's complement says the same.
bool is_shortest(Bytes little_endian) {
  if (little_endian.empty()) return true;
  const std::uint8_t last = little_endian.back();
  if (little_endian.size() == 1) return last != 0;
  const bool sign_below = (little_endian[little_endian.size() - 2] & 0x80) != 0;
  return !(last == 0 && !sign_below) && !(last == 0xff && sign_below);
}

void append_line(std::string& out, Bytes line) {
  if (is_ascii(line))
    append_string_literal(out, as_text(line));
  else
    append_bytes_literal(out, as_text(line));
}

void append_float(std::string& out, Bytes big_endian) {
  std::uint64_t bits = 0;
  for (const std::uint8_t byte : big_endian) bits = bits << 8 | byte;
  append_float_literal(out, std::bit_cast<double>(bits));
}

void append_long(std::string& out, Bytes little_endian) {
  if (!is_shortest(little_endian)) return append_bytes_literal(out, as_text(little_endian));
  if (little_endian.size() <= 8) {
    std::uint64_t value = !little_endian.empty() && (little_endian.back() & 0x80) ? ~0ull : 0;
    for (std::size_t i = little_endian.size(); i-- > 0;) value = value << 8 | little_endian[i];
    fmt::format_to(std::back_inserter(out), "{}", static_cast<std::int64_t>(value));
    return;
  }
  Graph graph;
  append_integer_literal(out, graph, integer_from_twos_complement(graph, little_endian));
}

void append_unicode(std::string& out, Bytes utf8) {
  if (find_utf8_fault(utf8, Surrogates::allow))
    append_bytes_literal(out, as_text(utf8));
  else
    append_string_literal(out, as_text(utf8));
}

void append_hex(std::string& out, Bytes bytes) {
  for (std::size_t at = 0; at < bytes.size(); at += hex_bytes) {
    out += ".hex ";
    for (const std::uint8_t byte : bytes.subspan(at, std::min(hex_bytes, bytes.size() - at)))
      fmt::format_to(std::back_inserter(out), "{:02x}", byte);
    out += '\n';
  }
}

}  // namespace

void append_argument(std::string& out, const Instruction& instruction) {
  switch (instruction.opcode->argument) {
    case Argument::none:
      return;
    case Argument::uint1:
    case Argument::uint2:
    case Argument::uint4:
    case Argument::uint8:
      fmt::format_to(std::back_inserter(out), "{}", instruction.number);
      return;
    case Argument::int4:
      fmt::format_to(std::back_inserter(out), "{}", instruction.integer());
      return;
    case Argument::float8:
      return append_float(out, instruction.data);
    case Argument::stringnl:
    case Argument::stringnl_noescape:
    case Argument::decimalnl_short:
    case Argument::decimalnl_long:
    case Argument::floatnl:
    case Argument::unicodestringnl:
      return append_line(out, instruction.data);
    case Argument::stringnl_noescape_pair:
      append_line(out, instruction.data);
      out += ' ';
      return append_line(out, instruction.second);
    case Argument::string1:
    case Argument::string4:
    case Argument::bytes1:
    case Argument::bytes4:
    case Argument::bytes8:
    case Argument::bytearray8:
      return append_bytes_literal(out, as_text(instruction.data));
    case Argument::unicodestring1:
    case Argument::unicodestring4:
    case Argument::unicodestring8:
      return append_unicode(out, instruction.data);
    case Argument::long1:
    case Argument::long4:
      return append_long(out, instruction.data);
  }
}

std::string disassemble(Bytes bytes) {
  std::string out;
  Cursor cursor(bytes);
  while (!cursor.at_end()) {
    try {
      const Instruction instruction = read_instruction(cursor);
      out += instruction.opcode->name;
      if (instruction.opcode->argument != Argument::none) {
        out += ' ';
        append_argument(out, instruction);
      }
      out += '\n';
    } catch (const DecodeError& error) {
      fmt::format_to(std::back_inserter(out), "# {}\n", error.what());
      append_hex(out, cursor.rest());
      break;
    }
  }
  return out;
}

}  // namespace assay::pickle
