// The labels of a document while it is parsed: `&1` may be referred to before it
// is defined, and one label may stand for another. For value/text.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "reference/value/graph.h"
#include "reference/value/id_map.h"

namespace assay {

// A value that was read: a node, or a reference to a label that is not yet
// defined.
struct TextItem {
  NodeId id = no_node;
  std::uint32_t label = 0;
  bool pending() const { return id == no_node; }
};

class TextLabels {
 public:
  static constexpr std::uint32_t none = 0xffffffff;

  // What a value must be where not every value may stand.
  enum class Want : std::uint8_t { integer, name, tuple, dict };

  TextLabels(Graph& graph, std::size_t text_size) : graph_(graph), text_size_(text_size) {}

  // The label with this number (below no_node), read at `offset`.
  std::uint32_t label(std::uint32_t number, std::size_t offset);
  // Claims a label for the value that follows; throws if it has one.
  void claim(std::uint32_t label, std::size_t offset);
  // Gives a claimed label its value.
  void define(std::uint32_t label, TextItem item);
  TextItem refer(std::uint32_t label) const { return {labels_[label].id, label}; }

  // Edge `edge` of `holder` is to become `item`; nothing to do if that is known.
  void fix(NodeId holder, std::size_t edge, TextItem item) {
    if (item.pending()) fixups_.push_back({holder, static_cast<std::uint32_t>(edge), item.label});
  }
  // Throws, now or in resolve(), unless the item is what is wanted.
  void require(TextItem item, Want want, std::size_t offset, std::string_view field,
               std::string_view expected);

  // At the end of the document: finds the value of every label, and sets all
  // edges that waited. Throws for labels that are not defined, or as themselves.
  void resolve();
  // The node of an item, after resolve().
  NodeId node(TextItem item) const { return item.pending() ? labels_[item.label].id : item.id; }

 private:
  struct Label {
    NodeId id = no_node;
    std::uint32_t alias = none;  // `&1 = *2`
    bool claimed = false;
    std::size_t used_at = 0;
  };
  struct Fixup {
    NodeId holder;
    std::uint32_t edge;
    std::uint32_t label;
  };
  struct Check {
    std::uint32_t label;
    Want want;
    std::size_t offset;
  };

  void resolve(std::uint32_t label);
  bool is(NodeId id, Want want) const;
  [[noreturn]] void fail(std::size_t offset, std::string_view field, std::string_view what) const;

  Graph& graph_;
  std::size_t text_size_;
  std::vector<Label> labels_;
  IdMap<std::uint32_t> places_;  // number -> place in labels_, plus one
  std::vector<Fixup> fixups_;
  std::vector<Check> checks_;
};

}  // namespace assay
