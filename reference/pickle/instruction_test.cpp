#include "reference/pickle/instruction.h"

#include <gtest/gtest.h>

#include <deque>
#include <string>
#include <utility>

namespace assay::pickle {
namespace {

using namespace std::string_literals;

struct Failure {
  ErrorKind kind;
  std::uint64_t offset;
  std::string field;
  friend bool operator==(const Failure&, const Failure&) = default;
};

// Reads one instruction from bytes that start at offset 100. Instructions view
// their input, so it is kept.
Instruction read(std::string bytes) {
  static std::deque<std::string> kept;
  Cursor cursor(as_bytes(kept.emplace_back(std::move(bytes))), 100);
  const Instruction instruction = read_instruction(cursor);
  EXPECT_EQ(cursor.offset(), instruction.end());
  EXPECT_EQ(instruction.offset, 100u);
  return instruction;
}

Failure failure(const std::string& bytes) {
  Cursor cursor(as_bytes(bytes), 100);
  try {
    read_instruction(cursor);
  } catch (const DecodeError& error) {
    EXPECT_EQ(cursor.offset(), 100u) << "the cursor moved";
    return {error.kind(), error.offset(), error.field()};
  }
  ADD_FAILURE() << "accepted";
  return {};
}

constexpr auto truncated = ErrorKind::truncated;
constexpr auto malformed = ErrorKind::malformed;

TEST(Instruction, OpcodesWithoutArgumentAreOneByte) {
  int seen = 0;
  for (const Opcode& row : opcodes()) {
    if (row.argument != Argument::none) continue;
    ++seen;
    const std::string bytes = {static_cast<char>(row.code), 'x'};
    const Instruction instruction = read(bytes);
    EXPECT_EQ(instruction.opcode, &row);
    EXPECT_EQ(instruction.size, 1u);
    EXPECT_TRUE(instruction.data.empty());
  }
  EXPECT_EQ(seen, 34);
}

TEST(Instruction, FixedIntegersAreLittleEndian) {
  EXPECT_EQ(read("K\xff"s).number, 255u);
  EXPECT_EQ(read("M\x01\x02"s).number, 0x201u);
  EXPECT_EQ(read("M\xff\xff"s).integer(), 65535);
  EXPECT_EQ(read("r\xff\xff\xff\xff"s).number, 0xffffffffu);
  EXPECT_EQ(read("\x95\xff\xff\xff\xff\xff\xff\xff\xff"s).number, 0xffffffffffffffffu);
  EXPECT_EQ(read("\x95\x01\0\0\0\0\0\0\x80"s).number, 0x8000000000000001u);
  EXPECT_EQ(read("\x80\x05"s).number, 5u);
}

TEST(Instruction, Int4IsSigned) {
  EXPECT_EQ(read("J\xff\xff\xff\xff"s).integer(), -1);
  EXPECT_EQ(read("J\0\0\0\x80"s).integer(), -2147483648ll);
  EXPECT_EQ(read("J\xff\xff\xff\x7f"s).integer(), 2147483647);
  EXPECT_EQ(read("\x84\0\0\0\x80"s).integer(), -2147483648ll);
}

TEST(Instruction, FixedArgumentsNeedAllTheirBytes) {
  int seen = 0;
  for (const Opcode& row : opcodes()) {
    const ArgumentInfo about = info(row.argument);
    if (about.shape != Shape::fixed) continue;
    ++seen;
    const std::string code(1, static_cast<char>(row.code));
    EXPECT_EQ(read(code + std::string(about.width, '\x7f') + "rest").size, 1u + about.width);
    EXPECT_EQ(failure(code + std::string(about.width - 1u, '\x7f')),
              (Failure{truncated, 101, std::string(row.name)}));
    EXPECT_EQ(failure(code), (Failure{truncated, 101, std::string(row.name)}));
  }
  EXPECT_EQ(seen, 13);
}

TEST(Instruction, FloatKeepsItsBytes) {
  const Instruction instruction = read("G\xbf\xf4\0\0\0\0\0\0K"s);
  EXPECT_EQ(as_text(instruction.data), "\xbf\xf4\0\0\0\0\0\0"s);
  EXPECT_EQ(instruction.number, 0u);
}

TEST(Instruction, LinesEndAtTheNewlineWhateverTheyHold) {
  int seen = 0;
  for (const Opcode& row : opcodes()) {
    if (info(row.argument).shape != Shape::line) continue;
    ++seen;
    const std::string code(1, static_cast<char>(row.code));
    EXPECT_EQ(as_text(read(code + "a\r\0\xff\n\n"s).data), "a\r\0\xff"s);
    EXPECT_EQ(read(code + "\nrest").size, 2u);
    EXPECT_EQ(failure(code + "no newline"), (Failure{truncated, 101, std::string(row.name)}));
    EXPECT_EQ(failure(code), (Failure{truncated, 101, std::string(row.name)}));
  }
  EXPECT_EQ(seen, 8);
}

TEST(Instruction, GlobalAndInstTakeTwoLines) {
  for (const std::string code : {"c", "i"}) {
    const Instruction instruction = read(code + "os\nsystem\n.");
    EXPECT_EQ(as_text(instruction.data), "os");
    EXPECT_EQ(as_text(instruction.second), "system");
    EXPECT_EQ(instruction.size, 11u);
    EXPECT_EQ(read(code + "\n\n").size, 3u);
  }
  EXPECT_EQ(failure("cos\nsystem"), (Failure{truncated, 104, "GLOBAL"}));
  EXPECT_EQ(failure("cos\n"), (Failure{truncated, 104, "GLOBAL"}));
  EXPECT_EQ(failure("ios"), (Failure{truncated, 101, "INST"}));
}

TEST(Instruction, CountedArgumentsTakeWhatTheyCount) {
  int seen = 0;
  for (const Opcode& row : opcodes()) {
    const ArgumentInfo about = info(row.argument);
    if (about.shape != Shape::counted) continue;
    ++seen;
    const std::string name(row.name);
    const std::string code(1, static_cast<char>(row.code));
    const std::string high(about.width - 1u, '\0');
    const Instruction three = read(code + "\x03" + high + "a\nb.");
    EXPECT_EQ(as_text(three.data), "a\nb") << name;
    EXPECT_EQ(three.number, 3u);
    EXPECT_EQ(three.size, 4u + about.width);
    EXPECT_EQ(read(code + "\0"s + high).size, 1u + about.width) << name;
    // The count is whole and one byte is missing.
    EXPECT_EQ(failure(code + "\x03" + high + "ab"), (Failure{truncated, 101u + about.width, name}));
    if (about.width > 1) {
      EXPECT_EQ(failure(code + "\x03" + high.substr(1)), (Failure{truncated, 101, name}));
    }
    EXPECT_EQ(failure(code), (Failure{truncated, 101, name}));
  }
  EXPECT_EQ(seen, 11);
}

TEST(Instruction, HugeCountsAreTruncationsNotAllocations) {
  for (const std::string code : {"\x8d", "\x8e", "\x96"}) {
    for (const std::string& count :
         {"\xff\xff\xff\xff\xff\xff\xff\xff"s, "\xff\xff\xff\xff\xff\xff\xff\x7f"s,
          "\xf6\xff\xff\xff\xff\xff\xff\xff"s, "\x05\0\0\0\x01\0\0\0"s}) {
      const Failure seen = failure(code + count + "data");
      EXPECT_EQ(seen.kind, truncated);
      EXPECT_EQ(seen.offset, 109u);
    }
  }
  EXPECT_EQ(failure("X\xff\xff\xff\xff"s), (Failure{truncated, 105, "BINUNICODE"}));
  EXPECT_EQ(failure("B\0\0\0\x80"s), (Failure{truncated, 105, "BINBYTES"}));
}

TEST(Instruction, SignedCountsMayNotBeNegative) {
  EXPECT_EQ(failure("T\xff\xff\xff\xff"s), (Failure{malformed, 101, "BINSTRING"}));
  EXPECT_EQ(failure("T\0\0\0\x80"s), (Failure{malformed, 101, "BINSTRING"}));
  EXPECT_EQ(failure("\x8b\xff\xff\xff\xff"s), (Failure{malformed, 101, "LONG4"}));
  EXPECT_EQ(failure("\x8b\xff\xff\xff\x7f"s), (Failure{truncated, 105, "LONG4"}));
}

TEST(Instruction, EveryOtherByteIsNoOpcode) {
  int refused = 0;
  for (int byte = 0; byte < 256; ++byte) {
    if (find_opcode(static_cast<std::uint8_t>(byte)) != nullptr) continue;
    ++refused;
    EXPECT_EQ(failure(std::string(1, static_cast<char>(byte))),
              (Failure{malformed, 100, "opcode"}));
  }
  EXPECT_EQ(refused, 256 - 68);
  EXPECT_EQ(failure(""), (Failure{truncated, 100, "opcode"}));
}

}  // namespace
}  // namespace assay::pickle
