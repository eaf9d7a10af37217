#include "reference/pickle/profile.h"

#include <fmt/format.h>

#include <array>
#include <charconv>

namespace assay::pickle {
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

constexpr std::array<std::string_view, 22> names = {
    "cpython-2.7-c",     "cpython-2.7-py",    "cpython-3.6-c",     "cpython-3.6-py",
    "cpython-3.7-c",     "cpython-3.7-py",    "cpython-3.8-c",     "cpython-3.8-py",
    "cpython-3.9-c",     "cpython-3.9-py",    "cpython-3.10-c",    "cpython-3.10-py",
    "cpython-3.11-c",    "cpython-3.11-py",   "cpython-3.12-c",    "cpython-3.12-py",
    "cpython-3.13-c",    "cpython-3.13-py",   "cpython-3.14-c-32", "cpython-3.14-py-32",
    "cpython-3.15-c-32", "cpython-3.15-py-32"};

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

Profile::Profile(Version version, Lane lane, int word)
    : version_(version), lane_(lane), word_(word) {
  for (const QuirkRow& row : quirk_rows())
    if (applies(row, version, lane, word)) {
      const auto bit = static_cast<std::size_t>(row.quirk);
      quirks_[bit / 64] |= std::uint64_t{1} << (bit % 64);
    }
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
  const bool python2 = *major == 2;
  const bool pure = text.starts_with("-py");
  if (!take(text, "-py") && !take(text, "-c")) return std::nullopt;
  const int word = take(text, "-32") ? 32 : 64;
  if (!text.empty()) return std::nullopt;
  const Lane lane = python2 ? (pure ? Lane::py2 : Lane::c2) : (pure ? Lane::py3 : Lane::c3);
  return Profile(version, lane, word);
}

std::string Profile::name() const {
  std::string text = fmt::format("cpython-{}.{}", version_.major, version_.minor);
  if (version_ != recorded_version(version_.major, version_.minor))
    text += fmt::format(".{}", version_.patch);
  text += pure_python() ? "-py" : "-c";
  if (word_ == 32) text += "-32";
  return text;
}

Version recorded_version(int major, int minor) {
  for (const Version& version : recorded)
    if (version.major == major && version.minor == minor) return version;
  return {major, minor, 0};
}

std::span<const std::string_view> recorded_profiles() {
  return names;
}

}  // namespace assay::pickle
