#include "reference/value/equality.h"

#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <string>
#include <vector>

#include "reference/value/integer.h"

namespace assay {
namespace {

using Class = std::vector<NodeId>;

class EqualityTest : public testing::Test {
 protected:
  NodeId number(std::string_view digits, bool negative = false) {
    return integer_from_text(graph, digits, 10, negative);
  }
  NodeId real(double value) { return graph.floating(value); }
  NodeId text(std::string_view value) { return graph.string(value); }
  NodeId bytes(std::string_view value) { return graph.bytes(as_bytes(value)); }
  NodeId tuple(std::vector<NodeId> items) { return graph.tuple(items); }
  NodeId frozenset(const std::vector<NodeId>& items) {
    const NodeId set = graph.set();
    for (const NodeId item : items) graph.add_item_unchecked(set, item);
    graph.freeze(set);
    return set;
  }
  NodeId range(std::int64_t start, std::int64_t stop, std::int64_t step) {
    return graph.range(graph.integer(start), graph.integer(stop), graph.integer(step));
  }
  NodeId global(std::string_view module, std::string_view name) {
    return graph.global(text(module), text(name));
  }

  // Every value equals those of its own class and no other.
  void expect_classes(const std::vector<Class>& classes, EqualityRules rules = {}) {
    Equality equality(graph, rules);
    for (std::size_t i = 0; i < classes.size(); ++i)
      for (std::size_t j = 0; j < classes.size(); ++j)
        for (const NodeId a : classes[i])
          for (const NodeId b : classes[j]) {
            EXPECT_EQ(equality.equal(a, b), i == j) << "classes " << i << " and " << j;
            EXPECT_EQ(equality.hash(a) == equality.hash(b), i == j)
                << "classes " << i << " and " << j;
          }
  }
  std::string unhashable(NodeId id, EqualityRules rules = {}) {
    try {
      Equality(graph, rules).hash(id);
    } catch (const Unhashable& error) {
      return std::string(error.type());
    }
    return "hashable";
  }

  Graph graph;
};

TEST_F(EqualityTest, NumbersAreEqualAcrossTypes) {
  const NodeId python2_one = graph.python2_long(1);
  expect_classes({
      {graph.integer(1), python2_one, Graph::true_, real(1.0), graph.complex(1.0, -0.0)},
      {graph.integer(0), Graph::false_, real(0.0), real(-0.0), graph.complex(-0.0, 0.0)},
      {graph.integer(-1), real(-1.0)},
      {graph.integer(INT64_C(1) << 53), real(9007199254740992.0)},
      {graph.integer((INT64_C(1) << 53) + 1)},
      {graph.integer(INT64_MAX), number("9223372036854775807")},
      {number("9223372036854775808"), real(9223372036854775808.0)},
      {graph.integer(INT64_MIN), real(-9223372036854775808.0)},
      {number("18446744073709551616"), real(18446744073709551616.0),
       graph.complex(18446744073709551616.0, 0.0)},
      {number("18446744073709551617"), number("18446744073709551617")},
      {number("18446744073709551616", true), real(-18446744073709551616.0)},
      {number("99999999999999991611392"), real(1e23)},
      {number("100000000000000000000000")},
      {real(0.5), graph.complex(0.5, 0.0)},
      {real(HUGE_VAL)},
      {real(-HUGE_VAL)},
      {graph.complex(1.0, 2.0), graph.complex(1.0, 2.0)},
      {graph.complex(0.0, 1.0), graph.complex(-0.0, 1.0)},
      {real(5e-324)},
  });
}

TEST_F(EqualityTest, PowersOfTwoHashAlikeInBothTypes) {
  Equality equality(graph);
  for (int exponent = 0; exponent < 1024; ++exponent) {
    std::vector<std::uint64_t> limbs(static_cast<std::size_t>(exponent) / 64 + 1);
    limbs.back() = std::uint64_t{1} << (exponent % 64);
    const NodeId integer = graph.integer_from_limbs(limbs, exponent % 2 != 0);
    const NodeId floating = real(std::ldexp(exponent % 2 != 0 ? -1.0 : 1.0, exponent));
    ASSERT_TRUE(equality.equal(integer, floating)) << exponent;
    ASSERT_EQ(equality.hash(integer), equality.hash(floating)) << exponent;
  }
}

TEST_F(EqualityTest, TheLargestDoubleIsAnInteger) {
  // int(sys.float_info.max) is 2**1024 - 2**971.
  std::vector<std::uint64_t> limbs(16);
  limbs[15] = ~std::uint64_t{0} << 11;
  const NodeId integer = graph.integer_from_limbs(limbs, false);
  expect_classes({{integer, real(1.7976931348623157e308)}});
}

TEST_F(EqualityTest, NanEqualsOnlyItself) {
  const NodeId nan = real(std::nan(""));
  const NodeId other = real(std::nan(""));
  const NodeId in_complex = graph.complex(0.0, std::nan(""));
  expect_classes({{nan}, {other}, {in_complex}, {graph.complex(0.0, std::nan(""))}});
  // Containers compare with `is` first.
  expect_classes({{tuple({nan}), tuple({nan})}, {tuple({other})}});
}

TEST_F(EqualityTest, TextEqualsBytesOnlyInPython2AndOnlyInAscii) {
  expect_classes({{text("ab"), text("ab")}, {bytes("ab"), bytes("ab")}, {text("")}, {bytes("")}});
  const EqualityRules python2{.python2 = true};
  expect_classes({{text("ab"), bytes("ab")}, {text(""), bytes("")}, {text("ba")}}, python2);
  Equality equality(graph, python2);
  EXPECT_FALSE(equality.equal(text("\xc3\xa9"), bytes("\xc3\xa9")));
  EXPECT_TRUE(equality.equal(tuple({text("k")}), tuple({bytes("k")})));
}

TEST_F(EqualityTest, CompositesCompareTheirItems) {
  const NodeId inner = tuple({graph.integer(1), text("a")});
  expect_classes({
      {Graph::empty_tuple},
      {frozenset({}), frozenset({})},
      {tuple({graph.integer(1)}), tuple({real(1.0)}), tuple({Graph::true_})},
      {frozenset({graph.integer(1)}), frozenset({real(1.0)})},
      {tuple({inner, inner}), tuple({tuple({real(1.0), text("a")}), inner})},
      {tuple({graph.integer(1), graph.integer(2)})},
      {tuple({graph.integer(2), graph.integer(1)})},
      {frozenset({graph.integer(1), text("x"), inner}),
       frozenset({tuple({Graph::true_, text("a")}), text("x"), Graph::true_})},
      {tuple({tuple({}), tuple({tuple({})})})},
      {tuple({tuple({tuple({})}), tuple({})})},
      {frozenset({frozenset({}), frozenset({frozenset({})})}),
       frozenset({frozenset({frozenset({})}), frozenset({})})},
  });
}

// CPython 3.15: Objects/dictobject.c, frozendict_hash; no order.
TEST_F(EqualityTest, FrozendictsCompareTheirPairs) {
  const auto frozendict = [&](const std::vector<NodeId>& edges) {
    return graph.container(Kind::frozendict, edges);
  };
  const NodeId one = graph.integer(1), two = graph.integer(2);
  expect_classes({
      {frozendict({}), frozendict({})},
      {frozendict({one, two}), frozendict({real(1.0), two}), frozendict({Graph::true_, real(2.0)})},
      {frozendict({two, one})},
      {frozendict({one, one, two, two}), frozendict({two, two, one, one})},
      {frozendict({one, two, two, one})},
  });
  Equality equality(graph);
  EXPECT_THROW(equality.hash(frozendict({one, graph.list()})), Unhashable);
}

// CPython Objects/codeobject.c, code_richcompare.
TEST_F(EqualityTest, CodeObjectsCompareTheirFieldsButThoseLeftOut) {
  const auto code = [&](const char* name, const char* file) {
    return graph.container(
        Kind::code, std::vector<NodeId>{text("name"), text(name), text("filename"), text(file)});
  };
  const std::vector<std::string_view> left_out = {"filename"};
  const std::vector<std::vector<NodeId>> same = {{code("f", "a.py"), code("f", "b.py")},
                                                 {code("g", "a.py")}};
  expect_classes(same, {.fields_left_out = left_out});
  expect_classes({{code("f", "a.py")}, {code("f", "b.py")}});
  Equality equality(graph);
  EXPECT_THROW(equality.hash(graph.container(
                   Kind::code, std::vector<NodeId>{text("consts"), tuple({graph.list()})})),
               Unhashable);
}

// CPython Objects/codeobject.c, _PyCode_ConstantKey.
TEST_F(EqualityTest, ConstantsOfCodeObjectsCompareByTypeToo) {
  const auto code = [&](NodeId constant) {
    return graph.container(Kind::code,
                           std::vector<NodeId>{text("consts"), tuple({constant, text("x y")})});
  };
  const NodeId nan = graph.floating(std::nan(""));
  const NodeId frozendict = graph.container(Kind::frozendict, std::vector<NodeId>{text("a"), nan});
  expect_classes({
      {code(graph.integer(1)), code(graph.integer(1))},
      {code(Graph::true_), code(Graph::true_)},
      {code(graph.floating(1)), code(graph.floating(1))},
      {code(graph.python2_long(1)), code(graph.python2_long(1))},
      {code(graph.complex(1, 0))},
      {code(graph.complex(1, -0.0))},
      {code(graph.complex(-0.0, 0))},
      {code(graph.floating(0))},
      {code(graph.floating(-0.0))},
      {code(number("100000000000000000000")), code(number("100000000000000000000"))},
      {code(nan), code(nan)},
      {code(graph.floating(std::nan("")))},
      {code(tuple({graph.integer(1)})), code(tuple({graph.integer(1)}))},
      {code(tuple({Graph::true_}))},
      {code(frozenset({graph.integer(1), text("a")})),
       code(frozenset({text("a"), graph.integer(1)}))},
      {code(frozenset({Graph::true_, text("a")}))},
      {code(code(graph.integer(1))), code(code(graph.integer(1)))},
      {code(code(Graph::true_))},
      {code(tuple({code(Graph::true_)})), code(tuple({code(Graph::true_)}))},
      {code(frozendict), code(frozendict)},
      {code(graph.container(Kind::frozendict, std::vector<NodeId>{text("a"), nan}))},
  });
  // Outside the constants, 1 is True.
  expect_classes({{tuple({graph.integer(1)}), tuple({Graph::true_})}});
}

TEST_F(EqualityTest, RangesCompareTheNumbersTheyYield) {
  const NodeId huge = number("1000000000000000000000000000000");
  const NodeId huge_and_two = number("1000000000000000000000000000002");
  expect_classes({
      {range(0, 0, 1), range(5, 3, 2), range(0, 10, -1)},
      {range(0, 1, 1), range(0, 5, 10), range(0, -4, -7)},
      {range(0, 10, 3), range(0, 12, 3), range(0, 11, 3)},
      {range(0, 13, 3)},
      {range(0, -9, -3), range(0, -7, -3)},
      {range(3, 1, -1)},
      {graph.range(graph.integer(0), huge, graph.integer(4))},
      {graph.range(graph.integer(0), huge_and_two, graph.integer(4)),
       graph.range(graph.integer(0), number("1000000000000000000000000000004"), graph.integer(4))},
  });
  const NodeId one = range(0, 1, 1);
  expect_classes({{one}, {range(0, 1, 1)}}, {.python2 = true});
}

TEST_F(EqualityTest, NamesCompareByContentAndInstancesByIdentity) {
  const NodeId c = global("m", "C");
  expect_classes({{c, global("m", "C")},
                  {global("m", "D")},
                  {global("mC", "")},
                  {graph.call(c, Graph::empty_tuple)},
                  {graph.call(c, Graph::empty_tuple)},
                  {graph.persid(text("p"))},
                  {graph.persid(text("p"))},
                  {graph.ext(7), graph.ext(7)},
                  {graph.ext(8)},
                  {graph.buffer(0), graph.buffer(0)},
                  {graph.buffer(1)},
                  {Graph::none},
                  {Graph::ellipsis},
                  {Graph::stop_iteration}});
}

TEST_F(EqualityTest, SuppliedBuffersAreBytesOrUnhashable) {
  const SuppliedBuffer buffers[] = {{as_bytes("ab")}, {as_bytes("ab")}, {as_bytes("ab"), true}};
  const EqualityRules rules{.buffers = buffers};
  expect_classes({{graph.buffer(0), graph.buffer(1), bytes("ab")}, {text("ab")}, {bytes("b")}},
                 rules);
  EXPECT_EQ(unhashable(graph.buffer(2), rules), "bytearray");
  EXPECT_EQ(unhashable(graph.readonly(graph.buffer(2)), rules), "bytearray");
}

TEST_F(EqualityTest, UnhashableNamesTheFirstInDepthFirstOrder) {
  const NodeId list = graph.list();
  EXPECT_EQ(unhashable(list), "list");
  EXPECT_EQ(unhashable(graph.dict()), "dict");
  EXPECT_EQ(unhashable(graph.set()), "set");
  EXPECT_EQ(unhashable(graph.bytearray({})), "bytearray");
  EXPECT_EQ(unhashable(tuple({tuple({graph.integer(1), graph.dict()}), list})), "dict");
  EXPECT_EQ(unhashable(graph.call(list, Graph::empty_tuple)), "hashable");
  EXPECT_EQ(unhashable(graph.persid(list)), "hashable");
  Equality equality(graph);
  const NodeId holder = tuple({graph.integer(1), list});
  for (int i = 0; i < 2; ++i) {
    try {
      equality.equal(graph.integer(1), holder);
      FAIL() << "hashed a list";
    } catch (const Unhashable& error) {
      EXPECT_EQ(error.node(), list);
    }
  }
}

TEST_F(EqualityTest, SlicesHashFrom312On) {
  const NodeId one = graph.integer(1);
  const NodeId slice = graph.slice(Graph::none, one, Graph::none);
  EXPECT_EQ(unhashable(slice), "slice");
  EXPECT_EQ(unhashable(tuple({slice})), "slice");
  const EqualityRules rules{.slice_hashable = true};
  expect_classes({{slice, graph.slice(Graph::none, real(1.0), Graph::none)},
                  {tuple({Graph::none, one, Graph::none})},
                  {graph.slice(one, Graph::none, Graph::none)}},
                 rules);
  EXPECT_EQ(unhashable(graph.slice(graph.list(), one, one), rules), "list");
}

TEST_F(EqualityTest, SharedTuplesTakeLinearTime) {
  // Sixty-four levels of t = (t, t): 2**64 leaves. Two separate ones, and one
  // that differs in its innermost leaf.
  const auto tower = [&](NodeId leaf) {
    NodeId top = leaf;
    for (int i = 0; i < 64; ++i) top = tuple({top, top});
    return top;
  };
  expect_classes({{tower(graph.integer(1)), tower(real(1.0))}, {tower(graph.integer(2))}});
}

TEST_F(EqualityTest, DeepTuplesDoNotRecurse) {
  const auto tower = [&](NodeId leaf) {
    NodeId top = leaf;
    for (int i = 0; i < 1000000; ++i) top = tuple({top});
    return top;
  };
  const NodeId one = tower(graph.integer(1));
  const NodeId same = tower(Graph::true_);
  const NodeId other = tower(graph.list());
  Equality equality(graph);
  EXPECT_TRUE(equality.equal(one, same));
  EXPECT_THROW(equality.hash(other), Unhashable);
}

TEST_F(EqualityTest, ATupleThatHoldsItselfIsRefused) {
  const NodeId holder = tuple({Graph::none});
  graph.set_edge(holder, 0, tuple({graph.integer(1), holder}));
  EXPECT_EQ(unhashable(holder), "");
  Equality equality(graph);
  EXPECT_THROW(equality.hash(holder), Unhashable);
  EXPECT_THROW(equality.hash(holder), Unhashable);
}

TEST_F(EqualityTest, LargeFrozensetsCompareInAnyOrder) {
  std::vector<NodeId> items;
  for (int i = 0; i < 20000; ++i)
    items.push_back(i % 2 != 0 ? graph.integer(i) : tuple({graph.integer(i)}));
  const NodeId one = frozenset(items);
  std::reverse(items.begin(), items.end());
  const NodeId same = frozenset(items);
  items.back() = graph.integer(-1);
  expect_classes({{one, same}, {frozenset(items)}});
}

}  // namespace
}  // namespace assay
