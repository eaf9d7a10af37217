#include "harness/corpus/profile_name.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <climits>
#include <stdexcept>
#include <tuple>

namespace assay {
namespace {

constexpr std::string_view family = "cpython-";

bool take_prefix(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

bool take_suffix(std::string_view& text, std::string_view suffix) {
  if (!text.ends_with(suffix)) return false;
  text.remove_suffix(suffix.size());
  return true;
}

bool take_number(std::string_view& text, int& number) {
  if (text.empty() || text[0] < '0' || text[0] > '9') return false;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || number >= 1000) return false;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  return true;
}

struct Version {
  int major = 0, minor = 0;
  std::string patch;
  int key() const { return 1000 * major + minor; }
};

std::optional<Version> parse_version(std::string_view text) {
  Version version;
  if (!take_number(text, version.major) || !take_prefix(text, ".") ||
      !take_number(text, version.minor))
    return std::nullopt;
  if (text.empty()) return version;
  if (!take_prefix(text, ".") || text.empty()) return std::nullopt;
  if (!std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '+';
      }))
    return std::nullopt;
  version.patch = text;
  return version;
}

std::optional<Lane> take_lane(std::string_view& text) {
  if (take_suffix(text, "-c")) return Lane::c;
  if (take_suffix(text, "-py")) return Lane::py;
  return std::nullopt;
}

}  // namespace

std::optional<ProfileName> ProfileName::parse(std::string_view text) {
  if (!take_prefix(text, family)) return std::nullopt;
  ProfileName name;
  if (take_suffix(text, "-32")) name.word = 32;
  const auto lane = take_lane(text);
  const auto version = parse_version(text);
  if (!lane || !version) return std::nullopt;
  name.lane = *lane;
  name.major = version->major;
  name.minor = version->minor;
  name.patch = version->patch;
  return name;
}

std::string ProfileName::text() const {
  return fmt::format("cpython-{}.{}{}{}-{}{}", major, minor, patch.empty() ? "" : ".", patch,
                     lane == Lane::c ? "c" : "py", word == 32 ? "-32" : "");
}

std::string ProfileName::recorded() const {
  ProfileName without = *this;
  without.patch.clear();
  return without.text();
}

bool profile_before(std::string_view a, std::string_view b) {
  const auto left = ProfileName::parse(a), right = ProfileName::parse(b);
  if (!left || !right) return left ? true : right ? false : a < b;
  const auto key = [](const ProfileName& p) {
    return std::make_tuple(p.major, p.minor, p.patch, -p.word, static_cast<int>(p.lane));
  };
  return key(*left) < key(*right);
}

namespace {

// The profiles of one version: those of the universe, and those among them that
// are meant.
struct VersionPart {
  int major = 0, minor = 0;
  std::vector<ProfileName> all, meant;

  // "" all of them, "-c" or "-py" all of a lane; nothing if it takes a list.
  std::optional<std::string> suffix() const {
    if (meant.size() == all.size()) return "";
    for (const Lane lane : {Lane::c, Lane::py}) {
      const auto of_lane = [&](const ProfileName& name) { return name.lane == lane; };
      const auto wanted = std::count_if(all.begin(), all.end(), of_lane);
      if (wanted > 0 && std::count_if(meant.begin(), meant.end(), of_lane) == wanted &&
          static_cast<std::size_t>(wanted) == meant.size())
        return lane == Lane::c ? "-c" : "-py";
    }
    return std::nullopt;
  }
  std::string version() const { return fmt::format("{}.{}", major, minor); }
};

std::vector<VersionPart> by_version(const std::vector<std::string>& profiles,
                                    const std::vector<std::string>& universe) {
  std::vector<std::string> sorted = universe;
  std::sort(sorted.begin(), sorted.end(), profile_before);
  std::vector<VersionPart> parts;
  for (const std::string& text : sorted) {
    const auto name = ProfileName::parse(text);
    if (!name) continue;
    if (parts.empty() || parts.back().major != name->major || parts.back().minor != name->minor)
      parts.push_back({name->major, name->minor, {}, {}});
    parts.back().all.push_back(*name);
    if (std::find(profiles.begin(), profiles.end(), text) != profiles.end())
      parts.back().meant.push_back(*name);
  }
  return parts;
}

}  // namespace

std::string selection_text(const std::vector<std::string>& profiles,
                           const std::vector<std::string>& universe) {
  const std::vector<VersionPart> parts = by_version(profiles, universe);
  std::vector<std::string> items;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (parts[i].meant.empty()) continue;
    const auto suffix = parts[i].suffix();
    if (!suffix) {
      for (const ProfileName& name : parts[i].meant) items.push_back(name.text());
      continue;
    }
    std::size_t last = i;
    while (last + 1 < parts.size() && !parts[last + 1].meant.empty() &&
           parts[last + 1].suffix() == suffix)
      ++last;
    // A single version with a lane is an exact name; the range takes both words.
    const bool exact = last == i && !suffix->empty();
    items.push_back(exact       ? parts[i].meant[0].text()
                    : last == i ? fmt::format("cpython-{}", parts[i].version())
                                : fmt::format("cpython-{}..{}{}", parts[i].version(),
                                              parts[last].version(), *suffix));
    if (exact)
      for (std::size_t k = 1; k < parts[i].meant.size(); ++k)
        items.push_back(parts[i].meant[k].text());
    i = last;
  }
  return fmt::format("{}", fmt::join(items, ","));
}

ProfileSelection::Item ProfileSelection::parse_item(std::string_view text) {
  const auto wrong = [&](std::string_view why) {
    return std::invalid_argument(
        fmt::format("'{}' selects no profiles: {} (examples: cpython-3.8+  cpython-2.7-py  "
                    "cpython-3.6..3.9-c  all)",
                    text, why));
  };
  Item item;
  if (text == "all") {
    item.high = INT_MAX;
    return item;
  }
  std::string_view rest = text;
  if (!take_prefix(rest, family)) throw wrong("it does not start with 'cpython-'");
  if (take_suffix(rest, "-32")) item.word = 32;
  item.lane = take_lane(rest);
  if (const auto dots = rest.find(".."); dots != std::string_view::npos) {
    const auto low = parse_version(rest.substr(0, dots)),
               high = parse_version(rest.substr(dots + 2));
    if (!low || !high) throw wrong("a range is two versions, 3.6..3.9");
    if (low->key() > high->key()) throw wrong("the range is empty");
    item.low = low->key();
    item.high = high->key();
    return item;
  }
  const bool open = take_suffix(rest, "+");
  const auto version = parse_version(rest);
  if (!version) throw wrong("a version is MAJOR.MINOR, as in 3.13");
  item.low = version->key();
  item.high = open ? INT_MAX : item.low;
  if (!open) item.patch = version->patch;
  if (!open && item.lane && !item.word) item.word = 64;  // a name, and names are exact
  return item;
}

ProfileSelection::ProfileSelection(std::string_view text) : text_(text) {
  std::size_t at = 0;
  while (at <= text.size()) {
    const std::size_t comma = std::min(text.find(',', at), text.size());
    items_.push_back(parse_item(text.substr(at, comma - at)));
    at = comma + 1;
  }
}

bool ProfileSelection::contains(const ProfileName& name) const {
  const int key = 1000 * name.major + name.minor;
  return std::any_of(items_.begin(), items_.end(), [&](const Item& item) {
    return key >= item.low && key <= item.high && (!item.lane || *item.lane == name.lane) &&
           (!item.word || *item.word == name.word) &&
           (item.patch.empty() || name.patch.empty() || item.patch == name.patch);
  });
}

bool ProfileSelection::contains(std::string_view profile) const {
  const auto name = ProfileName::parse(profile);
  return name && contains(*name);
}

std::vector<std::string> ProfileSelection::of(const std::vector<std::string>& profiles) const {
  std::vector<std::string> selected;
  for (const std::string& profile : profiles)
    if (contains(profile)) selected.push_back(profile);
  std::sort(selected.begin(), selected.end(), profile_before);
  return selected;
}

}  // namespace assay
