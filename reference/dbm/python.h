// The Pythons whose ways with dbm files differ.
#pragma once

#include <compare>
#include <optional>
#include <string_view>

namespace assay::dbm {

struct Python {
  int major = 3;
  int minor = 13;
  auto operator<=>(const Python&) const = default;
};

// The version of a name such as "3.13", "cpython-3.13" or "cpython-3.13-c";
// nothing if it is no such name.
std::optional<Python> parse_python(std::string_view name);

}  // namespace assay::dbm
