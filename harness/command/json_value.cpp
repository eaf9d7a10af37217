#include "harness/command/json_value.h"

#include <fmt/format.h>

#include <cmath>
#include <iterator>
#include <string_view>
#include <utility>
#include <vector>

namespace assay {
namespace {

using Json = nlohmann::ordered_json;

// Deeper than what JSON readers commonly take (Python's ends near 1,000).
constexpr std::size_t depth_limit = 500;

// Text that JSON can hold is UTF-8 without surrogates (ED A0..BF).
bool has_surrogate(std::string_view text) {
  for (std::size_t i = 0; i + 1 < text.size(); ++i)
    if (text[i] == '\xed' && static_cast<unsigned char>(text[i + 1]) >= 0xa0) return true;
  return false;
}

// Lists and dicts being written, one within the other; no recursion.
class JsonWriter {
 public:
  JsonWriter(const Graph& graph, NodeId root) : graph_(graph), root_(root) {}

  std::variant<Json, JsonRefusal> write() {
    if (!begin(root_)) return refusal();
    while (!open_.empty()) {
      Container& top = open_.back();
      const auto edges = graph_.edges(top.node);
      if (top.next == edges.size()) {
        Json made = std::move(top.made);
        open_.pop_back();
        finish(std::move(made));
      } else if (graph_.kind(top.node) == Kind::list) {
        const NodeId item = edges[top.next++];
        if (!begin(item)) return refusal();
      } else if (!begin_pair(top, edges)) {
        return refusal();
      }
    }
    return std::move(whole_);
  }

 private:
  struct Container {
    NodeId node = no_node;
    std::size_t next = 0;  // edge
    Json made;
    std::string key;  // of the item being written
  };

  bool begin_pair(Container& top, std::span<const NodeId> edges) {
    const NodeId key = edges[top.next], value = edges[top.next + 1];
    top.next += 2;
    if (graph_.kind(key) != Kind::string)
      return refuse(key, "JSON's names are text: as a key this would become one");
    top.key = graph_.text(key);
    if (has_surrogate(top.key)) return refuse(key, "a lone surrogate is no Unicode text");
    return begin(value);
  }

  // Writes a scalar, or opens a container. False: it is refused.
  bool begin(NodeId node) {
    switch (graph_.kind(node)) {
      case Kind::none:
        return finish(nullptr);
      case Kind::true_:
      case Kind::false_:
        return finish(graph_.kind(node) == Kind::true_);
      case Kind::integer:
        return finish(graph_[node].integer);
      case Kind::floating:
        if (!std::isfinite(graph_[node].floating))
          return refuse(node, "JSON has no NaN and no infinity");
        return finish(graph_[node].floating);
      case Kind::string:
        if (has_surrogate(graph_.text(node)))
          return refuse(node, "a lone surrogate is no Unicode text");
        return finish(std::string(graph_.text(node)));
      case Kind::list:
      case Kind::dict:
        return open(node);
      default:
        return refuse(node, reason(graph_.kind(node)));
    }
  }

  bool open(NodeId node) {
    if (met_.size() <= node) met_.resize(node + 1, false);
    if (met_[node]) return refuse(node, "it is met twice or holds itself: JSON would copy it");
    met_[node] = true;
    if (open_.size() == depth_limit)
      return refuse(node, fmt::format("it is nested deeper than {}", depth_limit));
    open_.push_back(
        {node, 0, graph_.kind(node) == Kind::list ? Json::array() : Json::object(), ""});
    return true;
  }

  bool finish(Json value) {
    if (open_.empty()) {
      whole_ = std::move(value);
    } else if (graph_.kind(open_.back().node) == Kind::list) {
      open_.back().made.push_back(std::move(value));
    } else {
      open_.back().made[open_.back().key] = std::move(value);
    }
    return true;
  }

  static std::string reason(Kind kind) {
    switch (kind) {
      case Kind::big_integer:
        return "most readers of JSON round integers beyond 64 bits";
      case Kind::bytes:
      case Kind::bytearray:
        return "JSON has text and no bytes";
      case Kind::tuple:
        return "it would come back as a list";
      case Kind::set:
      case Kind::frozenset:
        return "JSON has no sets";
      case Kind::complex:
        return "JSON has no complex numbers";
      default:
        return "JSON has nothing of this kind";
    }
  }

  bool refuse(NodeId node, std::string why) {
    std::string path;
    for (const Container& container : open_) {
      const bool list = graph_.kind(container.node) == Kind::list;
      path += list ? fmt::format("[{}]", container.next - 1) : fmt::format("['{}']", container.key);
    }
    if (!open_.empty() && graph_.kind(open_.back().node) == Kind::dict &&
        graph_.kind(node) != Kind::string && is_key(node))
      path.resize(path.size() - fmt::format("['{}']", open_.back().key).size());
    refusal_ = {std::move(path), type_of(node), std::move(why)};
    return false;
  }

  // Whether the node is the key of the pair that the innermost dict is at.
  bool is_key(NodeId node) const {
    const Container& top = open_.back();
    return graph_.edges(top.node)[top.next - 2] == node;
  }

  std::string type_of(NodeId node) const {
    const Kind kind = graph_.kind(node);
    if (Graph::is_instance(kind)) {
      const NodeId callee = graph_.callee(node);
      if (graph_.kind(callee) == Kind::global)
        return fmt::format("what {}.{} makes", graph_.text(graph_.module(callee)),
                           graph_.text(graph_.qualname(callee)));
      return "what a call makes";
    }
    if (kind == Kind::global)
      return fmt::format("the global {}.{}", graph_.text(graph_.module(node)),
                         graph_.text(graph_.qualname(node)));
    static constexpr std::string_view names[] = {
        "None",          "False",     "True",      "Ellipsis",      "NotImplemented",
        "StopIteration", "int",       "int",       "float",         "complex",
        "str",           "bytes",     "bytearray", "list",          "tuple",
        "dict",          "set",       "frozenset", "frozendict",    "range",
        "slice",         "code",      "global",    "persistent id", "buffer",
        "memoryview",    "extension", "call",      "instance"};
    static_assert(std::size(names) == kind_count);
    return std::string(names[static_cast<std::size_t>(kind)]);
  }

  JsonRefusal refusal() { return std::move(refusal_); }

  const Graph& graph_;
  NodeId root_;
  std::vector<Container> open_;
  std::vector<bool> met_;  // lists and dicts that were begun, by node
  Json whole_;
  JsonRefusal refusal_;
};

}  // namespace

std::string JsonRefusal::message() const {
  return fmt::format("{}: {}: {}", path.empty() ? "the value" : path, type, why);
}

std::variant<nlohmann::ordered_json, JsonRefusal> json_of(const Graph& graph, NodeId root) {
  return JsonWriter(graph, root).write();
}

}  // namespace assay
