// Changes to bytes that know nothing of a format.
#pragma once

#include <span>
#include <string>

#include "generators/choices.h"

namespace assay::generators {

// Cuts off, flips a bit, sets, inserts, removes or repeats bytes, makes a byte one
// more or less, or goes on with the end of one of `others`: one to three such
// changes. Never more than 64 bytes longer than `bytes` and the longest of
// `others` together.
std::string mutated(Choices& choices, std::string bytes, std::span<const std::string_view> others);

}  // namespace assay::generators
