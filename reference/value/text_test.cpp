#include "reference/value/text.h"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cmath>
#include <string>
#include <vector>

#include "reference/bytes/error.h"
#include "reference/value/graph_from_choices.h"
#include "reference/value/integer.h"

namespace assay {
namespace {

std::string reprint(std::string_view text, PrintOptions options = {}) {
  Graph graph;
  return print(graph, parse(graph, text), options);
}

// README.md, every form: these are as the printer writes them.
TEST(Text, EveryFormIsPrintedAsItIsRead) {
  for (const char* text : {
           "None",
           "True",
           "False",
           "Ellipsis",
           "NotImplemented",
           "StopIteration",
           "0",
           "-42",
           "9223372036854775807",
           "0x8000000000000000",
           "-0x8000000000000001",
           "long(1)",
           "long(-0x100000000000000000)",
           "1.5",
           "-0.0",
           "1e+16",
           "inf",
           "-inf",
           "nan",
           "nan(0x7ff0000000000001)",
           "nan(0xfff8000000000000)",
           "complex(1.0, -0.0)",
           "complex(nan, -inf)",
           "''",
           R"('a\'b"\\\n\x00\x7f\xe9\u20ac\ud800\U0001f600')",
           R"(b'\x00a\xff')",
           "bytearray(b'')",
           "bytearray(b'x')",
           "[]",
           "[1, [2], []]",
           "()",
           "(1,)",
           "(1, 2)",
           "{}",
           "{'k': 1, 2: {}}",
           "set()",
           "{1, 2}",
           "frozenset()",
           "frozenset({1})",
           "frozenset({frozenset({1, 2}), ()})",
           "frozendict()",
           "frozendict({'k': 1})",
           "frozendict({'k': [1], (): frozendict({1: 2})})",
           "code()",
           "code(argcount=1, consts=(None, code(name='f')), name='g')",
           "[&1 code(name='f'), *1, &2 frozendict({1: 2}), *2]",
           "&1 code(consts=([*1],))",
           "range(0, 10, 1)",
           "range(0, 0x10000000000000000, -3)",
           "slice(None, 2, None)",
           "global('os', 'system')",
           "global(b'os', b'\\xff')",
           "persid(('MemoRecord', 1))",
           "buffer(0)",
           "readonly(buffer(0))",
           "readonly(bytearray(b'ab'))",
           "ext(240)",
           "call(global('m', 'f'))",
           "call(global('m', 'f'), 1, [2], key=3, _k2=4)",
           "new(global('m', 'C'), **{'not id': 1, 'id': 2})",
           "new(global('m', 'C'), (), a=1, **{1: 2})",
           "call(call(global('m', 'f'), 1), 2)",
           "call(global('m', 'f')).build({'a': 1}).append(1).set('k', 'v').add(2).build(None)",
           "[&1 [], *1, &2 {}, *2, &3 set(), *3, &4 bytearray(b''), *4]",
           "&1 [*1]",
           "&1 [(*1,)]",
           "&1 ([*1],)",
           "&1 {'self': *1}",
           "&1 call(global('m', 'f'), [*1]).build(*1)",
           "[&1 (1, 2), *1, &2 frozenset({1}), *2, &3 slice(1, 2, 3), *3, &4 range(0, 1, 1), *4]",
           "[&1 persid(1), *1, &2 readonly(buffer(0)), *2]",
           "[&1 'abcdefghijklmnopqrstuvwxyz0123456', *1]",
           "[&1 0x10000000000000000000000000000000000000000000000000000000000000000, *1]",
           "{&1 (1,): *1}",
       })
    EXPECT_EQ(reprint(text), text);
}

TEST(Text, OtherSpellingsAreReadAndPrintedInOneWay) {
  const std::pair<const char*, const char*> rows[] = {
      {"[1,2]", "[1, 2]"},
      {" [ 1 ,\n2 ] \n", "[1, 2]"},
      {"( 1 , )", "(1,)"},
      {"{ 1 :2}", "{1: 2}"},
      {"{1 ,2 }", "{1, 2}"},
      {"frozendict( { } )", "frozendict()"},
      {"code( a = 1 )", "code(a=1)"},
      {R"("it's")", R"('it\'s')"},
      {R"('\a\060\u0041')", R"('\x070A')"},
      {"0xff", "255"},
      {"0o17", "15"},
      {"18446744073709551616", "0x10000000000000000"},
      {"1E5", "100000.0"},
      {"bytearray()", "bytearray(b'')"},
      {"&1 [1]", "[1]"},
      {"[&7 1, *7, *7]", "[1, 1, 1]"},
      {"&9 [&3 [], *3, *9]", "&1 [&2 [], *2, *1]"},
      {"&1 = [*2]\n&2 = (*1,)\n*1", "&1 [(*1,)]"},
      {"&1 = 5\n&2 = *1\n&3 = &4 *2", ""},
      {"&5 = [*6, *6]\n&6 = *7\n&7 = []\n(*5,)", "([&1 [], *1],)"},
      {"&1 = 'x'\nrange(*2, *2, 1)", ""},
      {"&1 = 3\nrange(*1, *2, 1)\n", ""},
      {"&1 = 3\n&2 = True\nrange(*1, *2, 1)", "range(3, True, 1)"},
      {"&2 = 'm'\nglobal(*2, *2)", "global('m', 'm')"},
      {"[range(0, *1, 1), &1 5]", "[range(0, 5, 1), 5]"},
      {"call(None, *(1, 2))", "call(None, 1, 2)"},
      {"call(None, *(), k=1)", "call(None, k=1)"},
      {"[&1 (1, 2), call(None, **1, k=1)]", "[(1, 2), call(None, 1, 2, k=1)]"},
      {"[&1 {'a': 2}, new(None, 1, ***1)]", "[{'a': 2}, new(None, 1, a=2)]"},
      {"call(None, a=1, **{'b': 2})", "call(None, a=1, b=2)"},
      {"call(None, **{'b': 2}).build( 1 ) .add(2)", "call(None, b=2).build(1).add(2)"},
      {"call(None, None=1)", "call(None, None=1)"},
  };
  for (const auto& [text, printed] : rows) {
    if (*printed == '\0') {
      EXPECT_THROW(reprint(text), DecodeError) << text;
    } else {
      EXPECT_EQ(reprint(text), printed) << text;
    }
  }
}

TEST(Text, ErrorsNameTheOffsetAndTheForm) {
  struct Row {
    std::string_view text;
    std::uint64_t offset;
    ErrorKind kind;
    const char* field;
  };
  const ErrorKind cut = ErrorKind::truncated;
  const ErrorKind bad = ErrorKind::malformed;
  const Row rows[] = {
      {"", 0, cut, "value"},
      {" \n", 2, cut, "value"},
      {"[1, 2", 5, cut, "list"},
      {"[1 2]", 3, bad, "list"},
      {"[1,]", 3, bad, "value"},
      {"[,]", 1, bad, "value"},
      {"]", 0, bad, "value"},
      {"(1)", 2, bad, "tuple"},
      {"(1, 2,)", 6, bad, "value"},
      {"(1", 2, cut, "tuple"},
      {"{1: 2, 3}", 8, bad, "dict"},
      {"{1, 2: 3}", 5, bad, "set"},
      {"{1: 2: 3}", 5, bad, "dict"},
      {"{1", 2, cut, "dict or set"},
      {"{1:", 3, cut, "value"},
      {"1 2", 2, bad, "document"},
      {"None None", 5, bad, "document"},
      {"none", 0, bad, "value"},
      {"nan2", 0, bad, "value"},
      {"set", 3, cut, "set"},
      {"set([1])", 4, bad, "set"},
      {"frozenset([1])", 10, bad, "frozenset"},
      {"frozenset({})", 11, bad, "value"},
      {"frozenset({1}", 13, cut, "frozenset"},
      {"frozenset({1: 2})", 12, bad, "frozenset"},
      {"frozendict({1})", 13, bad, "frozendict"},
      {"frozendict({1: 2)", 16, bad, "frozendict"},
      {"frozendict(1)", 11, bad, "frozendict"},
      {"code(1)", 5, bad, "code"},
      {"code(argcount)", 13, bad, "code"},
      {"code(a=1 b=2)", 9, bad, "code"},
      {"code(a=1,)", 9, bad, "code"},
      {"bytearray('x')", 10, bad, "bytearray"},
      {"complex(1, 2.0)", 8, bad, "complex"},
      {"complex(1.0)", 11, bad, "complex"},
      {"long(1.0)", 5, bad, "long"},
      {"buffer(0x10000000000000000)", 7, bad, "buffer"},
      {"ext(None)", 4, bad, "ext"},
      {"range(1, 2)", 10, bad, "range"},
      {"range(1, 2, 3, 4)", 13, bad, "range"},
      {"range(1, 'a', 3)", 9, bad, "range"},
      {"range(1, *1, 3)\n", 10, bad, "reference"},
      {"global('a')", 10, bad, "global"},
      {"global('a', 1)", 12, bad, "global"},
      {"persid()", 7, bad, "value"},
      {"call()", 5, bad, "value"},
      {"call(1, a=)", 10, bad, "value"},
      {"call(1, a=2, 3)", 13, bad, "call"},
      {"call(1, **{'a': 1}, 2)", 18, bad, "call"},
      {"call(1, **{})", 11, bad, "value"},
      {"call(1, **[1])", 10, bad, "call"},
      {"call(1, 2, *(3,))", 11, bad, "call"},
      {"call(1, *(3,), 4)", 15, bad, "call"},
      {"call(1, *&1 [], 4)", 9, bad, "call"},
      {"call(1).pop(1)", 8, bad, "operation"},
      {"call(1).build()", 14, bad, "value"},
      {"call(1).set(1)", 13, bad, "set"},
      {"call(1).add(1, 2)", 13, bad, "add"},
      {"call(1).", 8, cut, "operation"},
      {"[].append(1)", 2, bad, "document"},
      {"&1", 2, cut, "label"},
      {"&x []", 1, bad, "label"},
      {"&1[]", 2, bad, "label"},
      {"&1 *1", 3, bad, "label"},
      {"[&1 [], &1 []]", 8, bad, "label"},
      {"&1 = 1\n&1 = 2\n3", 7, bad, "label"},
      {"&1 = 1 *1", 7, bad, "label line"},
      {"&1 = 1", 6, cut, "label line"},
      {"&1 = *1\n*1", 1, bad, "label"},
      {"&1 = *2\n&2 = *1\n0", 1, bad, "label"},
      {"[*1]", 2, bad, "reference"},
      {"[*]", 2, bad, "reference"},
      {"*99999999999", 1, bad, "reference"},
      {"*4294967295", 1, bad, "reference"},
      {"range(1, 2, *1)\n", 13, bad, "reference"},
      {"[range(1, 2, *1), &1 'a']", 13, bad, "reference"},
      {"[call(1, **1), &1 []]", 10, bad, "reference"},
      {"[call(1, ***1), &1 []]", 11, bad, "reference"},
      {"[global('a', *1), &1 2]", 13, bad, "reference"},
      {"&1 = 1\n", 7, cut, "value"},
      {"\xc3\xa9", 0, bad, "value"},
      {"\t1", 0, bad, "value"},
      {std::string_view("1\0", 2), 1, bad, "document"},
      {"'abc", 4, cut, "string literal"},
  };
  for (const Row& row : rows) {
    Graph graph;
    SCOPED_TRACE(testing::PrintToString(row.text));
    try {
      parse(graph, row.text);
      ADD_FAILURE() << "accepted";
    } catch (const DecodeError& error) {
      EXPECT_EQ(error.offset(), row.offset) << error.what();
      EXPECT_EQ(error.kind(), row.kind) << error.what();
      EXPECT_EQ(error.field(), row.field) << error.what();
    }
  }
}

TEST(Text, FlatFormHasALineForEachComposite) {
  EXPECT_EQ(reprint("[(1, [2]), {}, 'x', {'k': frozenset({3})}]", {.depth = 0}),
            "&1 = [*2, {}, 'x', *3]\n"
            "&2 = (1, *4)\n"
            "&3 = {'k': *5}\n"
            "&4 = [2]\n"
            "&5 = frozenset({3})\n"
            "*1");
  EXPECT_EQ(reprint("&1 [*1, &2 [], *2, &3 'abcdefghijklmnopqrstuvwxyz0123456', *3]", {.depth = 0}),
            "&1 = [*1, *2, *2, *3, *3]\n"
            "&2 = []\n"
            "&3 = 'abcdefghijklmnopqrstuvwxyz0123456'\n"
            "*1");
  EXPECT_EQ(reprint("new(global('m', 'C'), [1], k=(2,)).build({}).set((1,), [])", {.depth = 0}),
            "&1 = new(global('m', 'C'), *2, k=*3).build({}).set(*4, [])\n"
            "&2 = [1]\n"
            "&3 = (2,)\n"
            "&4 = (1,)\n"
            "*1");
  EXPECT_EQ(reprint("1.0", {.depth = 0}), "1.0");
}

TEST(Text, NestingDeeperThanAHundredIsPrintedFlat) {
  const auto nest = [](std::size_t depth) {
    return std::string(depth, '[') + std::string(depth, ']');
  };
  EXPECT_EQ(reprint(nest(101)), nest(101));  // the innermost [] is an atom
  EXPECT_TRUE(reprint(nest(102)).starts_with("&1 = [*2]\n&2 = [*3]\n"));
  EXPECT_TRUE(reprint(nest(102)).ends_with("&101 = [[]]\n*1"));
}

TEST(Text, SharedArgumentsStayLinear) {
  std::string many = "1";
  for (int i = 2; i <= 17; ++i) many += ", " + std::to_string(i);
  const std::string text = "[call(None, *&1 (" + many + ")), call(None, **1, k=1)]";
  EXPECT_EQ(reprint(text), text);
  EXPECT_EQ(reprint("[call(None, *&1 (1, 2)), call(None, **1)]"),
            "[call(None, 1, 2), call(None, 1, 2)]");
  std::string pairs = "'k': 0";
  for (int i = 0; i < 16; ++i) pairs += ", 'k" + std::to_string(i) + "': 1";
  const std::string keywords = "[new(None, **&1 {" + pairs + "}), new(None, ***1)]";
  EXPECT_EQ(reprint(keywords), keywords);
}

TEST(Text, SharedTuplesPrintInLinearSpace) {
  Graph graph;
  NodeId top = graph.integer(1);
  for (int i = 0; i < 60; ++i) top = graph.tuple(std::vector<NodeId>{top, top});
  const std::string text = print(graph, top);
  EXPECT_LT(text.size(), 1000u);
  Graph again;
  EXPECT_EQ(print(again, parse(again, text)), text);
}

TEST(Text, AMillionLevelsPrintAndParse) {
  Graph graph;
  NodeId top = graph.list();
  for (int i = 1; i < 1000000; ++i) {
    const NodeId outer = graph.list();
    graph.append(outer, top);
    top = outer;
  }
  const std::string text = print(graph, top);
  Graph again;
  EXPECT_EQ(print(again, parse(again, text)), text);
  // The nested form is read as well.
  Graph nested;
  const std::string brackets = std::string(1000000, '[') + std::string(1000000, ']');
  EXPECT_EQ(print(nested, parse(nested, brackets)), text);
}

TEST(Text, HugeIntegersAndStringsRoundTrip) {
  Graph graph;
  const NodeId id = integer_from_text(graph, std::string(100000, '7'), 10, true);
  const std::string text = print(graph, id);
  EXPECT_TRUE(text.starts_with("-0x"));
  EXPECT_EQ(compare_integers(graph, id, graph, parse(graph, text)), std::strong_ordering::equal);
  EXPECT_EQ(compare_integers(graph, id, graph, parse(graph, "-" + std::string(100000, '7'))),
            std::strong_ordering::equal);
  const std::string quoted = "'" + std::string(5000000, 'x') + "'";
  EXPECT_EQ(reprint(quoted), quoted);
}

TEST(Text, HostileTextIsRefusedInLinearTime) {
  for (const char* piece : {"[", "(", "{", "{1:", "call(", "call(1).build(", "&1 = ", "frozenset({",
                            "persid(", "*", "call(1, a=", "call(1, **{", "-", "'\\"}) {
    std::string text;
    while (text.size() < 1000000) text += piece;
    Graph graph;
    EXPECT_THROW(parse(graph, text), DecodeError) << piece;
  }
  // A chain of aliases is followed once; so is one that leads nowhere.
  std::string aliases;
  for (int i = 0; i < 200000; ++i)
    aliases += "&" + std::to_string(i) + " = *" + std::to_string(i + 1) + "\n";
  Graph graph;
  EXPECT_THROW(parse(graph, aliases + "*0"), DecodeError);
  EXPECT_EQ(print(graph, parse(graph, aliases + "&200000 = 7\n*0")), "7");
}

TEST(Text, ExcerptsAreCut) {
  Graph graph;
  const auto cut = [&](std::string_view text, std::size_t limit = 20) {
    return excerpt(graph, parse(graph, text), limit);
  };
  EXPECT_EQ(cut("[1, (2,)]"), "[1, (2,)]");
  EXPECT_EQ(cut("[&1 [], *1]"), "[[], []]");
  EXPECT_EQ(cut("'123456789012345678'"), "'123456789012345678'");
  EXPECT_EQ(cut("'1234567890123456789'"), "'1234567890123456...");
  EXPECT_EQ(cut("&1 [*1]"), "[[[[[[[[[[[[[[[[[...");
  EXPECT_EQ(cut("b'" + std::string(1000000, 'x') + "'"), "b'xxxxxxxxxxxxxxx...");
  EXPECT_EQ(cut("'\\u20ac\\u20ac\\u20ac\\u20ac\\u20ac\\u20ac\\u20ac'"), "'\\u20ac\\u20ac\\u20...");
}

// Printing what was read gives the same text again, nested and flat, for any
// graph: sharing, cycles and order survive.
TEST(Text, AnyGraphSurvivesPrintingAndParsing) {
  EXPECT_TRUE(rc::check([](const std::vector<std::uint8_t>& choices) {
    Graph graph;
    const NodeId root = GraphFromChoices(graph, choices).build();
    for (const std::size_t depth : {std::size_t{100}, std::size_t{0}}) {
      const std::string text = print(graph, root, {depth});
      Graph again;
      RC_ASSERT(print(again, parse(again, text), {depth}) == text);
      RC_ASSERT(print(again, parse(again, text), {100 - depth}) ==
                print(graph, root, {100 - depth}));
    }
  }));
}

}  // namespace
}  // namespace assay
