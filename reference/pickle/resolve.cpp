#include "reference/pickle/resolve.h"

#include <algorithm>
#include <array>

#include "reference/pickle/machine_state.h"
#include "reference/value/integer.h"
#include "reference/value/utf8.h"

namespace assay::pickle {
namespace {

struct Row {
  std::string_view modules[2];
  std::string_view name;
  Constructor constructor;
  bool python2 = true, python3 = true;
};

constexpr std::string_view builtins = "builtins", builtin2 = "__builtin__";
constexpr std::array<Row, 13> rows = {{
    {{builtins, builtin2}, "set", Constructor::set},
    {{builtins, builtin2}, "frozenset", Constructor::frozenset},
    {{builtins, builtin2}, "bytearray", Constructor::bytearray},
    {{builtins, builtin2}, "bytes", Constructor::bytes},
    {{builtins, builtin2}, "complex", Constructor::complex},
    {{builtins, builtin2}, "range", Constructor::range, false, true},
    {{builtin2, builtin2}, "xrange", Constructor::range, true, false},
    {{builtins, builtin2}, "slice", Constructor::slice},
    {{"_codecs", "_codecs"}, "encode", Constructor::encode},
    {{builtins, builtin2}, "getattr", Constructor::getattr},
    {{"copyreg", "copy_reg"}, "_reconstructor", Constructor::reconstructor},
    {{"copyreg", "copy_reg"}, "__newobj__", Constructor::newobj},
    {{"copyreg", "copy_reg"}, "__newobj_ex__", Constructor::newobj_ex},
}};

bool has_identity(Kind kind) {
  return Graph::has_identity(kind);
}

}  // namespace

Constructor find_constructor(std::string_view module, std::string_view name, bool python2) {
  for (const Row& row : rows)
    if (name == row.name && (module == row.modules[0] || module == row.modules[1]) &&
        (python2 ? row.python2 : row.python3))
      return row.constructor;
  return Constructor::none;
}

NodeId resolve_global(std::string_view module, std::string_view name) {
  if (module != builtins && module != builtin2) return no_node;
  if (name == "Ellipsis") return Graph::ellipsis;
  if (name == "NotImplemented") return Graph::not_implemented;
  return no_node;
}

// Whether `node` is exactly an int: no bool, and in Python 2 no long.
bool Machine::is_int(NodeId node) const {
  const Kind kind = graph_.kind(node);
  return (kind == Kind::integer || kind == Kind::big_integer) &&
         (graph_[node].flags & flag::python2_long) == 0;
}

bool Machine::is_latin1_name(NodeId node, bool short_name_too) const {
  const Kind kind = graph_.kind(node);
  if (kind != Kind::string && !(profile_.python2() && kind == Kind::bytes)) return false;
  return graph_.text(node) == "latin-1" || (short_name_too && graph_.text(node) == "latin1");
}

// str.encode('latin-1')
Bytes Machine::encode_latin1(NodeId text) {
  const Bytes data = graph_.data(text);
  if (is_ascii(data)) return data;
  charge(data.size());
  std::uint8_t* bytes = graph_.allocate(data.size());
  std::size_t size = 0;
  for (std::size_t at = 0; at < data.size();) {
    const std::uint32_t code_point = decode_utf8(data, at);
    if (code_point > 0xff)
      fail(Fault::unicode_encode_error, "'latin-1' codec can't encode character");
    bytes[size++] = static_cast<std::uint8_t>(code_point);
  }
  return {bytes, size};
}

NodeId Machine::resolve_set(NodeId made, Items args) {
  if (args.size() == 1) {
    const std::size_t size = graph_.edges(args[0]).size();
    charge(size);
    for (std::size_t i = 0; i < size; ++i) add_key(made, graph_.edges(args[0])[i]);
  }
  return made;
}

NodeId Machine::resolve_bytearray(Items args) {
  if (args.empty()) return graph_.bytearray(Bytes{});
  if (args.size() == 1 && graph_.kind(args[0]) == Kind::bytes)
    return graph_.bytearray(graph_.data(args[0]));
  if (args.size() == 2 && graph_.kind(args[0]) == Kind::string && is_latin1_name(args[1], false))
    return graph_.bytearray(encode_latin1(args[0]));
  return no_node;
}

NodeId Machine::resolve_range(Items args) {
  if (args.size() != 3 || !is_int(args[0]) || !is_int(args[1]) || !is_int(args[2])) return no_node;
  if (graph_.kind(args[2]) == Kind::integer && graph_[args[2]].integer == 0)
    fail(Fault::value_error, "range() arg 3 must not be zero");
  if (profile_.python2()) {
    // xrange counts its items in a C long.
    const auto start = static_cast<__int128>(graph_[args[0]].integer);
    const auto stop = static_cast<__int128>(graph_[args[1]].integer);
    const auto step = static_cast<__int128>(graph_[args[2]].integer);
    const __int128 items =
        step > 0 ? (stop - start + step - 1) / step : (start - stop - step - 1) / -step;
    if (items > INT64_MAX) fail(Fault::overflow_error, "xrange() result has too many items");
  }
  return graph_.range(args[0], args[1], args[2]);
}

// How protocols below 4 reach what is nested in a class: Lib/pickle.py, save_global.
NodeId Machine::resolve_getattr(Items args) {
  if (args.size() != 2 || graph_.kind(args[0]) != Kind::global) return no_node;
  const Kind kind = graph_.kind(args[1]);
  const bool bytes = profile_.python2() && kind == Kind::bytes;
  if (kind != Kind::string && !bytes) return no_node;
  if (profile_.python2() && !bytes && !is_ascii(graph_.data(args[1]))) return no_node;
  const NodeId name = bytes ? latin1_string(graph_, graph_.data(args[1])) : args[1];
  const Bytes outer = graph_.data(graph_.qualname(args[0])), inner = graph_.data(name);
  const std::size_t size = outer.size() + 1 + inner.size();
  charge(size);
  std::uint8_t* dotted = graph_.allocate(size);
  std::uint8_t* end = std::copy(outer.begin(), outer.end(), dotted);
  *end++ = '.';
  std::copy(inner.begin(), inner.end(), end);
  return graph_.global(graph_.module(args[0]), graph_.string(Bytes{dotted, size}));
}

// new(cls) or new(cls, *args), where the first argument is a class.
NodeId Machine::resolve_new(Constructor constructor, Items args) {
  if (args.empty() || graph_.kind(args[0]) != Kind::global) return no_node;
  if (constructor == Constructor::newobj)
    return graph_.new_(args[0], graph_.tuple(args.subspan(1)));
  if (args.size() != 3) return no_node;
  if (constructor == Constructor::reconstructor) {
    const NodeId base = args[1];
    const bool object = graph_.kind(base) == Kind::global &&
                        graph_.text(graph_.qualname(base)) == "object" &&
                        (graph_.text(graph_.module(base)) == builtins ||
                         graph_.text(graph_.module(base)) == builtin2);
    if (!object || args[2] != Graph::none) return no_node;
    return graph_.new_(args[0], Graph::empty_tuple);
  }
  if (graph_.kind(args[1]) != Kind::tuple || graph_.kind(args[2]) != Kind::dict) return no_node;
  const Items pairs = graph_.edges(args[2]);
  for (std::size_t i = 0; i < pairs.size(); i += 2)
    if (!is_keyword(pairs[i])) return no_node;
  return graph_.new_(args[0], args[1], keywords(args[2]));
}

// The value of a call of a class, or no_node when it stays a call.
NodeId Machine::resolve_call(NodeId cls, NodeId arguments) {
  if (graph_.kind(cls) != Kind::global) return no_node;
  const Constructor constructor = find_constructor(
      graph_.text(graph_.module(cls)), graph_.text(graph_.qualname(cls)), profile_.python2());
  if (constructor == Constructor::none) return no_node;
  // The arguments are copied: making nodes moves the graph's edges.
  const Items edges = graph_.edges(arguments);
  charge(edges.size());
  const std::vector<NodeId> args(edges.begin(), edges.end());
  const bool none_or_list =
      args.empty() || (args.size() == 1 && graph_.kind(args[0]) == Kind::list);
  switch (constructor) {
    case Constructor::set:
      return none_or_list ? resolve_set(graph_.set(), args) : no_node;
    case Constructor::frozenset:
      return none_or_list ? resolve_set(graph_.frozenset(), args) : no_node;
    case Constructor::bytearray:
      return resolve_bytearray(args);
    case Constructor::bytes:
      return args.empty() ? graph_.bytes(Bytes{}) : no_node;
    case Constructor::complex:
      if (args.size() != 2 || graph_.kind(args[0]) != Kind::floating ||
          graph_.kind(args[1]) != Kind::floating)
        return no_node;
      return graph_.complex(graph_[args[0]].floating, graph_[args[1]].floating);
    case Constructor::range:
      return resolve_range(args);
    case Constructor::slice:
      if (args.size() != 3) return no_node;
      for (const NodeId part : args)
        if (has_identity(graph_.kind(part)) && !is_mark_object(part)) return no_node;
      return graph_.slice(args[0], args[1], args[2]);
    case Constructor::encode:
      if (args.size() != 2 || graph_.kind(args[0]) != Kind::string ||
          !is_latin1_name(args[1], true))
        return no_node;
      return graph_.bytes(encode_latin1(args[0]));
    case Constructor::getattr:
      return resolve_getattr(args);
    case Constructor::reconstructor:
    case Constructor::newobj:
    case Constructor::newobj_ex:
      return resolve_new(constructor, args);
    case Constructor::none:
      break;
  }
  return no_node;
}

}  // namespace assay::pickle
