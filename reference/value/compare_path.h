// Where in a value a comparison stands. For value/compare.h.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "reference/value/graph.h"

namespace assay {

// A pair of composite nodes under comparison, and the edge of another such pair
// by which it was reached.
struct CompareStep {
  NodeId left, right;
  std::uint32_t parent;  // among the steps; no_step for the roots
  std::uint32_t edge;    // of the parent's left node
};
inline constexpr std::uint32_t no_step = 0xffffffff;

// "[3]['k'].args[0]" for edge `edge` of step `parent`; the middle of a very long
// path is left out. `left` is the graph of the steps' left nodes.
std::string path_text(const Graph& left, std::span<const CompareStep> steps, std::uint32_t parent,
                      std::uint32_t edge);

// The operations of an instance as they are written: "build", "append", ….
std::string operation_text(const Graph& graph, NodeId instance, std::size_t operation);

}  // namespace assay
