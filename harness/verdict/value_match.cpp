#include "harness/verdict/value_match.h"

#include <algorithm>

#include "reference/bytes/error.h"
#include "reference/value/compare.h"
#include "reference/value/text.h"

namespace assay {
namespace {

// How an adapter's `identity: none` is passed on among the blind spots.
constexpr std::string_view no_identity_name = "identity=none";

std::uint32_t relaxation(std::string_view name) {
  if (name == no_identity_name) return relax::no_identity;
  // What the adapter of Python 2 says of its dicts.
  return name == "dict=unordered" ? relax::dict_order : relax::named(name);
}

std::uint32_t relaxations(const Blindness& names) {
  std::uint32_t bits = 0;
  for (const std::string& name : names) bits |= relaxation(name);
  return bits;
}

}  // namespace

MatchResult match_values(std::string_view expected, std::string_view got, const Blindness& free,
                         const Blindness& blind) {
  // Labels and spelling may differ and the value be the same, never the reverse.
  if (expected == got) return {Match::equal, "", "", ""};
  Graph left, right;
  const NodeId left_root = parse(left, expected);
  NodeId right_root = no_node;
  try {
    right_root = parse(right, got);
  } catch (const DecodeError& error) {
    return {Match::malformed, error.what(), "", ""};
  }
  try {
    const CompareOptions allowed{relaxations(free)};
    auto difference = first_difference(left, left_root, right, right_root, allowed);
    if (!difference) return {Match::equal, "", "", ""};
    if (!blind.empty()) {
      const CompareOptions blinded{allowed.relaxed | relaxations(blind)};
      difference = first_difference(left, left_root, right, right_root, blinded);
      if (!difference) return {Match::lossy, "", "", ""};
    }
    return {Match::different, difference->path, difference->left, difference->right};
  } catch (const DecodeError& error) {
    // Sets that only a search could match: not shown to be equal.
    return {Match::different, error.what(), "", ""};
  }
}

bool same_value(std::string_view a, std::string_view b, const Blindness& blind) {
  if (a == b) return true;
  try {
    return match_values(a, b, blind).match == Match::equal;
  } catch (const DecodeError&) {
    return false;
  }
}

namespace {

std::vector<std::string> item_texts(std::string_view text) {
  Graph graph;
  const NodeId root = parse(graph, text);
  const Kind kind = graph.kind(root);
  if (kind != Kind::list && kind != Kind::tuple && kind != Kind::set && kind != Kind::frozenset)
    return {print(graph, root)};
  std::vector<std::string> texts;
  for (const NodeId item : graph.items(root)) texts.push_back(print(graph, item));
  return texts;
}

}  // namespace

std::vector<std::string> missing_items(std::string_view expected, std::string_view got) {
  const std::vector<std::string> there = item_texts(got);
  std::vector<std::string> missing;
  for (std::string& item : item_texts(expected))
    if (std::find(there.begin(), there.end(), item) == there.end() &&
        std::find(missing.begin(), missing.end(), item) == missing.end())
      missing.push_back(std::move(item));
  return missing;
}

std::optional<std::string> value_text_fault(std::string_view text) {
  Graph graph;
  try {
    parse(graph, text);
  } catch (const DecodeError& error) {
    return error.what();
  }
  return std::nullopt;
}

}  // namespace assay
