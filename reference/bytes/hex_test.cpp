#include "reference/bytes/hex.h"

#include <gtest/gtest.h>

namespace assay {
namespace {

using namespace std::string_view_literals;

TEST(Hex, WritesTwoLowerCaseDigitsAByte) {
  EXPECT_EQ(to_hex("\0\x7f\xfe N"sv), "007ffe204e");
  EXPECT_EQ(to_hex(""sv), "");
}

TEST(Hex, ReadsEitherCase) {
  EXPECT_EQ(from_hex("00fFAb4e"), "\0\xff\xab\x4e"sv);
  EXPECT_EQ(from_hex(""), "");
}

TEST(Hex, RefusesWhatIsNoHex) {
  for (const char* text : {"0", "000", "0g", "g0", " 00", "0x00", "0\xff", "-1"})
    EXPECT_FALSE(from_hex(text)) << text;
  EXPECT_FALSE(from_hex("0\0"sv));
}

TEST(Hex, EveryByteComesBack) {
  std::string all;
  for (int i = 0; i < 256; ++i) all += static_cast<char>(i);
  EXPECT_EQ(from_hex(to_hex(all)), all);
}

}  // namespace
}  // namespace assay
