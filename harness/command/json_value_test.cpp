#include "harness/command/json_value.h"

#include <gtest/gtest.h>

#include <string>

#include "reference/value/text.h"

namespace assay {
namespace {

// The JSON of a value text, or "path: type" of what is refused.
std::string json(std::string_view text) {
  Graph graph;
  const auto result = json_of(graph, parse(graph, text));
  if (const auto* refusal = std::get_if<JsonRefusal>(&result))
    return refusal->path + ": " + refusal->type;
  return std::get<nlohmann::ordered_json>(result).dump();
}

TEST(JsonValue, WhatJsonCarries) {
  EXPECT_EQ(json("[None, True, False, -7, 9223372036854775807, 2.5, 'text']"),
            "[null,true,false,-7,9223372036854775807,2.5,\"text\"]");
  EXPECT_EQ(json("{'b': [], 'a': {'c': {}}}"), R"({"b":[],"a":{"c":{}}})");
  EXPECT_EQ(json("5"), "5");
  EXPECT_EQ(json(R"('\xe4\u20ac')"), "\"\u00e4\u20ac\"");
}

TEST(JsonValue, WhatItRefusesIsNamedWithItsPlace) {
  EXPECT_EQ(json("(1, 2)"), ": tuple");
  EXPECT_EQ(json("[0, {'k': {1, 2}}]"), "[1]['k']: set");
  EXPECT_EQ(json("{'a': [1, b'raw']}"), "['a'][1]: bytes");
  EXPECT_EQ(json("[bytearray(b'')]"), "[0]: bytearray");
  EXPECT_EQ(json("[1.0, inf]"), "[1]: float");
  EXPECT_EQ(json("[nan]"), "[0]: float");
  EXPECT_EQ(json("[complex(1.0, 2.0)]"), "[0]: complex");
  EXPECT_EQ(json("[0x10000000000000000]"), "[0]: int");
  EXPECT_EQ(json("{'d': {1: 2}}"), "['d']: int");
  EXPECT_EQ(json("{None: 2}"), ": None");
  EXPECT_EQ(json(R"(['\ud800'])"), "[0]: str");
  EXPECT_EQ(json("[global('os', 'system')]"), "[0]: the global os.system");
  EXPECT_EQ(json("[new(global('m', 'C'))]"), "[0]: what m.C makes");
  EXPECT_EQ(json("Ellipsis"), ": Ellipsis");
}

TEST(JsonValue, SharingIsNotLost) {
  EXPECT_EQ(json("[&1 [], *1]"), "[1]: list");
  EXPECT_EQ(json("&1 [*1]"), "[0]: list");
  EXPECT_EQ(json("[&1 'shared text', *1]"), R"(["shared text","shared text"])");
}

TEST(JsonValue, DepthIsBounded) {
  const std::string fits = std::string(90, '[') + std::string(90, ']');
  EXPECT_EQ(json(fits), fits);
  std::string flat = "&1 = []\n";
  for (int i = 2; i < 700; ++i)
    flat += "&" + std::to_string(i) + " = [*" + std::to_string(i - 1) + "]\n";
  EXPECT_NE(json(flat + "*699").find(": list"), std::string::npos);
}

}  // namespace
}  // namespace assay
