#include "harness/command/suggestions.h"

#include <algorithm>
#include <cctype>
#include <optional>

namespace assay {
namespace {

constexpr std::size_t most = 3;

std::string lower(std::string_view text) {
  std::string small(text);
  for (char& c : small) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return small;
}

// How many letters must be changed, added, left out, or swapped with the next:
// the distance of optimal string alignment.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1), row(b.size() + 1), next(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    next[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = row[j - 1] + (a[i - 1] != b[j - 1] ? 1 : 0);
      next[j] = std::min({change, row[j] + 1, next[j - 1] + 1});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        next[j] = std::min(next[j], before[j - 2] + 1);
    }
    before.swap(row);
    row.swap(next);
  }
  return row[b.size()];
}

std::string_view last_part(std::string_view name) {
  const std::size_t slash = name.rfind('/');
  return slash == std::string_view::npos ? name : name.substr(slash + 1);
}

// How far `name` is from what was wanted, in letters; nothing when too far.
std::optional<std::size_t> farness(const std::string& wanted, const std::string& name) {
  const std::size_t allowed = 1 + wanted.size() / 4;
  if (name.find(wanted) != std::string::npos) return 0;
  const std::size_t whole = distance(wanted, name);
  if (whole <= allowed) return whole;
  // The part behind the slash, with another part before it.
  const std::string_view part = last_part(wanted);
  if (part.size() < 4) return std::nullopt;
  const std::size_t tail = distance(part, last_part(name));
  if (tail <= part.size() / 4) return allowed + 1 + tail;
  return std::nullopt;
}

}  // namespace

std::vector<std::string> nearest(std::string_view wanted, const std::vector<std::string>& names) {
  const std::string small = lower(wanted);
  if (small.empty()) return {};
  struct Found {
    std::size_t farness, length;
    const std::string* name;
  };
  std::vector<Found> found;
  for (const std::string& name : names)
    if (const auto far = farness(small, lower(name)); far && !name.empty())
      found.push_back({*far, name.size(), &name});
  std::stable_sort(found.begin(), found.end(), [](const Found& a, const Found& b) {
    return std::pair(a.farness, a.length) < std::pair(b.farness, b.length);
  });
  std::vector<std::string> likest;
  for (const Found& one : found)
    if (likest.size() < most && std::count(likest.begin(), likest.end(), *one.name) == 0)
      likest.push_back(*one.name);
  return likest;
}

std::string perhaps(std::string_view wanted, const std::vector<std::string>& names) {
  const std::vector<std::string> likest = nearest(wanted, names);
  std::string text;
  for (std::size_t i = 0; i < likest.size(); ++i)
    text += (i == 0 ? "; perhaps " : i + 1 == likest.size() ? " or " : ", ") + likest[i];
  return text;
}

}  // namespace assay
