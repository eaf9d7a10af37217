// A profile: the CPython that reader and writer run as.
//
// Spelled `cpython-<major.minor>[.patch][-32]`: `cpython-3.13`, `cpython-2.7`,
// `cpython-3.14-32`. marshal has one implementation in each CPython, so there
// are no lanes; the harness counts it to lane c, and `cpython-3.13-c` means the
// same. `-32` is a build whose sizes are 32 bits wide, as in
// WebAssembly. Without a patch level: the one whose outcomes are recorded.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "reference/marshal/quirks.h"

namespace assay::marshal {

class Profile {
 public:
  // The default profile: the newest CPython recorded natively.
  Profile() : Profile(Version{3, 13, 0}, 64) {}
  Profile(Version version, int word);

  // The profile of a name, or nothing when it is no profile's name.
  static std::optional<Profile> parse(std::string_view name);

  // The name, without the patch level where that is the recorded one.
  std::string name() const;

  Version version() const { return version_; }
  bool python2() const { return version_.major == 2; }
  // Bits of Py_ssize_t: 32 or 64.
  int word() const { return word_; }
  // marshal.version: what dump() writes by default.
  int highest_version() const;

  bool has(Quirk quirk) const { return ((quirks_ >> static_cast<std::size_t>(quirk)) & 1) != 0; }

 private:
  static_assert(quirk_count <= 64);
  Version version_;
  int word_;
  std::uint64_t quirks_ = 0;
};

// The patch level recorded for a branch; for other branches, patch 0.
Version recorded_version(int major, int minor);

// The profiles judged against recorded outcomes, in their natural order.
std::span<const std::string_view> recorded_profiles();

}  // namespace assay::marshal
