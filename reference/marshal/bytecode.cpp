#include "reference/marshal/bytecode.h"

#include <algorithm>
#include <array>
#include <span>

namespace assay::marshal {
namespace {

// Instructions `first` to `last` are shown as `base`, and as many code units
// behind them are caches. An instruction that is in no row is itself and has
// none.
struct Row {
  std::uint8_t first, last;
  std::int16_t base;
  std::uint8_t caches;
};
constexpr std::int16_t itself = -1;

// _PyOpcode_Deopt and _PyOpcode_Caches, with _Py_GetBaseOpcode for instrumented
// instructions: found by loading each instruction and reading co_code.
// clang-format off
constexpr Row rows_3_11[] = {
    {3, 8, 122, 1}, {13, 14, 122, 1}, {16, 16, 122, 1}, {17, 21, 25, 4}, {22, 24, 171, 4},
    {25, 25, itself, 4}, {26, 29, 107, 2}, {34, 34, 144, 0}, {38, 38, 140, 0}, {39, 43, 106, 4},
    {44, 44, 100, 0}, {45, 46, 124, 0}, {47, 48, 116, 5}, {55, 55, 116, 5}, {56, 59, 160, 10},
    {60, 60, itself, 1}, {62, 63, 160, 10}, {64, 67, 166, 1}, {72, 73, 166, 1}, {76, 81, 166, 1},
    {92, 92, itself, 1}, {95, 95, itself, 4}, {106, 106, itself, 4}, {107, 107, itself, 2},
    {113, 113, 166, 1}, {116, 116, itself, 5}, {121, 121, 166, 1}, {122, 122, itself, 1},
    {127, 127, 166, 1}, {141, 141, 166, 1}, {143, 143, 166, 1}, {150, 150, 151, 0},
    {153, 154, 95, 4}, {158, 159, 95, 4}, {160, 160, itself, 10}, {161, 161, 125, 0},
    {166, 166, itself, 1}, {167, 167, 125, 0}, {168, 170, 60, 1}, {171, 171, itself, 4},
    {177, 180, 92, 1}, {181, 255, 0, 0},
};
constexpr Row rows_3_12[] = {
    {6, 8, 122, 1}, {10, 10, 122, 1}, {13, 14, 122, 1}, {16, 16, 122, 1}, {18, 18, 122, 1},
    {19, 22, 25, 1}, {23, 24, 171, 3}, {25, 25, itself, 1}, {28, 29, 171, 3}, {34, 34, 171, 3},
    {38, 48, 171, 3}, {56, 56, 171, 3}, {57, 59, 107, 1}, {60, 60, itself, 1}, {62, 65, 93, 1},
    {66, 67, 141, 1}, {70, 70, 106, 9}, {72, 73, 106, 9}, {76, 82, 106, 9}, {84, 84, 100, 0},
    {86, 86, 124, 0}, {88, 88, 124, 0}, {92, 93, itself, 1}, {95, 95, itself, 4},
    {106, 106, itself, 9}, {107, 107, itself, 1}, {111, 112, 116, 4}, {113, 113, 95, 4},
    {116, 116, itself, 4}, {122, 123, itself, 1}, {141, 141, itself, 1}, {148, 148, 95, 4},
    {153, 153, 95, 4}, {154, 154, 125, 0}, {158, 158, 125, 0}, {159, 160, 60, 1},
    {161, 161, 92, 1}, {166, 167, 92, 1}, {168, 168, 123, 1}, {169, 170, 0, 0},
    {171, 171, itself, 3}, {177, 236, 0, 0}, {237, 237, 141, 1}, {238, 238, 129, 0},
    {239, 239, 128, 0}, {240, 240, 151, 0}, {241, 241, 171, 3}, {242, 242, 83, 0},
    {243, 243, 150, 0}, {244, 244, 142, 0}, {245, 245, 110, 0}, {246, 246, 140, 0},
    {247, 247, 121, 0}, {248, 248, 93, 1}, {249, 249, 114, 0}, {250, 250, 115, 0},
    {251, 251, 4, 0}, {252, 252, 5, 0}, {255, 255, 0, 0},
};
constexpr Row rows_3_13[] = {
    {3, 3, 45, 1}, {5, 5, itself, 1}, {39, 39, itself, 1}, {40, 40, itself, 3},
    {45, 45, itself, 1}, {53, 53, itself, 3}, {58, 59, itself, 1}, {72, 72, itself, 1},
    {77, 77, itself, 1}, {82, 82, itself, 9}, {91, 91, itself, 4}, {93, 93, itself, 1},
    {97, 100, itself, 1}, {104, 104, itself, 1}, {108, 108, itself, 4}, {117, 117, itself, 1},
    {119, 148, 0, 0}, {150, 156, 45, 1}, {157, 161, 5, 1}, {162, 181, 53, 3}, {182, 184, 58, 1},
    {185, 186, 59, 1}, {187, 190, 72, 1}, {191, 202, 82, 9}, {203, 204, 91, 4}, {205, 206, 93, 1},
    {207, 207, 149, 0}, {208, 208, 104, 1}, {209, 211, 108, 4}, {212, 213, 39, 1},
    {214, 219, 40, 3}, {220, 222, 117, 1}, {223, 235, 0, 0}, {236, 236, 149, 0}, {237, 237, 11, 0},
    {238, 238, 12, 0}, {239, 239, 36, 0}, {240, 240, 103, 0}, {241, 241, 118, 0},
    {242, 242, 93, 1}, {243, 243, 72, 1}, {244, 244, 53, 3}, {245, 245, 57, 0}, {246, 246, 54, 0},
    {248, 248, 79, 0}, {249, 249, 77, 1}, {250, 250, 100, 1}, {251, 251, 97, 1}, {252, 252, 98, 1},
    {253, 253, 99, 1}, {255, 255, 0, 0},
};
constexpr Row rows_3_14[] = {
    {3, 3, 44, 5}, {38, 38, itself, 1}, {39, 39, itself, 3}, {44, 44, itself, 5},
    {52, 52, itself, 3}, {55, 55, itself, 3}, {56, 57, itself, 1}, {70, 70, itself, 1},
    {75, 75, itself, 1}, {80, 80, itself, 9}, {92, 92, itself, 4}, {96, 96, itself, 1},
    {100, 103, itself, 1}, {106, 106, itself, 1}, {110, 110, itself, 4}, {119, 119, itself, 1},
    {129, 142, 44, 5}, {143, 150, 52, 3}, {151, 153, 55, 3}, {154, 165, 52, 3}, {166, 168, 56, 1},
    {169, 170, 57, 1}, {171, 174, 70, 1}, {175, 176, 75, 1}, {177, 189, 80, 9}, {190, 191, 82, 0},
    {192, 193, 92, 4}, {194, 195, 96, 1}, {196, 196, 128, 0}, {197, 197, 106, 1},
    {198, 200, 110, 4}, {201, 202, 38, 1}, {203, 208, 39, 3}, {209, 211, 119, 1}, {234, 234, 9, 0},
    {235, 235, 30, 0}, {236, 236, 10, 0}, {237, 237, 70, 1}, {239, 239, 77, 0}, {240, 240, 28, 0},
    {241, 241, 103, 1}, {242, 242, 100, 1}, {243, 243, 101, 1}, {244, 244, 102, 1},
    {245, 245, 128, 0}, {246, 246, 35, 0}, {247, 247, 120, 0}, {248, 248, 68, 0},
    {249, 249, 96, 1}, {250, 250, 52, 3}, {251, 251, 55, 3}, {252, 252, 4, 0}, {253, 253, 75, 1},
};
constexpr Row rows_3_15[] = {
    {3, 3, 42, 5}, {4, 4, itself, 1}, {36, 36, itself, 1}, {37, 37, itself, 3},
    {42, 42, itself, 5}, {50, 50, itself, 3}, {53, 53, itself, 3}, {54, 55, itself, 1},
    {68, 68, itself, 1}, {70, 70, itself, 1}, {74, 74, itself, 1}, {79, 79, itself, 9},
    {91, 91, itself, 4}, {95, 95, itself, 1}, {99, 102, itself, 1}, {105, 105, itself, 1},
    {109, 109, itself, 4}, {118, 118, itself, 1}, {128, 128, itself, 1}, {129, 143, 42, 5},
    {144, 150, 50, 3}, {151, 152, 4, 1}, {153, 153, 50, 3}, {154, 156, 53, 3}, {157, 168, 50, 3},
    {169, 171, 54, 1}, {172, 173, 55, 1}, {174, 178, 68, 1}, {179, 180, 70, 1}, {181, 182, 74, 1},
    {183, 195, 79, 9}, {196, 197, 91, 4}, {198, 199, 95, 1}, {200, 201, 128, 1},
    {202, 204, 105, 1}, {205, 207, 109, 4}, {208, 209, 36, 1}, {210, 215, 37, 3},
    {216, 218, 118, 1}, {233, 233, 9, 0}, {234, 234, 28, 0}, {235, 235, 10, 0}, {236, 236, 68, 1},
    {238, 238, 76, 0}, {239, 239, 26, 0}, {240, 240, 102, 1}, {241, 241, 99, 1},
    {242, 242, 100, 1}, {243, 243, 101, 1}, {244, 244, 128, 1}, {245, 245, 33, 0},
    {246, 246, 119, 0}, {247, 247, 66, 0}, {248, 248, 95, 1}, {249, 249, 50, 3}, {250, 250, 53, 3},
    {251, 251, 4, 1}, {252, 252, 74, 1},
};
// clang-format on

struct Instruction {
  std::uint8_t base;
  std::uint8_t caches;
};
using Table = std::array<Instruction, 256>;

constexpr Table expand(std::span<const Row> rows) {
  Table table{};
  for (std::size_t i = 0; i < table.size(); ++i) table[i] = {static_cast<std::uint8_t>(i), 0};
  for (const Row& row : rows)
    for (std::size_t i = row.first; i <= row.last; ++i)
      table[i] = {static_cast<std::uint8_t>(row.base == itself ? static_cast<int>(i) : row.base),
                  row.caches};
  return table;
}

constexpr Table table_3_11 = expand(rows_3_11), table_3_12 = expand(rows_3_12),
                table_3_13 = expand(rows_3_13), table_3_14 = expand(rows_3_14),
                table_3_15 = expand(rows_3_15);

const Table* table_of(Version version) {
  if (version < Version{3, 11, 0}) return nullptr;
  if (version < Version{3, 12, 0}) return &table_3_11;
  if (version < Version{3, 13, 0}) return &table_3_12;
  if (version < Version{3, 14, 0}) return &table_3_13;
  if (version < Version{3, 15, 0}) return &table_3_14;
  return &table_3_15;
}

// Instructions whose meaning stands in tables of the code object that it does not
// have, ENTER_EXECUTOR, INSTRUMENTED_INSTRUCTION and INSTRUMENTED_LINE; from 3.14
// on all that are instrumented, behind which loading itself writes counters.
bool is_unresolved(std::uint8_t instruction, Version version) {
  if (version < Version{3, 12, 0}) return false;
  if (version < Version{3, 13, 0})
    return instruction == 230 || instruction == 253 || instruction == 254;
  if (version < Version{3, 14, 0})
    return instruction == 70 || instruction == 247 || instruction == 254;
  return instruction >= (version < Version{3, 15, 0} ? 234 : 233);
}

}  // namespace

bool is_general(Bytes bytecode, Version version) {
  const Table* table = table_of(version);
  if (table == nullptr) return true;
  for (std::size_t i = 0; i + 1 < bytecode.size(); i += 2) {
    const Instruction& instruction = (*table)[bytecode[i]];
    if (instruction.base != bytecode[i]) return false;
    const std::size_t end = std::min(bytecode.size(), i + 2 + instruction.caches * std::size_t{2});
    for (std::size_t j = i + 2; j < end; ++j)
      if (bytecode[j] != 0) return false;
    i += instruction.caches * std::size_t{2};
  }
  return true;
}

bool crashes_when_read(Bytes bytecode, Version version) {
  for (const std::uint8_t byte : bytecode)
    if (is_unresolved(byte, version)) return true;
  const Table* table = table_of(version);
  if (table == nullptr) return false;
  std::size_t i = 0;
  for (; i + 1 < bytecode.size(); i += 2) i += (*table)[bytecode[i]].caches * std::size_t{2};
  return i > bytecode.size();
}

void generalise(Bytes bytecode, Version version, std::uint8_t* out) {
  std::copy(bytecode.begin(), bytecode.end(), out);
  const Table* table = table_of(version);
  if (table == nullptr) return;
  for (std::size_t i = 0; i + 1 < bytecode.size(); i += 2) {
    const Instruction& instruction = (*table)[bytecode[i]];
    out[i] = instruction.base;
    const std::size_t end = std::min(bytecode.size(), i + 2 + instruction.caches * std::size_t{2});
    for (std::size_t j = i + 2; j < end; ++j) out[j] = 0;
    i += instruction.caches * std::size_t{2};
  }
}

}  // namespace assay::marshal
