#include "reference/marshal/key_filler.h"

#include <bit>

namespace assay::marshal {

void KeyFiller::operator()(NodeId container, std::size_t step, std::span<const NodeId> parts) {
  if (distinct(step, parts)) {
    graph_.fill(container, step == 2 ? Kind::dict : Kind::set, parts);
  } else if (step == 2) {
    for (std::size_t i = 0; i < parts.size(); i += 2) keys_.set(container, parts[i], parts[i + 1]);
  } else {
    for (const NodeId part : parts) keys_.add(container, part);
  }
}

// Whether no key equals another. Records have the keys of the record before.
bool KeyFiller::distinct(std::size_t step, std::span<const NodeId> parts) {
  const std::size_t count = parts.size() / step;
  if (count < 2) return true;
  if (step == 2 && same_keys(parts)) return true;
  const std::size_t size = std::bit_ceil(count * 2);
  cells_.shrink(0);
  Cell* const cells = cells_.extend(size);
  for (std::size_t i = 0; i < size; ++i) cells[i].key = no_node;
  Equality& equality = keys_.equality();
  for (std::size_t i = 0; i < parts.size(); i += step) {
    const NodeId key = parts[i];
    const auto hash = static_cast<std::uint32_t>(equality.hash(key));
    std::size_t at = hash & (size - 1);
    for (; cells[at].key != no_node; at = (at + 1) & (size - 1))
      if (cells[at].hash == hash && (cells[at].key == key || equality.equal(cells[at].key, key)))
        return false;
    cells[at] = {hash, key};
  }
  if (step == 2) {
    distinct_.shrink(0);
    for (std::size_t i = 0; i < parts.size(); i += 2) distinct_.push(parts[i]);
  }
  return true;
}

// Whether these are the keys of the last dict of which none equalled another.
bool KeyFiller::same_keys(std::span<const NodeId> pairs) const {
  if (distinct_.size() * 2 != pairs.size()) return false;
  for (std::size_t i = 0; i < distinct_.size(); ++i)
    if (distinct_[i] != pairs[i * 2]) return false;
  return true;
}

}  // namespace assay::marshal
