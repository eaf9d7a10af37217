#include "reference/value/text_labels.h"

#include "reference/bytes/error.h"
#include "reference/value/integer.h"

namespace assay {

void TextLabels::fail(std::size_t offset, std::string_view field, std::string_view what) const {
  const ErrorKind kind = offset >= text_size_ ? ErrorKind::truncated : ErrorKind::malformed;
  throw DecodeError(kind, offset, field, what);
}

std::uint32_t TextLabels::label(std::uint32_t number, std::size_t offset) {
  std::uint32_t& place = places_[number];
  if (place == 0) {
    labels_.push_back({});
    labels_.back().used_at = offset;
    place = static_cast<std::uint32_t>(labels_.size());
  }
  return place - 1;
}

void TextLabels::claim(std::uint32_t label, std::size_t offset) {
  if (labels_[label].claimed) fail(offset, "label", "defined twice");
  labels_[label].claimed = true;
}

void TextLabels::define(std::uint32_t label, TextItem item) {
  if (item.pending()) {
    labels_[label].alias = item.label;
  } else {
    labels_[label].id = item.id;
  }
}

bool TextLabels::is(NodeId id, Want want) const {
  const Kind kind = graph_.kind(id);
  switch (want) {
    case Want::integer:
      return is_integer(kind);
    case Want::name:
      return kind == Kind::string || kind == Kind::bytes;
    case Want::tuple:
      return kind == Kind::tuple;
    case Want::dict:
      return kind == Kind::dict;
  }
  return false;
}

void TextLabels::require(TextItem item, Want want, std::size_t offset, std::string_view field,
                         std::string_view expected) {
  if (item.pending()) {
    checks_.push_back({item.label, want, offset});
  } else if (!is(item.id, want)) {
    fail(offset, field, expected);
  }
}

// Follows aliases to the label that has a node. Every alias on the way is then
// resolved, so that chains are walked once.
void TextLabels::resolve(std::uint32_t label) {
  std::uint32_t end = label;
  std::size_t aliases = 0;
  while (labels_[end].id == no_node) {
    if (!labels_[end].claimed) fail(labels_[end].used_at, "reference", "this label is not defined");
    if (++aliases > labels_.size()) fail(labels_[label].used_at, "label", "defined as itself");
    end = labels_[end].alias;
  }
  const NodeId id = labels_[end].id;
  for (std::uint32_t at = label; labels_[at].id == no_node; at = labels_[at].alias)
    labels_[at].id = id;
}

void TextLabels::resolve() {
  for (std::uint32_t label = 0; label < labels_.size(); ++label) resolve(label);
  for (const Fixup& fixup : fixups_)
    graph_.set_edge(fixup.holder, fixup.edge, labels_[fixup.label].id);
  for (const Check& check : checks_)
    if (!is(labels_[check.label].id, check.want))
      fail(check.offset, "reference", "refers to a value of the wrong type");
}

}  // namespace assay
