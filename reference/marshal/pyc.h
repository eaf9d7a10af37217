// The header of .pyc files, and what two of them differ in.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "reference/bytes/cursor.h"
#include "reference/marshal/profile.h"

namespace assay::marshal {

// What follows the magic number.
enum class PycLayout : std::uint8_t {
  time,       // modification time of the source: 8 bytes in all
  time_size,  // and its size: 12 bytes (Python 3.3, from 3210 on)
  flags,      // flags, then time and size or a hash: 16 bytes (PEP 552, from 3392 on)
};

// The magic numbers of one Python: from its first alpha to its release.
struct PycMagic {
  std::uint16_t first, last;
  std::uint16_t release;  // that of the release
  Version python;
  std::string_view tag;  // in the names of files in __pycache__; empty before 3.2
};

std::span<const PycMagic> pyc_magics();
// The row of a magic number, or nullptr. Python 2 adds 1 under its option -U.
const PycMagic* find_pyc_magic(std::uint16_t number);
// The first release with this number, or what was to be it: "3.13a5". Empty where that
// is not known, or under -U.
std::string_view pyc_magic_since(std::uint16_t number);
PycLayout pyc_layout(std::uint16_t number);

struct PycHeader {
  std::uint16_t number = 0;  // the magic number; 0d 0a follows it
  const PycMagic* magic = nullptr;
  std::uint32_t flags = 0;
  std::optional<std::uint32_t> time, size;  // seconds since 1970; bytes modulo 2**32
  std::optional<std::uint64_t> hash;        // of the source: importlib.util.source_hash
  std::size_t bytes = 0;                    // of the header: the code object follows

  // Bits of flags: the file is checked by hash, and the source is looked at.
  static constexpr std::uint32_t hash_based = 1, check_source = 2;
};

// Throws DecodeError: truncated; malformed where the magic number does not end
// in 0d 0a or the flags have other bits; unsupported for an unknown number.
PycHeader read_pyc_header(Bytes file);

// The profile that reads the code object: the release of that Python. Nothing
// for Pythons whose code objects are not described here.
std::optional<Profile> pyc_profile(const PycHeader& header);

struct PycDifference {
  std::string what;  // "time", "code.consts[1].name"
  std::string left, right;
};

// So many differences of code objects are listed at most.
inline constexpr std::size_t most_differences = 1000;

// What two pieces of marshalled data differ in. Of code objects, those inside of
// them included: each field, and each constant where there are as many. Of another
// value: the first difference. "references" where the values are the same and only
// the bytes differ that normal_form() drops; "marshal" where other bytes differ,
// though the value is the same. Empty when the data are equal. Throws DecodeError
// where data cannot be read, and (limit) where they would take too long to compare,
// which those of no compiler do.
std::vector<PycDifference> compare_marshal(Bytes left, const Profile& left_profile, Bytes right,
                                           const Profile& right_profile);

// What differs: fields of the header, then what compare_marshal() says of the code
// objects. Empty when the files are equal. Throws DecodeError where a file cannot
// be read.
std::vector<PycDifference> compare_pyc(Bytes left, Bytes right);

}  // namespace assay::marshal
