#include "reference/dbm/python.h"

#include <charconv>

namespace assay::dbm {

std::optional<Python> parse_python(std::string_view name) {
  if (name.starts_with("cpython-")) name.remove_prefix(8);
  Python python;
  const char* end = name.data() + name.size();
  const auto [dot, bad_major] = std::from_chars(name.data(), end, python.major);
  if (bad_major != std::errc() || dot == end || *dot != '.') return std::nullopt;
  const auto [rest, bad_minor] = std::from_chars(dot + 1, end, python.minor);
  if (bad_minor != std::errc() || (rest != end && *rest != '-' && *rest != '.'))
    return std::nullopt;
  return python;
}

}  // namespace assay::dbm
