// What two .pyc files, or pieces of marshalled data, differ in.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "reference/bytes/error.h"
#include "reference/marshal/normal_form.h"
#include "reference/marshal/pyc.h"
#include "reference/marshal/reader.h"
#include "reference/value/compare.h"
#include "reference/value/id_map.h"

namespace assay::marshal {
namespace {

std::string shown(const std::optional<std::uint32_t>& number) {
  return number ? std::to_string(*number) : "none";
}
std::string shown(const std::optional<std::uint64_t>& hash) {
  return hash ? fmt::format("{:016x}", *hash) : "none";
}

Profile profile_of(const PycHeader& header) {
  if (const std::optional<Profile> found = pyc_profile(header)) return *found;
  throw DecodeError(ErrorKind::unsupported, 0, "magic number",
                    fmt::format("code objects of Python {}.{}", header.magic->python.major,
                                header.magic->python.minor));
}

// Marshalled data, read. `offset`: of the data in their file, for errors.
struct Loaded {
  Loaded(Bytes bytes, const Profile& as, std::size_t offset) : profile(as), data(bytes) {
    const Outcome outcome = read(graph, data, profile);
    if (!outcome.accepted)
      throw DecodeError(ErrorKind::malformed, offset + outcome.offset, "object", outcome.message);
    value = outcome.value;
    data = data.first(outcome.consumed);
  }

  Profile profile;
  Bytes data;
  Graph graph;
  NodeId value = no_node;
};

// Compares two code objects and those among their constants, field by field.
class CodeDifferences {
 public:
  CodeDifferences(const Loaded& a, const Loaded& b) : a_(a.graph), b_(b.graph) {}

  std::vector<PycDifference> run(NodeId left, NodeId right) {
    pairs_.push_back({left, right, "code"});
    for (std::size_t i = 0; i < pairs_.size() && found_.size() < most_differences; ++i) {
      const Pair pair = pairs_[i];  // pairs_ grows
      compare_code(pair);
    }
    return std::move(found_);
  }

 private:
  struct Pair {
    NodeId left, right;
    std::string path;
  };
  // Nodes that may be gone through in all. Each comparison of two values begins with
  // as many steps as both graphs have nodes.
  static constexpr std::uint64_t most_steps = std::uint64_t{1} << 32;

  void compare_code(const Pair& pair) {
    const std::span<const NodeId> left = a_.edges(pair.left), right = b_.edges(pair.right);
    if (!same_layout(left, right)) return compare(pair.left, pair.right, pair.path);
    for (std::size_t i = 1; i < left.size(); i += 2) {
      const std::string path = pair.path + "." + std::string(a_.text(left[i - 1]));
      const bool tuples = a_.kind(left[i]) == Kind::tuple && b_.kind(right[i]) == Kind::tuple;
      if (tuples && a_.edges(left[i]).size() == b_.edges(right[i]).size()) {
        compare_items(left[i], right[i], path);
      } else if (!surely_equal(left[i], right[i])) {
        compare_part(left[i], right[i], path);
      }
    }
  }

  void compare_items(NodeId left, NodeId right, const std::string& path) {
    for (std::size_t i = 0; i < a_.edges(left).size(); ++i) {
      if (++steps_ > most_steps) too_long();
      const NodeId x = a_.edges(left)[i], y = b_.edges(right)[i];
      if (!surely_equal(x, y)) compare_part(x, y, fmt::format("{}[{}]", path, i));
    }
  }

  void compare_part(NodeId left, NodeId right, const std::string& path) {
    if (a_.kind(left) != Kind::code || b_.kind(right) != Kind::code)
      return compare(left, right, path);
    // A code object that is there again is compared with the first in its place.
    if (std::exchange(seen_[left], true)) return;
    pairs_.push_back({left, right, path});
  }

  void compare(NodeId left, NodeId right, const std::string& path) {
    if (found_.size() >= most_differences) return;
    steps_ += std::uint64_t{a_.size()} + b_.size();
    if (steps_ > most_steps) too_long();
    if (const auto difference = first_difference(a_, left, b_, right))
      found_.push_back({path + difference->path, difference->left, difference->right});
  }

  // Told without a comparison, as for nearly all fields of two like files.
  bool surely_equal(NodeId left, NodeId right) const {
    const Kind one = a_.kind(left);
    if (one != b_.kind(right)) return false;
    if (one == Kind::integer) return a_[left].integer == b_[right].integer;
    if (one == Kind::string || one == Kind::bytes) return a_.text(left) == b_.text(right);
    return left < Graph::first_free && left == right;
  }

  bool same_layout(std::span<const NodeId> left, std::span<const NodeId> right) const {
    bool same = left.size() == right.size();
    for (std::size_t i = 0; same && i < left.size(); i += 2)
      same = a_.text(left[i]) == b_.text(right[i]);
    return same;
  }

  [[noreturn]] static void too_long() {
    throw DecodeError(ErrorKind::limit, 0, "code objects", "they take too long to compare");
  }

  const Graph& a_;
  const Graph& b_;
  std::vector<Pair> pairs_;  // code objects still to be compared, and those before
  std::vector<PycDifference> found_;
  IdMap<bool> seen_;
  std::uint64_t steps_ = 0;
};

std::vector<PycDifference> compare_data(const Loaded& a, const Loaded& b) {
  const bool code = a.graph.kind(a.value) == Kind::code && b.graph.kind(b.value) == Kind::code;
  if (const auto first = first_difference(a.graph, a.value, b.graph, b.value)) {
    std::vector<PycDifference> all;
    if (code) all = CodeDifferences(a, b).run(a.value, b.value);
    // Which objects are one may differ between fields, and no field itself.
    if (all.empty())
      all.push_back({(code ? "code" : "value") + first->path, first->left, first->right});
    return all;
  }
  if (std::ranges::equal(a.data, b.data)) return {};
  const bool same = normal_form(a.data, a.profile) == normal_form(b.data, b.profile);
  return {{same ? "references" : "marshal", fmt::format("{} bytes", a.data.size()),
           fmt::format("{} bytes", b.data.size())}};
}

}  // namespace

std::vector<PycDifference> compare_marshal(Bytes left, const Profile& left_profile, Bytes right,
                                           const Profile& right_profile) {
  return compare_data(Loaded(left, left_profile, 0), Loaded(right, right_profile, 0));
}

std::vector<PycDifference> compare_pyc(Bytes left, Bytes right) {
  if (std::ranges::equal(left, right)) return {};
  const PycHeader a = read_pyc_header(left), b = read_pyc_header(right);
  std::vector<PycDifference> found;
  const auto compare = [&](const char* what, const std::string& x, const std::string& y) {
    if (x != y) found.push_back({what, x, y});
  };
  compare("magic", std::to_string(a.number), std::to_string(b.number));
  compare("flags", std::to_string(a.flags), std::to_string(b.flags));
  compare("time", shown(a.time), shown(b.time));
  compare("size", shown(a.size), shown(b.size));
  compare("hash", shown(a.hash), shown(b.hash));
  const std::vector<PycDifference> code =
      compare_data(Loaded(left.subspan(a.bytes), profile_of(a), a.bytes),
                   Loaded(right.subspan(b.bytes), profile_of(b), b.bytes));
  found.insert(found.end(), code.begin(), code.end());
  return found;
}

}  // namespace assay::marshal
