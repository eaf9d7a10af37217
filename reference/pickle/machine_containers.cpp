// Tuples, lists, dicts, sets, and what is put into them.
#include <cstring>

#include "reference/pickle/machine_state.h"

namespace assay::pickle {

void Machine::short_tuple(std::size_t size) {
  need(size);
  const std::size_t first = stack_.size() - size;
  const NodeId tuple = graph_.tuple({stack_.data() + first, size});
  cut(first);
  push(tuple);
}

void Machine::op_tuple1() {
  short_tuple(1);
}
void Machine::op_tuple2() {
  short_tuple(2);
}
void Machine::op_tuple3() {
  short_tuple(3);
}

void Machine::op_tuple() {
  const Marked marked = pop_mark();
  const NodeId tuple = graph_.tuple(items(marked));
  cut(marked.cut);
  push(tuple);
}

void Machine::op_list() {
  const Marked marked = pop_mark();
  const NodeId list = graph_.list(items(marked));
  cut(marked.cut);
  push(list);
}

void Machine::op_appends() {
  const Marked marked = pop_mark();
  const NodeId list = target(marked);
  const Items values = items(marked);
  if (graph_.kind(list) == Kind::list) [[likely]]
    graph_.extend(list, values);
  else if (!values.empty() || !profile_.has(Quirk::zero_items_untouched))
    append_to_other(list, values);
  cut(marked.cut);
}

// What APPEND and APPENDS do to an object that is no list: extend() if it has
// that, else append() for each value.
void Machine::append_to_other(NodeId target, Items values) {
  if (graph_.kind(target) == Kind::bytearray) {
    extend_bytearray(target, values);
    return;
  }
  if (!is_instance(target)) no_attribute("append");
  for (const NodeId value : values) graph_.record(target, Op::append, value);
}

// --- dicts ------------------------------------------------------------------

// Records have the same key objects in the same order, one dict after another:
// keys that were found to be different once need not be compared again.

bool Machine::in_shape(NodeId dict, Items pairs) const {
  const std::size_t known = graph_.edges(dict).size();
  if (known / 2 + pairs.size() / 2 > shape_.size()) return false;
  const NodeId* key = shape_.data();
  for (std::size_t i = 0; i < known; i += 2)
    if (graph_.edges(dict)[i] != *key++) return false;
  for (std::size_t i = 0; i < pairs.size(); i += 2)
    if (pairs[i] != *key++) return false;
  return true;
}

void Machine::learn_shape(NodeId dict) {
  const Items edges = graph_.edges(dict);
  if (edges.size() > 2 * largest_shape) return;
  shape_.shrink(0);
  for (std::size_t i = 0; i < edges.size(); i += 2) shape_.push(edges[i]);
}

void Machine::set_pairs(NodeId dict, Items pairs) {
  pairs = pairs.first(pairs.size() / 2 * 2);
  if (pairs.empty()) return;
  if (in_shape(dict, pairs)) {
    std::memcpy(graph_.grow(dict, pairs.size()), pairs.data(), pairs.size_bytes());
    return;
  }
  if (graph_.edges(dict).empty()) graph_.reserve(dict, pairs.size());
  for (std::size_t i = 0; i < pairs.size(); i += 2) set_key(dict, pairs[i], pairs[i + 1]);
  learn_shape(dict);
}

void Machine::op_dict() {
  const Marked marked = pop_mark();
  const NodeId dict = graph_.dict();
  if (marked.first <= stack_.size()) [[likely]] {
    const Items pairs = items(marked);
    const bool odd = pairs.size() % 2 != 0 && !profile_.has(Quirk::odd_dict_accepted);
    if (odd && profile_.has(Quirk::odd_items_checked))
      fail(Fault::odd_items, "odd number of items for DICT");
    set_pairs(dict, pairs);
    if (odd) fail(Fault::odd_items, "list index out of range");
    cut(marked.cut);
  }
  push(dict);
}

void Machine::op_setitem() {
  need(3);
  const NodeId value = pop();
  const NodeId key = pop();
  const NodeId target = stack_.back();
  if (graph_.kind(target) == Kind::dict) [[likely]] {
    const NodeId pair[2] = {key, value};
    set_pairs(target, pair);
  } else {
    set_item(target, key, value);
  }
}

void Machine::op_setitems() {
  const Marked marked = pop_mark();
  const NodeId dict = target(marked);
  const Items pairs = items(marked);
  const bool odd = pairs.size() % 2 != 0;
  if (odd && profile_.has(Quirk::odd_items_checked))
    fail(Fault::odd_items, "odd number of items for SETITEMS");
  if (graph_.kind(dict) == Kind::dict) [[likely]]
    set_pairs(dict, pairs);
  else
    for (std::size_t i = 0; i + 1 < pairs.size(); i += 2) set_item(dict, pairs[i], pairs[i + 1]);
  if (odd) fail(Fault::odd_items, "list index out of range");
  cut(marked.cut);
}

// --- sets -------------------------------------------------------------------

void Machine::op_additems() {
  const Marked marked = pop_mark();
  const NodeId set = target(marked);
  const Items values = items(marked);
  if (graph_.kind(set) == Kind::set) [[likely]] {
    for (const NodeId value : values) add_key(set, value);
  } else if (!values.empty() || !profile_.has(Quirk::zero_items_untouched)) {
    if (!is_instance(set)) no_attribute("add");
    for (const NodeId value : values) graph_.record(set, Op::add, value);
  }
  cut(marked.cut);
}

void Machine::op_frozenset() {
  const Marked marked = pop_mark();
  const NodeId frozenset = graph_.frozenset();
  for (const NodeId value : items(marked)) add_key(frozenset, value);
  cut(marked.cut);
  push(frozenset);
}

}  // namespace assay::pickle
