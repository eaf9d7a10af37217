#include "reference/value/compare.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <string>
#include <vector>

#include "reference/bytes/error.h"
#include "reference/value/graph_from_choices.h"
#include "reference/value/text.h"

namespace assay {
namespace {

std::optional<Difference> compare(std::string_view left, std::string_view right,
                                  std::uint32_t relaxed = 0) {
  Graph a;
  Graph b;
  const NodeId ra = parse(a, left);
  const NodeId rb = parse(b, right);
  return first_difference(a, ra, b, rb, {relaxed});
}

void expect_same(std::string_view left, std::string_view right, std::uint32_t relaxed = 0) {
  for (const auto& [one, other] : {std::pair(left, right), std::pair(right, left)})
    if (const auto found = compare(one, other, relaxed))
      ADD_FAILURE() << one << "\n"
                    << other << "\nat " << found->path << ": " << found->left << " and "
                    << found->right;
}

void expect_different(std::string_view left, std::string_view right, std::uint32_t relaxed = 0) {
  EXPECT_TRUE(compare(left, right, relaxed)) << left << "\n" << right;
  EXPECT_TRUE(compare(right, left, relaxed)) << right << "\n" << left;
}

TEST(Compare, EveryFormEqualsItselfAndNoOther) {
  const char* const forms[] = {"None",
                               "True",
                               "False",
                               "Ellipsis",
                               "NotImplemented",
                               "StopIteration",
                               "0",
                               "1",
                               "-1",
                               "long(1)",
                               "1.0",
                               "0.0",
                               "-0.0",
                               "0x10000000000000000",
                               "-0x10000000000000000",
                               "long(0x10000000000000000)",
                               "18446744073709551616.0",
                               "inf",
                               "-inf",
                               "nan(0x7ff0000000000001)",
                               "complex(1.0, 0.0)",
                               "complex(1.0, -0.0)",
                               "''",
                               "'a'",
                               "b''",
                               "b'a'",
                               "bytearray(b'')",
                               "bytearray(b'a')",
                               "[]",
                               "[1]",
                               "[1, 2]",
                               "[2, 1]",
                               "()",
                               "(1,)",
                               "(1, 2)",
                               "{}",
                               "{1: 2}",
                               "{2: 1}",
                               "{1: 2, 3: 4}",
                               "{3: 4, 1: 2}",
                               "set()",
                               "{1}",
                               "frozenset()",
                               "frozenset({1})",
                               "frozendict()",
                               "frozendict({1: 2})",
                               "frozendict({2: 1})",
                               "code()",
                               "code(name=1)",
                               "code(name=2)",
                               "code(names=1)",
                               "code(name=1, names=1)",
                               "range(0, 1, 1)",
                               "range(0, 0, 1)",
                               "range(0, 0, 2)",
                               "slice(0, 1, 1)",
                               "slice(None, 1, 1)",
                               "global('m', 'a')",
                               "global('m', 'b')",
                               "global('ma', '')",
                               "persid('a')",
                               "persid(1)",
                               "buffer(0)",
                               "buffer(1)",
                               "readonly(buffer(0))",
                               "readonly(buffer(1))",
                               "ext(0)",
                               "ext(1)",
                               "call(None)",
                               "new(None)",
                               "call(None, None)",
                               "call(None, a=None)",
                               "call(None, b=None)",
                               "call(None, a=1, b=2)",
                               "call(None, b=2, a=1)",
                               "call(None).build(1)",
                               "call(None).append(1)",
                               "call(None).add(1)",
                               "call(None).set(1, 1)",
                               "call(None).set(1, 2)",
                               "call(None).append(1).append(1)",
                               "[&1 [], *1]",
                               "[[], []]",
                               "&1 [*1]",
                               "[[]]",
                               "&1 [[*1]]"};
  for (std::size_t i = 0; i < std::size(forms); ++i)
    for (std::size_t j = 0; j < std::size(forms); ++j)
      EXPECT_EQ(compare(forms[i], forms[j]).has_value(), i != j) << forms[i] << " " << forms[j];
}

TEST(Compare, AnyQuietNanEqualsThePlainOne) {
  expect_same("nan", "nan");
  expect_same("nan", "nan(0xfff8000000000000)");
  expect_same("nan(0x7ff8000000000001)", "nan");
  expect_same("nan(0x7ff8000000000001)", "nan(0x7ff8000000000001)");
  expect_different("nan(0x7ff8000000000001)", "nan(0x7ff8000000000002)");
  expect_different("nan", "nan(0x7ff0000000000001)");
  expect_same("complex(nan, 1.0)", "complex(nan(0xfff8000000000000), 1.0)");
  expect_same("{nan, nan(0x7ff8000000000001)}", "{nan(0x7ff8000000000002), nan}");
  expect_same("{nan, nan(0x7ff8000000000001)}", "{nan(0x7ff8000000000001), nan}");
  expect_different("{nan(0x7ff8000000000003), nan(0x7ff8000000000001)}",
                   "{nan(0x7ff8000000000002), nan}");
}

TEST(Compare, IdentityIsPartOfMutableValuesOnly) {
  expect_same("[&1 (1, 2), *1]", "[(1, 2), (1, 2)]");
  expect_same("[&1 'a', *1]", "['a', 'a']");
  expect_same("[&1 persid(1), *1]", "[persid(1), persid(1)]");
  expect_same("[&1 code(name='f'), *1]", "[code(name='f'), code(name='f')]");
  expect_same("[&1 frozendict({1: 2}), *1]", "[frozendict({1: 2}), frozendict({1: 2})]");
  for (const char* form :
       {"[]", "{}", "set()", "bytearray(b'')", "readonly(buffer(0))", "call(None)", "new(None)"}) {
    const std::string shared = "[&1 " + std::string(form) + ", *1]";
    const std::string apart = "[" + std::string(form) + ", " + form + "]";
    expect_different(shared, apart);
    expect_same(shared, apart, relax::no_identity);
    expect_different("(" + shared + ", [])", "(" + apart + ", [])");
  }
  // Not the same two of three.
  expect_different("[&1 [], *1, []]", "[&1 [], [], *1]");
  expect_same("[&1 [], *1, []]", "[&2 [], *2, []]");
}

TEST(Compare, CyclesThroughTuplesMayBeUnrolled) {
  expect_same("&1 ([*1],)", "&1 ([*1],)");
  // The same list, seen through one tuple or two.
  expect_same("&1 ([*1],)", "(&1 [(*1,)],)");
  expect_different("&1 ([*1],)", "([&1 ([*1],)],)");
  // Tuples alone, which only marshal makes.
  expect_same("&1 (*1, 0)", "&1 ((*1, 0), 0)");
  expect_same("&1 (*1, 0)", "(&1 (((*1, 0), 0), 0), 0)");
  expect_different("&1 (*1, 0)", "&1 ((*1, 1), 0)");
  expect_same("{&1 (*1, 0), 1}", "{1, (&1 ((*1, 0), 0), 0)}");
  expect_same("&1 [*1]", "&1 [[*1]]", relax::no_identity);
}

TEST(Compare, KeysAreValues) {
  expect_different("{1: 0}", "{True: 0}");
  expect_different("{1: 0}", "{1.0: 0}");
  expect_same("{&1 (1,): *1}", "{(1,): (1,)}");
  expect_same("call(None, **{'a b': 1})", "call(None, **{'a b': 1})");
  expect_same("[&1 {'a': 1}, call(None, ***1)]", "[{'a': 1}, call(None, a=1)]");
  expect_same("global('m', 'a')", "global(b'm', b'a')");
  expect_same("call(None, *(1, 2))", "call(None, 1, 2)");
}

TEST(Compare, SetsHaveNoOrder) {
  expect_same("{1, 'a', (2, 3)}", "{(2, 3), 1, 'a'}");
  expect_same("frozenset({1, frozenset({2, 3})})", "frozenset({frozenset({3, 2}), 1})");
  expect_different("frozendict({1: 2, 3: 4})", "frozendict({3: 4, 1: 2})");
  expect_same("frozendict({1: 2, 3: 4})", "frozendict({3: 4, 1: 2})", relax::dict_order);
  expect_different("{1, 2}", "{1, 3}");
  expect_different("{1, 2}", "{1}");
  expect_different("{1, 2, 3}", "{1, True, 2}");
  expect_different("{1, 1, 2}", "{1, 2, 2}");
  expect_same("{1, 1, 2}", "{1, 2, 1}");
  expect_same("{call(None, 1), call(None, 2)}", "{call(None, 2), call(None, 1)}");
  expect_same("{call(None).build(1), call(None).build(2)}",
              "{call(None).build(2), call(None).build(1)}");
  expect_different("{call(None).build(1), call(None).build(1)}",
                   "{call(None).build(2), call(None).build(1)}");
}

TEST(Compare, SetItemsThatOnlyTheirUseTellsApart) {
  // Equal instances; what is outside decides which is which.
  expect_same("({&1 call(None), &2 call(None)}, [*1], [*2, *2])",
              "({&2 call(None), &1 call(None)}, [*1], [*2, *2])");
  expect_different("({&1 call(None), &2 call(None)}, [*1], [*1, *2])",
                   "({&1 call(None), &2 call(None)}, [*1], [*2, *2])");
  // Through sets alone: a and b meet in one set, b and c in another.
  expect_same("[{&1 call(None), &2 call(None)}, {*2, &3 call(None)}]",
              "[{&1 call(None), &2 call(None)}, {*1, &3 call(None)}]");
  expect_different("[{&1 call(None), &2 call(None)}, {*2, &3 call(None)}]",
                   "[{&1 call(None), &2 call(None)}, {call(None), call(None)}]");
  // Two triangles are not a hexagon, though every instance has two neighbours.
  const std::string nodes =
      "{&1 call(None), &2 call(None), &3 call(None), &4 call(None), &5 call(None), &6 call(None)}";
  const std::string triangles = "(" + nodes +
                                ", {frozenset({*1, *2}), frozenset({*2, *3}), frozenset({*1, *3}), "
                                "frozenset({*4, *5}), frozenset({*5, *6}), frozenset({*4, *6})})";
  const std::string hexagon = "(" + nodes +
                              ", {frozenset({*1, *2}), frozenset({*2, *3}), frozenset({*3, *4}), "
                              "frozenset({*4, *5}), frozenset({*5, *6}), frozenset({*1, *6})})";
  const std::string turned = "(" + nodes +
                             ", {frozenset({*3, *6}), frozenset({*5, *1}), frozenset({*4, *2}), "
                             "frozenset({*1, *3}), frozenset({*2, *6}), frozenset({*4, *5})})";
  expect_different(triangles, hexagon);
  expect_same(hexagon, turned);
  // States that differ only far away.
  const auto chain = [](const std::string& last) {
    std::string text = last;
    for (int i = 0; i < 60; ++i) text = "[" + text + "]";
    return "call(None).build(" + text + ")";
  };
  expect_same("{" + chain("1") + ", " + chain("2") + "}",
              "{" + chain("2") + ", " + chain("1") + "}");
  expect_different("{" + chain("1") + ", " + chain("2") + "}",
                   "{" + chain("1") + ", " + chain("1") + "}");
}

TEST(Compare, InstancesInTheirOwnSets) {
  expect_same("&1 call(None).build({*1, 2})", "&1 call(None).build({2, *1})");
  expect_same("&1 {call(None).build(*1), call(None).build(1)}",
              "&1 {call(None).build(1), call(None).build(*1)}");
  expect_different("&1 {call(None).build(*1), call(None).build(1)}",
                   "{call(None).build(&1 {1}), call(None).build(1)}");
}

TEST(Compare, DifferencesHaveAPathAndShortTexts) {
  struct Row {
    const char *left, *right, *path, *left_text, *right_text;
  };
  const Row rows[] = {
      {"1", "2", "", "1", "2"},
      {"[0, {'k': [1]}]", "[0, {'k': [2]}]", "[1]['k'][0]", "1", "2"},
      {"[0, [1], 2]", "[0, [3], 4]", "[1][0]", "1", "3"},
      {"(1, 2)", "(1,)", "[1]", "2", "(nothing)"},
      {"{'a': 1}", "{'b': 1}", ".keys[0]", "'a'", "'b'"},
      {"{'a': 1}", "{'a': 1, 'b': 2}", ".keys[1]", "(nothing)", "'b'"},
      {"{(1, 2): 'x'}", "{(1, 2): 'y'}", "[(1, 2)]", "'x'", "'y'"},
      {"range(0, 1, 2)", "range(0, 1, 3)", ".step", "2", "3"},
      {"persid([1])", "persid([2])", ".pid[0]", "1", "2"},
      {"readonly(buffer(0))", "readonly(buffer(1))", ".of", "buffer(0)", "buffer(1)"},
      {"call(global('a', 'b'))", "call(global('a', 'c'))", ".callee", "global('a', 'b')",
       "global('a', 'c')"},
      {"call(None, 1, 2)", "call(None, 1, 3)", ".args[1]", "2", "3"},
      {"call(None, k=1)", "call(None, k=2)", ".kwargs['k']", "1", "2"},
      {"call(None, k=1)", "call(None)", ".kwargs", "{'k': 1}", "(nothing)"},
      {"call(None).build(1).add([])", "call(None).build(1).add([2])", ".ops[1][0]", "(nothing)",
       "2"},
      {"call(None).set(1, 2)", "call(None).set(1, 3)", ".ops[0].value", "2", "3"},
      {"call(None).set(0, 2)", "call(None).set(1, 2)", ".ops[0].key", "0", "1"},
      {"call(None).add(1)", "call(None).append(1)", ".ops[0]", ".add(1)", ".append(1)"},
      {"call(None).add(1)", "call(None).add(1).set(2, 3)", ".ops[1]", "(nothing)", ".set(2, 3)"},
      {"{1, 2, 3}", "{1, 2, 4}", "{3}", "3", "4"},
      {"{1, (2, [3])}", "{1, (2, [4])}", "{(2, [3])}[1][0]", "3", "4"},
      {"{1, 2, 3}", "{1, 4, 5}", "{2}", "2", "4"},
      {"{1}", "{1, 4, 5}", "{}", "(nothing)", "4"},
      {"[&1 [], *1]", "[[], []]", "[1]", "the same object as [0]", "another object"},
      {"[[], []]", "[&1 [], *1]", "[1]", "another object", "the same object as [0]"},
      {"&1 [[*1]]", "[&1 [*1]]", "[0][0]", "the same object as the root", "the same object as [0]"},
      {"[bytearray(b''), bytearray(b'')]", "[&1 bytearray(b''), *1]", "[1]", "another object",
       "the same object as [0]"},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(std::string(row.left) + " and " + row.right);
    const auto found = compare(row.left, row.right);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->path, row.path);
    EXPECT_EQ(found->left, row.left_text);
    EXPECT_EQ(found->right, row.right_text);
  }
  const std::string text(1000, 'x');
  EXPECT_EQ(compare("'" + text + "'", "1")->left, "'" + text.substr(0, 56) + "...");
}

TEST(Compare, RelaxationsJoinWhatALanguageCannotTellApart) {
  struct Row {
    std::uint32_t bit;
    const char *left, *right;
  };
  const Row same[] = {
      {relax::tuple_is_list, "[(1, (2,)), ()]", "[[1, [2]], []]"},
      {relax::tuple_is_list, "&1 ([*1],)", "&1 [[*1]]"},
      {relax::tuple_is_list, "[&1 (1,), *1]", "[[1], [1]]"},
      {relax::tuple_is_list, "{(1, 2)}", "{[1, 2]}"},
      {relax::bytes_is_str, "b'\\xc3\\xa9'", "'\\xe9'"},
      {relax::bytearray_is_bytes, "[&1 bytearray(b'a'), *1]", "[b'a', b'a']"},
      {relax::bytearray_is_bytes | relax::bytes_is_str, "bytearray(b'a')", "'a'"},
      {relax::set_is_list, "{1, 2, 3}", "[2, 3, 1]"},
      {relax::set_is_list, "[{&1 call(None, 1), 2}, *1]", "[[2, &1 call(None, 1)], *1]"},
      {relax::set_is_list | relax::frozenset_is_set, "{frozenset({1, 2})}", "[[2, 1]]"},
      {relax::set_is_list | relax::tuple_is_list, "{(1, 2), 3}", "[3, [1, 2]]"},
      {relax::frozenset_is_set, "{frozenset({1, 2}), 3}", "{3, {2, 1}}"},
      {relax::int_is_float, "[1, 0x10000000000000000, 0]", "[1.0, 18446744073709551616.0, 0.0]"},
      {relax::int_is_float, "{1, 2}", "{2.0, 1.0}"},
      {relax::bool_is_int, "[True, False]", "[1, 0]"},
      {relax::bool_is_int | relax::int_is_float, "True", "1.0"},
      {relax::long_is_int, "[long(1), long(0x10000000000000000)]", "[1, 0x10000000000000000]"},
      {relax::ascii_str_is_bytes, "'abc'", "b'abc'"},
      {relax::dict_order, "{1: 2, 3: [4], 'k': {}}", "{'k': {}, 3: [4], 1: 2}"},
      {relax::dict_order, "&1 {(1,): *1, (2,): 3}", "&1 {(2,): 3, (1,): *1}"},
      {relax::dict_order, "call(None, a=1, b=2)", "call(None, b=2, a=1)"},
      {relax::dict_order, "{call(None): 1, call(None): 2}", "{call(None): 2, call(None): 1}"},
      {relax::dict_order, "{nan: 1, nan: 2}", "{nan: 2, nan: 1}"},
      {relax::dict_order, "{nan: 1, nan: [2], nan: 3}", "{nan: 3, nan: 1, nan: [2]}"},
      {relax::dict_order, "{nan: 1, nan(0xfff8000000000000): 2}",
       "{nan(0xfff8000000000000): 2, nan: 1}"},
      {relax::no_identity, "[&1 [], *1]", "[[], []]"},
  };
  for (const Row& row : same) {
    expect_same(row.left, row.right, row.bit);
    expect_different(row.left, row.right);
  }
  const Row different[] = {
      {relax::tuple_is_list, "[&1 [1], *1]", "[[1], [1]]"},
      {relax::tuple_is_list, "(1, 2)", "[2, 1]"},
      {relax::tuple_is_list, "(1, 2)", "{1, 2}"},
      {relax::bytes_is_str, "b'\\xe9'", "'\\xe9'"},
      {relax::bytes_is_str, "bytearray(b'')", "''"},
      {relax::bytearray_is_bytes, "bytearray(b'')", "''"},
      {relax::set_is_list, "[1, 2]", "[2, 1]"},
      {relax::set_is_list, "{1, 2}", "(1, 2)"},
      {relax::frozenset_is_set, "frozenset({1})", "{2}"},
      {relax::int_is_float, "9007199254740993", "9007199254740992.0"},
      {relax::int_is_float, "0", "-0.0"},
      {relax::int_is_float, "True", "1.0"},
      {relax::int_is_float, "1", "complex(1.0, 0.0)"},
      {relax::bool_is_int, "True", "0"},
      {relax::bool_is_int, "True", "1.0"},
      {relax::bool_is_int, "True", "False"},
      {relax::long_is_int, "long(1)", "2"},
      {relax::ascii_str_is_bytes, "'\\xe9'", "b'\\xc3\\xa9'"},
      {relax::dict_order, "{1: 2, 3: 4}", "{1: 4, 3: 2}"},
      {relax::dict_order, "{nan: 1, nan: 2}", "{nan: 2, nan: 2}"},
      {relax::dict_order, "{1: 2, 3: 4}", "{1: 2}"},
      {relax::no_identity, "[&1 [], *1]", "[[], [1]]"},
  };
  for (const Row& row : different) expect_different(row.left, row.right, row.bit);
}

TEST(Compare, RelaxationsHaveTheNamesAdaptersUse) {
  EXPECT_EQ(relax::named("tuple=list"), relax::tuple_is_list);
  EXPECT_EQ(relax::named("bytes=str"), relax::bytes_is_str);
  EXPECT_EQ(relax::named("identity"), relax::no_identity);
  EXPECT_EQ(relax::named("list=tuple"), 0u);
}

// --- scale -------------------------------------------------------------------

TEST(Compare, AMillionLevelsAndSharedTuplesTakeLinearTime) {
  const std::string brackets = std::string(1000000, '[') + std::string(1000000, ']');
  expect_same(brackets, brackets);
  const std::string other = std::string(1000000, '[') + "1" + std::string(1000000, ']');
  const auto found = compare(brackets, other);
  ASSERT_TRUE(found);
  EXPECT_LT(found->path.size(), 1000u);
  const auto tower = [](Graph& graph, bool shared) {
    NodeId top = graph.integer(1);
    for (int i = 0; i < 60; ++i) {
      const NodeId items[] = {top, shared ? top : graph.tuple(graph.items(top))};
      top = graph.tuple(items);
    }
    return top;
  };
  Graph a;
  Graph b;
  EXPECT_FALSE(first_difference(a, tower(a, true), b, tower(b, true)));
  const NodeId left = tower(a, true);
  // Shared by pairs, but never the same node twice at one level.
  EXPECT_FALSE(first_difference(a, left, a, left));
}

TEST(Compare, LongSharedTextIsComparedOnce) {
  const std::string text = "&1 = '" + std::string(1000000, 'x') + "'\n";
  std::string list = "[*1";
  for (int i = 0; i < 100000; ++i) list += ", *1";
  expect_same(text + list + "]", text + list + "]");
}

TEST(Compare, LargeSetsAreMatchedByHash) {
  std::string up = "None";
  std::string down = "None";
  for (int i = 0; i < 50000; ++i) {
    const auto item = [](int n) {
      return ", (" + std::to_string(n) + ", call(None, " + std::to_string(n) + "))";
    };
    up += item(i);
    down += item(49999 - i);
  }
  expect_same("{" + up + "}", "{" + down + "}");
}

TEST(Compare, LargeSetsOfLikeInstancesAreGuessedAtOnce) {
  std::string items = "call(None)";
  for (int i = 0; i < 20000; ++i) items += ", call(None)";
  expect_same("{" + items + "}", "{" + items + "}");
  std::string sets = "{call(None), call(None)}";
  for (int i = 0; i < 10000; ++i) sets += ", {call(None), call(None)}";
  expect_same("[" + sets + "]", "[" + sets + "]");
}

// Items that no local view tells apart: a random 3-regular graph and another,
// each vertex an instance, each edge a frozenset of two.
TEST(Compare, WhatCannotBeDecidedIsALimitAndNotADifference) {
  const auto graph_text = [](std::uint32_t seed) {
    std::vector<int> ends;
    for (int i = 0; i < 60; ++i) ends.insert(ends.end(), 3, i);
    for (std::size_t i = ends.size() - 1; i > 0; --i) {
      seed = seed * 1664525 + 1013904223;
      std::swap(ends[i], ends[(seed >> 8) % (i + 1)]);
    }
    std::string text = "({";
    for (int i = 0; i < 60; ++i)
      text += (i == 0 ? "" : ", ") + ("&" + std::to_string(i + 1)) + " call(None)";
    text += "}, {";
    for (std::size_t i = 0; i < ends.size(); i += 2)
      text += (i == 0 ? "" : ", ") + ("frozenset({*" + std::to_string(ends[i] + 1)) + ", *" +
              std::to_string(ends[i + 1] + 1) + "})";
    return text + "})";
  };
  expect_same(graph_text(1), graph_text(1));
  try {
    EXPECT_TRUE(compare(graph_text(1), graph_text(2)));
  } catch (const DecodeError& error) {
    EXPECT_EQ(error.kind(), ErrorKind::limit);
  }
}

TEST(Compare, WhatIsPrintedAndParsedIsTheSame) {
  EXPECT_TRUE(rc::check([](const std::vector<std::uint8_t>& choices) {
    Graph graph;
    GraphFromChoices from(graph, choices);
    for (const NodeId root : {from.build(), from.last()}) {
      Graph again;
      const NodeId other = parse(again, print(graph, root));
      RC_ASSERT(!first_difference(graph, root, again, other));
      for (const std::uint32_t bit : {relax::tuple_is_list, relax::set_is_list, relax::dict_order,
                                      relax::no_identity, relax::int_is_float})
        RC_ASSERT(!first_difference(graph, root, again, other, {bit}));
    }
  }));
}

}  // namespace
}  // namespace assay
