// What __reduce__ gives, as lists of steps: instances, and the built-in values
// that a protocol has no opcode for.
#include <fmt/format.h>

#include "reference/pickle/pickler_state.h"
#include "reference/value/integer.h"
#include "reference/value/literal.h"
#include "reference/value/utf8.h"

namespace assay::pickle {

// Begins an object that is made by a recipe.
bool Pickling::save_by_recipe(NodeId id, const Step* recipe, bool held) {
  if (!begin(slot(id), id)) return true;
  Frame& frame = push(Task::recipe, id);
  frame.recipe = recipe;
  frame.held = held;
  return false;
}

// --- built-in values --------------------------------------------------------------

bool Pickling::save_complex(NodeId id, bool held) {
  static constexpr Step recipe[] = {Step::global_complex, Step::open,   Step::real_part,
                                    Step::imaginary_part, Step::close2, Step::reduce,
                                    Step::made,           Step::end};
  return save_by_recipe(id, recipe, held);
}

bool Pickling::save_range(NodeId id) {
  static constexpr Step recipe[] = {Step::global_range, Step::open,  Step::item0,
                                    Step::item1,        Step::item2, Step::close3,
                                    Step::reduce,       Step::made,  Step::end};
  return save_by_recipe(id, recipe);
}

bool Pickling::save_slice(NodeId id) {
  static constexpr Step recipe[] = {Step::global_slice, Step::open,  Step::item0,
                                    Step::item1,        Step::item2, Step::close3,
                                    Step::reduce,       Step::made,  Step::end};
  return save_by_recipe(id, recipe);
}

// --- instances --------------------------------------------------------------------

// A reduction has items, then pairs, then one state.
void Pickling::check_operations(NodeId id) const {
  const auto ops = graph_.ops(id);
  Op last = Op::append;
  for (std::size_t i = 0; i < ops.size(); i += 3) {
    const Op op = static_cast<Op>(ops[i]);
    const bool follows = op == Op::append  ? last == Op::append
                         : op == Op::set   ? last != Op::build
                         : op == Op::build ? last != Op::build
                                           : false;
    if (!follows) unsupported("no reduction has these operations in this order");
    if (op == Op::build && ops[i + 1] == Graph::none) unsupported("a state of None is no state");
    last = op;
  }
  if (ops.empty() || last != Op::build || ops.back() == no_node) return;
  if (!profile_.has(Quirk::state_setter_written))
    fail(Fault::not_picklable, "tuple returned by __reduce__ must contain 2 through 5 elements");
  const Kind setter = graph_.kind(ops.back());
  if (c_lane_ && has_state_setter(id) && setter != Kind::global && !Graph::is_instance(setter))
    fail(Fault::not_picklable,
         "sixth element of the tuple returned by __reduce__ must be a "
         "function");
}

// Whether the state is not built, but given to a callable with the object.
bool Pickling::has_state_setter(NodeId id) const {
  const auto ops = graph_.ops(id);
  return !ops.empty() && static_cast<Op>(ops[ops.size() - 3]) == Op::build &&
         ops.back() != no_node && ops.back() != Graph::none;
}

// Whether __reduce__ gives a function of copyreg by which save_reduce knows that
// it should write NEWOBJ_EX. Refuses what save_reduce refuses.
bool Pickling::is_special_callee(NodeId id) const {
  const NodeId callee = graph_.callee(id);
  if (protocol_ < 2 || graph_.kind(callee) != Kind::global) return false;
  std::string_view name = graph_.text(graph_.qualname(callee));
  if (!python2_) name = name.substr(name.rfind('.') + 1);
  const auto args = graph_.items(graph_.args(id));
  if (name == "__newobj__") {
    if (args.empty()) fail(Fault::newobj_without_class, "__newobj__ arglist is empty");
    fail(Fault::not_picklable, "args[0] from __newobj__ args has the wrong class");
  }
  if (name != "__newobj_ex__" || python2_) return false;
  if (args.size() != 3) fail(Fault::newobj_ex_not_three, "__newobj_ex__ takes three arguments");
  if (!profile_.has(Quirk::newobj_ex_any_class) || graph_.kind(args[0]) != Kind::global ||
      graph_.kind(args[1]) != Kind::tuple || graph_.kind(args[2]) != Kind::dict)
    fail(Fault::not_picklable, "args[0] from __newobj_ex__ args has the wrong class");
  if (protocol_ < 4) unsupported("__newobj_ex__ for another class");
  return true;
}

bool Pickling::save_call(NodeId id) {
  static constexpr Step recipe[] = {Step::callee, Step::args, Step::reduce, Step::rest};
  static constexpr Step special[] = {Step::arg0, Step::arg1, Step::arg2, Step::newobj_ex,
                                     Step::rest};
  if (known(memo_[id])) {
    write_get(memo_[id]);
    return true;
  }
  if (graph_.kwargs(id) != no_node) unsupported("no reduction calls with keywords");
  check_operations(id);
  const Kind callee = graph_.kind(graph_.callee(id));
  if (callee != Kind::global && !Graph::is_instance(callee) && !profile_.has(Quirk::any_callee))
    fail(Fault::not_callable, "func from save_reduce() must be callable");
  return save_by_recipe(id, is_special_callee(id) ? special : recipe);
}

// What object.__reduce_ex__ gives, without its state: NEWOBJ and NEWOBJ_EX from
// protocols 2 and 4 on, functions of copyreg and functools before.
bool Pickling::save_new(NodeId id) {
  static constexpr Step with_newobj[] = {Step::callee, Step::fresh_args, Step::newobj, Step::rest};
  static constexpr Step with_newobj_ex[] = {Step::callee, Step::args, Step::kwargs, Step::newobj_ex,
                                            Step::rest};
  // copyreg._reconstructor(cls, object, None)
  static constexpr Step reconstructed[] = {Step::global_reconstructor,
                                           Step::open,
                                           Step::callee,
                                           Step::global_object,
                                           Step::none,
                                           Step::close3,
                                           Step::reduce,
                                           Step::rest};
  static constexpr Step by_newobj[] = {Step::global_newobj, Step::class_and_args, Step::reduce,
                                       Step::rest};
  static constexpr Step by_newobj_ex[] = {
      Step::global_newobj_ex, Step::open,   Step::callee, Step::args,
      Step::kwargs,           Step::close3, Step::reduce, Step::rest};
  // functools.partial(cls.__new__, cls, *args, **kwargs)()
  static constexpr Step by_partial[] = {
      Step::global_partial, Step::open,         Step::object_new, Step::close1,
      Step::reduce,         Step::memo,         Step::open4,      Step::object_new,
      Step::class_and_args, Step::fresh_kwargs, Step::none,       Step::close4,
      Step::build,          Step::empty_tuple,  Step::reduce,     Step::rest};
  if (known(memo_[id])) {
    write_get(memo_[id]);
    return true;
  }
  check_operations(id);
  const bool keywords = graph_.kwargs(id) != no_node;
  if (keywords && python2_) unsupported("Python 2 has no __newobj_ex__");
  if (protocol_ < 2)
    return save_by_recipe(id, keywords                                ? by_newobj_ex
                              : graph_.args(id) != Graph::empty_tuple ? by_newobj
                                                                      : reconstructed);
  const bool is_class = graph_.kind(graph_.callee(id)) == Kind::global;
  if (!is_class && profile_.has(Quirk::class_checked))
    fail(Fault::not_picklable, "args[0] from __newobj__ args is not a type");
  if (!keywords) return save_by_recipe(id, with_newobj);
  if (protocol_ >= 4) return save_by_recipe(id, with_newobj_ex);
  if (!is_class) unsupported("__new__ of such a value");
  return save_by_recipe(id, by_partial);
}

// --- steps ------------------------------------------------------------------------

void Pickling::step_recipe() {
  static constexpr Step rest[] = {Step::made,  Step::list_items,  Step::dict_items,
                                  Step::state, Step::build_state, Step::end};
  // state_setter(obj, state), of which the result is dropped. TUPLE2 in protocols 0
  // and 1, too.
  static constexpr Step rest_with_setter[] = {
      Step::made,  Step::list_items, Step::dict_items, Step::state_setter, Step::self,
      Step::state, Step::tuple2,     Step::reduce,     Step::pop,          Step::end};
  for (;;) {
    Frame& frame = top();
    const Step step = frame.recipe[frame.step++];
    const NodeId node = frame.node;
    if (step == Step::end) {
      if (options_.fast) finish(slot(node));
      return pop();
    }
    if (step == Step::rest) {
      frame.recipe = has_state_setter(node) ? rest_with_setter : rest;
      frame.step = 0;
      continue;
    }
    if (step == Step::made) {
      if (!finish_made(frame)) return pop();
    } else if (!perform(step, node)) {
      return;
    }
  }
}

// The object is on the stack. False if the rest of its recipe is left out.
bool Pickling::finish_made(const Frame& frame) {
  const NodeId node = frame.node;
  std::uint32_t* const place = slot(node);
  if (known(*place)) {
    // It was written while its own arguments were: what is on the stack goes.
    out_.code(Code::POP);
    write_get(*place);
    return !profile_.has(Quirk::recursive_reduce_ends);
  }
  if (options_.fast) return true;
  // Its method __reduce_ex__ refers to it; copy_reg.pickle_complex does not, but
  // the tuple of its arguments does until persistent_id is called.
  memoize_counted(place, node, frame.held || !has_persids_ || graph_.kind(node) != Kind::complex);
  return true;
}

void Pickling::open_tuple(std::size_t size) {
  out_.boundary();
  if (size > 3 || protocol_ < 2) out_.code(Code::MARK);
}

void Pickling::close_fresh_tuple(std::size_t size) {
  out_.code(tuple_code(size));
  memoize_fresh();
}

// Writes what a step says. False if it left a frame.
bool Pickling::perform(Step step, NodeId node) {
  if (step <= Step::global_object) {
    save_standard_global(step);
    return true;
  }
  switch (step) {
    case Step::open:
      open_tuple(1);
      return true;
    case Step::open4:
      open_tuple(4);
      return true;
    case Step::close1:
    case Step::close2:
    case Step::close3:
      close_fresh_tuple(1 + static_cast<std::size_t>(step) -
                        static_cast<std::size_t>(Step::close1));
      return true;
    case Step::close4:
      close_fresh_tuple(4);
      return true;
    case Step::empty_tuple:
      return save(Graph::empty_tuple);
    case Step::none:
      return save(Graph::none);
    case Step::memo:
      memoize_fresh();
      return true;
    case Step::reduce:
      out_.code(Code::REDUCE);
      return true;
    case Step::newobj:
      out_.code(Code::NEWOBJ);
      return true;
    case Step::newobj_ex:
      out_.code(Code::NEWOBJ_EX);
      return true;
    case Step::build:
      out_.code(Code::BUILD);
      return true;
    case Step::tuple2:
      out_.code(Code::TUPLE2);
      return true;
    case Step::pop:
      out_.code(Code::POP);
      return true;
    default:
      return perform_part(step, node);
  }
}

bool Pickling::perform_part(Step step, NodeId node) {
  const auto number = [step](Step first) {
    return static_cast<std::size_t>(step) - static_cast<std::size_t>(first);
  };
  switch (step) {
    case Step::callee:
      return save(graph_.callee(node), true);
    case Step::args:
      return save(graph_.args(node));
    case Step::arg0:
    case Step::arg1:
    case Step::arg2:
      return save(graph_.items(graph_.args(node))[number(Step::arg0)]);
    case Step::fresh_args:
    case Step::class_and_args:
      return save_fresh_tuple(node, step == Step::class_and_args);
    case Step::kwargs:
      return save(graph_.kwargs(node));
    case Step::fresh_kwargs:
      return save_fresh_dict(graph_.kwargs(node));
    case Step::list_items:
      return save_operations(node, Op::append);
    case Step::dict_items:
      return save_operations(node, Op::set);
    case Step::state:
    case Step::build_state: {
      const auto ops = graph_.ops(node);
      if (ops.empty() || static_cast<Op>(ops[ops.size() - 3]) != Op::build) return true;
      // object.__reduce_ex__ leaves the state with the object.
      if (step == Step::state) return save(ops[ops.size() - 2], graph_.kind(node) == Kind::new_);
      out_.code(Code::BUILD);
      return true;
    }
    case Step::state_setter:
      return save(graph_.ops(node).back(), true);
    case Step::self:
      return save(node, true);
    case Step::item_list:
      return save_fresh_list(node);
    case Step::item0:
    case Step::item1:
    case Step::item2:
      if (graph_.kind(node) == Kind::slice)
        return save(graph_.items(node)[number(Step::item0)], true);
      save_range_item(node, static_cast<std::uint8_t>(number(Step::item0)));
      return true;
    case Step::real_part:
    case Step::imaginary_part:
      out_.boundary();
      save_double(step == Step::real_part ? graph_.real(node) : graph_.imaginary(node));
      return true;
    case Step::latin1_text:
      save_latin1_text(node);
      return true;
    case Step::byte_copy:
      save_byte_copy(node);
      return true;
    case Step::latin1_name:
      out_.boundary();
      save_text("latin1", name_slot("latin1"));
      return true;
    case Step::latin_1_text:
      if (!python2_) {
        save_temporary_text("latin-1");
      } else {
        write_python2_string("latin-1");
        memoize_fresh(has_persids_);
      }
      return true;
    case Step::object_new:
      save_object_new();
      return true;
    default:
      throw DecodeError(ErrorKind::internal, 0, "recipe", "a step that nothing performs");
  }
}

// The items or pairs of an instance, as an iterator gives them.
bool Pickling::save_operations(NodeId node, Op op) {
  const auto ops = graph_.ops(node);
  std::size_t first = 0;
  while (first < ops.size() && op == Op::set && static_cast<Op>(ops[first]) == Op::append)
    first += 3;
  std::size_t end = first;
  while (end < ops.size() && static_cast<Op>(ops[end]) == op) end += 3;
  if (first == end) return true;
  Frame& frame = begin_items(op == Op::set ? Task::pairs : Task::list, node, (end - first) / 3);
  frame.exact = false;
  frame.first = static_cast<std::uint32_t>(3 + first + 1);
  frame.stride = 3;
  return false;
}

void Pickling::save_standard_global(Step step) {
  struct Row {
    Step step;
    std::string_view module, name, module2, name2;
  };
  static constexpr Row rows[] = {
      {Step::global_set, "builtins", "set", "__builtin__", "set"},
      {Step::global_frozenset, "builtins", "frozenset", "__builtin__", "frozenset"},
      {Step::global_complex, "builtins", "complex", "__builtin__", "complex"},
      {Step::global_range, "builtins", "range", "__builtin__", "xrange"},
      {Step::global_slice, "builtins", "slice", "__builtin__", "slice"},
      {Step::global_bytes, "builtins", "bytes", "", ""},
      {Step::global_bytearray, "builtins", "bytearray", "__builtin__", "bytearray"},
      {Step::global_encode, "_codecs", "encode", "", ""},
      {Step::global_partial, "functools", "partial", "", ""},
      {Step::global_reconstructor, "copyreg", "_reconstructor", "copy_reg", "_reconstructor"},
      {Step::global_newobj, "copyreg", "__newobj__", "copy_reg", "__newobj__"},
      {Step::global_newobj_ex, "copyreg", "__newobj_ex__", "", ""},
      {Step::global_getattr, "builtins", "getattr", "", ""},
      {Step::global_object, "builtins", "object", "__builtin__", "object"},
  };
  for (const Row& row : rows)
    if (row.step == step)
      return save_builtin(python2_ ? row.module2 : row.module, python2_ ? row.name2 : row.name);
}

// cls.__new__, which is object.__new__ for every class here: getattr(object,
// '__new__').
void Pickling::save_object_new() {
  out_.boundary();
  if (known(object_new_)) return write_get(object_new_);
  save_standard_global(Step::global_getattr);
  open_tuple(2);
  save_standard_global(Step::global_object);
  save_temporary_text("__new__");
  close_fresh_tuple(2);
  out_.code(Code::REDUCE);
  memoize(&object_new_);
}

// --- persistent ids ---------------------------------------------------------------

bool Pickling::save_persid(NodeId id) {
  const NodeId pid = graph_.items(id)[0];
  if (pid == Graph::none || graph_.kind(pid) == Kind::persid) unsupported("such a persistent id");
  if (protocol_ == 0) {
    const std::string text = pid_text(pid);
    out_.code(Code::PERSID);
    out_.text(text);
    out_.text("\n");
    return true;
  }
  push(Task::persid, id);
  if (!save(pid, true)) return false;
  out_.code(Code::BINPERSID);
  pop();
  return true;
}

namespace {

// str(value), or repr(value) inside of a tuple; false where that is not simple.
bool append_str(const Graph& graph, NodeId id, bool as_repr, bool python2, std::string& out) {
  switch (graph.kind(id)) {
    case Kind::string:
      if (!as_repr) {
        out += graph.text(id);
        return true;
      }
      if (!is_ascii(graph.data(id)) || graph.text(id).find('\'') != std::string_view::npos)
        return false;
      if (python2) out += 'u';
      append_string_literal(out, graph.text(id));
      return true;
    case Kind::bytes: {
      if (graph.text(id).find('\'') != std::string_view::npos) return false;
      const std::size_t begin = out.size();
      append_bytes_literal(out, graph.text(id));
      if (python2) out.erase(begin, 1);  // its str has no b in front
      return true;
    }
    case Kind::none:
      out += "None";
      return true;
    case Kind::true_:
    case Kind::false_:
      out += id == Graph::true_ ? "True" : "False";
      return true;
    case Kind::integer:
      out += integer_text(graph, id);
      if (as_repr && (graph[id].flags & flag::python2_long) != 0) out += 'L';
      return true;
    case Kind::floating:
      if (graph[id].floating != graph[id].floating) return false;
      append_float_literal(out, graph[id].floating);
      return true;
    default:
      return false;
  }
}

}  // namespace

// str(pid), the line of PERSID.
std::string Pickling::pid_text(NodeId pid) const {
  const Kind kind = graph_.kind(pid);
  if (python2_) {
    if (kind == Kind::bytes) return std::string(graph_.text(pid));
    if (profile_.has(Quirk::persid_text_is_bytes))
      fail(Fault::not_picklable, "persistent id must be string");
    if (kind == Kind::string && !is_ascii(graph_.data(pid)))
      fail(Fault::unicode_encode_error, "'ascii' codec can't encode character");
  }
  std::string text;
  bool simple = true;
  if (kind == Kind::tuple) {
    const auto items = graph_.items(pid);
    text = "(";
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (i > 0) text += ", ";
      simple = simple && append_str(graph_, items[i], true, python2_, text);
    }
    text += items.size() == 1 ? ",)" : ")";
  } else {
    simple =
        (!python2_ || kind != Kind::floating) && append_str(graph_, pid, false, python2_, text);
  }
  if (!simple) unsupported("the text of such a persistent id");
  if (!python2_ && !is_ascii(as_bytes(text)))
    fail(Fault::not_picklable, "persistent IDs in protocol 0 must be ASCII strings");
  return text;
}

}  // namespace assay::pickle
