// Lists, dicts, tuples, sets and frozensets.
#include <algorithm>

#include "reference/pickle/pickler_state.h"

namespace assay::pickle {

// --- batches of items -----------------------------------------------------------

// A frame for `count` items (pairs) of a node, with its first batch begun.
Frame& Pickling::begin_items(Task task, NodeId id, std::size_t count) {
  Frame& frame = push(task, id);
  const bool pairs = task == Task::pairs;
  if (pairs && count > 0x7fffffff) unsupported("a dict of 2**31 pairs");
  frame.end = static_cast<std::uint32_t>(pairs ? 2 * count : count);
  frame.stride = pairs ? 2 : 1;
  frame.exact = true;
  return frame;
}

// Begins the next batch; false if there is none. Protocol 0 knows no batches.
bool Pickling::next_batch(Frame& frame) {
  constexpr std::uint32_t batch_size = 1000;
  const bool pairs = frame.task == Task::pairs;
  const std::uint32_t width = pairs ? 2 : 1;
  const std::uint32_t left = (frame.end - frame.at) / width;
  const bool exact = frame.exact && protocol_ > 0;
  if (left == 0) {
    const std::uint32_t all = frame.end / width;
    if (exact && (pairs || frame.is_set) && all > 0 && all % batch_size == 0 &&
        profile_.has(Quirk::empty_last_batch)) {
      out_.code(Code::MARK);
      frame.batch = Batch::marked;
      close_batch(frame);
    }
    return false;
  }
  const bool tail_marked =
      exact && frame.at > 0 &&
      profile_.has(pairs ? Quirk::dict_tail_batched : Quirk::list_tail_batched);
  const bool one = protocol_ == 0 || (left == 1 && !frame.is_set && !tail_marked);
  frame.batch = one ? Batch::one : Batch::marked;
  frame.batch_end = frame.at + width * (one ? 1 : std::min(left, batch_size));
  if (!one) out_.code(Code::MARK);
  return true;
}

void Pickling::close_batch(const Frame& frame) {
  const bool marked = frame.batch == Batch::marked;
  if (frame.batch == Batch::none) return;
  if (frame.is_set)
    out_.code(Code::ADDITEMS);
  else if (frame.task == Task::pairs)
    out_.code(marked ? Code::SETITEMS : Code::SETITEM);
  else
    out_.code(marked ? Code::APPENDS : Code::APPEND);
}

void Pickling::end_items() {
  const Frame& frame = top();
  if (options_.fast && frame.exact && !frame.fresh) finish(slot(frame.node));
  pop();
}

// Writes a number that is binary: what most long lists hold, so that they are
// written without save()'s detour. False if it is none.
inline bool Pickling::save_plain_number(NodeId id) {
  const Node& node = graph_[id];
  if (protocol_ == 0) return false;
  if (node.kind == Kind::floating) {
    out_.boundary();
    out_.binfloat(node.floating);
    return true;
  }
  const bool plain = node.kind == Kind::integer && (node.flags & flag::python2_long) == 0 &&
                     node.integer == static_cast<std::int32_t>(node.integer);
  if (!plain) return false;
  out_.boundary();
  out_.binint(static_cast<std::int32_t>(node.integer));
  return true;
}

void Pickling::step_list() {
  for (;;) {
    Frame& frame = top();
    const NodeId* items = graph_.edges(frame.node).data() + frame.first;
    const std::uint32_t stride = frame.stride;
    while (frame.at != frame.batch_end) {
      const NodeId item = items[frame.at++ * stride];
      if (save_plain_number(item)) continue;
      // The list's iterator gives a reference of its own.
      if (!save(item, true)) return;
    }
    close_batch(frame);
    if (!next_batch(frame)) return end_items();
  }
}

void Pickling::step_pairs() {
  for (;;) {
    Frame& frame = top();
    const NodeId* pairs = graph_.edges(frame.node).data() + frame.first;
    const std::uint32_t stride = frame.stride;
    // iteritems() refers to what it gives; PyDict_Next() does not.
    const bool held = protocol_ == 0 || !frame.exact;
    while (frame.at != frame.batch_end) {
      const std::uint32_t at = frame.at++;
      if (!save(pairs[(at >> 1) * stride + (at & 1)], held)) return;
    }
    close_batch(frame);
    if (!next_batch(frame)) return end_items();
  }
}

// --- lists and dicts --------------------------------------------------------------

bool Pickling::save_list(NodeId id, bool held) {
  if (options_.fast) {
    if (!begin(&memo_[id], id)) return true;
  } else if (known(memo_[id])) {
    write_get(memo_[id]);
    return true;
  }
  const std::size_t count = graph_[id].size;
  if (protocol_ > 0)
    out_.code(Code::EMPTY_LIST);
  else
    out_.text("(l");
  if (count == 0) {
    memoize_counted(&memo_[id], id, held || has_persids_);
    return true;
  }
  if (!options_.fast) memoize(&memo_[id]);
  begin_items(Task::list, id, count);
  return false;
}

bool Pickling::save_dict(NodeId id, bool held) {
  if (options_.fast) {
    if (!begin(&memo_[id], id)) return true;
  } else if (known(memo_[id])) {
    write_get(memo_[id]);
    return true;
  }
  const std::size_t count = graph_[id].size / 2;
  if (protocol_ > 0)
    out_.code(Code::EMPTY_DICT);
  else
    out_.text("(d");
  if (count == 0) {
    memoize_counted(&memo_[id], id, held || has_persids_);
    return true;
  }
  if (!options_.fast) memoize(&memo_[id]);
  begin_items(Task::pairs, id, count);
  return false;
}

// list(set), as the argument of set().
bool Pickling::save_fresh_list(NodeId set) {
  out_.boundary();
  const std::size_t count = graph_[set].size;
  if (protocol_ > 0)
    out_.code(Code::EMPTY_LIST);
  else
    out_.text("(l");
  // cPickle.c save_list: put2() if there are items.
  memoize_fresh(count > 0 || has_persids_);
  if (count == 0) return true;
  begin_items(Task::list, set, count).fresh = true;
  return false;
}

// dict(kwargs), in protocols 2 and 3 of Python 3.
bool Pickling::save_fresh_dict(NodeId dict) {
  out_.boundary();
  const std::size_t count = graph_[dict].size / 2;
  out_.code(Code::EMPTY_DICT);
  memoize_fresh();
  if (count == 0) return true;
  begin_items(Task::pairs, dict, count).fresh = true;
  return false;
}

// --- tuples -----------------------------------------------------------------------

bool Pickling::save_tuple(NodeId id, bool held) {
  const std::uint32_t size = graph_[id].size;
  if (size == 0) {
    if (protocol_ > 0)
      out_.code(Code::EMPTY_TUPLE);
    else
      out_.text("(t");
    return true;
  }
  if (!begin(&memo_[id], id)) return true;
  if (size > 3 || protocol_ < 2) out_.code(Code::MARK);
  Frame& frame = push(Task::tuple, id);
  frame.end = size;
  frame.held = held;
  return false;
}

// The arguments of a call or new as a tuple that is new, with the callee in front
// if so wanted.
bool Pickling::save_fresh_tuple(NodeId node, bool with_callee) {
  out_.boundary();
  const std::uint32_t size = graph_[graph_.args(node)].size + (with_callee ? 1 : 0);
  if (size == 0) return save_tuple(Graph::empty_tuple, false);
  if (size > 3 || protocol_ < 2) out_.code(Code::MARK);
  Frame& frame = push(Task::tuple, node);
  frame.end = size;
  frame.fresh = true;
  frame.with_callee = with_callee;
  return false;
}

void Pickling::step_tuple() {
  Frame& frame = top();
  const bool fresh = frame.fresh;
  const NodeId* items = graph_.edges(fresh ? graph_.args(frame.node) : frame.node).data();
  const std::uint32_t before = frame.with_callee ? 1 : 0;
  while (frame.at != frame.end) {
    const std::uint32_t at = frame.at++;
    const NodeId item = at < before ? graph_.callee(frame.node) : items[at - before];
    if (!save(item, fresh)) return;
  }
  const Frame done = frame;
  pop();
  close_tuple(done);
}

// The opcode that makes a tuple of `size` items.
Code Pickling::tuple_code(std::size_t size) const {
  static constexpr Code codes[] = {Code::EMPTY_TUPLE, Code::TUPLE1, Code::TUPLE2, Code::TUPLE3};
  return size <= 3 && protocol_ >= 2 ? codes[size] : Code::TUPLE;
}

void Pickling::close_tuple(const Frame& frame) {
  const bool counted = frame.end <= 3 && protocol_ >= 2;
  if (!frame.fresh && known(memo_[frame.node])) {
    // It contains itself and was written meanwhile: what is on the stack goes.
    if (!counted && protocol_ > 0) {
      out_.code(Code::POP_MARK);
    } else {
      const std::size_t pops = frame.end + (counted ? 0 : 1);
      std::memset(out_.take(pops), static_cast<int>(Code::POP), pops);
    }
    return write_get(memo_[frame.node]);
  }
  out_.code(tuple_code(frame.end));
  if (frame.fresh)
    memoize_fresh();
  else
    memoize_counted(&memo_[frame.node], frame.node, frame.held);
}

// --- sets -------------------------------------------------------------------------

bool Pickling::save_set(NodeId id) {
  if (protocol_ < 4) {
    static constexpr Step recipe[] = {Step::global_set, Step::open, Step::item_list, Step::close1,
                                      Step::reduce,     Step::made, Step::end};
    return save_by_recipe(id, recipe);
  }
  if (!begin(&memo_[id], id)) return true;
  out_.code(Code::EMPTY_SET);
  if (!options_.fast) memoize(&memo_[id]);
  const std::size_t count = graph_[id].size;
  if (count == 0) {
    finish(&memo_[id]);
    return true;
  }
  begin_items(Task::list, id, count).is_set = true;
  return false;
}

bool Pickling::save_frozenset(NodeId id) {
  if (protocol_ < 4) {
    static constexpr Step recipe[] = {
        Step::global_frozenset, Step::open, Step::item_list, Step::close1,
        Step::reduce,           Step::made, Step::end};
    return save_by_recipe(id, recipe);
  }
  if (!begin(slot(id), id)) return true;
  out_.code(Code::MARK);
  Frame& frame = push(Task::frozenset, id);
  frame.end = graph_[id].size;
  frame.exact = true;
  return false;
}

void Pickling::step_frozenset() {
  Frame& frame = top();
  const NodeId id = frame.node;
  const NodeId* items = graph_.edges(id).data();
  while (frame.at != frame.end)
    if (!save(items[frame.at++])) return;
  pop();
  std::uint32_t* const place = slot(id);
  if (known(*place)) {
    out_.code(Code::POP_MARK);
    return write_get(*place);
  }
  out_.code(Code::FROZENSET);
  memoize(place);
}

}  // namespace assay::pickle
