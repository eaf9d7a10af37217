// Integers, booleans, floats.
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

void Machine::push_unusual_int(Bytes line) {
  push(NumberText(graph_, profile_).int_line(line));
}

void Machine::op_long() {
  const Bytes line = nonempty_line();
  push(NumberText(graph_, profile_).long_line(line));
}

void Machine::op_long1() {
  push_long(*input_.fixed(1, Fault::short_byte));
}

void Machine::op_long4() {
  push_long(little_signed_32(input_.fixed(4, Fault::short_number)));
}

void Machine::push_long(std::int64_t size) {
  const Bytes bytes = signed_payload(size);
  if (!bytes.empty() && bytes.size() <= sizeof(std::uint64_t)) {
    // Shifted to the top and back, the sign spreads.
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) bits |= std::uint64_t{bytes[i]} << (8 * i);
    const std::size_t unused = 64 - 8 * bytes.size();
    const std::int64_t value = static_cast<std::int64_t>(bits << unused) >> unused;
    push(profile_.python2() ? graph_.python2_long(value) : graph_.integer(value));
    return;
  }
  push(integer_from_twos_complement(graph_, bytes, profile_.python2()));
}

void Machine::op_float() {
  const Bytes line = nonempty_line();
  push(graph_.floating(NumberText(graph_, profile_).float_line(line)));
}

}  // namespace assay::pickle
