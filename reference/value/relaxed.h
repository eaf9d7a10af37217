// Comparison of the values that hold no others, and of kinds, as far as
// CompareOptions let them be one. For value/compare.h.
#pragma once

#include <array>
#include <cstdint>

#include "reference/value/compare.h"
#include "reference/value/graph.h"

namespace assay {

class Relaxed {
 public:
  explicit Relaxed(CompareOptions options);

  const CompareOptions& options() const { return options_; }

  // Nodes that have others inside and are compared part by part.
  static bool is_composite(Kind kind) { return Graph::has_edges(kind) && kind != Kind::global; }
  // The kind that stands for all that a kind may be one with.
  Kind family(Kind kind) const { return families_[static_cast<std::size_t>(kind)]; }
  // Whether a pair of these kinds must correspond one to one.
  bool have_identity(Kind a, Kind b) const {
    return Graph::has_identity(a) && Graph::has_identity(b) && !options_.allows(relax::no_identity);
  }
  // Whether some kind of the family is compared by value.
  bool may_lack_identity(Kind kind) const {
    return by_value_[static_cast<std::size_t>(family(kind))];
  }
  // Items in any order: both are sets, or one is and the other may stand for it.
  bool unordered(Kind a, Kind b) const {
    return is_set(a) || is_set(b) || (is_mapping(a) && options_.allows(relax::dict_order));
  }
  static bool is_mapping(Kind kind) { return kind == Kind::dict || kind == Kind::frozendict; }
  static bool is_set(Kind kind) { return kind == Kind::set || kind == Kind::frozenset; }

  // Both without parts; families need not be equal.
  bool equal(const Graph& a, NodeId x, const Graph& b, NodeId y) const;
  static constexpr std::uint64_t plain_nan = 0x7ff8000000000000;
  // The bits of a float, or of the parts of a complex; 0 for all else.
  static std::uint64_t float_bits(const Graph& graph, NodeId id);
  // Equal for all that equal() finds equal.
  std::uint64_t hash(const Graph& graph, NodeId id) const;

 private:
  bool numbers_equal(const Graph& a, NodeId x, const Graph& b, NodeId y) const;

  CompareOptions options_;
  std::array<Kind, kind_count> families_;
  std::array<bool, kind_count> by_value_{};
};

}  // namespace assay
