#include "reference/bytes/ordered.h"

#include <gtest/gtest.h>

#include <limits>

namespace assay {
namespace {

const std::uint8_t bytes[] = {0x13, 0x57, 0x9a, 0xce, 1, 2, 3, 4, 5};

TEST(Ordered, ReadsBothByteOrders) {
  const Ordered big(bytes, true), little(bytes, false);
  EXPECT_EQ(big.u16(0, "x"), 0x1357);
  EXPECT_EQ(little.u16(0, "x"), 0x5713);
  EXPECT_EQ(big.u32(0, "x"), 0x13579aceu);
  EXPECT_EQ(little.u32(1, "x"), 0x01ce9a57u);
  EXPECT_EQ(big.u64(1, "x"), 0x579ace0102030405u);
  EXPECT_EQ(little.u64(1, "x"), 0x0504030201ce9a57u);
  EXPECT_EQ(big.u8(8, "x"), 5);
  EXPECT_TRUE(big.big_endian());
  EXPECT_FALSE(little.big_endian());
}

TEST(Ordered, RefusesWhatIsNotThere) {
  const Ordered view(bytes, true, 100);
  constexpr auto huge = std::numeric_limits<std::uint64_t>::max();
  EXPECT_THROW(view.u16(8, "x"), DecodeError);
  EXPECT_THROW(view.u64(2, "x"), DecodeError);
  EXPECT_THROW(view.u8(huge, "x"), DecodeError);
  EXPECT_THROW(view.bytes(1, huge, "x"), DecodeError);
  EXPECT_THROW(view.bytes(huge, huge, "x"), DecodeError);
  EXPECT_EQ(view.bytes(9, 0, "x").size(), 0u);
  try {
    view.window(4, 5, "page").u32(3, "field of the page");
    FAIL();
  } catch (const DecodeError& error) {
    EXPECT_EQ(error.kind(), ErrorKind::truncated);
    EXPECT_EQ(error.offset(), 107u);
    EXPECT_EQ(error.field(), "field of the page");
  }
}

}  // namespace
}  // namespace assay
