// Where two profiles part on one pickle.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "reference/pickle/profile.h"

namespace assay {

struct Parting {
  std::uint64_t offset = 0;  // of the first instruction that they treat differently
  std::string instruction;   // its assembly text
};

// Runs ever longer beginnings of the pickle as both profiles and compares all
// that is on their stacks. Nothing if no beginning shows a difference (the
// difference is in how much of the file is read, or the bytes cannot be taken
// apart).
std::optional<Parting> find_parting(std::string_view file, const pickle::Profile& a,
                                    const pickle::Profile& b);

}  // namespace assay
