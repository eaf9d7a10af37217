#include "reference/value/relaxed.h"

#include <bit>
#include <cmath>
#include <utility>

#include "reference/value/integer.h"
#include "reference/value/seeded_hash.h"
#include "reference/value/utf8.h"

namespace assay {
namespace {

bool is_text(Kind kind) {
  return kind == Kind::string || kind == Kind::bytes || kind == Kind::bytearray;
}

bool is_number(Kind kind) {
  return is_integer(kind) || kind == Kind::floating;
}

// The bits of a float, with every NaN that may equal another made one.
std::uint64_t float_class(double value) {
  return std::isnan(value) ? Relaxed::plain_nan : std::bit_cast<std::uint64_t>(value);
}

// By bits, except that nan (7ff8000000000000) equals any quiet NaN.
bool floats_equal(double x, double y) {
  constexpr std::uint64_t quiet = std::uint64_t{1} << 51;
  constexpr std::uint64_t plain = Relaxed::plain_nan;
  const auto left = std::bit_cast<std::uint64_t>(x);
  const auto right = std::bit_cast<std::uint64_t>(y);
  if (left == right) return true;
  if (!std::isnan(x) || !std::isnan(y)) return false;
  return (left == plain && (right & quiet) != 0) || (right == plain && (left & quiet) != 0);
}

std::string_view names(const Graph& graph, NodeId global, bool module) {
  return graph.text(module ? graph.module(global) : graph.qualname(global));
}

}  // namespace

std::uint32_t relax::named(std::string_view name) {
  static constexpr std::pair<std::string_view, std::uint32_t> rows[] = {
      {"tuple=list", tuple_is_list},
      {"bytes=str", bytes_is_str},
      {"bytearray=bytes", bytearray_is_bytes},
      {"set=list", set_is_list},
      {"frozenset=set", frozenset_is_set},
      {"int=float", int_is_float},
      {"bool=int", bool_is_int},
      {"long=int", long_is_int},
      {"ascii-str=bytes", ascii_str_is_bytes},
      {"dict-order", dict_order},
      {"identity", no_identity},
  };
  for (const auto& [known, bit] : rows)
    if (name == known) return bit;
  return 0;
}

Relaxed::Relaxed(CompareOptions options) : options_(options) {
  for (std::size_t i = 0; i < kind_count; ++i) families_[i] = static_cast<Kind>(i);
  const auto join = [&](std::uint32_t bit, Kind from, Kind to) {
    if (!options_.allows(bit)) return;
    const Kind old = family(from);
    for (Kind& kind : families_)
      if (kind == old) kind = family(to);
  };
  join(relax::tuple_is_list, Kind::tuple, Kind::list);
  join(relax::frozenset_is_set, Kind::frozenset, Kind::set);
  join(relax::set_is_list, Kind::set, Kind::list);
  for (std::size_t i = 0; i < kind_count; ++i) {
    const auto kind = static_cast<Kind>(i);
    if (!Graph::has_identity(kind) || options_.allows(relax::no_identity))
      by_value_[static_cast<std::size_t>(family(kind))] = true;
  }
}

bool Relaxed::equal(const Graph& a, NodeId x, const Graph& b, NodeId y) const {
  const Node& m = a[x];
  const Node& n = b[y];
  if (m.kind == Kind::integer && n.kind == Kind::integer && m.flags == n.flags)
    return m.integer == n.integer;
  if (is_text(m.kind) && is_text(n.kind)) {
    const auto either = [&](Kind one, Kind other) {
      return (m.kind == one && n.kind == other) || (m.kind == other && n.kind == one);
    };
    const bool bytes_like =
        either(Kind::bytes, Kind::bytearray) && options_.allows(relax::bytearray_is_bytes);
    const bool text_like = either(Kind::string, Kind::bytes) &&
                           (options_.allows(relax::bytes_is_str) ||
                            (options_.allows(relax::ascii_str_is_bytes) && is_ascii(a.data(x))));
    const bool all_one = either(Kind::string, Kind::bytearray) &&
                         options_.allows(relax::bytes_is_str) &&
                         options_.allows(relax::bytearray_is_bytes);
    if (m.kind != n.kind && !bytes_like && !text_like && !all_one) return false;
    return a.text(x) == b.text(y);
  }
  if (is_number(m.kind) && is_number(n.kind)) return numbers_equal(a, x, b, y);
  if (m.kind != n.kind) return false;
  switch (m.kind) {
    case Kind::complex:
      return floats_equal(a.real(x), b.real(y)) && floats_equal(a.imaginary(x), b.imaginary(y));
    case Kind::buffer:
    case Kind::ext:
      return m.integer == n.integer;
    case Kind::global:
      return names(a, x, true) == names(b, y, true) && names(a, x, false) == names(b, y, false);
    default:
      return true;  // the singletons
  }
}

bool Relaxed::numbers_equal(const Graph& a, NodeId x, const Graph& b, NodeId y) const {
  const Kind m = a.kind(x);
  const Kind n = b.kind(y);
  if (m == Kind::floating && n == Kind::floating) return floats_equal(a[x].floating, b[y].floating);
  if (n == Kind::floating) return numbers_equal(b, y, a, x);
  const auto is_bool = [](Kind kind) { return kind == Kind::true_ || kind == Kind::false_; };
  if ((is_bool(n) && (m == Kind::floating || !is_bool(m))) || (is_bool(m) && !is_bool(n)))
    if (!options_.allows(relax::bool_is_int)) return false;
  if (m == Kind::floating) {
    const double value = a[x].floating;
    return options_.allows(relax::int_is_float) && compare_integer_double(b, y, value) == 0 &&
           !(value == 0 && std::signbit(value));
  }
  if (is_bool(m) && is_bool(n)) return m == n;
  if ((a[x].flags & flag::python2_long) != (b[y].flags & flag::python2_long) &&
      !options_.allows(relax::long_is_int))
    return false;
  return compare_integers(a, x, b, y) == 0;
}

std::uint64_t Relaxed::float_bits(const Graph& graph, NodeId id) {
  switch (graph.kind(id)) {
    case Kind::floating:
      return std::bit_cast<std::uint64_t>(graph[id].floating);
    case Kind::complex:
      return mix(std::bit_cast<std::uint64_t>(graph.real(id)),
                 std::bit_cast<std::uint64_t>(graph.imaginary(id)));
    default:
      return 0;
  }
}

std::uint64_t Relaxed::hash(const Graph& graph, NodeId id) const {
  enum Salt : std::uint64_t { complex = 1, text, global, other };
  const Node& node = graph[id];
  if (is_integer(node.kind)) return hash_integer_value(graph, id);
  switch (node.kind) {
    case Kind::floating:
      return hash_double_value(std::bit_cast<double>(float_class(node.floating)));
    case Kind::complex:
      return mix(mix(complex, float_class(graph.real(id))), float_class(graph.imaginary(id)));
    case Kind::string:
    case Kind::bytes:
    case Kind::bytearray:
      return hash_bytes(graph.data(id), text);
    case Kind::buffer:
    case Kind::ext:
      return mix(other + static_cast<std::uint64_t>(node.kind),
                 static_cast<std::uint64_t>(node.integer));
    case Kind::global:
      return mix(hash_bytes(as_bytes(names(graph, id, true)), global),
                 hash_bytes(as_bytes(names(graph, id, false)), global));
    default:
      return mix(other, static_cast<std::uint64_t>(node.kind));
  }
}

}  // namespace assay
