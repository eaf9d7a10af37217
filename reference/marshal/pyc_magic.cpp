// The magic numbers of .pyc files: whose they are.
#include <array>

#include "reference/marshal/pyc.h"

namespace assay::marshal {
namespace {

// Lib/importlib/_bootstrap_external.py to 3.13, Include/internal/pycore_magic_number.h
// from 3.14 on.
constexpr std::array<PycMagic, 26> table = {{
    {20121, 20121, 20121, {1, 5, 0}, ""},
    {50428, 50428, 50428, {1, 6, 0}, ""},
    {50823, 50823, 50823, {2, 0, 0}, ""},
    {60202, 60202, 60202, {2, 1, 0}, ""},
    {60717, 60717, 60717, {2, 2, 0}, ""},
    {62011, 62021, 62011, {2, 3, 0}, ""},
    {62041, 62061, 62061, {2, 4, 0}, ""},
    {62071, 62131, 62131, {2, 5, 0}, ""},
    {62151, 62161, 62161, {2, 6, 0}, ""},
    {62171, 62211, 62211, {2, 7, 0}, ""},
    {3000, 3131, 3131, {3, 0, 0}, ""},
    {3141, 3151, 3151, {3, 1, 0}, ""},
    {3160, 3180, 3180, {3, 2, 0}, "cpython-32"},
    {3190, 3230, 3230, {3, 3, 0}, "cpython-33"},
    {3250, 3310, 3310, {3, 4, 0}, "cpython-34"},
    {3320, 3351, 3351, {3, 5, 0}, "cpython-35"},
    {3360, 3379, 3379, {3, 6, 0}, "cpython-36"},
    {3390, 3394, 3394, {3, 7, 0}, "cpython-37"},
    {3400, 3413, 3413, {3, 8, 0}, "cpython-38"},
    {3420, 3425, 3425, {3, 9, 0}, "cpython-39"},
    {3430, 3439, 3439, {3, 10, 0}, "cpython-310"},
    {3450, 3495, 3495, {3, 11, 0}, "cpython-311"},
    {3500, 3531, 3531, {3, 12, 0}, "cpython-312"},
    {3550, 3571, 3571, {3, 13, 0}, "cpython-313"},
    {3600, 3649, 3627, {3, 14, 0}, "cpython-314"},
    {3650, 3699, 3666, {3, 15, 0}, "cpython-315"},
}};

// From which release on there is a number; the numbers up to the next are of the same
// one. The same sources; 3351 is that of 3.5.3 and not, as they say, of 3.5.2. They name
// no release of 3.0 before its fourth alpha; those of 3.15 are known up to 3656.
struct Since {
  std::uint16_t number;
  std::string_view release;
};
// clang-format off
constexpr Since first_releases[] = {
    {20121, "1.5"}, {50428, "1.6"}, {50823, "2.0"}, {60202, "2.1"}, {60717, "2.2"},
    {62011, "2.3a0"}, {62041, "2.4a0"}, {62051, "2.4a3"}, {62061, "2.4b1"}, {62071, "2.5a0"},
    {62101, "2.5b3"}, {62121, "2.5c1"}, {62131, "2.5c2"}, {62151, "2.6a0"}, {62161, "2.6a1"},
    {62171, "2.7a0"}, {3111, "3.0a4"}, {3131, "3.0b1"}, {3141, "3.1a1"}, {3160, "3.2a1"},
    {3170, "3.2a2"}, {3180, "3.2a3"}, {3190, "3.3a1"}, {3220, "3.3a2"}, {3230, "3.3a4"},
    {3250, "3.4a1"}, {3290, "3.4a4"}, {3310, "3.4rc2"}, {3320, "3.5a1"}, {3330, "3.5b1"},
    {3340, "3.5b2"}, {3350, "3.5b3"}, {3351, "3.5.3"}, {3360, "3.6a0"}, {3361, "3.6a1"},
    {3370, "3.6a2"}, {3373, "3.6b1"}, {3378, "3.6b2"}, {3379, "3.6rc1"}, {3390, "3.7a1"},
    {3391, "3.7a2"}, {3392, "3.7a4"}, {3393, "3.7b1"}, {3394, "3.7b5"}, {3400, "3.8a1"},
    {3411, "3.8b2"}, {3413, "3.8b4"}, {3420, "3.9a0"}, {3423, "3.9a2"}, {3430, "3.10a1"},
    {3432, "3.10a2"}, {3434, "3.10a6"}, {3435, "3.10a7"}, {3436, "3.10b1"}, {3450, "3.11a1"},
    {3462, "3.11a2"}, {3463, "3.11a3"}, {3466, "3.11a4"}, {3475, "3.11a5"}, {3486, "3.11a6"},
    {3492, "3.11a7"}, {3495, "3.11b4"}, {3500, "3.12a1"}, {3510, "3.12a2"}, {3513, "3.12a4"},
    {3515, "3.12a5"}, {3518, "3.12a6"}, {3521, "3.12a7"}, {3525, "3.12b1"}, {3550, "3.13a1"},
    {3569, "3.13a5"}, {3570, "3.13a6"}, {3571, "3.13b1"}, {3600, "3.14a1"}, {3609, "3.14a2"},
    {3610, "3.14a4"}, {3614, "3.14a5"}, {3617, "3.14a6"}, {3621, "3.14a7"}, {3624, "3.14b1"},
    {3625, "3.14b3"}, {3626, "3.14rc2"}, {3627, "3.14rc3"}, {3628, ""},       {3650, "3.15a0"},
    {3651, "3.15a1"}, {3657, ""},
};
// clang-format on

}  // namespace

std::span<const PycMagic> pyc_magics() {
  return table;
}

const PycMagic* find_pyc_magic(std::uint16_t number) {
  for (const PycMagic& row : table) {
    const std::uint16_t last = row.python < Version{3, 0, 0} ? row.last + 1 : row.last;
    if (number >= row.first && number <= last) return &row;
  }
  return nullptr;
}

std::string_view pyc_magic_since(std::uint16_t number) {
  const PycMagic* const row = find_pyc_magic(number);
  if (row == nullptr || number > row->last) return {};
  std::string_view found;
  for (const Since& since : first_releases)
    if (since.number >= row->first && since.number <= number) found = since.release;
  return found;
}

}  // namespace assay::marshal
