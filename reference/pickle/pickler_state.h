// The pickler's own parts, for its source files only: pickler.cpp (the door, the
// memo and the loop) and one pickler_*.cpp for each family of values.
//
// save(node) writes a value. A value that holds others leaves a frame on a stack
// of our own and says so; the loop goes on with the topmost frame until none is
// left, so nothing recurses. What __reduce__ would give is written by recipes,
// lists of steps: see pickler_recipes.cpp.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "reference/pickle/faults.h"
#include "reference/pickle/output.h"
#include "reference/pickle/pickler.h"
#include "reference/value/pool.h"

namespace assay::pickle {

// One step of a recipe.
enum class Step : std::uint8_t {
  end,
  // Globals that stand behind built-in values.
  global_set,
  global_frozenset,
  global_complex,
  global_range,
  global_slice,
  global_bytes,
  global_bytearray,
  global_encode,
  global_partial,
  global_reconstructor,
  global_newobj,
  global_newobj_ex,
  global_getattr,
  global_object,
  // Parts of the node at hand.
  callee,          // of a call or new
  args,            // its tuple of arguments, the object itself
  fresh_args,      // a new tuple of them
  class_and_args,  // a new tuple of callee and arguments
  kwargs,          // its dict of keywords, the object itself
  fresh_kwargs,    // a new dict of them
  list_items,      // .append(x) ...
  dict_items,      // .set(k, v) ...
  state,           // .build(x)
  arg0,            // an argument
  arg1,
  arg2,
  item_list,  // a new list of a set's items
  item0,      // an edge
  item1,
  item2,
  real_part,
  imaginary_part,
  latin1_text,   // the text of bytes
  byte_copy,     // the bytes of a bytearray
  latin1_name,   // 'latin1', a name of the pickler's own
  latin_1_text,  // 'latin-1', a new text
  object_new,    // object.__new__
  // A tuple of 1 to 3 new parts: its beginning and its end.
  open,
  close1,
  close2,
  close3,
  open4,
  close4,
  empty_tuple,
  none,
  memo,  // what was just made is in the memo, and nothing else knows it
  made,  // the node: in the memo, or its GET if it was written meanwhile
  reduce,
  newobj,
  newobj_ex,
  build,
  build_state,   // BUILD if there is a state
  state_setter,  // the second operand of .build(x, f)
  self,          // the node, from the memo
  tuple2,
  pop,
  rest,  // an instance is made: its memo, items, pairs and state, and the end
};

enum class Task : std::uint8_t { list, pairs, tuple, frozenset, recipe, persid };

// What a batch of items is written with.
enum class Batch : std::uint8_t { none, one, marked };

struct Frame {
  Task task;
  bool held;         // C2: something else refers to the object for now
  bool fresh;        // a copy: it has no identity of its own
  bool with_callee;  // tuple: the callee comes first
  bool exact;        // list, pairs: a real list, dict or set, no iterator
  bool is_set;
  Batch batch;
  std::uint8_t step;    // recipe: the next one
  std::uint8_t stride;  // edges from one item to the next
  std::uint32_t first;  // edges before the first item
  NodeId node;
  std::uint32_t at, end;  // items, or halves of pairs
  std::uint32_t batch_end;
  const Step* recipe;
};

struct TextHash {
  using is_transparent = void;
  std::size_t operator()(std::string_view text) const {
    return std::hash<std::string_view>{}(text);
  }
};

class Pickling {
 public:
  Pickling(const Graph& graph, const Profile& profile, const PickleOptions& options);

  // Writes the whole pickle; throws Rejection or DecodeError.
  void dump(NodeId root);
  Output& output() { return out_; }
  Pickled& result() { return result_; }

 private:
  // --- pickler.cpp ------------------------------------------------------------
  // Writes a node. False if it left a frame. `held`: see Frame.
  bool save(NodeId id, bool held = false);
  bool save_other(NodeId id, bool held);
  void run();
  [[noreturn]] static void fail(Fault fault, std::string message);
  [[noreturn]] static void unsupported(const std::string& what);
  Frame& push(Task task, NodeId node);
  Frame& top() { return frames_.back(); }
  void pop() { frames_.shrink(frames_.size() - 1); }

  // The memo. A slot holds 0, or the index + 1, or that the object is being
  // written (`open` with the count of objects memoized when it was begun).
  static constexpr std::uint32_t open_bit = 0x80000000;
  static bool known(std::uint32_t slot) { return slot != 0 && (slot & open_bit) == 0; }
  std::uint32_t* slot(NodeId id);
  std::uint32_t* text_slot(NodeId id);
  std::uint32_t* short_text_slot(std::string_view text);
  bool begin(std::uint32_t* slot, NodeId id);
  void finish(std::uint32_t* slot) {
    if ((*slot & open_bit) != 0) *slot = 0;
  }
  void write_get(std::uint32_t slot);
  void write_put(std::uint32_t index);
  void memoize(std::uint32_t* slot);
  void memoize_fresh(bool held = false);
  void memoize_counted(std::uint32_t* slot, NodeId id, bool held);
  // C2: whether put() finds more than one reference.
  bool is_shared(NodeId id, bool held) const {
    return held || references_.empty() || references_[id] > 1;
  }

  // --- pickler_numbers.cpp ------------------------------------------------------
  void save_bool(bool value);
  void save_integer(NodeId id);
  void save_small_integer(std::int64_t value);
  void save_big_integer(NodeId id);
  void save_double(double value);
  void save_range_item(NodeId id, std::uint8_t item);

  // --- pickler_text.cpp -------------------------------------------------------
  void save_string(NodeId id, bool held);
  void save_text(std::string_view text, std::uint32_t* slot);
  void write_text(std::string_view text);
  void write_escaped(std::string_view text);
  bool is_escaped(std::string_view text) const;
  std::string_view join_surrogates(std::string_view text);
  bool save_bytes(NodeId id, bool held);
  void write_bytes(Bytes data);
  void write_python2_string(std::string_view text);
  bool save_bytearray(NodeId id);
  void save_latin1_text(NodeId id);
  void save_byte_copy(NodeId id);
  void save_buffer(NodeId id);
  void save_buffer_copy(Bytes data, bool readonly);
  void save_temporary_text(std::string_view text);

  // --- pickler_containers.cpp ---------------------------------------------------
  bool save_list(NodeId id, bool held);
  bool save_dict(NodeId id, bool held);
  bool save_tuple(NodeId id, bool held);
  bool save_fresh_tuple(NodeId node, bool with_callee);
  bool save_fresh_list(NodeId set);
  bool save_fresh_dict(NodeId dict);
  bool save_set(NodeId id);
  bool save_frozenset(NodeId id);
  Frame& begin_items(Task task, NodeId id, std::size_t count);
  bool next_batch(Frame& frame);
  void end_items();
  void close_batch(const Frame& frame);
  bool save_plain_number(NodeId id);
  void step_list();
  void step_pairs();
  void step_tuple();
  Code tuple_code(std::size_t size) const;
  void close_tuple(const Frame& frame);
  void step_frozenset();

  // --- pickler_recipes.cpp --------------------------------------------------------
  bool save_by_recipe(NodeId id, const Step* recipe, bool held = false);
  bool save_complex(NodeId id, bool held);
  bool save_range(NodeId id);
  bool save_slice(NodeId id);
  bool save_call(NodeId id);
  bool save_new(NodeId id);
  void check_operations(NodeId id) const;
  bool has_state_setter(NodeId id) const;
  void check_callee(NodeId id) const;
  bool is_special_callee(NodeId id) const;
  void step_recipe();
  bool perform(Step step, NodeId node);
  bool perform_part(Step step, NodeId node);
  bool save_operations(NodeId node, Op op);
  void save_standard_global(Step step);
  bool finish_made(const Frame& frame);
  void save_object_new();
  void open_tuple(std::size_t size);
  void close_fresh_tuple(std::size_t size);
  bool save_persid(NodeId id);
  std::string pid_text(NodeId pid) const;

  // --- pickler_names.cpp ------------------------------------------------------------
  void save_global(NodeId id);
  void save_name(std::string_view module, std::string_view name);
  bool save_extension(std::string_view module, std::string_view name);
  void write_global(std::string_view module, std::string_view name);
  void save_builtin(std::string_view module, std::string_view name);
  void save_nested(std::string_view module, std::string_view name);
  void save_parents(std::string_view module, std::string_view name);
  static std::string_view mangled(std::string_view name, std::string& changed);
  std::uint32_t* global_slot(std::string_view module, std::string_view name);
  std::uint32_t* name_slot(std::string_view name);

  // --- pickler_references.cpp ---------------------------------------------------
  // What refers to each node (2 stands for more), and whether there are persids.
  void count_references(NodeId root);

  const Graph& graph_;
  const Profile& profile_;
  const PickleOptions& options_;
  const int protocol_;
  const bool python2_, counts_references_, c_lane_;
  Output out_;
  Pickled result_;
  Pool<Frame> frames_;
  Pool<std::uint32_t> memo_;  // by node
  std::uint32_t memo_count_ = 0;
  // Objects of the graph that have been memoized so far: if none was between two
  // visits of one that is being written, it is written forever.
  std::uint32_t progress_ = 0;
  // Objects that are the same for all nodes of the same content.
  std::uint32_t short_texts_[257] = {}, short_bytes_[257] = {};
  std::uint32_t empty_frozenset_ = 0, object_new_ = 0, module_of_functions_ = 0;
  std::unordered_map<std::string, std::uint32_t, TextHash, std::equal_to<>> names_, globals_;
  std::vector<std::uint8_t> references_;
  bool has_persids_ = false;
  std::string scratch_, key_;
};

}  // namespace assay::pickle
