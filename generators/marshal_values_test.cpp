// What is promised of values to be marshalled, and of the comparison of what is written.
#include "generators/marshal_values.h"

#include <gtest/gtest.h>

#include <set>

#include "reference/marshal/reader.h"
#include "reference/marshal/sharing.h"
#include "reference/marshal/writer.h"
#include "reference/value/compare.h"
#include "reference/value/text.h"

namespace assay::generators {
namespace {

using marshal::Profile;

Stream stream_of(std::uint64_t index) {
  return make_stream(marshal_values_format, 5, index, {});
}

marshal::Written written(const Stream& stream, const Profile& profile) {
  Graph graph;
  const NodeId root = parse(graph, stream.bytes);
  marshal::share_objects(graph, profile);
  return marshal::write(graph, root, stream.protocol, profile);
}

TEST(MarshalValues, AreOfEveryKindThatCanBeMarshalled) {
  std::set<Kind> kinds;
  std::set<int> versions;
  int cyclic = 0;
  for (std::uint64_t index = 0; index < 7 * 1500; ++index) {
    const Stream stream = stream_of(index);
    versions.insert(stream.protocol);
    cyclic += !stream.options.empty();
    if (index % 7 != 0) continue;
    Graph graph;
    parse(graph, stream.bytes);
    for (NodeId id = 0; id < graph.size(); ++id) kinds.insert(graph.kind(id));
  }
  EXPECT_EQ(versions, (std::set<int>{0, 1, 2, 3, 4, 5, 6}));
  EXPECT_GT(cyclic, 7);
  for (const Kind kind : {Kind::code, Kind::slice, Kind::frozendict, Kind::frozenset, Kind::set,
                          Kind::bytearray, Kind::big_integer, Kind::complex, Kind::global})
    EXPECT_TRUE(kinds.contains(kind)) << static_cast<int>(kind);
  EXPECT_FALSE(kinds.contains(Kind::persid));
  EXPECT_FALSE(kinds.contains(Kind::buffer));
}

TEST(MarshalValues, UnfoldWithinBoundsBelowVersion3) {
  for (std::uint64_t index = 0; index < 2000; ++index) {
    const Stream stream = stream_of(index);
    if (stream.protocol >= 3) continue;
    Graph graph;
    EXPECT_LT(unfolded_size(graph, parse(graph, stream.bytes), 5000), 5000u);
  }
  Graph graph;
  EXPECT_EQ(unfolded_size(graph, parse(graph, "[1, [2, 2]]"), 100), 5u);
  EXPECT_EQ(unfolded_size(graph, parse(graph, "&1 [*1]"), 10000), 2001u);
  EXPECT_EQ(unfolded_size(graph, parse(graph, "&1 [*1, *1]"), 10000), 10000u);
}

// Marshalled data have no bytearrays, and Python 3 has no longs.
bool comes_back(const Stream& stream) {
  Graph graph;
  parse(graph, stream.bytes);
  for (NodeId id = Graph::first_free; id < graph.size(); ++id)
    if (graph.kind(id) == Kind::bytearray || (graph[id].flags & flag::python2_long) != 0)
      return false;
  return true;
}

TEST(MarshalValues, AreReadAsWhatWasWritten) {
  std::size_t read = 0;
  for (const char* name : {"cpython-3.8-c", "cpython-3.12-c", "cpython-3.14-c-32"}) {
    const Profile profile = Profile::parse(name).value();
    for (std::uint64_t index = 0; index < 2100; ++index) {
      const Stream stream = stream_of(index);
      const marshal::Written data = written(stream, profile);
      EXPECT_NE(data.status, marshal::Status::internal) << data.message;
      if (!data.accepted || stream.protocol < 3 || !comes_back(stream)) continue;
      Graph wanted, found;
      const NodeId root = parse(wanted, stream.bytes);
      const marshal::Outcome outcome = marshal::read(found, as_bytes(data.data), profile);
      // Some of it cannot be read again: sets of what is not complete.
      if (!outcome.accepted) continue;
      ++read;
      const auto difference = first_difference(wanted, root, found, outcome.value);
      EXPECT_FALSE(difference) << stream.bytes << "\n" << difference->path;
    }
  }
  EXPECT_GT(read, 2000u);
}

TEST(MarshalValues, AreAlikeUpToFlagsAndInterning) {
  const auto alike = [](std::string_view a, std::string_view b) {
    return marshalled_alike({}, "cpython-3.13-c", a, b);
  };
  using namespace std::string_view_literals;
  EXPECT_TRUE(alike("\xdb\1\0\0\0\xe9\1\0\0\0"sv, "[\1\0\0\0i\1\0\0\0"sv));
  EXPECT_TRUE(alike("\xda\1k"sv, "z\1k"sv));
  EXPECT_FALSE(alike("z\1k"sv, "z\1l"sv));
  EXPECT_FALSE(alike("N"sv, "NN"sv));
  EXPECT_FALSE(alike("N"sv, "?"sv));
  // One list twice, and two lists.
  EXPECT_FALSE(alike(")\2\xdb\0\0\0\0r\0\0\0\0"sv, ")\2[\0\0\0\0[\0\0\0\0"sv));
}

TEST(MarshalValues, MayDifferInTheOrderOfHashesWhereThereIsOne) {
  using namespace std::string_view_literals;
  const Stream set{"{'k', 'l'}", {}, {}};
  const std::string_view one = "<\2\0\0\0z\1kz\1l"sv, other = "<\2\0\0\0z\1lz\1k"sv;
  EXPECT_TRUE(marshalled_may_differ(set, "cpython-3.10-c", one, other));
  EXPECT_FALSE(marshalled_may_differ(set, "cpython-3.13-c", one, other));
  EXPECT_FALSE(marshalled_may_differ(set, "cpython-3.10-c", one, "<\1\0\0\0z\1l"sv));
}

TEST(MarshalValues, EverySimplerValueCanBeRead) {
  for (std::uint64_t index = 0; index < 300; index += 7)
    for (const Stream& simpler : marshal_values_format.simpler(stream_of(index), 60)) {
      Graph graph;
      EXPECT_NO_THROW(parse(graph, simpler.bytes)) << simpler.bytes;
    }
}

}  // namespace
}  // namespace assay::generators
