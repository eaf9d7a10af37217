// What the generators of marshalled data promise.
#include "generators/marshal_streams.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "reference/marshal/reader.h"

namespace assay::generators {
namespace {

using std::string_literals::operator""s;

const std::vector<Stream> seeds = {{"[\2\0\0\0\xe9\7\0\0\0r\0\0\0\0"s, {}, {}},
                                   {"{z\1kN0"s, {}, {}}};

TEST(MarshalStreams, AreMadeFromTheirNumberAlone) {
  for (std::uint64_t i = 0; i < 200; ++i)
    EXPECT_EQ(make_stream(marshal_format, 7, i, seeds), make_stream(marshal_format, 7, i, seeds));
  EXPECT_NE(make_stream(marshal_format, 7, 0, seeds), make_stream(marshal_format, 8, 0, seeds));
}

TEST(MarshalStreams, AreReadOftenEnoughAndRefusedOftenEnough) {
  const marshal::Profile profile = marshal::Profile::parse("cpython-3.13").value();
  std::size_t accepted = 0;
  for (std::uint64_t i = 0; i < 2000; ++i) {
    const Stream stream = make_stream(marshal_format, 1, i, seeds);
    EXPECT_FALSE(marshal_needs_memory(stream.bytes));
    Graph graph;
    const marshal::Outcome outcome = marshal::read(graph, as_bytes(stream.bytes), profile);
    EXPECT_NE(outcome.status, marshal::Status::internal) << outcome.message;
    accepted += outcome.accepted;
  }
  EXPECT_GT(accepted, 400u);
  EXPECT_LT(accepted, 1600u);
}

// Sets of one and of two code objects: pairs that are equal and pairs that differ.
TEST(MarshalStreams, CodeObjectsAreKeysThatAreEqualOrAlmost) {
  const auto codes_in_sets = [](const Graph& graph) {
    std::size_t most = 0;
    for (NodeId id = Graph::first_free; id < graph.size(); ++id)
      if (graph.kind(id) == Kind::set || graph.kind(id) == Kind::frozenset)
        if (const auto items = graph.items(id);
            std::ranges::all_of(items, [&](NodeId item) { return graph.kind(item) == Kind::code; }))
          most = std::max(most, items.size());
    return most;
  };
  for (const char* name : {"cpython-2.7", "cpython-3.8", "cpython-3.13"}) {
    const marshal::Profile profile = marshal::Profile::parse(name).value();
    std::size_t with[3] = {};
    for (std::uint64_t i = 0; i < 30000; ++i) {
      Graph graph;
      marshal::read(graph, as_bytes(make_stream(marshal_format, 5, i, {}).bytes), profile);
      ++with[std::min<std::size_t>(codes_in_sets(graph), 2)];
    }
    EXPECT_GT(with[1], 5u) << name;
    EXPECT_GT(with[2], 5u) << name;
  }
}

TEST(MarshalStreams, EverySimplerStreamIsSimpler) {
  const auto rank = [](const Stream& stream) {
    const auto others = std::count_if(stream.bytes.begin(), stream.bytes.end(),
                                      [](char byte) { return byte != 'N'; });
    return std::make_pair(stream.bytes.size(), others);
  };
  for (std::uint64_t i = 0; i < 50; ++i) {
    const Stream stream = make_stream(marshal_format, 3, i, seeds);
    for (const Stream& simpler : marshal_format.simpler(stream, 100))
      EXPECT_LT(rank(simpler), rank(stream));
  }
}

TEST(MarshalStreams, LargeSizesWithoutDataNeedMemory) {
  EXPECT_TRUE(marshal_needs_memory("[\0\0\0\x40"s));
  EXPECT_TRUE(marshal_needs_memory("N\xa8\0\0\x20\0"s));
  EXPECT_FALSE(marshal_needs_memory("[\xff\xff\xff\xff"s));  // negative: refused at once
  EXPECT_FALSE(marshal_needs_memory("<\0\0\0\x40"s));        // nothing is allocated
  EXPECT_FALSE(marshal_needs_memory("[\2\0\0\0NN"s));
}

}  // namespace
}  // namespace assay::generators
