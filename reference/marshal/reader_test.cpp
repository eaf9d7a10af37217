#include "reference/marshal/reader.h"

#include <gtest/gtest.h>

#include "reference/value/text.h"

namespace assay::marshal {
namespace {

using namespace std::string_literals;

Profile profile(const std::string& name) {
  return Profile::parse("cpython-" + name).value();
}

// The value text, or the exception's class, or "crashes".
std::string outcome(const std::string& data, const std::string& python, ReadOptions options = {}) {
  Graph graph;
  const Outcome found = read(graph, as_bytes(data), profile(python), options);
  if (found.accepted) return print(graph, found.value);
  return found.status == Status::crashes ? "crashes" : std::string(found.error);
}

struct Row {
  std::string data;
  const char* python2;  // nullptr: not asked
  const char* python3;  // 3.6 to 3.15, where they agree
};

void expect(const std::vector<Row>& rows) {
  for (const Row& row : rows) {
    SCOPED_TRACE(testing::PrintToString(row.data));
    if (row.python2 != nullptr) {
      EXPECT_EQ(outcome(row.data, "2.7"), row.python2);
    }
    if (row.python3 == nullptr) continue;
    for (const char* python : {"3.6", "3.8", "3.10", "3.11", "3.13", "3.14-32", "3.15-32"})
      EXPECT_EQ(outcome(row.data, python), row.python3) << python;
  }
}

// Every expectation was seen in CPython 2.7.18 and 3.6.15 to 3.13.0.
TEST(Reader, Scalars) {
  expect({
      {"N", "None", "None"},
      {"T", "True", "True"},
      {"F", "False", "False"},
      {"S", "StopIteration", "StopIteration"},
      {".", "Ellipsis", "Ellipsis"},
      {"0", "TypeError", "TypeError"},
      {"?", "ValueError", "ValueError"},
      {"", "EOFError", "EOFError"},
      {"i\xff\xff\xff\xff", "-1", "-1"},
      {"i\xff\xff", "-1", "EOFError"},
      {"i\x01\x02", "-65023", "EOFError"},
      {"I\0\0\0\0\1\0\0\0"s, "4294967296", "4294967296"},
      {"l\0\0\0\0"s, "long(0)", "0"},
      {"l\2\0\0\0\1\0\1\0"s, "long(32769)", "32769"},
      {"l\xff\xff\xff\xff\5\0"s, "long(-5)", "-5"},
      {"l\1\0\0\0\0\0"s, "ValueError", "ValueError"},
      {"l\1\0\0\0\0\x80"s, "ValueError", "ValueError"},
      {"l\2\0\0\0\1\0"s, "ValueError", "EOFError"},
      {"l\0\0\0\x80"s, "ValueError", "ValueError"},
      {"f\x03"s + "1.5", "1.5", "1.5"},
      {"f\x04"s + "1.5\0"s, "1.5", "1.5"},
      {"f\x04 1.5", "ValueError", "ValueError"},
      {"f\x03"s + "1_5", "ValueError", "ValueError"},
      {"f\x05"s + "1e999", "inf", "inf"},
      {"f\x06"s + "1e-999", "0.0", "0.0"},
      {"f\x04-INF", "-inf", "-inf"},
      {"f\0"s, "ValueError", "ValueError"},
      {"g\0\0\0\0\0\0\xf8\x3f"s, "1.5", "1.5"},
      {"x\1"s + "1\2-0", "complex(1.0, -0.0)", "complex(1.0, -0.0)"},
      {"s\1\0\0\0\xff"s, "b'\\xff'", "b'\\xff'"},
      {"s\xff\xff\xff\xff", "ValueError", "ValueError"},
      {"s\2\0\0\0a"s, "EOFError", "EOFError"},
      {"t\1\0\0\0a"s, "b'a'", "'a'"},
      {"t\1\0\0\0\xff"s, "b'\\xff'", "UnicodeDecodeError"},
      {"u\2\0\0\0\xc3\xa9"s, "'\\xe9'", "'\\xe9'"},
      {"u\3\0\0\0\xed\xa0\x80"s, "'\\ud800'", "'\\ud800'"},
      {"u\1\0\0\0\xff"s, "UnicodeDecodeError", "UnicodeDecodeError"},
      {"a\1\0\0\0\xe9"s, "ValueError", "'\\xe9'"},
      {"z\1a", "ValueError", "'a'"},
      {"Z\2a", "ValueError", "EOFError"},
  });
}

TEST(Reader, Containers) {
  expect({
      {"(\1\0\0\0N"s, "(None,)", "(None,)"},
      {")\2NT", "ValueError", "(None, True)"},
      {")"s, "ValueError", "EOFError"},
      {"(\0\0\0\0"s, "()", "()"},
      {"(\xff\xff\xff\xff", "ValueError", "ValueError"},
      {"[\1\0\0\0"s + "0", "TypeError", "TypeError"},
      {"{NT0", "{None: True}", "{None: True}"},
      {"{NTN.0", "{None: Ellipsis}", "{None: Ellipsis}"},
      {"{NTF0", nullptr, "{None: True}"},
      {"{NTF0N.0", "{None: Ellipsis}", "{None: True}"},
      {"{[\0\0\0\0N0"s, "TypeError", "TypeError"},
      {"{[\0\0\0\0N?"s, "ValueError", "TypeError"},
      {"{[\0\0\0\0N"s, "EOFError", "TypeError"},
      {"<\2\0\0\0TT"s, "{True}", "{True}"},
      {"<\1\0\0\0[\0\0\0\0"s, "TypeError", "TypeError"},
      {">\0\0\0\0"s, "frozenset()", "frozenset()"},
      {"N rest", "None", "None"},
  });
  EXPECT_EQ(outcome(":NTF", "3.13"), "ValueError");
  EXPECT_EQ(outcome(":NTF", "3.14"), "slice(None, True, False)");
  EXPECT_EQ(outcome("[\1\0\0\0:0"s, "3.14"), "TypeError");
  EXPECT_EQ(outcome("{N:0", "3.14"), "{}");
  EXPECT_EQ(outcome("}NT0", "3.14"), "ValueError");
  EXPECT_EQ(outcome("}NT0", "3.15"), "frozendict({None: True})");
}

TEST(Reader, References) {
  expect({
      {"[\2\0\0\0\xda\1ar\0\0\0\0"s, nullptr, "['a', 'a']"},
      {"\xdb\1\0\0\0r\0\0\0\0"s, "ValueError", "&1 [*1]"},
      {"\xa8\1\0\0\0r\0\0\0\0"s, nullptr, "&1 (*1,)"},
      {"\xfbNr\0\0\0\0"s + "0", nullptr, "&1 {None: *1}"},
      {"\xbe\1\0\0\0r\0\0\0\0"s, nullptr, "ValueError"},
      {"[\2\0\0\0\xbe\1\0\0\0Nr\0\0\0\0"s, nullptr, "[&1 frozenset({None}), *1]"},
      {"\xbc\1\0\0\0r\0\0\0\0"s, nullptr, "TypeError"},
      {"\xa8\1\0\0\0<\1\0\0\0r\0\0\0\0"s, nullptr, "crashes"},
      {"\xf2\0\0\0\0"s, "ValueError", "ValueError"},
      {"r\xff\xff\xff\xff", "ValueError", "ValueError"},
      {"r\0\0"s, "ValueError", "EOFError"},
      {"[\2\0\0\0\xceR\0\0\0\0"s, "ValueError", "ValueError"},
      {"[\2\0\0\0t\1\0\0\0aR\0\0\0\0"s, "[b'a', b'a']", "ValueError"},
      {"[\2\0\0\0s\1\0\0\0aR\0\0\0\0"s, "ValueError", "ValueError"},
  });
  EXPECT_EQ(outcome("[\2\0\0\0\xfdNN0r\0\0\0\0"s, "3.15"), "ValueError");
}

TEST(Reader, DepthIsLimited) {
  const auto nested = [](int depth) {
    std::string data;
    for (int i = 1; i < depth; ++i) data += "[\1\0\0\0"s;
    return data;
  };
  for (const char* python : {"2.7", "3.6", "3.13"}) {
    EXPECT_NE(outcome(nested(2000) + "N", python), "ValueError");
    EXPECT_EQ(outcome(nested(2001) + "N", python), "ValueError");
  }
  EXPECT_EQ(outcome(nested(2001), "2.7"), "ValueError");
  EXPECT_EQ(outcome(nested(2001), "3.6"), "EOFError");
}

// Python 2.7 has read the type code that is too deep: what follows is a key again.
TEST(Reader, TooDeepATypeCodeIsReadAllTheSame) {
  std::string lists;
  for (int i = 0; i < 1998; ++i) lists += "[\1\0\0\0"s;
  EXPECT_EQ(outcome(lists + "{N[\1\0\0\0N0"s, "2.7"), "ValueError");
  EXPECT_EQ(outcome(lists + "{N[\1\0\0\0N"s, "2.7"), "EOFError");
}

// Behind a bad unicode as a value: where the set fails, None: True and the end of the
// dict follow; where it does not, it takes the None, True has no value, and data end.
TEST(Reader, ComparisonsFailOrForgetAnErrorThatIsKept) {
  const auto set = [](const std::string& a, const std::string& b) {
    return outcome("{Nu\1\0\0\0\xffN<\3\0\0\0"s + a + b + "NT0", "2.7");
  };
  const auto last = [](const std::string& a, const std::string& b) {
    return outcome("{Nu\1\0\0\0\xffN<\2\0\0\0"s + a + b + "0", "2.7");
  };
  const std::string thousand = "i\xe8\3\0\0"s, long_one = "l\1\0\0\0\1\0"s, one = "i\1\0\0\0"s,
                    minus_one = "i\xff\xff\xff\xff", minus_two = "i\xfe\xff\xff\xff",
                    half = "g\0\0\0\0\0\0\xe0\x3f"s, unicode = "u\2\0\0\0\xc3\xa9"s,
                    str = "s\1\0\0\0\xe9"s, empty = "u\0\0\0\0"s, zero = "i\0\0\0\0"s,
                    nan = "g\0\0\0\0\0\0\xf8\x7f"s;
  const auto tuple = [](const std::string& item) { return "(\1\0\0\0"s + item; };
  EXPECT_EQ(set(thousand, thousand), "UnicodeDecodeError");
  EXPECT_EQ(set(one, "T"), "UnicodeDecodeError");
  EXPECT_EQ(set(one, long_one), "UnicodeDecodeError");
  EXPECT_EQ(set(long_one, long_one), "UnicodeDecodeError");
  EXPECT_EQ(set(minus_one, minus_two), "UnicodeDecodeError");
  EXPECT_EQ(set(tuple(thousand), tuple(thousand)), "UnicodeDecodeError");
  EXPECT_EQ(set(one, one), "EOFError");
  EXPECT_EQ(set(half, half), "EOFError");
  EXPECT_EQ(set(nan, zero), "EOFError");
  EXPECT_EQ(set(tuple(one), tuple(one)), "EOFError");
  EXPECT_EQ(last(half, half), "UnicodeDecodeError");
  EXPECT_EQ(last(unicode, str), "{None: {'\\xe9', b'\\xe9'}}");
  EXPECT_EQ(last(str, unicode), "{None: {b'\\xe9', '\\xe9'}}");
  EXPECT_EQ(last(zero, empty), "{None: {0, ''}}");
  EXPECT_EQ(last(empty, nan), "{None: {'', nan}}");
  EXPECT_EQ(last(tuple(str), tuple(unicode)), "{None: {(b'\\xe9',), ('\\xe9',)}}");
  // What is not followed is said to be so.
  EXPECT_EQ(last(tuple(tuple(str)), tuple(tuple(unicode))), "");
}

TEST(Reader, ClaimedSizesCostNothing) {
  Graph graph;
  for (const char* data : {"(\xff\xff\xff\x7f", "[\xff\xff\xff\x7f", "<\xff\xff\xff\x7f",
                           "s\xff\xff\xff\x7f", "l\xff\xff\xff\x7f"})
    EXPECT_EQ(read(graph, as_bytes(std::string_view(data, 5)), Profile()).error, "EOFError");
  EXPECT_EQ(outcome("(\xff\xff\xff\x7f", "3.14-32"), "MemoryError");
  EXPECT_EQ(outcome("s\xff\xff\xff\x7f", "3.15-32"), "OverflowError");
}

std::string code(const std::string& flags, const std::string& consts = "(\0\0\0\0"s,
                 const std::string& names = "(\0\0\0\0"s) {
  const std::string zero = "\0\0\0\0"s, bytes = "s" + zero, name = "u\1\0\0\0f"s;
  // Python 3.11 and later.
  return "c" + zero + zero + zero + zero + flags + bytes + consts + names + "(" + zero + bytes +
         name + name + name + "\1\0\0\0"s + bytes + bytes;
}

TEST(Reader, CodeObjects) {
  const std::string zero = "\0\0\0\0"s;
  EXPECT_EQ(outcome(code(zero), "3.12"),
            "code(argcount=0, posonlyargcount=0, kwonlyargcount=0, stacksize=0, flags=0, "
            "code=b'', consts=(), names=(), localsplusnames=(), localspluskinds=b'', "
            "filename='f', name='f', qualname='f', firstlineno=1, linetable=b'', "
            "exceptiontable=b'')");
  EXPECT_NE(outcome(code(zero), "3.13").find("stacksize=1"), std::string::npos);
  EXPECT_EQ(outcome(code("\xff\xff\xff\xff"), "3.12"), "SystemError");
  EXPECT_EQ(outcome(code("\4\0\0\0"s), "3.12"), "ValueError");
  EXPECT_EQ(outcome(code(zero, "[\0\0\0\0"s), "3.12"), "SystemError");
  EXPECT_EQ(outcome(code(zero, "0"), "3.12"), "TypeError");
  EXPECT_EQ(outcome("{N" + code(zero, "0"), "3.12"), "TypeError");
  EXPECT_EQ(outcome("{N" + code(zero, "0"), "3.11.2"), "{}");
  EXPECT_EQ(outcome("{N" + code(zero, "0"), "3.13"), "TypeError");
  EXPECT_EQ(outcome(code(zero, "\xa8\1\0\0\0r\0\0\0\0"s), "3.12"), "crashes");
  EXPECT_EQ(outcome(code(zero, "(\0\0\0\0"s, "(\1\0\0\0N"s), "3.12"), "SystemError");
  EXPECT_EQ(outcome(code(zero), "3.13", {.allow_code = false}), "ValueError");
  EXPECT_NE(outcome(code(zero), "3.12", {.allow_code = false}), "ValueError");
}

TEST(Reader, CodeObjectsOfOlderPythons) {
  const std::string zero = "\0\0\0\0"s, bytes = "s" + zero, tuple = "(" + zero;
  const auto make = [&](const std::string& name, int numbers) {
    std::string data = "c";
    for (int i = 0; i < numbers; ++i) data += zero;
    return data + bytes + tuple + tuple + tuple + tuple + tuple + name + name + "\1\0\0\0"s + bytes;
  };
  const std::string head = "code=b'', consts=(), names=(), varnames=(), freevars=(), cellvars=(), ";
  EXPECT_EQ(outcome(make("s\1\0\0\0f"s, 4), "2.7"),
            "code(argcount=0, nlocals=0, stacksize=0, flags=0, " + head +
                "filename=b'f', name=b'f', firstlineno=1, lnotab=b'')");
  EXPECT_EQ(outcome(make("u\1\0\0\0f"s, 5), "3.6"),
            "code(argcount=0, kwonlyargcount=0, nlocals=0, stacksize=0, flags=64, " + head +
                "filename='f', name='f', firstlineno=1, lnotab=b'')");
  EXPECT_EQ(outcome(make("u\1\0\0\0f"s, 6), "3.9"),
            "code(argcount=0, posonlyargcount=0, kwonlyargcount=0, nlocals=0, stacksize=0, "
            "flags=64, " +
                head + "filename='f', name='f', firstlineno=1, lnotab=b'')");
  EXPECT_EQ(outcome(make("u\1\0\0\0f"s, 6), "3.10"),
            "code(argcount=0, posonlyargcount=0, kwonlyargcount=0, nlocals=0, stacksize=0, "
            "flags=64, " +
                head + "filename='f', name='f', firstlineno=1, linetable=b'')");
}

TEST(Profile, NamesAreReadAndWritten) {
  for (const std::string_view name : recorded_profiles())
    EXPECT_EQ(Profile::parse(name).value().name(), name);
  EXPECT_EQ(Profile::parse("cpython-3.13.5").value().name(), "cpython-3.13.5");
  EXPECT_EQ(Profile::parse("cpython-3.14-c-32").value().name(), "cpython-3.14-32");
  for (const char* name :
       {"cpython-3.5", "cpython-3.13-py", "cpython-2.6", "cpython-3.013", "3.13"})
    EXPECT_FALSE(Profile::parse(name)) << name;
}

}  // namespace
}  // namespace assay::marshal
