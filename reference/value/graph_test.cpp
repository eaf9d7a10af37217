#include "reference/value/graph.h"

#include <gtest/gtest.h>

#include <vector>

namespace assay {
namespace {

TEST(Graph, SingletonsAndSmallIntegersAreShared) {
  Graph graph;
  EXPECT_EQ(graph.kind(Graph::none), Kind::none);
  EXPECT_EQ(graph.kind(Graph::stop_iteration), Kind::stop_iteration);
  EXPECT_EQ(graph.integer(7), graph.integer(7));
  EXPECT_EQ(graph[graph.integer(-5)].integer, -5);
  EXPECT_EQ(graph[graph.integer(256)].integer, 256);
  EXPECT_NE(graph.integer(257), graph.integer(257));
  EXPECT_EQ(graph.tuple({}), Graph::empty_tuple);
}

TEST(Graph, LimbsThatFitBecomeIntegers) {
  Graph graph;
  const std::uint64_t top = std::uint64_t{1} << 63;
  EXPECT_EQ(graph[graph.integer_from_limbs(std::vector<std::uint64_t>{top, 0}, true)].integer,
            INT64_MIN);
  const NodeId big = graph.integer_from_limbs(std::vector<std::uint64_t>{top}, false);
  ASSERT_EQ(graph.kind(big), Kind::big_integer);
  EXPECT_EQ(graph.limbs(big)[0], top);
  EXPECT_FALSE(graph.negative(big));
  EXPECT_EQ(graph.integer_from_limbs({}, true), graph.integer(0));
}

TEST(Graph, BlocksGrowWhileOthersAreMade) {
  Graph graph;
  const NodeId outer = graph.list();
  std::vector<NodeId> inner;
  for (int i = 0; i < 1000; ++i) {
    const NodeId made = graph.list();
    graph.append(made, graph.integer(i));
    graph.append(outer, made);
    inner.push_back(made);
  }
  ASSERT_EQ(graph.items(outer).size(), 1000u);
  for (std::size_t i = 0; i < inner.size(); ++i) {
    EXPECT_EQ(graph.items(outer)[i], inner[i]);
    EXPECT_EQ(graph[graph.items(inner[i])[0]].integer, static_cast<std::int64_t>(i));
  }
}

TEST(Graph, InstancesRememberWhatWasDoneInOrder) {
  Graph graph;
  const NodeId os = graph.global(graph.string("os"), graph.string("system"));
  const NodeId call = graph.call(os, graph.tuple(std::vector<NodeId>{graph.string("true")}));
  graph.record(call, Op::append, Graph::none);
  graph.record(call, Op::set, graph.integer(1), graph.integer(2));
  EXPECT_EQ(graph.text(graph.qualname(graph.callee(call))), "system");
  EXPECT_EQ(graph.kwargs(call), no_node);
  ASSERT_EQ(graph.ops(call).size(), 6u);
  EXPECT_EQ(graph.ops(call)[3], static_cast<NodeId>(Op::set));
  EXPECT_EQ(graph.ops(call)[5], graph.integer(2));
}

}  // namespace
}  // namespace assay
