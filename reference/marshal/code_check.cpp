#include "reference/marshal/code_check.h"

#include <string_view>
#include <vector>

#include "reference/marshal/bytecode.h"
#include "reference/marshal/errors.h"

namespace assay::marshal {
namespace {

[[noreturn]] void bad_internal_call() {
  throw Rejection{Error::system_error, "bad argument to internal function"};
}

}  // namespace

CodeCheck::CodeCheck(Graph& graph, const Profile& profile)
    : graph_(graph), profile_(profile), fields_(code_fields(profile.version())) {
  constexpr std::string_view place_names[place_count] = {
      "argcount",        "posonlyargcount", "kwonlyargcount", "nlocals",
      "stacksize",       "flags",           "code",           "consts",
      "names",           "varnames",        "freevars",       "cellvars",
      "localsplusnames", "localspluskinds", "filename",       "name",
      "qualname",        "lnotab",          "linetable",      "exceptiontable"};
  places_.fill(-1);
  for (std::size_t i = 0; i < fields_.size(); ++i)
    for (std::size_t place = 0; place < place_count; ++place)
      if (fields_[i].name == place_names[place]) places_[place] = static_cast<std::int8_t>(i);
}

std::int64_t CodeCheck::open_size(NodeId id) const {
  return graph_.kind(id) == Kind::list ? (*open_size_)(id) : -1;
}

bool CodeCheck::is_tuple(Place place) {
  if (!has(place)) return true;
  return graph_.kind(at(place)) == Kind::tuple || open_size(at(place)) >= 0;
}

bool CodeCheck::is_kind(Place place, Kind kind) {
  return !has(place) || graph_.kind(at(place)) == kind;
}

std::int64_t CodeCheck::tuple_size(NodeId id) {
  const std::int64_t open = open_size(id);
  return open >= 0 ? open : static_cast<std::int64_t>(graph_.items(id).size());
}

// The first test of PyCode_New and _PyCode_Validate: else PyErr_BadInternalCall.
bool CodeCheck::types_are_right() {
  const Kind text = profile_.python2() ? Kind::bytes : Kind::string;
  if (number(argcount) < number(posonlyargcount) || number(argcount) < 0) return false;
  if (number(posonlyargcount) < 0 || number(kwonlyargcount) < 0 || number(nlocals) < 0)
    return false;
  if (profile_.has(Quirk::stacksize_checked) && (number(stacksize) < 0 || number(flags) < 0))
    return false;
  const bool other_buffer =
      profile_.has(Quirk::code_is_any_buffer) && graph_.kind(at(code)) == Kind::string;
  if (!is_kind(code, Kind::bytes) && !other_buffer) return false;
  for (const Place place : {consts, names, varnames, freevars, cellvars, localsplusnames})
    if (!is_tuple(place)) return false;
  for (const Place place : {localspluskinds, lnotab, linetable, exceptiontable})
    if (!is_kind(place, Kind::bytes)) return false;
  for (const Place place : {filename, name, qualname})
    if (!is_kind(place, text)) return false;
  return !has(localsplusnames) ||
         tuple_size(at(localsplusnames)) ==
             static_cast<std::int64_t>(graph_.text_size(at(localspluskinds)));
}

// codeobject.c intern_strings, from the last item on. The last item of a tuple
// that is not complete is missing.
void CodeCheck::check_names(Place place) {
  if (!has(place)) return;
  const Kind text = profile_.python2() ? Kind::bytes : Kind::string;
  bool good = open_size(at(place)) <= 0;
  if (graph_.kind(at(place)) == Kind::tuple)
    for (const NodeId item : graph_.items(at(place))) good = good && graph_.kind(item) == text;
  if (good) return;
  if (profile_.has(Quirk::names_abort)) throw Crash{"non-string found in code slot"};
  throw Rejection{Error::system_error, "non-string found in code slot"};
}

// codeobject.c intern_string_constants goes into tuples and frozensets, and
// never comes back from one that holds itself.
void CodeCheck::check_constants(bool cyclic) {
  if (open_size(at(consts)) > 0) throw Crash{"constants are a tuple that is not complete"};
  if (!cyclic) return;
  struct Frame {
    NodeId id;
    std::size_t next;
  };
  std::vector<Frame> stack;
  const auto enter = [&](NodeId id) {
    if (open_size(id) > 0) throw Crash{"constants hold a tuple that is not complete"};
    const Kind kind = graph_.kind(id);
    if (kind != Kind::tuple && kind != Kind::frozenset) return;
    std::uint8_t& state = states_[id];
    if (state == 2) return;
    if (state == 1) throw Crash{"constants that hold themselves"};
    state = 1;
    stack.push_back({id, 0});
  };
  enter(at(consts));
  while (!stack.empty()) {
    Frame& frame = stack.back();
    const std::span<const NodeId> items = graph_.items(frame.id);
    if (frame.next < items.size()) {
      enter(items[frame.next++]);
    } else {
      states_[frame.id] = 2;
      stack.pop_back();
    }
  }
}

// Tuples of Python 2.7 do not hold themselves.
bool CodeCheck::constants_hold_frozenset() {
  std::vector<NodeId> tuples = {at(consts)};
  while (!tuples.empty()) {
    const std::span<const NodeId> items = graph_.items(tuples.back());
    tuples.pop_back();
    for (const NodeId item : items) {
      if (graph_.kind(item) == Kind::frozenset) return true;
      if (graph_.kind(item) == Kind::tuple) tuples.push_back(item);
    }
  }
  return false;
}

// Python 2.7 to 3.10: names and constants are interned before anything else.
void CodeCheck::check_older() {
  std::int64_t bits = number(flags);
  const std::int64_t cells = tuple_size(at(cellvars)), frees = tuple_size(at(freevars));
  if (profile_.has(Quirk::nofree_computed)) {
    const std::int64_t given = bits;
    bits = cells == 0 && frees == 0 ? bits | code_flag::nofree : bits & ~code_flag::nofree;
    if (bits != given) at(flags) = graph_.integer(bits);
  }
  if (!profile_.has(Quirk::varnames_checked)) return;
  const std::int64_t variables = tuple_size(at(varnames));
  const std::int64_t arguments = number(argcount) + number(kwonlyargcount) +
                                 ((bits & code_flag::varargs) != 0) +
                                 ((bits & code_flag::varkeywords) != 0);
  if (arguments > variables) throw Rejection{Error::value_error, "code: varnames is too small"};
}

// Python 3.11 and later: _PyCode_Validate.
void CodeCheck::check_locals_plus() {
  if (graph_.text_size(at(code)) % 2 != 0)
    throw Rejection{Error::value_error, "code: co_code is malformed"};
  std::int64_t locals = 0;
  for (const std::uint8_t kind : graph_.data(at(localspluskinds)))
    locals += (kind & local_kind::local) != 0;
  const std::int64_t arguments = number(argcount) + number(kwonlyargcount) +
                                 ((number(flags) & code_flag::varargs) != 0) +
                                 ((number(flags) & code_flag::varkeywords) != 0);
  // C's int takes them off: 2**31 and more come out as something else.
  const auto others = static_cast<std::int32_t>(static_cast<std::uint32_t>(locals - arguments));
  if (others < 0) throw Rejection{Error::value_error, "code: co_varnames is too small"};
}

void CodeCheck::operator()(std::span<NodeId> values, bool cyclic,
                           const std::function<std::int64_t(NodeId)>& open_size) {
  values_ = values;
  open_size_ = &open_size;
  if (!types_are_right()) bad_internal_call();
  if (profile_.has(Quirk::locals_plus)) {
    check_locals_plus();
    check_names(names);
    check_constants(cyclic);
    check_names(localsplusnames);
  } else {
    for (const Place place : {names, varnames, freevars, cellvars}) check_names(place);
    check_constants(cyclic);
    check_older();
  }
  if (profile_.has(Quirk::stacksize_at_least_one) && number(stacksize) == 0)
    at(stacksize) = graph_.integer(1);
  const Bytes bytecode = graph_.data(at(code));
  if (!is_general(bytecode, profile_.version())) {
    std::uint8_t* copy = graph_.allocate(bytecode.size());
    generalise(bytecode, profile_.version(), copy);
    at(code) = graph_.bytes(Bytes{copy, bytecode.size()});
  }
}

}  // namespace assay::marshal
