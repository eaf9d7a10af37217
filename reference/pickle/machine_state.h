// The machine's own parts, for its source files only: machine.cpp (the door and
// the loop) and one machine_*.cpp for each family of opcodes. Opcodes that
// pickles consist of are inlined into the loop (machine_inline.h).
//
// Every opcode is one function: it takes its argument, takes from the stack,
// does its work, pushes. Everything that a profile does differently hangs on
// profile_.has(Quirk::…) off the hot path.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "reference/pickle/encoding.h"
#include "reference/pickle/faults.h"
#include "reference/pickle/input.h"
#include "reference/pickle/machine.h"
#include "reference/pickle/memo.h"
#include "reference/pickle/resolve.h"
#include "reference/value/mapping.h"
#include "reference/value/pool.h"
#include "reference/value/utf8.h"

namespace assay::pickle {

// Little-endian integers of an argument.
inline std::int64_t little_16(const std::uint8_t* bytes) {
  return bytes[0] | bytes[1] << 8;
}
inline std::uint32_t little_32(const std::uint8_t* bytes) {
  return static_cast<std::uint32_t>(bytes[0] | bytes[1] << 8 | bytes[2] << 16) |
         static_cast<std::uint32_t>(bytes[3]) << 24;
}
inline std::int32_t little_signed_32(const std::uint8_t* bytes) {
  return static_cast<std::int32_t>(little_32(bytes));
}
inline std::uint64_t little_64(const std::uint8_t* bytes) {
  return little_32(bytes) | static_cast<std::uint64_t>(little_32(bytes + 4)) << 32;
}

class Machine {
 public:
  Machine(Graph& graph, Bytes file, const Profile& profile, UnpickleOptions options);

  // Runs to STOP and gives the value. Throws Rejection, Unhashable, DecodeError.
  NodeId load();
  void renew();

  const Profile& profile() const { return profile_; }
  std::uint64_t opcode_offset() const { return opcode_offset_; }
  std::uint64_t file_position() const { return input_.file_position(); }

 private:
  using Items = std::span<const NodeId>;

  // The part of the stack above a mark: its items start at `first`; the stack
  // is cut down to `cut` when they are taken (lower by one where the mark is
  // itself on the stack).
  struct Marked {
    std::size_t first;
    std::size_t cut;
  };

  NodeId run();
  [[noreturn]] void fail(Fault fault, std::string message = {}) const;
  // The lane knows the opcode and this machine does not: never a rejection.
  [[noreturn]] void unsupported(std::string what) const;

  // --- machine_stack.cpp ----------------------------------------------------
  void push(NodeId node) { stack_.push(node); }
  // How many items may be taken: those above the topmost mark.
  std::size_t height() const { return stack_.size() - fence_; }
  void need(std::size_t count) const {
    if (stack_.size() < fence_ + count) [[unlikely]]
      underflow();
  }
  NodeId top() const {
    need(1);
    return stack_.back();
  }
  NodeId pop() {
    need(1);
    const NodeId node = stack_.back();
    stack_.shrink(stack_.size() - 1);
    return node;
  }
  [[noreturn]] void underflow() const;
  Marked pop_mark();
  Marked find_mark_on_stack();
  // The items above a mark; fails where there are less than none (2.7).
  Items items(Marked marked) const;
  // The object below a mark, which the items are for.
  NodeId target(Marked marked) const;
  void cut(std::size_t size) { stack_.shrink(size); }
  void op_mark();
  void op_pop();
  void op_pop_mark();
  void op_dup();
  void op_get();
  void op_binget();
  void op_long_binget();
  void op_put();
  void op_binput();
  void op_long_binput();
  void op_memoize();
  void push_memo(NodeId value);
  void get_index(std::uint32_t index);
  void put_index(std::uint64_t index);
  std::optional<std::int64_t> index_of_number(NodeId number) const;

  // --- machine_numbers.cpp ----------------------------------------------------
  void op_int();
  void op_binint();
  void op_binint1();
  void op_binint2();
  void op_long();
  void op_long1();
  void op_long4();
  void op_float();
  void op_binfloat();
  void push_long(std::int64_t size);
  void push_unusual_int(Bytes line);
  // A line for a number or a name: fails if it is empty in the C lanes.
  Bytes nonempty_line();

  // --- machine_strings.cpp ----------------------------------------------------
  void op_string();
  void op_unicode();
  void op_short_binstring();
  void op_binstring();
  void op_short_binunicode();
  void op_binunicode();
  void op_binunicode8();
  void op_short_binbytes();
  void op_binbytes();
  void op_binbytes8();
  void op_bytearray8();
  void op_next_buffer();
  void op_readonly_buffer();
  void push_unicode(std::uint64_t size);
  void push_text(Bytes data);
  void push_bytes(std::uint64_t size);
  void push_string(Bytes data, bool counted);
  std::uint64_t count8();
  void check_size(std::uint64_t size, Fault fault) const;
  void allocate_first(std::uint64_t size);
  Bytes signed_payload(std::int64_t size);

  // --- machine_containers.cpp -------------------------------------------------
  void op_empty_tuple() { push(Graph::empty_tuple); }
  void op_tuple1();
  void op_tuple2();
  void op_tuple3();
  void op_tuple();
  void op_empty_list() { push(graph_.list()); }
  void op_list();
  void op_append();
  void op_appends();
  void op_empty_dict() { push(graph_.dict()); }
  void op_dict();
  void op_setitem();
  void op_setitems();
  void op_empty_set() { push(graph_.set()); }
  void op_additems();
  void op_frozenset();
  void short_tuple(std::size_t size);
  void set_pairs(NodeId dict, Items pairs);
  bool in_shape(NodeId dict, Items pairs) const;
  void learn_shape(NodeId dict);
  void append_to_other(NodeId target, Items values);

  // --- machine_objects.cpp ----------------------------------------------------
  void op_global();
  void op_stack_global();
  void op_inst();
  void op_obj();
  void op_reduce();
  void op_newobj();
  void op_newobj_ex();
  void op_build();
  void op_ext1();
  void op_ext2();
  void op_ext4();
  void op_persid();
  void op_binpersid();
  void op_proto();
  void op_frame();
  NodeId name_text(Bytes line, bool ascii);
  NodeId find_class(NodeId module, NodeId name);
  void push_extension(std::int64_t code);
  void push_persistent(NodeId pid);
  NodeId instantiate(NodeId cls, Items args);
  NodeId new_object(NodeId cls, NodeId args, NodeId kwargs);
  NodeId call(NodeId callee, NodeId args);
  bool is_keyword(NodeId key) const;
  NodeId keyword_name(NodeId key);
  NodeId keywords(NodeId kwargs);
  void build_default(NodeId instance, NodeId state);
  void build_state(NodeId instance, NodeId state);
  void build_slots(NodeId instance, NodeId slots);
  [[noreturn]] void set_attribute(NodeId node, NodeId name);

  // --- resolve.cpp ------------------------------------------------------------
  bool is_int(NodeId node) const;
  bool is_latin1_name(NodeId node, bool short_name_too) const;
  Bytes encode_latin1(NodeId text);
  NodeId resolve_set(NodeId made, Items args);
  NodeId resolve_bytearray(Items args);
  NodeId resolve_range(Items args);
  NodeId resolve_getattr(Items args);
  NodeId resolve_new(Constructor constructor, Items args);
  NodeId resolve_call(NodeId cls, NodeId arguments);

  // --- machine_values.cpp: what Python does to values of any kind --------------
  // A pass over `size` items or bytes that the input did not pay for; fails
  // with a limit when a pickle makes too many.
  void charge(std::uint64_t size);
  // dict[key] = value and set.add(item).
  void set_key(NodeId dict, NodeId key, NodeId value) {
    if (writable_buffers_) [[unlikely]]
      refuse_writable_buffers(key);
    keys_.set(dict, key, value);
  }
  void add_key(NodeId set, NodeId item) {
    if (writable_buffers_) [[unlikely]]
      refuse_writable_buffers(item);
    keys_.add(set, item);
  }
  void refuse_writable_buffers(NodeId key);
  // The kind that a value behaves as: a buffer is bytes or a bytearray.
  Kind behaves_as(NodeId node) const;
  bool is_class(NodeId node) const;
  bool is_instance(NodeId node) const;
  bool is_mark_object(NodeId node) const;
  const SuppliedBuffer& supplied(NodeId buffer) const;
  bool truth(NodeId node);
  // The bytes of bytes, a bytearray, a buffer or a memoryview.
  Bytes contents(NodeId node) const;
  // iter(node), appended to `items`; fails if it cannot be iterated.
  void iterate(NodeId node, Pool<NodeId>& items);
  void iterate_text(Bytes text, Pool<NodeId>& items);
  void iterate_range(NodeId range, Pool<NodeId>& items);
  // node as the tuple of f(*node).
  NodeId star(NodeId node);
  // node[key] = value
  void set_item(NodeId node, NodeId key, NodeId value);
  bool is_sequence(NodeId node) const;
  bool beyond_size(NodeId number) const;
  void set_list_item(NodeId list, NodeId key, NodeId value);
  void set_list_slice(NodeId list, NodeId slice, NodeId value);
  void set_byte(NodeId bytearray, NodeId key, NodeId value);
  void set_byte_slice(NodeId bytearray, NodeId slice, NodeId value);
  struct Span {
    std::int64_t start, stop, step, count;
  };
  Span slice_span(NodeId slice, std::size_t size);
  std::int64_t slice_part(NodeId part, std::int64_t lowest, std::int64_t highest,
                          std::int64_t missing, std::size_t size);
  // The place of an index in a sequence; fails if there is none.
  std::size_t index_of(NodeId key, std::size_t size);
  std::uint8_t byte_of(NodeId value);
  void extend_bytearray(NodeId bytearray, Items values);
  void slice_bytes(NodeId value, Pool<std::uint8_t>& bytes);
  void delete_bytes(NodeId bytearray, Span span, NodeId held);
  void replace_bytes(NodeId bytearray, std::size_t from, std::size_t to, Bytes data, NodeId held);
  std::uint8_t* writable_bytes(NodeId bytearray, std::size_t size);
  void require_resizable(NodeId bytearray, NodeId held);
  [[noreturn]] void no_attribute(std::string_view name) const;

  Graph& graph_;
  const Profile profile_;
  const UnpickleOptions options_;
  Encoding encoding_;
  Input input_;
  Keys keys_;
  static constexpr std::size_t largest_shape = 32;
  Pool<NodeId> shape_;  // keys of a dict made before, all different
  Pool<NodeId> stack_;
  std::size_t fence_ = 0;  // items below it are below a mark
  Pool<std::size_t> marks_;
  Memo memo_;
  NodeId mark_object_ = no_node;      // the mark of this load, where marks are objects
  std::vector<NodeId> mark_objects_;  // of all loads
  int protocol_ = 0;                  // of the last PROTO
  bool marks_on_stack_;
  bool fenced_;
  bool protocol_3_, protocol_4_, protocol_5_;  // whether the lane has its opcodes
  std::uint64_t opcode_offset_ = 0;
  std::size_t next_buffer_ = 0;
  std::size_t readonly_views_ = 0;  // made so far
  bool writable_buffers_ = false;   // whether there are any
  std::unordered_map<std::int64_t, NodeId> extension_cache_;
  std::unordered_map<NodeId, std::size_t> bytearray_capacity_;
  std::uint64_t charged_ = 0;
  std::uint64_t charge_limit_;
};

}  // namespace assay::pickle
