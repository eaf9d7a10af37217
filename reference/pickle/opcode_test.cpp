#include "reference/pickle/opcode.h"

#include <gtest/gtest.h>

#include <sstream>
#include <string>

#include "reference/pickle/python_for_tests.h"

namespace assay::pickle {
namespace {

// One row as the script below prints it.
std::string line(const Opcode& row) {
  std::ostringstream out;
  const ArgumentInfo argument = info(row.argument);
  out << row.name << ' ' << int{static_cast<std::uint8_t>(row.code)} << ' '
      << (argument.name.empty() ? "-" : argument.name) << " [";
  for (StackItem item : row.before) out << name(item) << ' ';
  out << "] [";
  for (StackItem item : row.after) out << name(item) << ' ';
  out << "] " << int{row.protocol};
  return out.str();
}

constexpr const char* print_opcodes = R"(
import pickletools
for o in pickletools.opcodes:
    stack = lambda items: '[' + ''.join(i.name + ' ' for i in items) + ']'
    print(o.name, ord(o.code), o.arg.name if o.arg else '-', stack(o.stack_before),
          stack(o.stack_after), o.proto)
)";

TEST(Opcode, TableIsPickletoolsOfEveryPythonHere) {
  std::ostringstream expected;
  for (const Opcode& row : opcodes()) expected << line(row) << '\n';
  const std::vector<std::string> found = pythons();
  ASSERT_FALSE(found.empty()) << "no python3 from 3.8 on in PATH or under pyenv";
  for (const std::string& python : found) {
    const PythonRun run = run_python(python, print_opcodes);
    ASSERT_EQ(run.status, 0) << python;
    EXPECT_EQ(expected.str(), run.output) << python;
  }
}

// pickletools says how long an argument is with `n`: its bytes, or -1 for a
// line, -2 -3 -4 -5 for counts of 1, 4 (signed), 4 and 8 bytes.
constexpr const char* print_arguments = R"(
import pickletools
for o in pickletools.opcodes:
    print(o.arg.n if o.arg else 0)
)";

int pickletools_n(Argument argument) {
  const ArgumentInfo about = info(argument);
  switch (about.shape) {
    case Shape::none:
      return 0;
    case Shape::fixed:
      return about.width;
    case Shape::line:
    case Shape::pair:
      return -1;
    case Shape::counted:
      if (about.width == 1) return -2;
      if (about.width == 8) return -5;
      return about.is_signed ? -3 : -4;
  }
  return -100;
}

TEST(Opcode, ArgumentLengthsArePickletools) {
  const std::vector<std::string> found = pythons();
  ASSERT_FALSE(found.empty());
  const PythonRun run = run_python(found.back(), print_arguments);
  ASSERT_EQ(run.status, 0);
  std::ostringstream expected;
  for (const Opcode& row : opcodes()) expected << pickletools_n(row.argument) << '\n';
  EXPECT_EQ(expected.str(), run.output);
}

TEST(Opcode, LookupsFindEveryRowAndNothingElse) {
  int by_byte = 0;
  for (int byte = 0; byte < 256; ++byte) {
    const Opcode* row = find_opcode(static_cast<std::uint8_t>(byte));
    if (row == nullptr) continue;
    ++by_byte;
    EXPECT_EQ(static_cast<int>(row->code), byte);
    EXPECT_EQ(find_opcode(row->name), row);
    EXPECT_EQ(&opcode(row->code), row);
  }
  EXPECT_EQ(by_byte, 68);
  EXPECT_EQ(find_opcode("BININT1")->code, Code::BININT1);
  for (const char* absent : {"", "binint1", "BININT3", "ZZZ", "A", "BININT1 "})
    EXPECT_EQ(find_opcode(std::string_view(absent)), nullptr) << absent;
  EXPECT_EQ(find_opcode(std::uint8_t{0x00}), nullptr);
  EXPECT_EQ(find_opcode(std::uint8_t{0x99}), nullptr);
}

TEST(Opcode, TenOpcodesTakeEverythingDownToTheMark) {
  int consumers = 0;
  for (const Opcode& row : opcodes()) consumers += row.before.has_mark() ? 1 : 0;
  // APPENDS LIST TUPLE DICT SETITEMS ADDITEMS FROZENSET POP_MARK INST OBJ.
  EXPECT_EQ(consumers, 10);
  EXPECT_FALSE(opcode(Code::MARK).before.has_mark());
  EXPECT_TRUE(opcode(Code::MARK).after.has_mark());
}

}  // namespace
}  // namespace assay::pickle
