#include "reference/marshal/kept_error.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <string_view>

#include "reference/marshal/code_layout.h"
#include "reference/value/equality.h"
#include "reference/value/integer.h"
#include "reference/value/utf8.h"

namespace assay::marshal {
namespace {

constexpr Version python2 = {2, 7, 0};

bool is_number(Kind kind) {
  return is_integer(kind) || kind == Kind::floating || kind == Kind::complex;
}

bool are_equal(const Graph& graph, NodeId a, NodeId b) {
  return equal(graph, a, b, {.python2 = true});
}

// The hash of -1 is that of -2: -1 is the sign of an error.
bool is_minus_one_or_two(const Node& node) {
  return node.kind == Kind::integer && (node.integer == -1 || node.integer == -2);
}

bool has_hash_0(double value) {
  return value == 0 || std::isnan(value);
}

bool has_hash_0(const Graph& graph, NodeId number) {
  const Node& node = graph[number];
  if (node.kind == Kind::false_) return true;
  if (node.kind == Kind::integer) return node.integer == 0;
  if (node.kind == Kind::floating) return has_hash_0(node.floating);
  return node.kind == Kind::complex && has_hash_0(graph.real(number)) &&
         has_hash_0(graph.imaginary(number));
}

// Whether these are the same characters: then unicode and str have one hash.
bool same_characters(std::string_view utf8, Bytes latin1) {
  std::size_t at = 0;
  const auto next_is = [&](unsigned byte) {
    return at < utf8.size() && static_cast<std::uint8_t>(utf8[at++]) == byte;
  };
  for (const std::uint8_t byte : latin1) {
    if (byte < 0x80) {
      if (!next_is(byte)) return false;
    } else if (!next_is(0xc0U | byte >> 6) || !next_is(0x80U | (byte & 0x3fU))) {
      return false;
    }
  }
  return at == utf8.size();
}

// 2.7 object.c try_3way_compare, adjust_tp_compare: only ints and longs have no
// comparison of the newer kind.
Meeting meet_numbers(const Graph& graph, NodeId known, NodeId key) {
  const bool integers = is_integer(graph.kind(known)) && is_integer(graph.kind(key));
  if (are_equal(graph, known, key)) return integers ? Meeting::fails : Meeting::equal;
  if (is_minus_one_or_two(graph[known]) && is_minus_one_or_two(graph[key])) return Meeting::fails;
  return has_hash_0(graph, known) && has_hash_0(graph, key) ? Meeting::unequal : Meeting::apart;
}

// 2.7 unicodeobject.c PyUnicode_RichCompare: PyErr_Clear where the other is no text
// or not ASCII.
Meeting meet_text(const Graph& graph, NodeId text, NodeId other) {
  const Kind kind = graph.kind(other);
  if (kind == Kind::bytes) {
    if (!same_characters(graph.text(text), graph.data(other))) return Meeting::apart;
    return is_ascii(graph.data(other)) ? Meeting::equal : Meeting::loses;
  }
  if (kind == Kind::string) return are_equal(graph, text, other) ? Meeting::equal : Meeting::apart;
  const bool both_0 = graph.text(text).empty() && is_number(kind) && has_hash_0(graph, other);
  return both_0 ? Meeting::loses : Meeting::apart;
}

bool is_composite(Kind kind) {
  return kind == Kind::tuple || kind == Kind::frozenset || kind == Kind::code;
}

Meeting meet_scalars(const Graph& graph, NodeId known, NodeId key) {
  if (known == key) return Meeting::equal;
  const Kind a = graph.kind(known);
  const Kind b = graph.kind(key);
  if (a == Kind::string) return meet_text(graph, known, key);
  if (b == Kind::string) return meet_text(graph, key, known);
  if (is_number(a) && is_number(b)) return meet_numbers(graph, known, key);
  if (is_composite(a) || is_composite(b)) return Meeting::apart;
  return are_equal(graph, known, key) ? Meeting::equal : Meeting::apart;
}

// 2.7 tupleobject.c tuplehash, tuplerichcompare: items are compared up to the first
// that are not equal, if all have equal hashes. So do frozensets of one item.
Meeting meet_tuples(const Graph& graph, NodeId known, NodeId key) {
  const std::span<const NodeId> a = graph.edges(known);
  const std::span<const NodeId> b = graph.edges(key);
  if (a.size() != b.size()) return Meeting::apart;
  Meeting first = Meeting::equal;
  for (std::size_t i = 0; i < a.size(); ++i) {
    Meeting items = Meeting::equal;
    if (a[i] != b[i])
      items = is_composite(graph.kind(a[i])) && is_composite(graph.kind(b[i]))
                  ? Meeting::unknown
                  : meet_scalars(graph, a[i], b[i]);
    if (items == Meeting::apart) return Meeting::apart;
    if (first == Meeting::equal) first = items;
  }
  return first;
}

// 2.7 codeobject.c code_hash, code_richcompare. Where hashes are equal, constants are
// compared in ways of their own (_PyCode_ConstantKey).
Meeting meet_code(const Graph& graph, NodeId known, NodeId key) {
  const std::span<const NodeId> a = graph.edges(known);
  const std::span<const NodeId> b = graph.edges(key);
  const std::span<const std::string_view> left_out = fields_left_out(python2);
  bool same = true;
  for (std::size_t i = 1; i < a.size(); i += 2) {
    if (a[i] == b[i] || std::ranges::count(left_out, graph.text(a[i - 1])) != 0) continue;
    const Node& x = graph[a[i]];
    const Node& y = graph[b[i]];
    if (x.kind == Kind::integer && y.kind == Kind::integer) {
      if (x.integer != y.integer) return Meeting::apart;
      continue;
    }
    const Meeting fields = x.kind == Kind::tuple && y.kind == Kind::tuple
                               ? meet_tuples(graph, a[i], b[i])
                               : meet_scalars(graph, a[i], b[i]);
    if (fields == Meeting::apart) return Meeting::apart;
    same = same && fields == Meeting::equal && graph.text(a[i - 1]) != "consts";
  }
  return same ? Meeting::equal : Meeting::unknown;
}

}  // namespace

Meeting meet(const Graph& graph, NodeId known, NodeId key) {
  const Kind kind = graph.kind(known);
  if (known == key) return Meeting::equal;
  if (!is_composite(kind) || kind != graph.kind(key)) return meet_scalars(graph, known, key);
  if (kind == Kind::code) return meet_code(graph, known, key);
  const std::size_t size = graph.edges(known).size();
  if (kind == Kind::frozenset && size > 1 && size == graph.edges(key).size())
    return Meeting::unknown;
  return meet_tuples(graph, known, key);
}

}  // namespace assay::marshal
