// A profile: the lane of one CPython version that the machine runs as.
//
// Spelled `cpython-<major.minor>[.patch]-<c|py>[-32]`: `cpython-3.13-c`,
// `cpython-2.7-py`, `cpython-3.14-c-32`. Lane `c` is cPickle or _pickle, `py`
// is pickle.py. `-32` is a build whose Py_ssize_t and long are 32 bits wide, as
// in WebAssembly. Without a patch level: the one whose outcomes are recorded.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "reference/pickle/quirks.h"

namespace assay::pickle {

class Profile {
 public:
  // The default profile: the C lane of the newest CPython recorded natively.
  Profile() : Profile(Version{3, 13, 0}, Lane::c3, 64) {}
  Profile(Version version, Lane lane, int word);

  // The profile of a name, or nothing when it is no profile's name: a version
  // that is neither 2.7 nor 3.6 and later, an unknown lane.
  static std::optional<Profile> parse(std::string_view name);

  // The name, without the patch level where that is the recorded one.
  std::string name() const;

  Version version() const { return version_; }
  Lane lane() const { return lane_; }
  bool python2() const { return version_.major == 2; }
  // Whether the interpreter is pickle.py.
  bool pure_python() const { return lane_ == Lane::py2 || lane_ == Lane::py3; }
  // Bits of Py_ssize_t: 32 or 64.
  int word() const { return word_; }
  // PY_SSIZE_T_MAX, which is also sys.maxsize.
  std::uint64_t largest_size() const { return word_ == 32 ? 0x7fffffffULL : 0x7fffffffffffffffULL; }
  // pickle.HIGHEST_PROTOCOL.
  int highest_protocol() const { return has(Quirk::protocol_5) ? 5 : python2() ? 2 : 4; }

  bool has(Quirk quirk) const {
    return ((quirks_[static_cast<std::size_t>(quirk) / 64] >>
             (static_cast<std::size_t>(quirk) % 64)) &
            1) != 0;
  }

 private:
  Version version_;
  Lane lane_;
  int word_;
  std::uint64_t quirks_[(quirk_count + 63) / 64] = {};
};

// The patch level recorded for a branch (2.7 → 2.7.18, 3.13 → 3.13.0, …); for
// other branches, patch 0.
Version recorded_version(int major, int minor);

// The profiles judged against recorded outcomes, in their natural order.
std::span<const std::string_view> recorded_profiles();

}  // namespace assay::pickle
