#include "reference/value/mapping.h"

#include <gtest/gtest.h>

#include <chrono>
#include <cmath>
#include <string>
#include <vector>

#include "reference/value/integer.h"

namespace assay {
namespace {

TEST(Keys, FirstKeyStaysAndLastValueWins) {
  Graph graph;
  Keys keys(graph);
  const NodeId dict = graph.dict();
  const NodeId one = graph.integer(1);
  keys.set(dict, one, graph.string("a"));
  keys.set(dict, graph.string("k"), graph.integer(2));
  keys.set(dict, Graph::true_, graph.string("b"));
  keys.set(dict, graph.string(std::string_view("k")), graph.integer(3));
  ASSERT_EQ(graph.edges(dict).size(), 4u);
  EXPECT_EQ(graph.edges(dict)[0], one);
  EXPECT_EQ(graph.text(graph.edges(dict)[1]), "b");
  EXPECT_EQ(graph.edges(dict)[3], graph.integer(3));
}

// Keys of every kind, each in two nodes: 2n insertions leave n pairs, whatever
// n is (scanned, indexed, indexed and moved).
void insert_twice(std::size_t count, EqualityRules rules) {
  Graph graph;
  Keys keys(graph, rules);
  const NodeId dict = graph.dict();
  const NodeId set = graph.set();
  std::vector<std::string> names;
  for (std::size_t i = 0; i < count; ++i) names.push_back("key" + std::to_string(i * 7919));
  const auto make = [&](std::size_t i, bool again) -> NodeId {
    const auto number = static_cast<std::int64_t>(i);
    switch (i % 6) {
      case 0:
        return graph.string(names[i]);
      case 1:
        return again && rules.python2 ? graph.string(names[i]) : graph.bytes(as_bytes(names[i]));
      case 2:
        return again ? graph.floating(static_cast<double>(i)) : graph.integer(number);
      case 3:
        return graph.tuple(std::vector<NodeId>{graph.string(names[i]), graph.integer(number)});
      case 4:
        return graph.complex(1.0, static_cast<double>(i));
      default:
        return integer_from_text(graph, "1" + std::string(20, '0') + std::to_string(i), 10,
                                 again && i == 0);
    }
  };
  for (std::size_t i = 0; i < count; ++i) {
    const NodeId key = make(i, false);
    keys.set(dict, key, graph.integer(0));
    EXPECT_TRUE(keys.add(set, key));
    EXPECT_EQ(keys.find(dict, key), i);
  }
  for (std::size_t i = 0; i < count; ++i) {
    const NodeId key = make(i, true);
    keys.set(dict, key, graph.integer(static_cast<std::int64_t>(i)));
    EXPECT_FALSE(keys.add(set, key));
  }
  ASSERT_EQ(graph.edges(dict).size(), count * 2) << count;
  ASSERT_EQ(graph.edges(set).size(), count) << count;
  for (std::size_t i = 0; i < count; ++i)
    EXPECT_EQ(graph[graph.edges(dict)[i * 2 + 1]].integer, static_cast<std::int64_t>(i));
}

TEST(Keys, EverySizeFindsEveryKeyAgain) {
  for (const std::size_t count : {1u, 7u, 8u, 9u, 10u, 20u, 21u, 22u, 43u, 100u, 3000u}) {
    insert_twice(count, {});
    insert_twice(count, {.python2 = true});
  }
}

TEST(Keys, PairsAddedUncheckedAreSeen) {
  Graph graph;
  Keys keys(graph);
  const NodeId dict = graph.dict();
  for (std::int64_t i = 0; i < 30; ++i)
    graph.add_pair_unchecked(dict, graph.integer(i), Graph::none);
  EXPECT_EQ(keys.find(dict, graph.floating(29.0)), 29u);
  for (std::int64_t i = 30; i < 300; ++i)
    graph.add_pair_unchecked(dict, graph.integer(i), Graph::none);
  EXPECT_EQ(keys.find(dict, graph.integer(299)), 299u);
  EXPECT_EQ(keys.find(dict, graph.integer(300)), Keys::npos);
}

TEST(Keys, UnhashableKeysChangeNothing) {
  Graph graph;
  Keys keys(graph);
  for (const std::int64_t size : {0, 3, 50}) {
    const NodeId dict = graph.dict();
    for (std::int64_t i = 0; i < size; ++i) keys.set(dict, graph.integer(i), Graph::none);
    const NodeId list = graph.list();
    const NodeId tuple = graph.tuple(std::vector<NodeId>{graph.integer(1), list});
    EXPECT_THROW(keys.set(dict, list, Graph::none), Unhashable);
    EXPECT_THROW(keys.set(dict, tuple, Graph::none), Unhashable);
    EXPECT_EQ(graph.edges(dict).size(), static_cast<std::size_t>(size) * 2);
  }
}

TEST(Keys, NanIsFoundByIdentity) {
  Graph graph;
  Keys keys(graph);
  const NodeId set = graph.set();
  const NodeId nan = graph.floating(std::nan(""));
  EXPECT_TRUE(keys.add(set, nan));
  EXPECT_FALSE(keys.add(set, nan));
  for (int i = 0; i < 100; ++i) EXPECT_TRUE(keys.add(set, graph.floating(std::nan(""))));
  EXPECT_FALSE(keys.add(set, nan));
  EXPECT_EQ(graph.items(set).size(), 101u);
}

TEST(Keys, ContainersGrowInTurns) {
  Graph graph;
  Keys keys(graph);
  std::vector<NodeId> dicts;
  for (int i = 0; i < 50; ++i) dicts.push_back(graph.dict());
  for (int round = 0; round < 2; ++round)
    for (std::int64_t i = 0; i < 200; ++i)
      for (const NodeId dict : dicts) keys.set(dict, graph.integer(i + 1000), graph.integer(round));
  for (const NodeId dict : dicts) EXPECT_EQ(graph.edges(dict).size(), 400u);
}

TEST(Keys, NumbersThatCollideInCPythonDoNotHere) {
  // hash(i * (2**61 - 1)) is 0 in CPython for every i.
  Graph graph;
  Keys keys(graph);
  const NodeId set = graph.set();
  const auto start = std::chrono::steady_clock::now();
  for (std::uint64_t i = 1; i <= 100000; ++i) {
    // i * 2**61 - i, in two limbs.
    const std::uint64_t limbs[] = {(i << 61) - i, (i >> 3) - ((i << 61) < i ? 1 : 0)};
    const NodeId key = graph.integer_from_limbs(limbs, false);
    ASSERT_EQ(hash_integer(graph, key), 0);
    keys.add(set, key);
  }
  EXPECT_EQ(graph.items(set).size(), 100000u);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5));
}

}  // namespace
}  // namespace assay
