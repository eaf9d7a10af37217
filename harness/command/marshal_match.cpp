#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "harness/command/written_match.h"
#include "reference/bytes/error.h"
#include "reference/marshal/assembler.h"
#include "reference/marshal/normal_form.h"
#include "reference/marshal/reader.h"
#include "reference/value/compare.h"

namespace assay {
namespace {

// Whether a profile reads all of the data.
bool reads(const marshal::Profile& profile, Bytes data) {
  Graph graph;
  const marshal::Outcome outcome = marshal::read(graph, data, profile);
  return outcome.accepted && outcome.consumed == data.size();
}

// The newest profile that reads what the oracle wrote. No byte says whose it is;
// where several read it, they read the same value.
std::optional<marshal::Profile> profile_of(Bytes expected) {
  const auto all = marshal::recorded_profiles();
  for (auto name = all.rbegin(); name != all.rend(); ++name) {
    const marshal::Profile profile = marshal::Profile::parse(*name).value();
    if (reads(profile, expected)) return profile;
  }
  return std::nullopt;
}

void compare_values(WrittenMatch& match, Bytes expected, Bytes got, int version,
                    const marshal::Profile& profile) {
  Graph left, right;
  const marshal::Outcome wanted = marshal::read(left, expected, profile);
  const marshal::Outcome found = marshal::read(right, got, profile);
  if (!found.accepted) {
    match.detail =
        fmt::format("cannot be read back: {} at {}: {}", found.error, found.offset, found.message);
    return;
  }
  if (found.consumed != got.size()) {
    match.detail = fmt::format("{} bytes behind the object", got.size() - found.consumed);
    return;
  }
  if (const auto difference = first_difference(left, wanted.value, right, found.value)) {
    match.kind = WrittenMatch::Kind::other_value;
    match.path = difference->path;
    match.expected_at = difference->left;
    match.got_at = difference->right;
    return;
  }
  const int needed = marshal::lowest_version(got);
  const bool too_new = needed > std::max(version, 0) && needed > marshal::lowest_version(expected);
  match.kind = too_new ? WrittenMatch::Kind::too_new : WrittenMatch::Kind::same_value;
  if (too_new) match.detail = fmt::format("type codes of version {}, not {}", needed, version);
}

}  // namespace

WrittenMatch match_marshal(std::string_view expected, std::string_view got, int version) {
  WrittenMatch match;
  try {
    const auto profile = profile_of(as_bytes(expected));
    if (!profile) {
      match.detail = "what the oracle wrote is not read back";
      return match;
    }
    compare_values(match, as_bytes(expected), as_bytes(got), version, *profile);
    // Which strings are interned is the process', as reference counts are.
    constexpr marshal::NormalFormOptions options{.forget_interned = true};
    if (match.kind == WrittenMatch::Kind::same_value &&
        marshal::normal_form(as_bytes(expected), *profile, options) ==
            marshal::normal_form(as_bytes(got), *profile, options))
      match.kind = WrittenMatch::Kind::same_form;
  } catch (const DecodeError& error) {
    match.kind = WrittenMatch::Kind::unreadable;
    match.detail = error.what();
  }
  return match;
}

}  // namespace assay
