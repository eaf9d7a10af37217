#include "harness/runner/shard.h"

#include <gtest/gtest.h>

#include <string>

namespace assay {
namespace {

TEST(Shard, ReadsIndexOverCount) {
  const auto shard = parse_shard("2/5");
  ASSERT_TRUE(shard);
  EXPECT_EQ(shard->index, 2u);
  EXPECT_EQ(shard->count, 5u);
  for (const char* bad : {"", "/", "1", "0/5", "6/5", "1/0", "a/2", "1/2x", "-1/2", "1 /2"}) {
    EXPECT_FALSE(parse_shard(bad)) << bad;
  }
}

TEST(Shard, EachCaseIsInExactlyOne) {
  constexpr std::uint32_t count = 7;
  std::uint32_t sizes[count] = {};
  for (int i = 0; i < 7000; ++i) {
    const std::string id = "int/case-" + std::to_string(i);
    int homes = 0;
    for (std::uint32_t index = 1; index <= count; ++index) {
      if (!in_shard({index, count}, id)) continue;
      ++homes;
      ++sizes[index - 1];
    }
    ASSERT_EQ(homes, 1) << id;
  }
  // 1000 expected in each, standard deviation about 29.
  for (const std::uint32_t size : sizes) EXPECT_NEAR(size, 1000, 150);
}

TEST(Shard, OfOneHoldsEverything) {
  for (const char* id : {"", "a", "int/leading-zero-ten"}) EXPECT_TRUE(in_shard({1, 1}, id));
}

}  // namespace
}  // namespace assay
