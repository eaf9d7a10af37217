#include "harness/command/written_match.h"

#include <fmt/format.h>

#include "reference/bytes/error.h"
#include "reference/pickle/instruction.h"
#include "reference/pickle/machine.h"
#include "reference/pickle/profile.h"
#include "reference/value/compare.h"

namespace assay {
namespace {

// More than any case has; which of them a pickle takes is part of its value.
constexpr std::size_t buffers_supplied = 64;

pickle::UnpickleOptions read_options() {
  pickle::UnpickleOptions options;
  options.encoding = "bytes";
  options.buffers.resize(buffers_supplied);
  options.symbolic_extensions = true;
  return options;
}

// The first opcode that no reader of `protocol` knows, or nothing. A PROTO that
// announces more is one, too: such a reader stops there.
std::string newer_opcode(std::string_view bytes, int protocol) {
  Cursor cursor(as_bytes(bytes));
  while (!cursor.at_end()) {
    const std::size_t offset = cursor.offset();
    const pickle::Instruction one = pickle::read_instruction(cursor);
    if (int{one.opcode->protocol} > protocol)
      return fmt::format("{} at {} is of protocol {}, not {}", one.opcode->name, offset,
                         int{one.opcode->protocol}, protocol);
    if (one.code() == pickle::Code::STOP) break;
  }
  return "";
}

}  // namespace

WrittenMatch match_pickles(std::string_view expected, std::string_view got, int protocol) {
  WrittenMatch match;
  try {
    Graph left, right;
    pickle::Unpickler oracle(left, as_bytes(expected), {}, read_options());
    pickle::Unpickler subject(right, as_bytes(got), {}, read_options());
    const pickle::Outcome wanted = oracle.load(), found = subject.load();
    if (!wanted.accepted) {
      match.detail = "what the oracle wrote is not read back: " + wanted.message;
      return match;
    }
    if (!found.accepted) {
      match.detail = fmt::format("cannot be read back: {} at {}: {}", found.error, found.offset,
                                 found.message);
      return match;
    }
    if (const auto difference = first_difference(left, wanted.value, right, found.value)) {
      match.kind = WrittenMatch::Kind::other_value;
      match.path = difference->path;
      match.expected_at = difference->left;
      match.got_at = difference->right;
      return match;
    }
    match.detail = newer_opcode(got, protocol);
    match.kind =
        match.detail.empty() ? WrittenMatch::Kind::same_value : WrittenMatch::Kind::too_new;
  } catch (const DecodeError& error) {
    match.detail = error.what();
  }
  return match;
}

}  // namespace assay
