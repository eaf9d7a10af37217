// Integers, booleans, floats.
#include <bit>
#include <cstring>

#include "reference/pickle/machine_state.h"
#include "reference/pickle/number_text.h"
#include "reference/value/integer.h"

namespace assay::pickle {

Bytes Machine::nonempty_line() {
  const Bytes line = input_.line();
  if (line.size() < 2 && profile_.has(Quirk::lines_not_empty)) [[unlikely]]
    fail(Fault::truncated_line, "pickle data was truncated");
  return line;
}

void Machine::op_int() {
  const Bytes line = nonempty_line();
  if (const auto plain = plain_decimal(line)) [[likely]]
    push(graph_.integer(*plain));
  else
    push(NumberText(graph_, profile_).int_line(line));
}

void Machine::op_binint() {
  const std::uint8_t* bytes = input_.fixed(4, Fault::short_number);
  const auto low = static_cast<std::uint32_t>(bytes[0] | bytes[1] << 8 | bytes[2] << 16);
  push(graph_.integer(static_cast<std::int32_t>(low | static_cast<std::uint32_t>(bytes[3]) << 24)));
}

void Machine::op_binint1() {
  push(graph_.integer(*input_.fixed(1, Fault::short_byte)));
}

void Machine::op_binint2() {
  const std::uint8_t* bytes = input_.fixed(2, Fault::short_number);
  push(graph_.integer(bytes[0] | bytes[1] << 8));
}

void Machine::op_long() {
  const Bytes line = nonempty_line();
  push(NumberText(graph_, profile_).long_line(line));
}

void Machine::op_long1() {
  push_long(*input_.fixed(1, Fault::short_byte));
}

void Machine::op_long4() {
  const std::uint8_t* bytes = input_.fixed(4, Fault::short_number);
  const auto low = static_cast<std::uint32_t>(bytes[0] | bytes[1] << 8 | bytes[2] << 16);
  push_long(static_cast<std::int32_t>(low | static_cast<std::uint32_t>(bytes[3]) << 24));
}

void Machine::push_long(std::int64_t size) {
  const Bytes bytes = signed_payload(size);
  push(integer_from_twos_complement(graph_, bytes, profile_.python2()));
}

void Machine::op_float() {
  const Bytes line = nonempty_line();
  push(graph_.floating(NumberText(graph_, profile_).float_line(line)));
}

void Machine::op_binfloat() {
  const std::uint8_t* bytes = input_.fixed(8, Fault::short_float);
  std::uint64_t bits;
  std::memcpy(&bits, bytes, sizeof(bits));
  if constexpr (std::endian::native == std::endian::little) bits = __builtin_bswap64(bits);
  push(graph_.floating(std::bit_cast<double>(bits)));
}

}  // namespace assay::pickle
