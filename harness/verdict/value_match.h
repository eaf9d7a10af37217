// Comparing value texts: parsed, then as graphs, never as text.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace assay {

// What somebody cannot tell apart, as hello's `lossy` names it: "tuple=list".
using Blindness = std::vector<std::string>;

enum class Match : std::uint8_t {
  equal,  // the same value
  lossy,  // the same as far as `blind` can see
  different,
  malformed,  // `got` is no value text
};

struct MatchResult {
  Match match = Match::different;
  // Where the first difference is, and what stands there (different); for
  // malformed, `path` says what is wrong with the text.
  std::string path, expected_at, got_at;
};

// Compares `got` with `expected`. What `free` cannot tell apart counts as equal:
// it is the blindness of who gave `expected`.
MatchResult match_values(std::string_view expected, std::string_view got,
                         const Blindness& free = {}, const Blindness& blind = {});

// Equal as values, whatever their labels, spelling or order of sets, as far as
// somebody can see who is `blind`. A text that is no value text equals only
// itself.
bool same_value(std::string_view a, std::string_view b, const Blindness& blind = {});

// The items of the list, tuple or set `expected` that `got`, likewise, does not
// have, as value text. A text that holds no items counts as one item. Both must be
// value texts.
std::vector<std::string> missing_items(std::string_view expected, std::string_view got);

// What is wrong with a value text, or nothing.
std::optional<std::string> value_text_fault(std::string_view text);

}  // namespace assay
