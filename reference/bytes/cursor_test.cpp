#include "reference/bytes/cursor.h"

#include <gtest/gtest.h>

#include <array>

namespace assay {
namespace {

constexpr std::array<std::uint8_t, 8> counting = {1, 2, 3, 4, 5, 6, 7, 8};

TEST(Cursor, ReadsBothByteOrders) {
  Cursor cursor(counting);
  EXPECT_EQ(cursor.le16("a"), 0x0201);
  EXPECT_EQ(cursor.be16("b"), 0x0304);
  EXPECT_EQ(cursor.le32("c"), 0x08070605u);
  EXPECT_TRUE(cursor.at_end());
  EXPECT_EQ(Cursor(counting).be64("d"), 0x0102030405060708u);
}

TEST(Cursor, LengthsNearTheTopOfTheRangeDoNotWrap) {
  Cursor cursor(counting);
  cursor.u8("first");
  EXPECT_THROW(cursor.take(0xffffffffffffffff, "length"), DecodeError);
  EXPECT_THROW(cursor.take(8, "length"), DecodeError);
  EXPECT_EQ(cursor.take(7, "length").size(), 7u);
}

TEST(Cursor, ErrorsNameTheOriginalOffsetThroughWindows) {
  Cursor cursor(counting);
  cursor.take(3, "skipped");
  Cursor window = cursor.window(2, "window");
  EXPECT_EQ(cursor.offset(), 5u);
  window.u8("one");
  try {
    window.le32("count");
    FAIL() << "read past the window";
  } catch (const DecodeError& error) {
    EXPECT_EQ(error.kind(), ErrorKind::truncated);
    EXPECT_EQ(error.offset(), 4u);
    EXPECT_EQ(error.field(), "count");
    EXPECT_STREQ(error.what(), "at 0x4: count: truncated: needs 4 bytes, 1 remain");
  }
}

TEST(Cursor, LineStopsAtTheNewlineAndNeedsOne) {
  Cursor cursor(as_bytes("ab\n\ncd"));
  EXPECT_EQ(as_text(cursor.line("first")), "ab");
  EXPECT_EQ(as_text(cursor.line("second")), "");
  EXPECT_THROW(cursor.line("third"), DecodeError);
  EXPECT_EQ(cursor.offset(), 4u);
}

TEST(Cursor, SeekStaysInsideTheInput) {
  Cursor cursor(counting, 100);
  cursor.seek(108, "end");
  EXPECT_TRUE(cursor.at_end());
  EXPECT_THROW(cursor.seek(109, "past"), DecodeError);
  EXPECT_THROW(cursor.seek(99, "before"), DecodeError);
}

}  // namespace
}  // namespace assay
