#include "reference/value/compare_path.h"

#include <fmt/format.h>

#include <vector>

#include "reference/value/text.h"

namespace assay {
namespace {

constexpr std::size_t key_limit = 30;
// Of a longer path the first and the last so many steps are shown.
constexpr std::size_t shown_steps = 24;

constexpr std::string_view operation_names[] = {"build", "append", "set", "add"};

std::string instance_part(const Graph& graph, NodeId instance, std::uint32_t edge) {
  constexpr std::string_view parts[] = {".callee", ".args", ".kwargs"};
  if (edge < 3) return std::string(parts[edge]);
  const std::size_t operation = (edge - 3) / 3;
  std::string text = fmt::format(".ops[{}]", operation);
  const std::span<const NodeId> ops = graph.ops(instance);
  if (operation * 3 < ops.size() && ops[operation * 3] == static_cast<NodeId>(Op::set) &&
      edge % 3 != 0)
    text += edge % 3 == 1 ? ".key" : ".value";
  return text;
}

std::string step_text(const Graph& graph, NodeId node, std::uint32_t edge) {
  constexpr std::string_view bounds[] = {".start", ".stop", ".step"};
  const std::span<const NodeId> edges = graph.edges(node);
  switch (graph.kind(node)) {
    case Kind::dict:
    case Kind::frozendict:
      if (edge == UINT32_MAX) return "{}";
      if (edge % 2 == 0 || edge >= edges.size()) return fmt::format(".keys[{}]", edge / 2);
      return fmt::format("[{}]", excerpt(graph, edges[edge - 1], key_limit));
    case Kind::set:
    case Kind::frozenset:
      if (edge >= edges.size()) return "{}";
      return fmt::format("{{{}}}", excerpt(graph, edges[edge], key_limit));
    case Kind::range:
    case Kind::slice:
      return std::string(bounds[edge]);
    case Kind::code:
      if (edge % 2 == 0 || edge >= edges.size()) return fmt::format(".fields[{}]", edge / 2);
      return "." + std::string(graph.text(edges[edge - 1]));
    case Kind::persid:
      return ".pid";
    case Kind::readonly:
      return ".of";
    case Kind::call:
    case Kind::new_:
      return instance_part(graph, node, edge);
    default:
      return fmt::format("[{}]", edge);
  }
}

}  // namespace

std::string path_text(const Graph& left, std::span<const CompareStep> steps, std::uint32_t parent,
                      std::uint32_t edge) {
  std::vector<std::pair<NodeId, std::uint32_t>> way;
  for (; parent != no_step; edge = steps[parent].edge, parent = steps[parent].parent)
    way.emplace_back(steps[parent].left, edge);
  std::string text;
  for (std::size_t i = 0; i < way.size(); ++i) {
    if (i == shown_steps && way.size() > shown_steps * 2) {
      text += "...";
      i = way.size() - shown_steps;
    }
    const auto& [node, at] = way[way.size() - 1 - i];
    text += step_text(left, node, at);
  }
  return text;
}

std::string operation_text(const Graph& graph, NodeId instance, std::size_t operation) {
  const std::span<const NodeId> triple = graph.ops(instance).subspan(operation * 3, 3);
  std::string text =
      fmt::format(".{}({}", operation_names[triple[0]], excerpt(graph, triple[1], 24));
  if (triple[0] == static_cast<NodeId>(Op::set)) text += ", " + excerpt(graph, triple[2], 24);
  return text + ")";
}

}  // namespace assay
