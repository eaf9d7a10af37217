// Comparison against an exhaustive search.
#include "reference/value/compare.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "reference/value/graph_from_choices.h"
#include "reference/value/text.h"

namespace assay {
namespace {

// The rules of README.md, "Comparison", tried in every way: no hashes, no
// union-find, every permutation of every set.
class Exhaustive {
 public:
  Exhaustive(const Graph& a, const Graph& b) : a_(a), b_(b) {}

  bool same(NodeId x, NodeId y) { return satisfy({{x, y, false}}, {}); }
  bool gave_up() const { return steps_ > 200000; }

 private:
  struct Duty {
    NodeId x, y;
    bool by_value;
  };
  struct State {
    std::map<NodeId, NodeId> forward, backward;
    std::set<std::pair<NodeId, NodeId>> assumed;
  };

  bool leaves_same(NodeId x, NodeId y) const {
    const Node& m = a_[x];
    const Node& n = b_[y];
    if (m.kind != n.kind || m.flags != n.flags) return false;
    switch (m.kind) {
      case Kind::string:
      case Kind::bytes:
      case Kind::bytearray:
        return a_.text(x) == b_.text(y);
      case Kind::integer:
      case Kind::buffer:
      case Kind::ext:
        return m.integer == n.integer;
      case Kind::floating:
      case Kind::big_integer:
      case Kind::complex:
        return print(a_, x) == print(b_, y);
      case Kind::global:
        return a_.text(a_.module(x)) == b_.text(b_.module(y)) &&
               a_.text(a_.qualname(x)) == b_.text(b_.qualname(y));
      default:
        return true;
    }
  }

  bool satisfy(std::vector<Duty> duties, State state) {
    while (!duties.empty()) {
      if (++steps_ > 200000) return true;
      const Duty duty = duties.back();
      duties.pop_back();
      const auto [x, y, by_value] = duty;
      const Kind kind = a_.kind(x);
      if (kind != b_.kind(y)) return false;
      if (Graph::has_identity(kind) && !by_value) {
        const bool known = state.forward.count(x) != 0;
        if (known != (state.backward.count(y) != 0)) return false;
        if (known) {
          if (state.forward[x] != y) return false;
          continue;
        }
        state.forward[x] = y;
        state.backward[y] = x;
      } else if (!state.assumed.emplace(x, y).second) {
        continue;
      }
      if (!Graph::has_edges(kind) || kind == Kind::global) {
        if (!leaves_same(x, y)) return false;
        continue;
      }
      if (!open(x, y, duties, state)) return false;
      if (kind == Kind::set || kind == Kind::frozenset) return in_some_order(x, y, duties, state);
    }
    return true;
  }

  // Adds the duties of what is inside, except for sets.
  bool open(NodeId x, NodeId y, std::vector<Duty>& duties, State&) const {
    const auto left = a_.edges(x);
    const auto right = b_.edges(y);
    const Kind kind = a_.kind(x);
    if (left.size() != right.size()) return false;
    if (kind == Kind::set || kind == Kind::frozenset) return true;
    for (std::size_t i = 0; i < left.size(); ++i) {
      if (Graph::is_instance(kind) && i == 2) {
        const bool none_left = left[i] == no_node || a_.edges(left[i]).empty();
        const bool none_right = right[i] == no_node || b_.edges(right[i]).empty();
        if (none_left != none_right) return false;
        if (!none_left) duties.push_back({left[i], right[i], true});
      } else if (Graph::is_instance(kind) && i > 2 && i % 3 == 0) {
        if (left[i] != right[i]) return false;
      } else if (left[i] != no_node) {
        duties.push_back({left[i], right[i], false});
      }
    }
    return true;
  }

  bool in_some_order(NodeId x, NodeId y, const std::vector<Duty>& duties, const State& state) {
    const auto left = a_.edges(x);
    std::vector<NodeId> right(b_.edges(y).begin(), b_.edges(y).end());
    std::sort(right.begin(), right.end());
    do {
      std::vector<Duty> more = duties;
      for (std::size_t i = 0; i < left.size(); ++i) more.push_back({left[i], right[i], false});
      if (satisfy(std::move(more), state)) return true;
    } while (std::next_permutation(right.begin(), right.end()));
    return false;
  }

  const Graph& a_;
  const Graph& b_;
  std::size_t steps_ = 0;
};

// Turns the items of every set around.
void reverse_sets(Graph& graph) {
  for (NodeId id = 0; id < graph.size(); ++id) {
    if (graph.kind(id) != Kind::set && graph.kind(id) != Kind::frozenset) continue;
    std::vector<NodeId> items(graph.items(id).begin(), graph.items(id).end());
    std::reverse(items.begin(), items.end());
    for (std::size_t i = 0; i < items.size(); ++i) graph.set_edge(id, i, items[i]);
  }
}

void check_pair(const std::vector<std::uint8_t>& left, const std::vector<std::uint8_t>& right) {
  Graph a;
  Graph b;
  GraphFromChoices from_left(a, left);
  GraphFromChoices from_right(b, right);
  const NodeId all_left = from_left.build();
  const NodeId all_right = from_right.build();
  if (left.size() % 2 == 0) reverse_sets(b);
  const std::pair<NodeId, NodeId> roots[] = {{from_left.last(), from_right.last()},
                                             {all_left, all_right}};
  for (const auto& [x, y] : roots) {
    Exhaustive search(a, b);
    const bool same = search.same(x, y);
    if (search.gave_up()) continue;
    RC_ASSERT(!first_difference(a, x, b, y).has_value() == same);
    RC_ASSERT(!first_difference(b, y, a, x).has_value() == same);
  }
}

TEST(Compare, AgreesWithAnExhaustiveSearch) {
  EXPECT_TRUE(rc::check("one choice is changed", [](const std::vector<std::uint8_t>& choices) {
    std::vector<std::uint8_t> other = choices;
    if (!other.empty())
      other[*rc::gen::inRange<std::size_t>(0, other.size())] = *rc::gen::arbitrary<std::uint8_t>();
    check_pair(choices, other);
  }));
  EXPECT_TRUE(rc::check("nothing is changed", [](const std::vector<std::uint8_t>& choices) {
    check_pair(choices, choices);
  }));
}

// Four like instances in a set, their states sets of some of them, and a set of
// pairs of them: nothing but trying tells which is which.
std::string small_world(const std::vector<int>& choices) {
  std::size_t next = 0;
  const auto choose = [&](int below) { return choices[next++ % choices.size()] % below; };
  const auto reference = [&] { return "*" + std::to_string(choose(4) + 1); };
  std::string text = "({";
  for (int i = 1; i <= 4; ++i) {
    text += (i == 1 ? "&" : ", &") + std::to_string(i) + " call(None)";
    if (const int count = choose(3); count > 0) {
      text += ".build({" + reference();
      for (int j = 1; j < count; ++j) text += ", " + reference();
      text += "})";
    }
  }
  text += "}, {frozenset({" + reference() + ", " + reference() + "}), frozenset({" + reference();
  text += ", " + reference() + "})}, {(" + reference() + ", 1), (" + reference() + ", 1)})";
  return text;
}

TEST(Compare, AgreesWithAnExhaustiveSearchOnSetsOfLikeInstances) {
  int same_worlds = 0;
  EXPECT_TRUE(rc::check([&] {
    const auto draw = rc::gen::container<std::vector<int>>(24, rc::gen::inRange(0, 12));
    const std::vector<int> choices = *draw;
    std::vector<int> other = choices;
    // Most differences should be small, and some pairs the same.
    for (int changes = *rc::gen::inRange(0, 3); changes > 0; --changes)
      other[*rc::gen::inRange<std::size_t>(0, 24)] = *rc::gen::inRange(0, 12);
    Graph a;
    Graph b;
    const NodeId x = parse(a, small_world(choices));
    const NodeId y = parse(b, small_world(other));
    reverse_sets(b);
    Exhaustive search(a, b);
    const bool same = search.same(x, y);
    if (search.gave_up()) return;
    same_worlds += same;
    RC_ASSERT(!first_difference(a, x, b, y) == same);
    RC_ASSERT(!first_difference(b, y, a, x) == same);
  }));
  EXPECT_GT(same_worlds, 0);
}

}  // namespace
}  // namespace assay
