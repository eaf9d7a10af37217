#include "reference/value/integer.h"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

namespace assay {
namespace {

NodeId number(Graph& graph, std::string_view text, bool python2_long = false) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  if (text.starts_with("0x"))
    return integer_from_text(graph, text.substr(2), 16, negative, python2_long);
  return integer_from_text(graph, text, 10, negative, python2_long);
}

std::string hex(std::string_view bytes) {
  std::string text;
  for (const unsigned char byte : bytes) {
    text += "0123456789abcdef"[byte >> 4];
    text += "0123456789abcdef"[byte & 15];
  }
  return text;
}

struct Row {
  std::string_view decimal, hex, twos_complement;
  std::int64_t hash;
};

// str(n), hex(n), pickle.encode_long(n).hex() and hash(n) of CPython 3.11.
constexpr Row cpython[] = {
    {"0", "0x0", "", 0},
    {"1", "0x1", "01", 1},
    {"-1", "-0x1", "ff", -2},
    {"255", "0xff", "ff00", 255},
    {"-256", "-0x100", "00ff", -256},
    {"257", "0x101", "0101", 257},
    {"1152921504606846976", "0x1000000000000000", "0000000000000010", 1152921504606846976},
    {"2305843009213693951", "0x1fffffffffffffff", "ffffffffffffff1f", 0},
    {"2305843009213693950", "0x1ffffffffffffffe", "feffffffffffff1f", 2305843009213693950},
    {"-2305843009213693951", "-0x1fffffffffffffff", "01000000000000e0", 0},
    {"2305843009213693952", "0x2000000000000000", "0000000000000020", 1},
    {"9223372036854775807", "0x7fffffffffffffff", "ffffffffffffff7f", 3},
    {"9223372036854775808", "0x8000000000000000", "000000000000008000", 4},
    {"-9223372036854775808", "-0x8000000000000000", "0000000000000080", -4},
    {"-9223372036854775809", "-0x8000000000000001", "ffffffffffffff7fff", -5},
    {"18446744073709551615", "0xffffffffffffffff", "ffffffffffffffff00", 7},
    {"18446744073709551616", "0x10000000000000000", "000000000000000001", 8},
    {"-18446744073709551616", "-0x10000000000000000", "0000000000000000ff", -8},
    {"999999999999999", "0x38d7ea4c67fff", "ff7fc6a47e8d03", 999999999999999},
    {"1000000000000000", "0x38d7ea4c68000", "0080c6a47e8d03", 1000000000000000},
    {"10000000000000000", "0x2386f26fc10000", "0000c16ff28623", 10000000000000000},
    {"1000000000000000000000000000000", "0xc9f2c9cd04674edea40000000", "00000040eaed7446d09c2c9f0c",
     465258685558744706},
    {"-1000000000000000000000000000000", "-0xc9f2c9cd04674edea40000000",
     "000000c015128bb92f63d360f3", -465258685558744706},
    {"265613988875874769338781322035779626829233452653394495974574961739092490901302182994384699044"
     "001",
     "0x1fd5863c3eb0469ec21a937a76f3432ffd73d97e447606b683ecf6f6e4a7ae225bfaff1eaaf8b0a1",
     "a1b0f8aa1efffa5b22aea7e4f6f6ec83b60676447ed973fd2f43f3767a931ac29e46b03e3c86d51f",
     424410663027747676},
    {"-26561398887587476933878132203577962682923345265339449597457496173909249090130218299438469904"
     "4001",
     "-0x1fd5863c3eb0469ec21a937a76f3432ffd73d97e447606b683ecf6f6e4a7ae225bfaff1eaaf8b0a1",
     "5f4f0755e10005a4dd51581b0909137c49f989bb81268c02d0bc0c89856ce53d61b94fc1c3792ae0",
     -424410663027747676},
    {"170141183460469231731687303715884105728", "0x80000000000000000000000000000000",
     "0000000000000000000000000000008000", 32},
    {"-170141183460469231731687303715884105728", "-0x80000000000000000000000000000000",
     "00000000000000000000000000000080", -32},
    {"340282366920938463463374607431768211455", "0xffffffffffffffffffffffffffffffff",
     "ffffffffffffffffffffffffffffffff00", 63},
};

TEST(Integer, TextBytesAndHashAreThoseOfCPython) {
  Graph graph;
  for (const Row& row : cpython) {
    SCOPED_TRACE(row.decimal);
    const NodeId id = number(graph, row.decimal);
    EXPECT_EQ(integer_text(graph, id, 10), row.decimal);
    EXPECT_EQ(integer_text(graph, id, 16), row.hex);
    EXPECT_TRUE(compare_integers(graph, id, graph, number(graph, row.hex)) == 0);
    EXPECT_EQ(hash_integer(graph, id), row.hash);
    const std::string bytes = integer_twos_complement(graph, id);
    EXPECT_EQ(hex(bytes), row.twos_complement);
    EXPECT_EQ(integer_text(graph, integer_from_twos_complement(graph, as_bytes(bytes)), 10),
              row.decimal);
  }
}

TEST(Integer, RowsAreOrderedAsTheirValues) {
  Graph graph;
  // Written in descending order.
  const char* descending[] = {"0x100000000000000000000000000000000",
                              "18446744073709551616",
                              "18446744073709551615",
                              "9223372036854775808",
                              "9223372036854775807",
                              "1",
                              "0",
                              "-1",
                              "-9223372036854775808",
                              "-9223372036854775809",
                              "-18446744073709551616",
                              "-0x100000000000000000000000000000000"};
  std::vector<NodeId> ids;
  for (const char* text : descending) ids.push_back(number(graph, text));
  for (std::size_t i = 0; i < ids.size(); ++i)
    for (std::size_t j = 0; j < ids.size(); ++j)
      EXPECT_EQ(compare_integers(graph, ids[i], graph, ids[j]), j <=> i);
}

TEST(Integer, TwosComplementKeepsTheSignThroughPaddingOfAnyLength) {
  Graph graph;
  for (std::size_t size = 1; size < 30; ++size) {
    const std::string minus_one(size, '\xff');
    EXPECT_EQ(integer_from_twos_complement(graph, as_bytes(minus_one)), graph.integer(-1));
    const std::string zero(size, '\0');
    EXPECT_EQ(integer_from_twos_complement(graph, as_bytes(zero)), graph.integer(0));
    const std::string lowest = zero.substr(1) + '\x80';
    EXPECT_EQ(integer_text(graph, integer_from_twos_complement(graph, as_bytes(lowest)), 16),
              "-0x8" + std::string(size * 2 - 1, '0'));
  }
  EXPECT_EQ(integer_from_twos_complement(graph, {}), graph.integer(0));
}

TEST(Integer, OnlyDigitsOfTheBaseAreTaken) {
  Graph graph;
  for (const char* text : {"", "-", "1_0", " 1", "1 ", "a", "0x1", "1.0", "\xd9\xa1", "+1"})
    EXPECT_EQ(integer_from_text(graph, text, 10), no_node) << text;
  EXPECT_EQ(integer_from_text(graph, "8", 8), no_node);
  EXPECT_EQ(integer_from_text(graph, "2", 2), no_node);
  EXPECT_EQ(integer_from_text(graph, "g", 16), no_node);
  EXPECT_EQ(integer_from_text(graph, "00000000000000000000017", 8), graph.integer(15));
  EXPECT_EQ(graph[integer_from_text(graph, "fF", 16, true)].integer, -255);
}

TEST(Integer, LongsOfPython2KeepTheirFlag) {
  Graph graph;
  for (const char* text : {"1", "-7", "123456789012345678", "123456789012345678901234567890"}) {
    const NodeId id = number(graph, text, true);
    EXPECT_EQ(graph[id].flags & flag::python2_long, flag::python2_long) << text;
    EXPECT_EQ(integer_text(graph, id, 10), text);
  }
  EXPECT_EQ(graph[integer_from_twos_complement(graph, as_bytes("\x01"), true)].flags,
            flag::python2_long);
}

TEST(Integer, AHundredThousandDigitsAreQuickBothWays) {
  Graph graph;
  const std::string nines(100000, '9');
  const NodeId id = integer_from_text(graph, nines, 10, true);
  EXPECT_EQ(integer_text(graph, id, 10), "-" + nines);
  const std::string bytes = integer_twos_complement(graph, id);
  EXPECT_TRUE(compare_integers(graph, id, graph,
                               integer_from_twos_complement(graph, as_bytes(bytes))) == 0);
  // 10**100000 is one more than this one's magnitude.
  const NodeId power = integer_from_text(graph, "1" + std::string(100000, '0'), 10, true);
  EXPECT_EQ(compare_integers(graph, power, graph, id), std::strong_ordering::less);
}

struct Mixed {
  std::string_view integer;
  double floating;
  std::partial_ordering order;
};

constexpr auto less = std::partial_ordering::less;
constexpr auto equal = std::partial_ordering::equivalent;
constexpr auto greater = std::partial_ordering::greater;

// The order CPython 3.11 finds between an int and a float.
constexpr Mixed mixed[] = {
    {"9007199254740992", 9007199254740992.0, equal},
    {"9007199254740993", 9007199254740992.0, greater},
    {"9007199254740991", 9007199254740992.0, less},
    {"0", -0.0, equal},
    {"0", 5e-324, less},
    {"0", -5e-324, greater},
    {"1", 0.5, greater},
    {"1", 1.5, less},
    {"-1", -1.5, greater},
    {"-1", -0.5, less},
    {"-2", -1.5, less},
    {"9223372036854775808", 9.223372036854776e+18, equal},
    {"9223372036854775807", 9.223372036854776e+18, less},
    {"-9223372036854775808", -9.223372036854776e+18, equal},
    {"-9223372036854775809", -9.223372036854776e+18, less},
    {"18446744073709551616", 1.8446744073709552e+19, equal},
    {"18446744073709551617", 1.8446744073709552e+19, greater},
    {"-18446744073709551617", -1.8446744073709552e+19, less},
    {"898846567431157953864652595394512366808988489471153286367150405788663379027504815663542386612"
     "037680105600569399356966788293948844072083112464237153197370621888839467124327426381511098006"
     "230470597265414760425028844190753411712314407369565552704136185816752553422931491199736229692"
     "39858152417678164812112068608",
     8.98846567431158e+307, equal},
    {"898846567431157953864652595394512366808988489471153286367150405788663379027504815663542386612"
     "037680105600569399356966788293948844072083112464237153197370621888839467124327426381511098006"
     "230470597265414760425028844190753411712314407369565552704136185816752553422931491199736229692"
     "39858152417678164812112068609",
     8.98846567431158e+307, greater},
    {"898846567431157953864652595394512366808988489471153286367150405788663379027504815663542386612"
     "037680105600569399356966788293948844072083112464237153197370621888839467124327426381511098006"
     "230470597265414760425028844190753411712314407369565552704136185816752553422931491199736229692"
     "39858152417678164812112068607",
     8.98846567431158e+307, less},
    {"100000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
     "000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
     "000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
     "000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
     "00000000000000000000000000000",
     1.7976931348623157e+308, greater},
    {"-10000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
     "000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
     "000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
     "000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
     "000000000000000000000000000000",
     -1.7976931348623157e+308, less},
    {"100000000000000000000000", 1e+23, greater},
    {"10000000000000000000000", 1e+22, equal},
    {"179769313486231570814527423731704356798070567525844996598917476803157260780028538760589558632"
     "766878171540458953514382464234321326889464182768467546703537516986049910576551282076245490090"
     "389328944075868508455133942304583236903222948165808559332123348274797826204144723168738177180"
     "919299881250404026184124858368",
     1.7976931348623157e+308, equal},
    {"1606938044258990275541962092341162602523383585403510246604800", 1.6069380442589903e+60,
     greater},
};

TEST(Integer, ComparesWithFloatsExactly) {
  Graph graph;
  for (const Mixed& row : mixed)
    EXPECT_EQ(compare_integer_double(graph, number(graph, row.integer), row.floating), row.order)
        << row.integer << " " << row.floating;
  EXPECT_EQ(compare_integer_double(graph, Graph::true_, 1.0), equal);
  EXPECT_EQ(compare_integer_double(graph, Graph::false_, 0.0), equal);
  EXPECT_EQ(compare_integer_double(graph, graph.integer(1), HUGE_VAL), less);
  EXPECT_EQ(compare_integer_double(graph, graph.integer(1), -HUGE_VAL), greater);
  EXPECT_EQ(compare_integer_double(graph, graph.integer(1), std::nan("")),
            std::partial_ordering::unordered);
}

struct FloatHash {
  double value;
  std::int64_t hash;
};

// hash(x) of CPython 3.11.
constexpr FloatHash float_hashes[] = {
    {0.5, 1152921504606846976},
    {-0.5, -1152921504606846976},
    {1.5, 1152921504606846977},
    {1e+300, 1224995262755759164},
    {-1e+300, -1224995262755759164},
    {5e-324, 16777216},
    {2.305843009213694e+18, 1},
    {6.917529027641082e+18, 3},
    {0.1, 230584300921369408},
    {-1.0, -2},
    {-0.0, 0},
    {9007199254740994.0, 9007199254740994},
    {HUGE_VAL, 314159},
    {-HUGE_VAL, -314159},
};

TEST(Integer, FloatsHashAsCPythonDoes) {
  for (const FloatHash& row : float_hashes)
    EXPECT_EQ(hash_double(row.value), row.hash) << row.value;
  EXPECT_EQ(hash_double(std::nan("")), 0);
}

}  // namespace
}  // namespace assay
