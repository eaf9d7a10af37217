#include "reference/marshal/profile.h"

#include <fmt/format.h>

#include <array>
#include <charconv>

namespace assay::marshal {
namespace {

constexpr std::array<Version, 11> recorded = {{{2, 7, 18},
                                               {3, 6, 15},
                                               {3, 7, 16},
                                               {3, 8, 18},
                                               {3, 9, 18},
                                               {3, 10, 13},
                                               {3, 11, 7},
                                               {3, 12, 1},
                                               {3, 13, 0},
                                               {3, 14, 2},
                                               {3, 15, 0}}};

constexpr std::array<std::string_view, 11> names = {
    "cpython-2.7",  "cpython-3.6",     "cpython-3.7",    "cpython-3.8",
    "cpython-3.9",  "cpython-3.10",    "cpython-3.11",   "cpython-3.12",
    "cpython-3.13", "cpython-3.14-32", "cpython-3.15-32"};

// Takes a number without sign or leading zero from the front of `text`.
std::optional<int> take_number(std::string_view& text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end == text.data() || text.front() == '-') return std::nullopt;
  if (text.front() == '0' && end != text.data() + 1) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return value;
}

bool take(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

}  // namespace

Profile::Profile(Version version, int word) : version_(version), word_(word) {
  for (const QuirkRow& row : quirk_rows())
    if (applies(row, version, word))
      quirks_ |= std::uint64_t{1} << static_cast<std::size_t>(row.quirk);
}

std::optional<Profile> Profile::parse(std::string_view text) {
  if (!take(text, "cpython-")) return std::nullopt;
  const std::optional<int> major = take_number(text);
  if (!major || !take(text, ".")) return std::nullopt;
  const std::optional<int> minor = take_number(text);
  if (!minor) return std::nullopt;
  const bool known = (*major == 2 && *minor == 7) || (*major == 3 && *minor >= 6 && *minor < 100);
  if (!known) return std::nullopt;
  Version version = recorded_version(*major, *minor);
  if (take(text, ".")) {
    const std::optional<int> patch = take_number(text);
    if (!patch) return std::nullopt;
    version.patch = *patch;
  }
  take(text, "-c");
  const int word = take(text, "-32") ? 32 : 64;
  if (!text.empty()) return std::nullopt;
  return Profile(version, word);
}

std::string Profile::name() const {
  std::string text = fmt::format("cpython-{}.{}", version_.major, version_.minor);
  if (version_ != recorded_version(version_.major, version_.minor))
    text += fmt::format(".{}", version_.patch);
  if (word_ == 32) text += "-32";
  return text;
}

int Profile::highest_version() const {
  if (has(Quirk::frozendicts)) return 6;
  if (has(Quirk::slices)) return 5;
  return python2() ? 2 : 4;
}

Version recorded_version(int major, int minor) {
  for (const Version& version : recorded)
    if (version.major == major && version.minor == minor) return version;
  return {major, minor, 0};
}

std::span<const std::string_view> recorded_profiles() {
  return names;
}

}  // namespace assay::marshal
