// Value text: the one notation of values for people, cases, adapters and
// reports. README.md specifies it.
//
// Neither direction recurses: a list nested a million deep is printed flat (a
// line for each node) and read back in time and memory linear in the text.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "reference/value/graph.h"

namespace assay {

struct PrintOptions {
  // A document nested deeper than this is printed flat; 0 is always flat (unless
  // the root is an atom).
  std::size_t depth = 100;
  // Whether short text, short bytes and complex numbers are labelled, too, where
  // they are referred to more than once: for writers, to which one object written
  // twice is not two of the same value.
  bool every_label = false;
};

// The document of `root`. Shared nodes are labelled by the rules of README.md,
// "Labels", numbered from 1 in the order in which they appear. No newline at
// the end. Strings must be well-formed (value/utf8.h, Surrogates::allow).
std::string print(const Graph& graph, NodeId root, PrintOptions options = {});

// The start of the nested form without labels, for messages: never longer than
// `limit` (at least 8), with "..." at the end of what was cut. Takes time in
// proportion to `limit` and to the largest integer met.
std::string excerpt(const Graph& graph, NodeId id, std::size_t limit = 60);

// Reads a document into the graph and gives its root. Everything is copied:
// `text` need not outlive the graph. Throws DecodeError(truncated, malformed)
// with the offset in `text`, the form that was being read and what was expected.
// Equal keys and items are kept as they are written: judging them is for the
// comparison.
NodeId parse(Graph& graph, std::string_view text);

}  // namespace assay
