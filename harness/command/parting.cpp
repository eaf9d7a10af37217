#include "harness/command/parting.h"

#include <algorithm>
#include <vector>

#include "harness/command/pickle_file.h"
#include "reference/pickle/disassembler.h"
#include "reference/pickle/instruction.h"

namespace assay {
namespace {

// Beginnings are tried one by one up to this many instructions, then by halving.
constexpr std::size_t tried_one_by_one = 512;

std::vector<pickle::Instruction> instructions_of(std::string_view file) {
  std::vector<pickle::Instruction> all;
  Cursor cursor(as_bytes(file));
  try {
    while (!cursor.at_end()) {
      all.push_back(pickle::read_instruction(cursor));
      if (all.back().code() == pickle::Code::STOP) break;
    }
  } catch (const DecodeError&) {
    // What the reader cannot take apart is the last thing to try, as it stands.
  }
  return all;
}

// The first `count` instructions between a MARK and as many TUPLEs as there are
// open marks: a pickle whose value is the whole stack. FRAMEs are left out,
// whose lengths would no longer fit.
std::string snapshot(std::string_view file, const std::vector<pickle::Instruction>& instructions,
                     std::size_t count) {
  std::string bytes = "(";
  std::size_t marks = 1;
  for (std::size_t i = 0; i < count; ++i) {
    const pickle::Instruction& one = instructions[i];
    if (one.code() == pickle::Code::FRAME || one.code() == pickle::Code::STOP) continue;
    bytes += file.substr(one.offset, one.size);
    if (one.code() == pickle::Code::MARK) ++marks;
    if (one.opcode->before.has_mark() && marks > 1) --marks;
  }
  bytes.append(marks, 't');
  return bytes + '.';
}

bool differ(const std::string& bytes, const pickle::Profile& a, const pickle::Profile& b) {
  const auto outcome = [&](const pickle::Profile& profile) {
    LoadOptions options;
    options.profile = profile;
    options.unpickle.symbolic_extensions = true;
    return load_pickles(bytes, options).front().outcome();
  };
  return outcome(a) != outcome(b);
}

Parting at(const std::vector<pickle::Instruction>& instructions, std::size_t index) {
  const pickle::Instruction& one = instructions[index];
  std::string text(one.opcode->name);
  std::string argument;
  pickle::append_argument(argument, one);
  if (!argument.empty()) text += " " + argument;
  return {one.offset, text};
}

}  // namespace

std::optional<Parting> find_parting(std::string_view file, const pickle::Profile& a,
                                    const pickle::Profile& b) {
  const std::vector<pickle::Instruction> all = instructions_of(file);
  const auto differs = [&](std::size_t count) { return differ(snapshot(file, all, count), a, b); };
  if (all.size() <= tried_one_by_one) {
    for (std::size_t count = 1; count <= all.size(); ++count)
      if (differs(count)) return at(all, count - 1);
    return std::nullopt;
  }
  if (!differs(all.size())) return std::nullopt;
  std::size_t same = 0, other = all.size();
  while (other - same > 1) {
    const std::size_t middle = same + (other - same) / 2;
    (differs(middle) ? other : same) = middle;
  }
  return at(all, other - 1);
}

}  // namespace assay
