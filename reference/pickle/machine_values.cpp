// What Python does with values of any kind where a pickle makes it: truth,
// iteration, item assignment, bytearrays that change.
#include <algorithm>

#include "reference/bytes/limits.h"
#include "reference/pickle/machine_state.h"
#include "reference/value/integer.h"
#include "reference/value/utf8.h"

namespace assay::pickle {

void Machine::charge(std::uint64_t size) {
  charged_ += size;
  if (charged_ > charge_limit_)
    throw DecodeError(ErrorKind::limit, opcode_offset_, "pickle",
                      "values made that the input did not pay for");
}

void Machine::no_attribute(std::string_view name) const {
  fail(Fault::attribute_error, "object has no attribute '" + std::string(name) + "'");
}

// --- keys -----------------------------------------------------------------------

// A writable buffer cannot be a key, nor what holds one. Keys tells buffers
// apart by their number and knows nothing else of them.
void Machine::refuse_writable_buffers(NodeId key) {
  std::vector<NodeId> open{key};
  while (!open.empty()) {
    const NodeId node = open.back();
    open.pop_back();
    const Kind kind = graph_.kind(node);
    if (kind == Kind::buffer && supplied(node).writable)
      fail(Fault::type_error, "unhashable type: 'bytearray'");
    if (kind != Kind::tuple && kind != Kind::frozenset && kind != Kind::slice) continue;
    const Items edges = graph_.edges(node);
    charge(edges.size());
    open.insert(open.end(), edges.begin(), edges.end());
  }
}

// --- what a value is ------------------------------------------------------------

Kind Machine::behaves_as(NodeId node) const {
  const Kind kind = graph_.kind(node);
  if (kind != Kind::buffer) return kind;
  return supplied(node).writable ? Kind::bytearray : Kind::bytes;
}

const SuppliedBuffer& Machine::supplied(NodeId buffer) const {
  return options_.buffers[static_cast<std::size_t>(graph_[buffer].integer)];
}

bool Machine::is_class(NodeId node) const {
  const Kind kind = graph_.kind(node);
  return kind == Kind::global || kind == Kind::ext;
}

bool Machine::is_mark_object(NodeId node) const {
  return !mark_objects_.empty() &&
         std::find(mark_objects_.begin(), mark_objects_.end(), node) != mark_objects_.end();
}

bool Machine::is_instance(NodeId node) const {
  return Graph::is_instance(graph_.kind(node)) && !is_mark_object(node);
}

Bytes Machine::contents(NodeId node) const {
  while (graph_.kind(node) == Kind::readonly) node = graph_.edges(node)[0];
  return graph_.kind(node) == Kind::buffer ? supplied(node).data : graph_.data(node);
}

bool Machine::truth(NodeId node) {
  switch (behaves_as(node)) {
    case Kind::none:
    case Kind::false_:
      return false;
    case Kind::integer:
      return graph_[node].integer != 0;
    case Kind::floating:
      return graph_[node].floating != 0;
    case Kind::complex:
      return graph_.real(node) != 0 || graph_.imaginary(node) != 0;
    case Kind::string:
    case Kind::bytes:
    case Kind::bytearray:
    case Kind::readonly:
      return !contents(node).empty();
    case Kind::list:
    case Kind::tuple:
    case Kind::dict:
    case Kind::set:
    case Kind::frozenset:
      return !graph_.edges(node).empty();
    case Kind::range: {
      if (profile_.has(Quirk::range_opaque)) return true;
      const Items parts = graph_.edges(node);
      const std::strong_ordering order = compare_integers(graph_, parts[0], graph_, parts[1]);
      return compare_integer_double(graph_, parts[2], 0) > 0 ? order < 0 : order > 0;
    }
    case Kind::not_implemented:
      if (profile_.has(Quirk::not_implemented_has_no_truth))
        fail(Fault::type_error, "NotImplemented should not be used in a boolean context");
      return true;
    default:
      return true;
  }
}

// --- iteration --------------------------------------------------------------------

void Machine::iterate(NodeId node, Pool<NodeId>& items) {
  switch (const Kind kind = behaves_as(node)) {
    case Kind::list:
    case Kind::tuple:
    case Kind::set:
    case Kind::frozenset:
    case Kind::dict: {
      const Items edges = graph_.edges(node);
      const std::size_t step = kind == Kind::dict ? 2 : 1;
      const bool ordered =
          kind == Kind::list || kind == Kind::tuple || (kind == Kind::dict && !profile_.python2());
      if (!ordered && edges.size() > step) unsupported("iteration in an order that hashes decide");
      charge(edges.size());
      for (std::size_t i = 0; i < edges.size(); i += step) items.push(edges[i]);
      return;
    }
    case Kind::string:
      iterate_text(graph_.data(node), items);
      return;
    case Kind::bytes:
    case Kind::bytearray:
    case Kind::readonly: {
      const Bytes data = contents(node);
      charge(data.size());
      for (std::size_t i = 0; i < data.size(); ++i)
        items.push(profile_.python2() && kind == Kind::bytes ? graph_.bytes(data.subspan(i, 1))
                                                             : graph_.integer(data[i]));
      return;
    }
    case Kind::range:
      if (profile_.has(Quirk::range_opaque)) break;
      iterate_range(node, items);
      return;
    default:
      break;
  }
  fail(Fault::type_error, "object is not iterable");
}

void Machine::iterate_text(Bytes text, Pool<NodeId>& items) {
  charge(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t start = at;
    decode_utf8(text, at);
    items.push(graph_.string(text.subspan(start, at - start)));
  }
}

void Machine::iterate_range(NodeId range, Pool<NodeId>& items) {
  const NodeId parts[3] = {graph_.edges(range)[0], graph_.edges(range)[1], graph_.edges(range)[2]};
  if (!truth(range)) return;
  for (const NodeId part : parts)
    if (graph_.kind(part) != Kind::integer) unsupported("iteration of a range beyond 64 bits");
  const __int128 step = graph_[parts[2]].integer;
  const __int128 stop = graph_[parts[1]].integer;
  for (__int128 at = graph_[parts[0]].integer; step > 0 ? at < stop : at > stop; at += step) {
    charge(1);
    items.push(graph_.integer(static_cast<std::int64_t>(at)));
  }
}

NodeId Machine::star(NodeId node) {
  if (graph_.kind(node) == Kind::tuple) return node;
  Pool<NodeId> items;
  iterate(node, items);
  return graph_.tuple({items.data(), items.size()});
}

// --- item assignment --------------------------------------------------------------

void Machine::set_item(NodeId node, NodeId key, NodeId value) {
  switch (graph_.kind(node)) {
    case Kind::dict:
      set_key(node, key, value);
      return;
    case Kind::list:
      set_list_item(node, key, value);
      return;
    case Kind::bytearray:
      if (graph_.kind(key) == Kind::slice)
        set_byte_slice(node, key, value);
      else
        set_byte(node, key, value);
      return;
    default:
      if (is_instance(node)) {
        graph_.record(node, Op::set, key, value);
        return;
      }
      if (beyond_size(key) && is_sequence(node))
        fail(Fault::index_error, "cannot fit 'int' into an index");
      fail(Fault::type_error, "object does not support item assignment");
  }
}

// Whether PyObject_SetItem takes an integer for an index before it finds that
// nothing can be assigned: types with a tp_as_sequence and no mp_ass_subscript,
// as every class made by a class statement is.
bool Machine::is_sequence(NodeId node) const {
  switch (graph_.kind(node)) {
    case Kind::buffer:
      return !supplied(node).writable;
    case Kind::string:
    case Kind::bytes:
    case Kind::tuple:
    case Kind::range:
    case Kind::set:
    case Kind::frozenset:
    case Kind::global:
    case Kind::ext:
    case Kind::persid:
      return true;
    default:
      return false;
  }
}

// Whether an integer does not fit a Py_ssize_t.
bool Machine::beyond_size(NodeId number) const {
  if (graph_.kind(number) == Kind::big_integer) return true;
  if (graph_.kind(number) != Kind::integer) return false;
  const auto largest = static_cast<std::int64_t>(profile_.largest_size());
  return graph_[number].integer > largest || graph_[number].integer < -largest - 1;
}

std::size_t Machine::index_of(NodeId key, std::size_t size) {
  const Kind kind = graph_.kind(key);
  if (!is_integer(kind)) fail(Fault::type_error, "indices must be integers or slices");
  if (kind == Kind::big_integer) fail(Fault::index_error, "cannot fit 'int' into an index");
  std::int64_t index = kind == Kind::integer ? graph_[key].integer : kind == Kind::true_;
  if (index < 0) index += static_cast<std::int64_t>(size);
  if (index < 0 || static_cast<std::uint64_t>(index) >= size)
    fail(Fault::index_error, "assignment index out of range");
  return static_cast<std::size_t>(index);
}

// A part of a slice, clipped as PySlice_AdjustIndices does.
std::int64_t Machine::slice_part(NodeId part, std::int64_t lowest, std::int64_t highest,
                                 std::int64_t missing, std::size_t size) {
  if (part == Graph::none) return missing;
  const Kind kind = graph_.kind(part);
  if (!is_integer(kind))
    fail(Fault::type_error, "slice indices must be integers or None or have an __index__ method");
  if (kind == Kind::big_integer) return graph_.negative(part) ? lowest : highest;
  std::int64_t value = kind == Kind::integer ? graph_[part].integer : kind == Kind::true_;
  if (value < 0) {
    // Adding the size cannot overflow: the signs differ.
    value += static_cast<std::int64_t>(size);
    return std::max(value, lowest);
  }
  return std::min(value, highest);
}

Machine::Span Machine::slice_span(NodeId slice, std::size_t size) {
  const NodeId parts[3] = {graph_.edges(slice)[0], graph_.edges(slice)[1], graph_.edges(slice)[2]};
  constexpr std::int64_t most = INT64_MAX;
  std::int64_t step = 1;
  if (parts[2] != Graph::none) {
    const Kind kind = graph_.kind(parts[2]);
    if (!is_integer(kind)) fail(Fault::type_error, "slice indices must be integers");
    if (kind == Kind::big_integer)
      step = graph_.negative(parts[2]) ? -most : most;
    else
      step = kind == Kind::integer ? graph_[parts[2]].integer : kind == Kind::true_;
    if (step == 0) fail(Fault::value_error, "slice step cannot be zero");
    step = std::max(step, -most);
  }
  const auto end = static_cast<std::int64_t>(size);
  const std::int64_t lowest = step < 0 ? -1 : 0;
  const std::int64_t highest = step < 0 ? end - 1 : end;
  const std::int64_t start =
      slice_part(parts[0], lowest, highest, step < 0 ? highest : lowest, size);
  const std::int64_t stop =
      slice_part(parts[1], lowest, highest, step < 0 ? lowest : highest, size);
  std::int64_t count = 0;
  if (step < 0 && stop < start) count = (start - stop - 1) / -step + 1;
  if (step > 0 && start < stop) count = (stop - start - 1) / step + 1;
  return {start, stop, step, count};
}

void Machine::set_list_item(NodeId list, NodeId key, NodeId value) {
  if (graph_.kind(key) == Kind::slice)
    set_list_slice(list, key, value);
  else
    graph_.set_edge(list, index_of(key, graph_.edges(list).size()), value);
}

void Machine::set_list_slice(NodeId list, NodeId slice, NodeId value) {
  const Span span = slice_span(slice, graph_.edges(list).size());
  Pool<NodeId> values;
  iterate(value, values);
  if (span.step != 1) {
    if (values.size() != static_cast<std::size_t>(span.count))
      fail(Fault::value_error, "attempt to assign sequence to extended slice");
    for (std::size_t i = 0; i < values.size(); ++i)
      graph_.set_edge(
          list, static_cast<std::size_t>(span.start + static_cast<std::int64_t>(i) * span.step),
          values[i]);
    return;
  }
  // The items behind the slice are added again behind the values.
  const auto from = static_cast<std::size_t>(span.start);
  const auto to = static_cast<std::size_t>(std::max(span.start, span.stop));
  const Items rest = graph_.edges(list).subspan(to);
  charge(rest.size());
  for (const NodeId item : rest) values.push(item);
  graph_.shrink(list, from);
  graph_.extend(list, {values.data(), values.size()});
}

// --- bytearrays -------------------------------------------------------------------

// A byte that is to be put into a bytearray.
std::uint8_t Machine::byte_of(NodeId value) {
  const Kind kind = graph_.kind(value);
  if (profile_.python2() && kind == Kind::bytes) {
    if (graph_.data(value).size() != 1) fail(Fault::value_error, "string must be of size 1");
    return graph_.data(value)[0];
  }
  if (!is_integer(kind)) fail(Fault::type_error, "an integer is required");
  const std::int64_t byte = kind == Kind::integer       ? graph_[value].integer
                            : kind == Kind::big_integer ? -1
                                                        : kind == Kind::true_;
  if (byte < 0 || byte > 255) fail(Fault::value_error, "byte must be in range(0, 256)");
  return static_cast<std::uint8_t>(byte);
}

// The bytes of a bytearray, as `size` bytes that may be written: the first of
// them are the old ones.
std::uint8_t* Machine::writable_bytes(NodeId bytearray, std::size_t size) {
  const Bytes old = contents(bytearray);
  std::size_t& capacity = bytearray_capacity_[bytearray];
  auto* bytes = const_cast<std::uint8_t*>(old.data());  // the store's own if it has a capacity
  if (size > capacity || capacity == 0) {
    charge(old.size());
    const std::size_t wanted = std::max<std::size_t>(size + size / 2, 16);
    bytes = graph_.allocate(wanted);
    if (!old.empty()) std::copy_n(old.data(), std::min(old.size(), size), bytes);
    capacity = wanted;
  }
  graph_.set_bytearray(bytearray, {bytes, size});
  return bytes;
}

// A bytearray keeps its size as long as a memoryview of it lives: one that can
// be reached from the stack, the memo, or `held`, which the opcode still holds.
void Machine::require_resizable(NodeId bytearray, NodeId held) {
  if (readonly_views_ == 0) return;
  std::vector<bool> seen(graph_.size());
  std::vector<NodeId> open;
  const auto reach = [&](NodeId node) {
    if (node >= seen.size() || seen[node]) return;  // no_node is beyond, too
    seen[node] = true;
    open.push_back(node);
  };
  charge(graph_.size());
  for (std::size_t i = 0; i < stack_.size(); ++i) reach(stack_[i]);
  memo_.for_each(reach);
  reach(held);
  while (!open.empty()) {
    const NodeId node = open.back();
    open.pop_back();
    const Items edges = graph_.edges(node);
    if (graph_.kind(node) == Kind::readonly && edges[0] == bytearray)
      fail(Fault::buffer_error, "Existing exports of data: object cannot be re-sized");
    for (const NodeId edge : edges) reach(edge);
  }
}

void Machine::extend_bytearray(NodeId bytearray, Items values) {
  const std::size_t size = contents(bytearray).size();
  Pool<std::uint8_t> bytes;
  for (const NodeId value : values) bytes.push(byte_of(value));
  if (values.empty()) return;
  require_resizable(bytearray, no_node);
  std::uint8_t* data = writable_bytes(bytearray, size + bytes.size());
  std::copy_n(bytes.data(), bytes.size(), data + size);
}

void Machine::set_byte(NodeId bytearray, NodeId key, NodeId value) {
  const std::size_t size = contents(bytearray).size();
  // Later versions look at the value before they look whether the index, which
  // must be an integer that fits, is in range.
  if (profile_.has(Quirk::byte_checked_before_index)) {
    if (graph_.kind(key) == Kind::big_integer || !is_integer(graph_.kind(key))) index_of(key, size);
    byte_of(value);
  }
  const std::size_t index = index_of(key, size);
  const std::uint8_t byte = byte_of(value);
  writable_bytes(bytearray, size)[index] = byte;
}

void Machine::set_byte_slice(NodeId bytearray, NodeId slice, NodeId value) {
  const std::size_t size = contents(bytearray).size();
  const Span span = slice_span(slice, size);
  Pool<std::uint8_t> bytes;
  slice_bytes(value, bytes);
  const auto from = static_cast<std::size_t>(span.start);
  if (span.step == 1) {
    const auto to = static_cast<std::size_t>(std::max(span.start, span.stop));
    replace_bytes(bytearray, from, to, {bytes.data(), bytes.size()}, value);
    return;
  }
  if (bytes.empty()) {
    delete_bytes(bytearray, span, value);
    return;
  }
  if (bytes.size() != static_cast<std::size_t>(span.count))
    fail(Fault::value_error, "attempt to assign bytes to extended slice");
  std::uint8_t* data = writable_bytes(bytearray, size);
  for (std::size_t i = 0; i < bytes.size(); ++i)
    data[span.start + static_cast<std::int64_t>(i) * span.step] = bytes[i];
}

// bytearray(value), where a slice is assigned.
void Machine::slice_bytes(NodeId value, Pool<std::uint8_t>& bytes) {
  const Kind kind = behaves_as(value);
  if (kind == Kind::bytes || kind == Kind::bytearray || kind == Kind::readonly) {
    const Bytes data = contents(value);
    charge(data.size());
    std::copy_n(data.data(), data.size(), bytes.extend(data.size()));
    return;
  }
  if (kind == Kind::string) fail(Fault::type_error, "can assign only bytes, buffers or iterables");
  Pool<NodeId> items;
  iterate(value, items);
  for (std::size_t i = 0; i < items.size(); ++i) bytes.push(byte_of(items[i]));
}

void Machine::replace_bytes(NodeId bytearray, std::size_t from, std::size_t to, Bytes data,
                            NodeId held) {
  if (to - from != data.size()) require_resizable(bytearray, held);
  const Bytes old = contents(bytearray);
  charge(old.size());
  Pool<std::uint8_t> made;
  std::copy_n(old.data(), from, made.extend(from));
  std::copy_n(data.data(), data.size(), made.extend(data.size()));
  std::copy_n(old.data() + to, old.size() - to, made.extend(old.size() - to));
  std::copy_n(made.data(), made.size(), writable_bytes(bytearray, made.size()));
}

// An extended slice that is assigned nothing is deleted.
void Machine::delete_bytes(NodeId bytearray, Span span, NodeId held) {
  if (span.count != 0) require_resizable(bytearray, held);
  const Bytes old = contents(bytearray);
  charge(old.size());
  if (span.step < 0) {
    span.start += (span.count - 1) * span.step;
    span.step = -span.step;
  }
  Pool<std::uint8_t> made;
  std::int64_t left = span.count, next = span.start;
  for (std::size_t i = 0; i < old.size(); ++i) {
    if (left > 0 && static_cast<std::int64_t>(i) == next) {
      if (--left > 0) next += span.step;
    } else {
      made.push(old[i]);
    }
  }
  std::copy_n(made.data(), made.size(), writable_bytes(bytearray, made.size()));
}

}  // namespace assay::pickle
