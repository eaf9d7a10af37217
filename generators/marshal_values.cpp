#include "generators/marshal_values.h"

#include <algorithm>

#include "generators/code_values.h"
#include "generators/pickle_values.h"
#include "generators/value_graphs.h"
#include "reference/bytes/error.h"
#include "reference/marshal/normal_form.h"
#include "reference/marshal/reader.h"
#include "reference/marshal/scan.h"
#include "reference/marshal/type_code.h"
#include "reference/value/compare.h"
#include "reference/value/text.h"

namespace assay::generators {
namespace {

using marshal::Profile;
using marshal::Version;

constexpr unsigned versions = 7;
// What a CPython writes in no time, even where it goes on behind its depth limit.
constexpr std::uint64_t most_unfolded = 5000;
// The lowest version with references.
constexpr int sharing = 3;
constexpr std::string_view python3 = "3.6 3.7 3.8 3.9 3.10 3.11 3.12 3.13 3.14 3.15";

// About the depth limits of all builds.
NodeId deep_value(Choices& choices, Graph& graph) {
  std::uint64_t left = choices.one_of({1499u, 1999u}) + choices.below(4);
  NodeId id = choices.one_of({Graph::none, Graph::empty_tuple, graph.integer(1)});
  for (; left > 1; --left) {
    if (choices.chance(10)) {
      const NodeId pair[] = {Graph::none, id};
      id = graph.container(Kind::dict, pair);
    } else {
      const NodeId items[] = {id};
      id = choices.chance(50) ? graph.list(items) : graph.tuple(items);
    }
  }
  return id;
}

// A code object, or some beside a value with which they share nothing but what each
// CPython has once.
NodeId code_value(Choices& choices, Graph& graph, NodeId beside) {
  const Version version = choices.one_of({Version{2, 7, 0},
                                          {3, 6, 0},
                                          {3, 8, 0},
                                          {3, 10, 0},
                                          {3, 11, 0},
                                          {3, 11, 0},
                                          {3, 11, 0},
                                          {3, 11, 0}});
  const NodeId code = make_code(choices, graph, version, choices.chance(40) ? 2 : 0);
  if (choices.chance(60)) return code;
  const NodeId items[] = {beside, code, choices.chance(50) ? code : Graph::none,
                          graph.string(choices.one_of({"a", "y", "egg"}))};
  return choices.chance(50) ? graph.list(items) : graph.tuple(items);
}

NodeId make_one(Choices& choices, Graph& graph, const ValueWorld& world) {
  const auto size = static_cast<std::uint64_t>(std::max(choices.size(), 4));
  if (choices.chance(1)) return deep_value(choices, graph);
  const NodeId root = make_value(
      choices, graph, world,
      choices.between(1, choices.chance(25) ? size / 2 : std::max<std::uint64_t>(size / 10, 2)));
  return choices.chance(20) ? code_value(choices, graph, root) : root;
}

ValueWorld any_world(Choices& choices) {
  ValueWorld world;
  world.marshal = true;
  world.python2 = choices.chance(4);
  world.large = choices.chance(2);
  world.hash_order = choices.chance(20);
  world.refused = choices.chance(8);
  world.slices = choices.chance(15);
  world.frozendicts = choices.chance(10);
  world.cyclic = choices.chance(40);
  return world;
}

Stream make_marshalling(Choices& choices, std::span<const Stream> seeds) {
  if (!seeds.empty() && choices.chance(5)) {
    Stream stream = choices.one_of(seeds);
    Graph graph;
    const NodeId root = parse(graph, stream.bytes);
    stream.protocol = 0;
    // An adapter makes each code object of copies: what several share is not kept.
    const bool shared_code = stream.bytes.find("code(") != std::string::npos &&
                             stream.bytes.find('&') != std::string::npos;
    if (!shared_code && unfolded_size(graph, root, most_unfolded) < most_unfolded) return stream;
  }
  for (;;) {
    Graph graph;
    const NodeId root = make_one(choices, graph, any_world(choices));
    Stream stream{print(graph, root, {.every_label = true}), {}, {}};
    stream.protocol = 0;
    if (unfolded_size(graph, root, most_unfolded) < most_unfolded) return stream;
    if (!choices.chance(30)) continue;
    stream.protocol = sharing;
    stream.options = {{"python", std::string(python3)}};
    return stream;
  }
}

// `stream` has the lowest version that it may be written in.
Stream as_version(Stream stream, unsigned number) {
  const int lowest = stream.protocol;
  stream.protocol = lowest + static_cast<int>(number) % (static_cast<int>(versions) - lowest);
  return stream;
}

std::string version_of(const Stream& stream, std::string_view) {
  return "version " + std::to_string(stream.protocol);
}

// The type code of the object that holds the byte at `offset`.
std::string type_at(std::string_view data, std::size_t offset) {
  for (const char* name : {"cpython-3.15-c", "cpython-2.7-c"}) {
    const Profile profile = Profile::parse(name).value();
    try {
      marshal::Scan scan(as_bytes(data), profile);
      for (marshal::Piece piece; scan.next(piece);)
        if (offset < scan.offset())
          return piece.type != nullptr ? std::string(piece.type->name) : "a number";
      return "the end";
    } catch (const DecodeError&) {
      continue;  // of the other Python
    }
  }
  return "no type";
}

std::optional<std::string> no_memory_needed(std::string_view) {
  return std::nullopt;
}

// Whether the data are one object and nothing else.
bool is_whole(Bytes data, const Profile& profile) {
  marshal::Scan scan(data, profile);
  for (marshal::Piece piece; scan.next(piece);) continue;
  return scan.offset() == data.size();
}

// What leaves the order in which a profile writes a value open.
std::optional<std::string> open_order(const Stream& stream, const Profile& profile) {
  const bool sorted = profile.has(marshal::Quirk::sets_sorted);
  Graph graph;
  parse(graph, stream.bytes);
  bool sets = false, dicts = false, letters = false;
  for (NodeId id = Graph::first_free; id < graph.size(); ++id) {
    const Kind kind = graph.kind(id);
    const std::size_t edges = graph.edges(id).size();
    sets |= (kind == Kind::set || kind == Kind::frozenset) && edges > 1;
    dicts |= kind == Kind::dict && edges > 2;
    letters |= kind == Kind::string && graph.text_size(id) == 1;
  }
  if (sets && !sorted) return "data of one value, in the order of hashes (sets)";
  if (dicts && profile.python2()) return "data of one value, in the order of hashes (dicts)";
  if (sets && letters && stream.protocol >= sharing &&
      !profile.has(marshal::Quirk::letters_interned))
    return "data of one value; the order of a set depends on which letters the process interned";
  return std::nullopt;
}

}  // namespace

std::uint64_t unfolded_size(const Graph& graph, NodeId root, std::uint64_t limit) {
  constexpr int deepest = 2001;
  std::vector<std::pair<NodeId, std::uint64_t>> now = {{root, 1}};
  std::vector<std::uint64_t> times(graph.size(), 0);
  std::uint64_t sum = 0;
  for (int depth = 0; depth < deepest && !now.empty(); ++depth) {
    std::vector<NodeId> met;
    for (const auto& [id, count] : now) {
      const Kind kind = graph.kind(id);
      const bool text = kind == Kind::string || kind == Kind::bytes || kind == Kind::bytearray;
      sum += count * (1 + (text ? graph.text_size(id) / 64 : 0));
      if (sum >= limit) return limit;
      if (Graph::is_instance(graph.kind(id))) continue;
      for (const NodeId to : graph.edges(id)) {
        if (times[to] == 0) met.push_back(to);
        times[to] += count;
      }
    }
    now.clear();
    for (const NodeId id : met) now.emplace_back(id, std::exchange(times[id], 0));
  }
  return sum;
}

bool marshalled_alike(const Stream&, std::string_view profile, std::string_view a,
                      std::string_view b) {
  const Profile as = Profile::parse(profile).value_or(Profile());
  constexpr marshal::NormalFormOptions options{.forget_interned = true};
  try {
    return is_whole(as_bytes(a), as) && is_whole(as_bytes(b), as) &&
           marshal::normal_form(as_bytes(a), as, options) ==
               marshal::normal_form(as_bytes(b), as, options);
  } catch (const DecodeError&) {
    return false;
  }
}

std::optional<std::string> marshalled_may_differ(const Stream& stream, std::string_view profile,
                                                 std::string_view a, std::string_view b) {
  const Profile as = Profile::parse(profile).value_or(Profile());
  const std::optional<std::string> why = open_order(stream, as);
  if (!why) return std::nullopt;
  Graph left, right;
  const marshal::Outcome one = marshal::read(left, as_bytes(a), as);
  const marshal::Outcome other = marshal::read(right, as_bytes(b), as);
  if (!one.accepted || !other.accepted) return std::nullopt;
  const unsigned relaxed = as.python2() ? relax::dict_order : 0u;
  try {
    if (first_difference(left, one.value, right, other.value, {relaxed})) return std::nullopt;
  } catch (const DecodeError&) {
    return std::nullopt;
  }
  return why;
}

const StreamFormat marshal_values_format = {.name = "marshal",
                                            .make = make_marshalling,
                                            .simpler = simpler_encodings,
                                            .source = nullptr,
                                            .place = version_of,
                                            .needs_memory = no_memory_needed,
                                            .operation = "encode",
                                            .variants = versions,
                                            .variant = as_version,
                                            .written_part = type_at,
                                            .may_differ = marshalled_may_differ,
                                            .written_alike = marshalled_alike};

}  // namespace assay::generators
