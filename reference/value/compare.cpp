#include "reference/value/compare.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "reference/bytes/error.h"
#include "reference/value/compare_path.h"
#include "reference/value/pairing.h"
#include "reference/value/relaxed.h"
#include "reference/value/structural_hash.h"
#include "reference/value/text.h"

namespace assay {
namespace {

constexpr std::string_view absent = "(nothing)";

// Text and integers beyond this many bytes are compared once for each pair of
// nodes, not at each reference.
constexpr std::size_t short_text = 32;

class Comparison {
 public:
  Comparison(const Graph& a, NodeId ra, const Graph& b, NodeId rb, CompareOptions options)
      : a_(a), b_(b), ra_(ra), rb_(rb), relaxed_(options), pairing_(a.size(), b.size()) {}

  std::optional<Difference> run() {
    bool same = visit(ra_, rb_, no_step, 0);
    while (true) {
      same = same && compare_ordered() && match_sets();
      if (!same) {
        if (!try_another()) return difference_;
        same = true;
      } else if (frames_.empty() && guessed_ == sets_.size()) {
        return std::nullopt;
      }
    }
  }

 private:
  struct Frame {
    std::uint32_t step;
    std::uint32_t next;
  };
  // An item of a set, or the key of a pair: its hash and its place.
  struct Item {
    std::uint64_t hash;
    std::uint32_t at;
  };
  // Items that may correspond in several ways: left[i] with right[i] is the
  // first guess. `run` of them can be exchanged for one another.
  struct Ties {
    std::vector<std::uint32_t> left, right;
    std::size_t run = 0;
  };
  struct Hashes {
    StructuralHash left, right;
  };
  // A point to return to when a guess proves wrong.
  struct Choice {
    std::uint32_t step;
    Ties ties;
    std::size_t next;  // 0: all as they stand; i: the first with the i-th of its run
    bool refined;      // the ties are those of hashes made here
    std::size_t changes, steps, sets, matched, guessed;
    std::shared_ptr<const Hashes> hashes;
  };

  // --- what is ordered -------------------------------------------------------

  // One pair of values. Composites are noted and opened, to be gone through
  // later. False when they differ.
  bool visit(NodeId x, NodeId y, std::uint32_t parent, std::uint32_t edge, bool by_value = false) {
    const Kind m = a_.kind(x);
    const Kind n = b_.kind(y);
    if (!Relaxed::is_composite(m) || !Relaxed::is_composite(n))
      return visit_leaf(x, y, parent, edge);
    if (relaxed_.family(m) != relaxed_.family(n)) return differ(x, y, parent, edge);
    if (!by_value && relaxed_.have_identity(m, n)) {
      if (pairing_.partner_of_left(x) == y) return true;
      if (!correspond(x, y, parent, edge)) return false;
    } else if (!pairing_.unite(x, y)) {
      return true;
    }
    spend(1);
    const auto step = static_cast<std::uint32_t>(steps_.size());
    steps_.push_back({x, y, parent, edge});
    if (relaxed_.unordered(m, n)) {
      sets_.push_back(step);
    } else {
      frames_.push_back({step, 0});
    }
    return true;
  }

  bool visit_leaf(NodeId x, NodeId y, std::uint32_t parent, std::uint32_t edge) {
    const bool identity = relaxed_.have_identity(a_.kind(x), b_.kind(y));
    if (identity && pairing_.partner_of_left(x) == y) return true;
    const bool once = !identity && is_long(a_, x) && is_long(b_, y);
    if (once && pairing_.class_of_left(x) == pairing_.class_of_right(y)) return true;
    if (!relaxed_.equal(a_, x, b_, y)) return differ(x, y, parent, edge);
    if (once) pairing_.unite(x, y);
    if (!identity) return true;
    if (!correspond(x, y, parent, edge)) return false;
    steps_.push_back({x, y, parent, edge});
    return true;
  }

  static bool is_long(const Graph& graph, NodeId id) {
    switch (graph.kind(id)) {
      case Kind::string:
      case Kind::bytes:
        return graph.text_size(id) > short_text;
      case Kind::big_integer:
        return graph[id].size > short_text / sizeof(std::uint64_t);
      case Kind::global:
        return graph.text_size(graph.module(id)) > short_text ||
               graph.text_size(graph.qualname(id)) > short_text;
      default:
        return false;
    }
  }

  bool correspond(NodeId x, NodeId y, std::uint32_t parent, std::uint32_t edge) {
    if (pairing_.partner_of_left(x) != no_node || pairing_.partner_of_right(y) != no_node)
      return differ_in_identity(x, y, parent, edge);
    pairing_.pair(x, y);
    return true;
  }

  bool compare_ordered() {
    while (!frames_.empty()) {
      const Frame frame = frames_.back();
      const CompareStep step = steps_[frame.step];
      const std::span<const NodeId> left = a_.edges(step.left);
      const std::span<const NodeId> right = b_.edges(step.right);
      if (frame.next < left.size() && frame.next < right.size()) {
        ++frames_.back().next;
        const bool same = Graph::is_instance(a_.kind(step.left))
                              ? visit_part(step, frame.step, frame.next)
                              : visit(left[frame.next], right[frame.next], frame.step, frame.next);
        if (!same) return false;
      } else {
        frames_.pop_back();
        if (left.size() != right.size()) return differ_in_size(step, frame.step, frame.next);
      }
    }
    return true;
  }

  // Part `i` of two instances: callee, arguments, keywords, then triples of an
  // operation and its operands.
  bool visit_part(const CompareStep& step, std::uint32_t at, std::uint32_t i) {
    const NodeId x = a_.edges(step.left)[i];
    const NodeId y = b_.edges(step.right)[i];
    if (i < 2) return visit(x, y, at, i);
    if (i > 2 && i % 3 == 0) return x == y || differ_in_operation(step, at, i);
    const bool no_x = x == no_node || (i == 2 && a_.edges(x).empty());
    const bool no_y = y == no_node || (i == 2 && b_.edges(y).empty());
    if (no_x && no_y) return true;
    if (no_x || no_y)
      return differ(at, i, no_x ? std::string(absent) : excerpt(a_, x),
                    no_y ? std::string(absent) : excerpt(b_, y));
    return visit(x, y, at, i, i == 2);
  }

  // --- differences -------------------------------------------------------------

  // A difference counts only when nothing was guessed before it.
  bool differ(std::uint32_t parent, std::uint32_t edge, std::string left, std::string right) {
    if (choices_.empty())
      difference_ =
          Difference{path_text(a_, steps_, parent, edge), std::move(left), std::move(right)};
    return false;
  }

  bool differ(NodeId x, NodeId y, std::uint32_t parent, std::uint32_t edge) {
    if (!choices_.empty()) return false;
    return differ(parent, edge, excerpt(a_, x), excerpt(b_, y));
  }

  bool differ_in_identity(NodeId x, NodeId y, std::uint32_t parent, std::uint32_t edge) {
    if (!choices_.empty()) return false;
    std::string left = "another object";
    std::string right = left;
    for (const CompareStep& step : steps_) {
      const std::string path = step.left == x || step.right == y
                                   ? path_text(a_, steps_, step.parent, step.edge)
                                   : std::string();
      const std::string words =
          path.empty() ? "the same object as the root" : "the same object as " + path;
      if (step.left == x) left = words;
      if (step.right == y) right = words;
    }
    return differ(parent, edge, std::move(left), std::move(right));
  }

  bool differ_in_size(const CompareStep& step, std::uint32_t at, std::uint32_t i) {
    if (!choices_.empty()) return false;
    const auto text = [i](const Graph& graph, NodeId id) {
      if (i >= graph.edges(id).size()) return std::string(absent);
      if (Graph::is_instance(graph.kind(id))) return operation_text(graph, id, (i - 3) / 3);
      return excerpt(graph, graph.edges(id)[i]);
    };
    return differ(at, i, text(a_, step.left), text(b_, step.right));
  }

  bool differ_in_operation(const CompareStep& step, std::uint32_t at, std::uint32_t i) {
    if (!choices_.empty()) return false;
    return differ(at, i, operation_text(a_, step.left, (i - 3) / 3),
                  operation_text(b_, step.right, (i - 3) / 3));
  }

  // --- sets --------------------------------------------------------------------
  // A set waits until all that is ordered is compared, so that as many of its
  // items as possible have their partners already. Then each set is matched as
  // far as that is certain (matched_), and only then by guessing (guessed_).

  bool match_sets() {
    while (frames_.empty()) {
      if (matched_ < sets_.size()) {
        if (!match(sets_[matched_++], nullptr)) return false;
      } else if (guessed_ < sets_.size()) {
        Ties ties;
        if (!match(sets_[guessed_], &ties)) return false;
        if (ties.left.empty()) {
          ++guessed_;
        } else if (frames_.empty()) {
          return guess(sets_[guessed_], std::move(ties));
        }
      } else {
        break;
      }
    }
    return true;
  }

  std::uint32_t stride(const CompareStep& step) const {
    return Relaxed::is_mapping(a_.kind(step.left)) ? 2 : 1;
  }

  bool all_leaves(const Graph& graph, NodeId id, std::size_t stride) const {
    const std::span<const NodeId> edges = graph.edges(id);
    for (std::size_t i = 0; i < edges.size(); i += stride)
      if (Relaxed::is_composite(graph.kind(edges[i]))) return false;
    return true;
  }

  // Compares item `x` of the left with item `y` of the right, and the values
  // if they are keys.
  bool visit_items(std::uint32_t step, std::uint32_t x, std::uint32_t y) {
    const CompareStep at = steps_[step];
    const NodeId left = a_.edges(at.left)[x];
    const NodeId right = b_.edges(at.right)[y];
    if (!visit(left, right, step, x)) return false;
    if (stride(at) == 1) return true;
    return visit(a_.edges(at.left)[x + 1], b_.edges(at.right)[y + 1], step, x + 1);
  }

  // Pairs the items of a set as far as there is only one way. What is left goes
  // to `ties`, if that is asked for.
  bool match(std::uint32_t step, Ties* ties) {
    std::vector<Item> left;
    std::vector<Item> right;
    if (!match_known(step, left, right)) return false;
    const auto by_hash = [](const Item& x, const Item& y) {
      return std::pair(x.hash, x.at) < std::pair(y.hash, y.at);
    };
    std::sort(left.begin(), left.end(), by_hash);
    std::sort(right.begin(), right.end(), by_hash);
    if (!match_lonely(step, left, right)) return false;
    const auto end_of_run = [](const std::vector<Item>& items, std::size_t at) {
      const std::uint64_t hash = items[at].hash;
      while (at < items.size() && items[at].hash == hash) ++at;
      return at;
    };
    for (std::size_t i = 0; i < left.size();) {
      const std::size_t end = end_of_run(left, i);
      if (!match_run(step, {left.data() + i, end - i}, {right.data() + i, end - i}, ties))
        return false;
      i = end;
    }
    return true;
  }

  // Pairs the items whose partners are known already, and hashes the others.
  bool match_known(std::uint32_t step, std::vector<Item>& left, std::vector<Item>& right) {
    const CompareStep at = steps_[step];
    const std::span<const NodeId> xs = a_.edges(at.left);
    const std::span<const NodeId> ys = b_.edges(at.right);
    spend(xs.size());
    const std::uint32_t by = stride(at);
    if (all_leaves(a_, at.left, by) && all_leaves(b_, at.right, by)) {
      for (std::uint32_t i = 0; i < xs.size(); i += by)
        left.push_back({relaxed_.hash(a_, xs[i]), i});
      for (std::uint32_t i = 0; i < ys.size(); i += by)
        right.push_back({relaxed_.hash(b_, ys[i]), i});
      return true;
    }
    if (!hashes_) hash_anew();

    // By class of equal values, or by the partner of nodes with identity.
    std::vector<std::pair<std::uint64_t, std::uint32_t>> known_left;
    std::vector<std::pair<std::uint64_t, std::uint32_t>> known_right;
    const std::uint64_t partnered = std::uint64_t{1} << 32;
    for (std::uint32_t i = 0; i < xs.size(); i += by) {
      const NodeId partner = pairing_.partner_of_left(xs[i]);
      known_left.emplace_back(
          partner != no_node ? partnered + partner : pairing_.class_of_left(xs[i]), i);
    }
    for (std::uint32_t i = 0; i < ys.size(); i += by) {
      const bool has = pairing_.partner_of_right(ys[i]) != no_node;
      known_right.emplace_back(has ? partnered + ys[i] : pairing_.class_of_right(ys[i]), i);
    }
    std::sort(known_left.begin(), known_left.end());
    std::sort(known_right.begin(), known_right.end());
    std::size_t j = 0;
    for (const auto& [key, i] : known_left) {
      for (; j < known_right.size() && known_right[j].first < key; ++j)
        right.push_back({hashes_->right[ys[known_right[j].second]], known_right[j].second});
      if (j < known_right.size() && known_right[j].first == key) {
        if (!visit_items(step, i, known_right[j].second)) return false;
        ++j;
      } else {
        left.push_back({hashes_->left[xs[i]], i});
      }
    }
    for (; j < known_right.size(); ++j)
      right.push_back({hashes_->right[ys[known_right[j].second]], known_right[j].second});
    return true;
  }

  // Items whose hash is not found as often on the other side have no partner:
  // the sets differ. Where that leaves one item on each side, these two are
  // compared, to say where they differ.
  bool match_lonely(std::uint32_t step, const std::vector<Item>& left,
                    const std::vector<Item>& right) {
    std::vector<std::uint32_t> lonely_left;
    std::vector<std::uint32_t> lonely_right;
    std::size_t i = 0;
    std::size_t j = 0;
    while (i < left.size() || j < right.size()) {
      if (j == right.size() || (i < left.size() && left[i].hash < right[j].hash)) {
        lonely_left.push_back(left[i++].at);
      } else if (i == left.size() || right[j].hash < left[i].hash) {
        lonely_right.push_back(right[j++].at);
      } else {
        ++i;
        ++j;
      }
    }
    if (lonely_left.empty() && lonely_right.empty()) return true;
    if (!choices_.empty()) return false;
    const CompareStep at = steps_[step];
    const auto first = [](const std::vector<std::uint32_t>& lonely) {
      return lonely.empty() ? UINT32_MAX : *std::min_element(lonely.begin(), lonely.end());
    };
    const std::uint32_t x = first(lonely_left);
    const std::uint32_t y = first(lonely_right);
    if (lonely_left.size() == 1 && lonely_right.size() == 1) {
      if (!visit_items(step, x, y) || !compare_ordered()) return false;
    }
    return differ(step, x,
                  x == UINT32_MAX ? std::string(absent) : excerpt(a_, a_.edges(at.left)[x]),
                  y == UINT32_MAX ? std::string(absent) : excerpt(b_, b_.edges(at.right)[y]));
  }

  // Items of one hash, as many on each side.
  bool match_run(std::uint32_t step, std::span<const Item> left, std::span<const Item> right,
                 Ties* ties) {
    const CompareStep at = steps_[step];
    if (left.size() == 1) return visit_items(step, left[0].at, right[0].at);
    if (!Relaxed::is_composite(a_.kind(a_.edges(at.left)[left[0].at])))
      return match_leaves(step, left, right);
    if (ties == nullptr) return true;
    if (ties->run == 0) ties->run = left.size();
    for (std::size_t i = 0; i < left.size(); ++i) {
      ties->left.push_back(left[i].at);
      ties->right.push_back(right[i].at);
    }
    return true;
  }

  // Leaves of one hash are equal, or collide, or are NaNs. Those are paired first
  // with others of the same bits, except for the plain nan, which equals every
  // quiet one and is left for what has no like.
  bool match_leaves(std::uint32_t step, std::span<const Item> left, std::span<const Item> right) {
    const CompareStep at = steps_[step];
    std::vector<Item> xs = by_bits(a_, at.left, left);
    std::vector<Item> ys = by_bits(b_, at.right, right);
    const std::size_t plain = take_plain_nans(ys);
    std::vector<Item> others;
    std::size_t j = plain;
    std::size_t kept = plain;
    for (const Item& item : xs) {
      for (; j < ys.size() && ys[j].hash < item.hash; ++j) ys[kept++] = ys[j];
      if (j < ys.size() && ys[j].hash == item.hash && leaves_equal(at, item, ys[j])) {
        if (!visit_items(step, item.at, ys[j++].at)) return false;
      } else {
        others.push_back(item);
      }
    }
    ys.erase(ys.begin() + static_cast<std::ptrdiff_t>(kept),
             ys.begin() + static_cast<std::ptrdiff_t>(j));
    std::rotate(others.begin(),
                others.begin() + static_cast<std::ptrdiff_t>(take_plain_nans(others)),
                others.end());
    for (std::size_t i = 0; i < others.size(); ++i) {
      std::size_t found = i;
      while (found < ys.size() && !leaves_equal(at, others[i], ys[found])) ++found;
      if (found < ys.size()) std::swap(ys[i], ys[found]);
      // Where none is equal, this says what differs.
      if (!visit_items(step, others[i].at, ys[i].at)) return false;
    }
    return true;
  }

  // Items with the bits of their floats (0 for other leaves) in place of the
  // hash, in the order of these.
  static std::vector<Item> by_bits(const Graph& graph, NodeId set, std::span<const Item> items) {
    std::vector<Item> sorted;
    for (const Item& item : items)
      sorted.push_back({Relaxed::float_bits(graph, graph.edges(set)[item.at]), item.at});
    std::sort(sorted.begin(), sorted.end(), [](const Item& x, const Item& y) {
      return std::pair(x.hash, x.at) < std::pair(y.hash, y.at);
    });
    return sorted;
  }

  // Moves the plain nans to the front and gives their count.
  static std::size_t take_plain_nans(std::vector<Item>& items) {
    const auto end = std::stable_partition(items.begin(), items.end(), [](const Item& item) {
      return item.hash == Relaxed::plain_nan;
    });
    return static_cast<std::size_t>(end - items.begin());
  }

  // Of keys that are alike (NaNs), only the values say which is which; those that
  // are composite are not looked into.
  bool leaves_equal(const CompareStep& at, const Item& x, const Item& y) const {
    const NodeId* left = &a_.edges(at.left)[x.at];
    const NodeId* right = &b_.edges(at.right)[y.at];
    if (!relaxed_.equal(a_, left[0], b_, right[0])) return false;
    if (stride(at) == 1) return true;
    const bool composite = Relaxed::is_composite(a_.kind(left[1]));
    if (composite != Relaxed::is_composite(b_.kind(right[1]))) return false;
    return composite || relaxed_.equal(a_, left[1], b_, right[1]);
  }

  // With all that is known of partners now.
  void hash_anew() {
    spend(StructuralHash::rounds * (std::size_t{a_.size()} + b_.size()));
    hashes_ = std::make_shared<const Hashes>(Hashes{
        {a_, ra_, relaxed_, [this](NodeId x) { return pairing_.partner_of_left(x); }},
        {b_, rb_, relaxed_,
         [this](NodeId y) { return pairing_.partner_of_right(y) == no_node ? no_node : y; }}});
  }

  // --- guessing ------------------------------------------------------------------

  bool guess(std::uint32_t step, Ties ties) {
    guessing_ = true;
    choices_.push_back({step, std::move(ties), 0, false, pairing_.changes(), steps_.size(),
                        sets_.size(), matched_, guessed_, hashes_});
    return try_pairs();
  }

  // Pairs the items of the last choice in its next way.
  bool try_pairs() {
    Choice& choice = choices_.back();
    const std::size_t way = choice.next++;
    if (way != 0) return visit_items(choice.step, choice.ties.left[0], choice.ties.right[way - 1]);
    for (std::size_t i = 0; i < choice.ties.left.size(); ++i)
      if (!visit_items(choice.step, choice.ties.left[i], choice.ties.right[i])) return false;
    return true;
  }

  // Returns to the last choice that has another way, and goes that. False, with
  // the difference, when there is none.
  bool try_another() {
    while (!choices_.empty()) {
      spend(16);
      Choice choice = std::move(choices_.back());
      choices_.pop_back();
      frames_.clear();
      pairing_.take_back(choice.changes);
      steps_.resize(choice.steps);
      sets_.resize(choice.sets);
      matched_ = choice.matched;
      guessed_ = choice.guessed;
      hashes_ = choice.hashes;
      if (!choice.refined) {
        // What was paired since the hashes were made may break the ties.
        hash_anew();
        Ties finer;
        if (!match(choice.step, &finer)) continue;
        if (!frames_.empty() || finer.run != choice.ties.run ||
            finer.left.size() != choice.ties.left.size())
          return true;
        choice.refined = true;
        choice.ties = std::move(finer);
        choice.hashes = hashes_;
      }
      if (choice.next <= choice.ties.run) {
        choices_.push_back(std::move(choice));
        if (try_pairs()) return true;
        continue;
      }
      const CompareStep at = steps_[choice.step];
      differ(a_.edges(at.left)[choice.ties.left[0]], b_.edges(at.right)[choice.ties.right[0]],
             choice.step, choice.ties.left[0]);
    }
    return false;
  }

  // Work after the first guess is bounded: whether graphs are isomorphic is not
  // always found out quickly.
  void spend(std::size_t work) {
    if (!guessing_) return;
    work_ += work;
    if (work_ > 256 * (std::size_t{a_.size()} + b_.size()) + 20000000)
      throw DecodeError(ErrorKind::limit, 0, "comparison",
                        "sets whose items can be told apart only by trying too many ways");
  }

  const Graph& a_;
  const Graph& b_;
  NodeId ra_, rb_;
  Relaxed relaxed_;
  Pairing pairing_;
  std::vector<CompareStep> steps_;
  std::vector<Frame> frames_;
  std::vector<std::uint32_t> sets_;  // steps whose items have no order
  std::size_t matched_ = 0;          // sets matched as far as certain
  std::size_t guessed_ = 0;          // sets matched in full
  std::vector<Choice> choices_;
  bool guessing_ = false;  // since the first guess
  std::size_t work_ = 0;   // done since then
  std::shared_ptr<const Hashes> hashes_;
  std::optional<Difference> difference_;
};

}  // namespace

std::optional<Difference> first_difference(const Graph& a, NodeId ra, const Graph& b, NodeId rb,
                                           CompareOptions options) {
  return Comparison(a, ra, b, rb, options).run();
}

}  // namespace assay
