// The forms of value text that hold values, while they are open. For
// value/text.h.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "reference/value/graph.h"
#include "reference/value/text_labels.h"

namespace assay {

// Forms that hold values. What they have read stands on the value stack from
// OpenTextForm::first on; the node is made when the form closes.
enum class TextForm : std::uint8_t {
  list,
  tuple,
  braces,  // dict or set, not yet known
  dict,
  set,
  frozenset,
  frozendict,
  range,
  slice,
  code,
  global,
  persid,
  readonly,
  call,
  new_,
  build,
  append,
  set_item,
  add,
};

// Where a call is in its arguments, or a dict in its pairs.
enum class TextPart : std::uint8_t {
  first,     // callee; key of a dict
  argument,  // positional
  star,      // *tuple
  keyword,   // name=value
  pair_key,  // **{key: value}
  pair_value,
  star_star,  // **dict
  value,      // of a dict's pair
};

struct OpenTextForm {
  TextForm form;
  TextPart part = TextPart::first;
  bool star = false;       // the arguments are one tuple
  bool star_star = false;  // the keywords are one dict
  std::uint32_t label = TextLabels::none;
  std::uint32_t keywords = 0;  // values before the first keyword; 0: no keyword yet
  NodeId instance = no_node;   // of an operation
  std::size_t first = 0;
};

inline std::string_view text_form_name(TextForm form) {
  constexpr std::array<std::string_view, 19> names = {
      "list",  "tuple", "dict or set", "dict",   "set",    "frozenset", "frozendict",
      "range", "slice", "code",        "global", "persid", "readonly",  "call",
      "new",   "build", "append",      "set",    "add"};
  return names[static_cast<std::size_t>(form)];
}

}  // namespace assay
