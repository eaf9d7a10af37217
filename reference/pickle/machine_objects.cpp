// Names, calls, instances and their states, persistent ids, protocol and frames.
#include "reference/pickle/machine_state.h"
#include "reference/pickle/name_mapping.h"
#include "reference/pickle/resolve.h"
#include "reference/value/utf8.h"

namespace assay::pickle {

// --- names --------------------------------------------------------------------

// A line of GLOBAL or INST as the lane decodes it.
NodeId Machine::name_text(Bytes line, bool ascii) {
  if (!line.empty()) line = line.first(line.size() - 1);
  if (profile_.python2()) return latin1_string(graph_, line);
  if (ascii ? !is_ascii(line) : !valid_utf8(line, false))
    fail(Fault::unicode_decode_error, "codec can't decode byte");
  return graph_.string(line);
}

NodeId Machine::find_class(NodeId module, NodeId name) {
  if (options_.looked_up != nullptr) options_.looked_up->push_back({module, name});
  if (!profile_.python2() && protocol_ < 3 && options_.fix_imports) {
    const GlobalName now = python3_name({graph_.text(module), graph_.text(name)}, profile_);
    if (now.module.data() != graph_.text(module).data()) module = graph_.string(now.module);
    if (now.name.data() != graph_.text(name).data()) name = graph_.string(now.name);
  }
  if (graph_.text(module).empty()) fail(Fault::empty_module, "Empty module name");
  if (!options_.symbolic) {
    const NodeId singleton = resolve_global(graph_.text(module), graph_.text(name));
    if (singleton != no_node) return singleton;
  }
  return graph_.global(module, name);
}

void Machine::op_global() {
  const NodeId module = name_text(nonempty_line(), false);
  const NodeId name = name_text(nonempty_line(), false);
  push(find_class(module, name));
}

void Machine::op_stack_global() {
  need(2);
  const NodeId name = pop();
  const NodeId module = pop();
  if (graph_.kind(name) != Kind::string || graph_.kind(module) != Kind::string)
    fail(Fault::name_not_string, "STACK_GLOBAL requires str");
  push(find_class(module, name));
}

void Machine::push_extension(std::int64_t code) {
  if (code <= 0 && profile_.has(Quirk::extension_code_checked_first))
    fail(Fault::extension_not_positive, "EXT specifies code <= 0");
  const auto known = extension_cache_.find(code);
  if (known != extension_cache_.end()) {
    push(known->second);
    return;
  }
  // A code registered twice keeps its last name.
  const Extension* found = nullptr;
  for (const Extension& extension : options_.extensions)
    if (extension.code == code) found = &extension;
  if (found == nullptr && options_.symbolic_extensions && code > 0) {
    push(graph_.ext(code));
    return;
  }
  if (found == nullptr)
    fail(code <= 0 ? Fault::extension_not_positive : Fault::extension_unknown,
         "unregistered extension code " + std::to_string(code));
  const NodeId module = graph_.string(graph_.keep(as_bytes(found->module)));
  const NodeId name = graph_.string(graph_.keep(as_bytes(found->name)));
  const NodeId global = find_class(module, name);
  extension_cache_.emplace(code, global);
  push(global);
}

void Machine::op_ext1() {
  push_extension(*input_.fixed(1, Fault::short_byte));
}

void Machine::op_ext2() {
  const std::uint8_t* bytes = input_.fixed(2, Fault::short_number);
  push_extension(input_.filled_up(bytes) ? little_signed_32(bytes) : little_16(bytes));
}

void Machine::op_ext4() {
  push_extension(little_signed_32(input_.fixed(4, Fault::short_number)));
}

// --- persistent ids ---------------------------------------------------------

void Machine::push_persistent(NodeId pid) {
  if (!options_.persistent)
    fail(Fault::no_persistent_load, "no persistent_load function was specified");
  push(options_.persistent_load ? options_.persistent_load(graph_, pid) : graph_.persid(pid));
}

void Machine::op_persid() {
  if (!options_.persistent && profile_.has(Quirk::persistent_load_checked_first))
    fail(Fault::no_persistent_load, "no persistent_load function was specified");
  Bytes line = input_.line();
  if (profile_.has(Quirk::persid_nonempty) && line.size() < 2)
    fail(Fault::truncated_line, "pickle data was truncated");
  if (!line.empty()) line = line.first(line.size() - 1);
  if (profile_.python2()) {
    push_persistent(graph_.bytes(line));
    return;
  }
  if (!is_ascii(line))
    fail(Fault::persid_not_ascii, "persistent IDs in protocol 0 must be ASCII strings");
  push_persistent(graph_.string(line));
}

void Machine::op_binpersid() {
  if (!options_.persistent && profile_.has(Quirk::persistent_load_checked_first))
    fail(Fault::no_persistent_load, "no persistent_load function was specified");
  push_persistent(pop());
}

// --- calls --------------------------------------------------------------------

NodeId Machine::call(NodeId callee, NodeId args) {
  if (is_class(callee)) {
    const NodeId value = options_.symbolic ? no_node : resolve_call(callee, args);
    return value != no_node ? value : graph_.call(callee, args);
  }
  if (!is_instance(callee)) fail(Fault::type_error, "object is not callable");
  return graph_.call(callee, args);
}

// What INST and OBJ do with a class and its arguments.
NodeId Machine::instantiate(NodeId cls, Items args) {
  if (args.empty() && is_class(cls) && !profile_.has(Quirk::inst_calls_class))
    return graph_.new_(cls, Graph::empty_tuple);
  if (!is_class(cls) && !is_instance(cls))
    fail(Fault::class_without_name, "object is not callable");
  return call(cls, graph_.tuple(args));
}

void Machine::op_inst() {
  Marked marked{0, 0};
  const bool mark_first = profile_.has(Quirk::inst_takes_mark_first);
  if (mark_first) marked = pop_mark();
  const NodeId module = name_text(nonempty_line(), true);
  const NodeId name = name_text(nonempty_line(), true);
  const NodeId cls = find_class(module, name);
  if (!mark_first) marked = pop_mark();
  const NodeId instance = instantiate(cls, items(marked));
  cut(marked.cut);
  push(instance);
}

void Machine::op_obj() {
  const Marked marked = pop_mark();
  if (marked.first >= stack_.size()) underflow();
  const Items args = items(marked);
  const NodeId instance = instantiate(args[0], args.subspan(1));
  cut(marked.cut);
  push(instance);
}

void Machine::op_reduce() {
  need(2);
  NodeId args = pop();
  const NodeId callee = pop();
  if (graph_.kind(args) != Kind::tuple) [[unlikely]] {
    if (!profile_.has(Quirk::arguments_any_iterable) || !(is_class(callee) || is_instance(callee)))
      fail(Fault::type_error, "argument list must be a tuple");
    args = star(args);
  }
  push(call(callee, args));
}

void Machine::op_newobj() {
  need(2);
  const NodeId args = pop();
  const NodeId cls = pop();
  push(new_object(cls, args, no_node));
}

void Machine::op_newobj_ex() {
  need(3);
  const NodeId kwargs = pop();
  const NodeId args = pop();
  const NodeId cls = pop();
  push(new_object(cls, args, kwargs));
}

NodeId Machine::new_object(NodeId cls, NodeId args, NodeId kwargs) {
  const bool any = profile_.has(Quirk::arguments_any_iterable);
  if (!is_class(cls)) fail(Fault::class_not_type, "class argument must be a type");
  if (graph_.kind(args) != Kind::tuple) {
    if (!any) fail(Fault::arguments_not_tuple, "args argument must be a tuple");
    args = star(args);
  }
  if (kwargs == no_node) return graph_.new_(cls, args);
  if (graph_.kind(kwargs) != Kind::dict)
    fail(Fault::keywords_not_dict, "kwargs argument must be a dict");
  return graph_.new_(cls, args, keywords(kwargs));
}

bool Machine::is_keyword(NodeId key) const {
  const Kind kind = graph_.kind(key);
  return kind == Kind::string || (profile_.python2() && kind == Kind::bytes);
}

// A name of an argument is text, in Python 2 whether it came as str or unicode.
NodeId Machine::keyword_name(NodeId key) {
  return graph_.kind(key) == Kind::bytes ? latin1_string(graph_, graph_.data(key)) : key;
}

// The dict of f(**kwargs), a new one; no_node when it is empty.
NodeId Machine::keywords(NodeId kwargs) {
  const std::size_t size = graph_.edges(kwargs).size();
  charge(size);
  for (std::size_t i = 0; i < size; i += 2)
    if (!is_keyword(graph_.edges(kwargs)[i])) fail(Fault::type_error, "keywords must be strings");
  if (size == 0) return no_node;
  const NodeId copy = graph_.dict();
  for (std::size_t i = 0; i < size; i += 2) {
    const NodeId name = keyword_name(graph_.edges(kwargs)[i]);
    graph_.add_pair_unchecked(copy, name, graph_.edges(kwargs)[i + 1]);
  }
  return copy;
}

// --- states -------------------------------------------------------------------

void Machine::op_build() {
  need(2);
  const NodeId state = pop();
  const NodeId instance = stack_.back();
  if (is_instance(instance)) [[likely]]
    graph_.record(instance, Op::build, state);
  else
    build_default(instance, state);
}

// BUILD on what has no __setstate__: its __dict__ and its slots are set.
void Machine::build_default(NodeId instance, NodeId state) {
  NodeId slots = no_node;
  if (graph_.kind(state) == Kind::tuple && graph_.edges(state).size() == 2) {
    slots = graph_.edges(state)[1];
    state = graph_.edges(state)[0];
  }
  const bool falsy_skipped = profile_.has(Quirk::build_skips_falsy);
  if (falsy_skipped ? truth(state) : state != Graph::none) build_state(instance, state);
  if (slots != no_node && (!falsy_skipped || truth(slots))) build_slots(instance, slots);
}

void Machine::build_state(NodeId instance, NodeId state) {
  const bool is_dict = graph_.kind(state) == Kind::dict;
  if (!is_dict && !profile_.has(Quirk::build_skips_falsy))
    fail(Fault::state_not_dict, "state is not a dictionary");
  if (profile_.has(Quirk::range_opaque) && graph_.kind(instance) == Kind::range)
    unsupported("attributes of an xrange");
  // Of the values without __setstate__, only classes have a __dict__, and it
  // cannot be assigned to.
  if (!is_class(instance)) no_attribute("__dict__");
  if (!is_dict) no_attribute("items");
  if (graph_.edges(state).empty()) return;
  if (profile_.has(Quirk::build_updates_dict)) no_attribute("update");
  fail(Fault::type_error, "'mappingproxy' object does not support item assignment");
}

void Machine::build_slots(NodeId instance, NodeId slots) {
  if (graph_.kind(slots) != Kind::dict) {
    if (!profile_.has(Quirk::build_skips_falsy))
      fail(Fault::slot_state_not_dict, "slot state is not a dictionary");
    no_attribute("items");
  }
  if (!graph_.edges(slots).empty()) set_attribute(instance, graph_.edges(slots)[0]);
}

// setattr(node, name, …), which fails: no value has attributes that can be set.
void Machine::set_attribute(NodeId node, NodeId name) {
  const Kind kind = graph_.kind(name);
  const bool text = kind == Kind::string || (profile_.python2() && kind == Kind::bytes);
  if (!text) fail(Fault::type_error, "attribute name must be string");
  if (profile_.python2() && kind == Kind::string && !is_ascii(graph_.data(name)))
    fail(Fault::unicode_encode_error, "'ascii' codec can't encode character");
  if (profile_.has(Quirk::range_opaque) && graph_.kind(node) == Kind::range)
    unsupported("attributes of an xrange");
  const Kind target = graph_.kind(node);
  const bool symbolic = is_class(node) || target == Kind::persid || target == Kind::buffer;
  if (!symbolic && graph_.text(name) == "__class__")
    fail(Fault::type_error, "__class__ assignment only supported for mutable types");
  no_attribute(graph_.text(name));
}

// --- the stream itself ---------------------------------------------------------

void Machine::op_proto() {
  const int protocol = *input_.fixed(1, Fault::short_byte);
  if (protocol > profile_.highest_protocol())
    fail(Fault::unsupported_protocol, "unsupported pickle protocol: " + std::to_string(protocol));
  protocol_ = protocol;
}

void Machine::op_frame() {
  const std::uint64_t size = count8();
  if (profile_.has(Quirk::frame_in_frame_first)) input_.refuse_inside_frame();
  check_size(size, Fault::frame_size_too_large);
  input_.enter_frame(size);
}

}  // namespace assay::pickle
