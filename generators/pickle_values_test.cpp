// What is promised of generated values, and the properties of the pickler that need
// nothing but the reference.
#include "generators/pickle_values.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <functional>
#include <set>

#include "generators/pickle_streams.h"
#include "generators/stream_gen.h"
#include "generators/value_graphs.h"
#include "generators/value_simpler.h"
#include "reference/pickle/disassembler.h"
#include "reference/pickle/machine.h"
#include "reference/pickle/pickler.h"
#include "reference/value/compare.h"
#include "reference/value/text.h"

namespace assay::generators {
namespace {

using pickle::Pickled;
using pickle::Profile;
using pickle::Status;

std::string value_of(std::uint64_t seed, std::uint64_t index, const ValueWorld& world = {}) {
  Choices choices(seed, index, "value");
  Graph graph;
  const NodeId root = make_value(choices, graph, world, choices.between(1, 40));
  return print(graph, root, {.every_label = true});
}

Pickled written(std::string_view value, const Profile& profile, int protocol) {
  Graph graph;
  const NodeId root = parse(graph, value);
  return pickle::pickle(graph, root, profile, {.protocol = protocol});
}

// What a profile that wrote a pickle reads from it.
pickle::Outcome read(Graph& graph, Bytes data, const Profile& profile) {
  pickle::UnpickleOptions options;
  options.encoding = "bytes";
  return pickle::unpickle(graph, data, profile, options);
}

void for_each_profile(const std::function<void(const Profile&)>& use) {
  for (const std::string_view name : pickle::recorded_profiles()) use(*Profile::parse(name));
}

// --- the generator ------------------------------------------------------------------

TEST(Values, AreOfEveryKindThatCanBePickled) {
  std::set<Kind> kinds;
  std::set<std::size_t> sizes;
  int shared = 0, cyclic = 0;
  constexpr int count = 3000;
  for (std::uint64_t index = 0; index < count; ++index) {
    const ValueWorld world = {
        .buffers = 2, .persistent = true, .python2 = index % 2 == 0, .large = index % 10 == 0};
    const std::string text = value_of(1, index, world);
    Graph graph;
    parse(graph, text);
    for (NodeId id = 0; id < graph.size(); ++id) {
      kinds.insert(graph.kind(id));
      sizes.insert(graph.edges(id).size());
    }
    shared += text.find("&1") != std::string::npos;
    // A reference to a label whose form is still open.
    const std::size_t label = text.find("&1 ["), again = text.find("*1");
    cyclic += label != std::string::npos && again != std::string::npos && text[again - 1] == '[' &&
              label < again;
  }
  for (const Kind never : {Kind::frozendict, Kind::code, Kind::ext})
    EXPECT_FALSE(kinds.contains(never));
  // stop_iteration has its node in every graph.
  EXPECT_EQ(kinds.size(), kind_count - 3);
  for (const std::size_t size : {0, 1, 2, 3, 4, 255, 256, 999, 1000, 1001, 2000, 2001})
    EXPECT_TRUE(sizes.contains(size)) << size;
  EXPECT_GT(shared, count / 4);
  EXPECT_GT(cyclic, count / 100);
}

TEST(Values, SurviveValueText) {
  for (std::uint64_t index = 0; index < 400; ++index) {
    const std::string text = value_of(2, index);
    Graph graph, plain;
    const NodeId root = parse(graph, text);
    EXPECT_EQ(print(graph, root, {.every_label = true}), text);
    const NodeId again = parse(plain, print(graph, root));
    EXPECT_FALSE(first_difference(graph, root, plain, again)) << text;
  }
}

TEST(Values, ComeSixTimesOnceInEachProtocol) {
  for (std::uint64_t index = 0; index < 60; ++index) {
    const Stream stream = make_stream(pickle_values_format, 3, index, {});
    const Stream first = make_stream(pickle_values_format, 3, index / 6 * 6, {});
    EXPECT_EQ(stream.protocol, static_cast<int>(index % 6));
    EXPECT_EQ(stream.bytes, first.bytes);
    EXPECT_EQ(stream.options, first.options);
  }
}

// --- properties of the pickler --------------------------------------------------------

// Whether `id` is met on the way from its own callee or arguments: pickle.py then
// writes its items and its state twice.
bool made_of_itself(const Graph& graph, NodeId id) {
  std::vector<NodeId> stack = {graph.callee(id), graph.args(id)};
  if (graph.kwargs(id) != no_node) stack.push_back(graph.kwargs(id));
  std::set<NodeId> seen;
  while (!stack.empty()) {
    const NodeId at = stack.back();
    stack.pop_back();
    if (at == id) return true;
    if (at == no_node || !seen.insert(at).second) continue;
    const bool instance = Graph::is_instance(graph.kind(at));
    const auto edges = graph.edges(at);
    for (std::size_t i = 0; i < edges.size(); ++i)
      if (!instance || i < 3 || i % 3 != 0) stack.push_back(edges[i]);
  }
  return false;
}

// What a profile writes so that another value is read, or none: quirks and limits
// of the protocols that the README of reference/pickle names.
bool comes_back_otherwise(const Graph& graph, NodeId id, const Profile& profile, int protocol) {
  const Kind kind = graph.kind(id);
  switch (kind) {
    case Kind::global:
      // getattr(parent, name); Python 2's names of modules that became one.
      return protocol < 4 || graph.text(graph.qualname(id)).find(".__") != std::string_view::npos;
    case Kind::call:
    case Kind::new_: {
      // What resolves to something else, or must be a class.
      const NodeId callee = graph.callee(id);
      return graph.kind(callee) != Kind::global || graph.text(graph.module(callee)) != "m" ||
             made_of_itself(graph, id) ||
             // A state setter leaves no trace in what is read.
             (!graph.ops(id).empty() && graph.ops(id)[graph.ops(id).size() - 3] == 0 &&
              graph.ops(id).back() != no_node);
    }
    case Kind::floating:
      return protocol == 0 && graph[id].floating != graph[id].floating;
    case Kind::complex:
      return protocol == 0 && graph.real(id) != graph.real(id);
    case Kind::bytearray:
      return profile.has(pickle::Quirk::bytearray_not_memoized) && protocol == 5;
    default:
      return false;
  }
}

// As above, of a whole graph. Python 2 reads text and numbers of other types.
bool comes_back(const Graph& graph, const Profile& profile, int protocol) {
  if (profile.python2()) return false;
  for (NodeId id = Graph::first_free; id < graph.size(); ++id)
    if (comes_back_otherwise(graph, id, profile, protocol)) return false;
  return true;
}

TEST(Pickles, AreReadAsTheValueThatWasWritten) {
  int compared = 0;
  for (std::uint64_t index = 0; index < 600; ++index) {
    const std::string text = value_of(4, index);
    Graph graph;
    const NodeId root = parse(graph, text);
    for_each_profile([&](const Profile& profile) {
      const int protocol = static_cast<int>(index % 6);
      if (protocol > profile.highest_protocol() || !comes_back(graph, profile, protocol)) return;
      const Pickled pickled = pickle::pickle(graph, root, profile, {.protocol = protocol});
      if (!pickled.accepted()) return;
      Graph back;
      const pickle::Outcome outcome = read(back, pickled.bytes(), profile);
      ASSERT_TRUE(outcome.accepted) << profile.name() << ": " << outcome.message << "\n" << text;
      EXPECT_EQ(outcome.consumed, pickled.bytes().size());
      const auto difference = first_difference(graph, root, back, outcome.value);
      EXPECT_FALSE(difference) << profile.name() << " protocol " << protocol << " at "
                               << difference->path << "\n"
                               << text;
      ++compared;
    });
  }
  EXPECT_GT(compared, 1000);
}

// A pickle that was read and written and read and written.
void expect_fixed_point(Bytes data, const Profile& profile, int protocol, std::string_view of,
                        int& compared) {
  Graph first, second;
  const pickle::Outcome one = read(first, data, profile);
  if (!one.accepted || !comes_back(first, profile, protocol)) return;
  ++compared;
  const Pickled again = pickle::pickle(first, one.value, profile, {.protocol = protocol});
  if (!again.accepted()) return;
  const pickle::Outcome other = read(second, again.bytes(), profile);
  ASSERT_TRUE(other.accepted) << profile.name() << ": " << other.message << "\n" << of;
  const Pickled third = pickle::pickle(second, other.value, profile, {.protocol = protocol});
  EXPECT_EQ(pickle::disassemble(third.bytes()), pickle::disassemble(again.bytes()))
      << profile.name() << "\n"
      << of;
}

TEST(Pickles, OfWhatWasReadAreAFixedPoint) {
  int compared = 0;
  for (std::uint64_t index = 0; index < 300; ++index) {
    const int protocol = static_cast<int>(index % 6);
    const std::string text = value_of(5, index);
    Choices choices(5, index, "valid");
    const Stream valid = valid_pickle(choices, protocol, false);
    for_each_profile([&](const Profile& profile) {
      if (protocol > profile.highest_protocol() || !profile.pure_python()) return;
      const Pickled pickled = written(text, profile, protocol);
      if (pickled.accepted())
        expect_fixed_point(pickled.bytes(), profile, protocol, text, compared);
      if (valid.options.empty() && valid.buffers.empty())
        expect_fixed_point(as_bytes(valid.bytes), profile, protocol,
                           pickle::disassemble(as_bytes(valid.bytes)), compared);
    });
  }
  EXPECT_GT(compared, 500);
}

// Of a pickle that was optimized the value is the same, and the pickle no longer.
TEST(Pickles, AreOptimizedToTheSameValue) {
  for (std::uint64_t index = 0; index < 300; ++index) {
    const std::string text = value_of(6, index);
    for (const std::string_view name : {"cpython-2.7-py", "cpython-3.6-c", "cpython-3.13-c"}) {
      const Profile profile = *Profile::parse(name);
      const int protocol = static_cast<int>(index % 3) * 2;
      const Pickled plain = written(text, profile, protocol);
      Graph graph;
      const NodeId root = parse(graph, text);
      const Pickled optimized =
          pickle::pickle(graph, root, profile, {.protocol = protocol, .optimize = true});
      // Names may be such that pickletools does not read them.
      if (!plain.accepted() || !optimized.accepted()) continue;
      const Bytes small = optimized.bytes();
      Graph one, other;
      const pickle::Outcome before = read(one, plain.bytes(), profile);
      const pickle::Outcome after = read(other, small, profile);
      ASSERT_EQ(before.accepted, after.accepted) << name << "\n" << text;
      if (!before.accepted) continue;  // a name that is called, and must not be
      EXPECT_FALSE(first_difference(one, before.value, other, after.value)) << name << "\n" << text;
      EXPECT_LE(small.size(), plain.bytes().size() + 9) << name << "\n" << text;
    }
  }
}

TEST(Pickles, NeverEndInAMistakeOfOurs) {
  EXPECT_TRUE(rc::check("pickle(value) is accepted, rejected or unsupported", [] {
    const Stream stream = *streams_of(pickle_values_format);
    for_each_profile([&](const Profile& profile) {
      const Pickled pickled = written(stream.bytes, profile, stream.protocol);
      RC_ASSERT(pickled.status != Status::internal);
      RC_ASSERT(pickled.status != Status::limit);
    });
  }));
}

// --- shrinking ------------------------------------------------------------------------

Stream smallest(Stream stream, const std::function<bool(const Stream&)>& fits) {
  for (bool smaller = true; smaller;) {
    smaller = false;
    for (Stream& simpler : pickle_values_format.simpler(stream, simpler_tried)) {
      if (!fits(simpler)) continue;
      stream = std::move(simpler);
      smaller = true;
      break;
    }
  }
  return stream;
}

TEST(Values, ShrinkToThePartThatMatters) {
  int tried = 0;
  for (std::uint64_t index = 0; tried < 12; ++index) {
    const Stream stream = make_stream(pickle_values_format, 7, index, {});
    const auto fits = [](const Stream& s) { return s.bytes.find(".build(") != std::string::npos; };
    if (!fits(stream)) continue;
    ++tried;
    const Stream small = smallest(stream, fits);
    EXPECT_EQ(small.protocol, 0);
    EXPECT_TRUE(small.options.empty() && small.buffers.empty());
    EXPECT_LE(small.bytes.size(), std::string_view("call(None).build(None)").size()) << small.bytes;
  }
}

TEST(Values, ShrinkWithTheirCycles) {
  const Stream stream{"[1, &1 [None, ({'k': *1}, 'text', 'text'), 2], 3]", {}, {}, 4};
  const auto fits = [](const Stream& s) {
    return s.bytes.find("*1") != std::string::npos && s.bytes.find('(') != std::string::npos;
  };
  EXPECT_EQ(smallest(stream, fits).bytes, "&1 (*1,)");
}

TEST(Values, NothingIsSimplerThanNone) {
  EXPECT_TRUE(pickle_values_format.simpler({"None", {}, {}, 0}, 100).empty());
}

// --- what may differ --------------------------------------------------------------------

TEST(Values, MayBePickledInTheOrderOfHashes) {
  using std::string_view_literals::operator""sv;
  const auto differ = [](std::string_view value, std::string_view profile, std::string_view a,
                         std::string_view b) {
    return pickles_may_differ({std::string(value), {}, {}, 4}, profile, a, b).has_value();
  };
  const auto one = "\x80\x04\x8f(K\x01K\x02\x90."sv, other = "\x80\x04\x8f(K\x02K\x01\x90."sv;
  EXPECT_TRUE(differ("{1, 2}", "cpython-3.13-c", one, other));
  EXPECT_FALSE(differ("[1, 2]", "cpython-3.13-c", one, other));
  EXPECT_FALSE(differ("{1, 2}", "cpython-3.13-c", one, "\x80\x04\x8f(K\x01K\x03\x90."sv));
  const auto pairs = "}(K\x01NK\x02Nu."sv, turned = "}(K\x02NK\x01Nu."sv;
  EXPECT_TRUE(differ("{1: None, 2: None}", "cpython-2.7-c", pairs, turned));
  EXPECT_FALSE(differ("{1: None, 2: None}", "cpython-3.13-c", pairs, turned));
  // A letter again, and as the one before.
  const auto again =
                 "\x80\x04\x8c\x01m\x94\x8c\x01"
                 "C\x94\x93\x8c\x01n\x8c\x01"
                 "C\x93\x86."sv,
             got =
                 "\x80\x04\x8c\x01m\x94\x8c\x01"
                 "C\x94\x93\x8c\x01nh\x01\x93\x86."sv;
  const auto pair = "(global('m', 'C'), global('n', 'C'))"sv;
  EXPECT_TRUE(differ(pair, "cpython-3.11-c", again, got));
  EXPECT_FALSE(differ(pair, "cpython-3.13-c", again, got));
  // None cannot be called, so that nobody reads these: their instructions count.
  const auto refused = "N}q\x01(K\x01NK\x02Nu\x85R."sv,
             turned_too = "N}q\x01(K\x02NK\x01Nu\x85R."sv;
  EXPECT_TRUE(differ("call(None, {1: None, 2: None})", "cpython-2.7-c", refused, turned_too));
  EXPECT_FALSE(differ("call(None, {1: None, 2: None})", "cpython-2.7-c", refused,
                      "N}q\x01(K\x02NK\x03Nu\x85R."sv));
}

TEST(Values, MayBeRefusedForWhatHashesPutFirst) {
  const auto differ = [](std::string_view value, std::string_view profile) {
    return pickle_refusals_may_differ({std::string(value), {}, {}, 4}, profile).has_value();
  };
  EXPECT_TRUE(differ("{1: None, 2: None}", "cpython-2.7-c"));
  EXPECT_FALSE(differ("{1: None}", "cpython-2.7-c"));
  EXPECT_FALSE(differ("{1: None, 2: None}", "cpython-3.13-c"));
}

}  // namespace
}  // namespace assay::generators
