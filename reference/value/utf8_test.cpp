#include "reference/value/utf8.h"

#include <gtest/gtest.h>

#include <string>

namespace assay {
namespace {

using namespace std::string_view_literals;
using Fault = std::optional<Utf8Fault>;

constexpr std::nullopt_t well_formed = std::nullopt;
constexpr std::string_view start = "invalid start byte";
constexpr std::string_view continuation = "invalid continuation byte";
constexpr std::string_view end = "unexpected end of data";

struct Row {
  std::string_view bytes;
  Fault strict, surrogatepass;
};

// start, end - start and reason of the UnicodeDecodeError that CPython 3.11
// raises for bytes.decode('utf-8', …).
const Row cpython[] = {
    {"\x80"sv, Fault{{0, 1, start}}, Fault{{0, 1, start}}},
    {"\xc0"sv, Fault{{0, 1, start}}, Fault{{0, 1, start}}},
    {"\xc1\xbf"sv, Fault{{0, 1, start}}, Fault{{0, 1, start}}},
    {"\xc2"sv, Fault{{0, 1, end}}, Fault{{0, 1, end}}},
    {"\xc2\x41"sv, Fault{{0, 1, continuation}}, Fault{{0, 1, continuation}}},
    {"\xc2\x80"sv, well_formed, well_formed},
    {"\xe0"sv, Fault{{0, 1, end}}, Fault{{0, 1, end}}},
    {"\xe0\x9f"sv, Fault{{0, 1, continuation}}, Fault{{0, 1, continuation}}},
    {"\xe0\x9f\x80"sv, Fault{{0, 1, continuation}}, Fault{{0, 1, continuation}}},
    {"\xe0\xa0"sv, Fault{{0, 2, end}}, Fault{{0, 2, end}}},
    {"\xe0\xa0\x41"sv, Fault{{0, 2, continuation}}, Fault{{0, 2, continuation}}},
    {"\xe0\xa0\x80"sv, well_formed, well_formed},
    {"\xed\x9f"sv, Fault{{0, 2, end}}, Fault{{0, 2, end}}},
    {"\xed\xa0"sv, Fault{{0, 1, continuation}}, Fault{{0, 1, continuation}}},
    {"\xed\xa0\x80"sv, Fault{{0, 1, continuation}}, well_formed},
    {"\xed\xbf\xbf"sv, Fault{{0, 1, continuation}}, well_formed},
    {"\xed\xa0\x41"sv, Fault{{0, 1, continuation}}, Fault{{0, 1, continuation}}},
    {"\xf0"sv, Fault{{0, 1, end}}, Fault{{0, 1, end}}},
    {"\xf0\x8f"sv, Fault{{0, 1, continuation}}, Fault{{0, 1, continuation}}},
    {"\xf0\x90"sv, Fault{{0, 2, end}}, Fault{{0, 2, end}}},
    {"\xf0\x90\x80"sv, Fault{{0, 3, end}}, Fault{{0, 3, end}}},
    {"\xf0\x90\x80\x41"sv, Fault{{0, 3, continuation}}, Fault{{0, 3, continuation}}},
    {"\xf0\x90\x80\x80"sv, well_formed, well_formed},
    {"\xf4\x8f"sv, Fault{{0, 2, end}}, Fault{{0, 2, end}}},
    {"\xf4\x90"sv, Fault{{0, 1, continuation}}, Fault{{0, 1, continuation}}},
    {"\xf4\x8f\xbf\xbf"sv, well_formed, well_formed},
    {"\xf5"sv, Fault{{0, 1, start}}, Fault{{0, 1, start}}},
    {"\xff"sv, Fault{{0, 1, start}}, Fault{{0, 1, start}}},
    {"\xe2\x28\xa1"sv, Fault{{0, 1, continuation}}, Fault{{0, 1, continuation}}},
    {"\x61\x62\xc3"sv, Fault{{2, 1, end}}, Fault{{2, 1, end}}},
    {"\x61\x62\x63\x64\x65\x66\x67\x68\xe1"sv, Fault{{8, 1, end}}, Fault{{8, 1, end}}},
    {"\x61\xc3\xa9\xe4\xb8\xad\x61\x62\x63\x64\x65\x66\x67\x68\xf0\x9f\x98"sv, Fault{{14, 3, end}},
     Fault{{14, 3, end}}},
    {"\xed\xa0\xbd\xed\xb8\x80"sv, Fault{{0, 1, continuation}}, well_formed},
};

TEST(Utf8, FaultsAreThoseOfCPython) {
  for (const Row& row : cpython) {
    const Bytes bytes = as_bytes(row.bytes);
    SCOPED_TRACE(testing::PrintToString(row.bytes));
    EXPECT_EQ(find_utf8_fault(bytes, Surrogates::reject), row.strict);
    EXPECT_EQ(find_utf8_fault(bytes, Surrogates::allow), row.surrogatepass);
    EXPECT_EQ(valid_utf8(bytes, true), !row.surrogatepass);
    std::size_t offset = 99;
    EXPECT_EQ(valid_utf8(bytes, false, &offset), !row.strict);
    EXPECT_EQ(offset, row.strict ? row.strict->offset : 99);
  }
}

TEST(Utf8, FaultsAreFoundAtEveryPlaceAroundTheEightByteStep) {
  for (std::size_t size = 1; size < 40; ++size) {
    for (std::size_t bad = 0; bad < size; ++bad) {
      std::string text(size, 'a');
      EXPECT_TRUE(is_ascii(as_bytes(text)));
      text[bad] = '\xff';
      EXPECT_EQ(find_utf8_fault(as_bytes(text), Surrogates::reject), (Utf8Fault{bad, 1, start}));
      EXPECT_FALSE(is_ascii(as_bytes(text)));
    }
  }
}

TEST(Utf8, SurrogatesThatFormAPairAreJoined) {
  const auto joined = [](std::string_view text) {
    std::string out;
    append_joined(out, text);
    return out;
  };
  EXPECT_EQ(joined("a\xed\xa0\x80\xed\xbf\xbfz"), "a\xf0\x90\x8f\xbfz");
  EXPECT_EQ(joined("\xed\xbf\xbf\xed\xa0\x80"), "\xed\xbf\xbf\xed\xa0\x80");
  EXPECT_EQ(joined("\xed\xa0\x80"), "\xed\xa0\x80");
  EXPECT_EQ(joined("\xed\xa0\x80\xed\xa0\x80\xed\xbf\xbf"), "\xed\xa0\x80\xf0\x90\x8f\xbf");
}

TEST(Utf8, EveryCodePointIsItsOwnInverse) {
  for (std::uint32_t code_point = 0; code_point <= 0x10ffff; ++code_point) {
    std::string text;
    append_utf8(text, code_point);
    const bool surrogate = code_point >= 0xd800 && code_point <= 0xdfff;
    ASSERT_EQ(valid_utf8(as_bytes(text), false), !surrogate);
    ASSERT_TRUE(valid_utf8(as_bytes(text), true));
    std::size_t at = 0;
    ASSERT_EQ(decode_utf8(as_bytes(text), at), code_point);
    ASSERT_EQ(at, text.size());
    ASSERT_EQ(count_code_points(as_bytes(text)), 1u);
  }
}

}  // namespace
}  // namespace assay
