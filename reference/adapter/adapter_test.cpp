#include "reference/adapter/adapter.h"

#include <gtest/gtest.h>

#include <fstream>

namespace assay::adapter {
namespace {

std::string told(std::string_view line, std::string_view profile = "cpython-3.13-c") {
  Adapter adapter(pickle::Profile::parse(profile).value());
  std::string out;
  EXPECT_TRUE(adapter.answer(line, out));
  return out;
}

TEST(Request, ReadsEveryField) {
  Request request;
  ASSERT_TRUE(request.parse(
      R"( {"op":"decode", "id":"K\"7\u00e9\ud83d\ude00","format":"pickle","data":"4E2e","n":null,)"
      R"("options":{"encoding":"latin1","fix_imports":false,"loads":2},"buffers":["00","w:ff"]} )"));
  EXPECT_EQ(request.op, "decode");
  EXPECT_EQ(request.id, "K\"7\xc3\xa9\xf0\x9f\x98\x80");
  EXPECT_EQ(request.data, "4E2e");
  ASSERT_EQ(request.options.size(), 3u);
  EXPECT_EQ(std::get<std::string_view>(request.options[0].value), "latin1");
  EXPECT_FALSE(std::get<bool>(request.options[1].value));
  EXPECT_EQ(std::get<std::int64_t>(request.options[2].value), 2);
  EXPECT_EQ(request.buffers, (std::vector<std::string_view>{"00", "w:ff"}));
}

TEST(Request, ForgetsTheOneBefore) {
  Request request;
  ASSERT_TRUE(request.parse(R"({"op":"decode","data":"00","options":{"loads":2},"buffers":[""]})"));
  ASSERT_TRUE(request.parse(R"({"id":"1"})"));
  EXPECT_EQ(request.op, "");
  EXPECT_EQ(request.data, "");
  EXPECT_TRUE(request.options.empty());
  EXPECT_TRUE(request.buffers.empty());
}

TEST(Request, RefusesWhatIsNoRequest) {
  for (const char* line : {"",
                           "{",
                           "[]",
                           "1",
                           "{\"op\"}",
                           "{\"op\":}",
                           "{\"op\":1}",
                           "{\"op\":\"x\"",
                           "{\"op\":\"x\"}}",
                           "{\"op\":\"x\",}",
                           "{\"op\":\"\\x\"}",
                           "{\"op\":\"\\u12\"}",
                           "{\"op\":\"x",
                           "{\"op\":\"x\\",
                           "{\"options\":[]}",
                           "{\"options\":{\"a\":[]}}",
                           "{\"options\":{\"a\":1.5}}",
                           "{\"buffers\":[1]}",
                           "{\"buffers\":{}}",
                           "{\"else\":{}}",
                           "{} {}"}) {
    Request request;
    EXPECT_FALSE(request.parse(line)) << line;
  }
}

TEST(Request, WritesTextsAsJson) {
  std::string out;
  append_json_text(out, "a\"b\\c\n\x01\xe9'");
  EXPECT_EQ(out, R"("a\"b\\c\n\u0001\u00e9'")");
}

TEST(Adapter, SaysWhoItIs) {
  EXPECT_EQ(
      told(R"({"op":"hello","protocol":1})", "cpython-3.14-py-32"),
      R"({"implementation":"reference","version":"3.14.2","lane":"py","language":"C++",)"
      R"("window":256,"formats":["pickle:decode:0-5","pickle:encode:0-5","pickle:inspect"],"identity":"all","lossy":[],)"
      R"("profile":"cpython-3.14-py-32","word":32,"errors":"python"})"
      "\n");
}

TEST(Adapter, DecodesAsItsProfile) {
  const char* line = R"({"op":"decode","id":"1","format":"pickle","data":"493031300a2e78"})";
  EXPECT_EQ(told(line), "{\"id\":\"1\",\"value\":\"8\",\"consumed\":6}\n");
  EXPECT_EQ(told(line, "cpython-2.7-py"), "{\"id\":\"1\",\"value\":\"10\",\"consumed\":6}\n");
  EXPECT_TRUE(told(line, "cpython-3.13-py").starts_with(R"({"id":"1","error":"ValueError",)"));
}

TEST(Adapter, TakesOptions) {
  // BINSTRING 'e9', which takes an encoding.
  EXPECT_EQ(told(R"({"op":"decode","id":"1","format":"pickle","data":"5501e92e",)"
                 R"("options":{"encoding":"latin1"}})"),
            "{\"id\":\"1\",\"value\":\"'\\\\xe9'\",\"consumed\":4}\n");
  EXPECT_EQ(told(R"({"op":"decode","id":"1","format":"pickle","data":"82f02e",)"
                 R"("options":{"extensions":"1=a:b,240=mod:name"}})"),
            "{\"id\":\"1\",\"value\":\"global('mod', 'name')\",\"consumed\":3}\n");
  EXPECT_EQ(told(R"({"op":"decode","id":"1","format":"pickle","data":"972e",)"
                 R"("buffers":["w:00"]})"),
            "{\"id\":\"1\",\"value\":\"buffer(0)\",\"consumed\":2}\n");
  EXPECT_TRUE(told(R"({"op":"decode","id":"1","format":"pickle","data":"50610a2e",)"
                   R"("options":{"persistent":"none"}})")
                  .starts_with(R"({"id":"1","error":"UnpicklingError")"));
}

TEST(Adapter, LoadsSeveralTimesFromOneFile) {
  // A list memoized by the first load and fetched by the second.
  const char* shared = R"({"op":"decode","id":"1","format":"pickle","data":"5d71002e68002e",)"
                       R"("options":{"loads":2}})";
  EXPECT_EQ(told(shared), "{\"id\":\"1\",\"value\":\"(&1 [], *1)\",\"consumed\":7}\n");
  const char* fresh = R"({"op":"decode","id":"1","format":"pickle","data":"5d71002e68002e",)"
                      R"("options":{"loads":2,"fresh":true}})";
  EXPECT_TRUE(told(fresh).starts_with(R"({"id":"1","error":"UnpicklingError")"));
}

TEST(Adapter, ListsTheGlobalsThatAreLookedUp) {
  const auto seen = [](const std::string& data, const char* profile) {
    return told(R"({"op":"inspect","id":"1","format":"pickle","data":")" + data + "\"}", profile);
  };
  // GLOBAL '__builtin__' 'set', which fix_imports renames later; then input that ends.
  for (const char* profile : {"cpython-3.13-c", "cpython-3.13-py", "cpython-2.7-c"})
    EXPECT_EQ(seen("635f5f6275696c74696e5f5f0a7365740a", profile),
              "{\"id\":\"1\",\"value\":\"[global('__builtin__', 'set')]\"}\n");
  // STACK_GLOBAL of one string twice, which Python 2 does not have.
  EXPECT_EQ(seen("8c016d3293302e", "cpython-3.13-c"),
            "{\"id\":\"1\",\"value\":\"[global('m', 'm')]\"}\n");
  EXPECT_EQ(seen("8c016d3293302e", "cpython-2.7-c"), "{\"id\":\"1\",\"value\":\"[]\"}\n");
}

TEST(Adapter, ReadsMarshalInLaneC) {
  const char* line =
      R"({"op":"decode","id":"1","format":"marshal","data":"db0100000072000000004e"})";
  EXPECT_EQ(told(line), "{\"id\":\"1\",\"value\":\"&1 [*1]\",\"consumed\":10}\n");
  EXPECT_TRUE(told(line, "cpython-2.7-c").starts_with(R"({"id":"1","error":"ValueError")"));
  EXPECT_TRUE(told(line, "cpython-3.13-py").starts_with(R"({"id":"1","unsupported")"));
  const std::string hello = R"({"op":"hello","protocol":1})";
  EXPECT_NE(told(hello, "cpython-3.15-c-32").find("\"marshal:decode:0-6\""), std::string::npos);
  EXPECT_EQ(told(hello, "cpython-3.15-py-32").find("marshal"), std::string::npos);
}

TEST(Adapter, WritesMarshal) {
  const auto encoded = [](const char* value, int version) {
    return told(R"({"op":"encode","id":"1","format":"marshal","protocol":)" +
                std::to_string(version) + R"(,"value":")" + value + "\"}");
  };
  EXPECT_EQ(encoded("&1 [*1]", 4), "{\"id\":\"1\",\"data\":\"db010000007200000000\"}\n");
  EXPECT_TRUE(encoded("&1 [*1]", 2).starts_with(R"({"id":"1","error":"ValueError")"));
  EXPECT_TRUE(encoded("[", 2).starts_with(R"({"id":"1","error":"ProtocolError")"));
}

TEST(Adapter, CodeOfAnotherPythonIsUnsupported) {
  const char* line =
      R"({"op":"decode","id":"1","format":"marshal","data":"4e","options":{"python":"3.8 3.1"}})";
  EXPECT_EQ(told(line, "cpython-3.8-c"), "{\"id\":\"1\",\"value\":\"None\",\"consumed\":1}\n");
  EXPECT_EQ(told(line), "{\"id\":\"1\",\"unsupported\":\"code of Python 3.8 3.1\"}\n");
}

TEST(Adapter, AllowCodeIsAnOptionFrom3_13On) {
  const char* line =
      R"({"op":"decode","id":"1","format":"marshal","data":"63","options":{"allow_code":false}})";
  EXPECT_TRUE(told(line).starts_with(R"({"id":"1","error":"ValueError")"));
  EXPECT_TRUE(told(line, "cpython-3.12-c").starts_with(R"({"id":"1","unsupported")"));
}

TEST(Adapter, ReadsDbmFiles) {
  const std::string base = testing::TempDir() + "assay_adapter_dbm";
  std::ofstream(base + ".dir") << "'k', (0, 3)\n'\\xff', (512, 0)\n";
  std::ofstream(base + ".dat") << "abc";
  const auto ask = [&](const std::string& op, const std::string& format, const char* profile) {
    return told(
        R"({"op":")" + op + R"(","id":"1","format":")" + format + R"(","path":")" + base + "\"}",
        profile);
  };
  const char* entries = "{\"id\":\"1\",\"value\":\"{b'k': b'abc', b'\\\\xff': b''}\"}\n";
  EXPECT_EQ(ask("read", "dbm.dumb", "cpython-3.13-c"), entries);
  EXPECT_EQ(ask("read", "dbm", "cpython-2.7-c"), entries);
  EXPECT_TRUE(ask("read", "dbm.gnu", "cpython-3.13-c").starts_with(R"({"id":"1","error":"error")"));
  EXPECT_TRUE(ask("read", "dbm.dumb", "cpython-3.13-py").starts_with(R"({"id":"1","unsupported")"));
  EXPECT_EQ(ask("identify", "dbm", "cpython-3.13-c"), "{\"id\":\"1\",\"value\":\"'dbm.dumb'\"}\n");
  EXPECT_EQ(ask("identify", "dbm", "cpython-2.7-c"), "{\"id\":\"1\",\"value\":\"b'dumbdbm'\"}\n");
}

// By hand from Lib/dbm/dumb.py and harness/adapters/README.md, "Scripts".
TEST(Adapter, RunsScriptsOnDumbFiles) {
  const auto run = [&](const std::string& script, const char* profile, const char* format) {
    return told(R"({"op":"write","id":"1","format":")" + std::string(format) + R"(","script":")" +
                    script + "\"}",
                profile);
  };
  const std::string script =
      R"(# it\nopen 'n'\nset b'k', b'v'\nset 1, b'v'\nitem b'x'\nfiles\nfile '.dir')";
  EXPECT_EQ(run(script, "cpython-3.12-c", "dbm.dumb"),
            R"json({"id":"1","value":"([None, None, global('raises', 'TypeError'), )json"
            R"json(global('raises', 'KeyError'), ['.dir', '.dat'], )json"
            R"json(b'\\'k\\', (0, 1)\\n'], {b'k': b'v'})"})json"
            "\n");
  EXPECT_EQ(run(R"(open 'r'\nlen)", "cpython-3.13-c", "dbm.dumb"),
            R"json({"id":"1","value":"([global('raises', 'FileNotFoundError'), Ellipsis], )json"
            R"json(global('raises', 'FileNotFoundError'))"})json"
            "\n");
  EXPECT_EQ(run(R"(open 'r'\nlen)", "cpython-3.6-c", "dbm.dumb"),
            R"json({"id":"1","value":"([None, 0], {})"})json"
            "\n");
  EXPECT_TRUE(run(R"(open 'n'\nfly)", "cpython-3.13-c", "dbm.dumb")
                  .starts_with(R"({"id":"1","error":"ProtocolError")"));
  EXPECT_TRUE(
      run("open 'n'", "cpython-3.13-c", "dbm.gnu").starts_with(R"({"id":"1","unsupported")"));
}

TEST(Adapter, ReadsSqliteFiles) {
  const std::string path = testing::TempDir() + "assay_adapter_sqlite.db";
  const auto ask = [&](const std::string& op, const char* profile) {
    return told(R"({"op":")" + op + R"(","id":"1","format":"sqlite","path":")" + path + "\"}",
                profile);
  };
  std::ofstream(path) << "";  // a database without tables
  EXPECT_EQ(ask("read", "cpython-3.13-c"),
            "{\"id\":\"1\",\"value\":\"{'schema': [],\\n 'rows': {}}\"}\n");
  EXPECT_EQ(ask("iterdump", "cpython-2.7-c"),
            "{\"id\":\"1\",\"value\":\"['BEGIN TRANSACTION;', 'COMMIT;']\"}\n");
  EXPECT_TRUE(ask("read", "cpython-3.13-py").starts_with(R"({"id":"1","unsupported")"));
  std::ofstream(path) << "SQLite format 4";
  EXPECT_TRUE(ask("read", "cpython-3.13-c").starts_with(R"({"id":"1","error":"DatabaseError")"));
}

TEST(Adapter, SaysWhatItDoesNotDo) {
  EXPECT_EQ(told(R"({"op":"encode","id":"1","format":"marshal","protocol":4})", "cpython-3.13-py"),
            "{\"id\":\"1\",\"unsupported\":\"encode marshal\"}\n");
  EXPECT_EQ(told(R"({"op":"decode","id":"1","format":"shelve","data":""})"),
            "{\"id\":\"1\",\"unsupported\":\"decode shelve\"}\n");
  EXPECT_EQ(told(R"({"op":"decode","id":"1","format":"pickle","data":"","options":{"speed":1}})"),
            "{\"id\":\"1\",\"unsupported\":\"option 'speed'\"}\n");
}

TEST(Adapter, RefusesRequestsThatAreBroken) {
  EXPECT_TRUE(told("{").starts_with(R"({"id":"","error":"ProtocolError")"));
  EXPECT_TRUE(told(R"({"op":"decode","id":"1","format":"pickle","data":"4"})")
                  .starts_with(R"({"id":"1","error":"ProtocolError")"));
  EXPECT_TRUE(told(R"({"op":"decode","id":"1","format":"pickle","data":"4e2e","buffers":["x"]})")
                  .starts_with(R"({"id":"1","error":"ProtocolError")"));
}

TEST(Adapter, LeavesAtBye) {
  Adapter adapter{pickle::Profile()};
  std::string out;
  EXPECT_FALSE(adapter.answer(R"({"op":"bye"})", out));
  EXPECT_EQ(out, "");
}

TEST(Extensions, AreCodesWithNames) {
  std::vector<pickle::Extension> found;
  ASSERT_TRUE(parse_extensions("1=a.b:c.d,-2=e:f", found));
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].module, "a.b");
  EXPECT_EQ(found[0].name, "c.d");
  EXPECT_EQ(found[1].code, -2);
  for (const char* text : {"1", "1=a", "x=a:b", "a:b=1", "1=a:b,2"}) {
    found.clear();
    EXPECT_FALSE(parse_extensions(text, found)) << text;
  }
}

// The expected bytes: python3.13 -c "import _pickle; print(_pickle.dumps(..., N).hex())".
TEST(Encode, WritesAPickle) {
  EXPECT_EQ(told(R"({"op":"encode","id":"1","format":"pickle","protocol":1,"value":"[1, 'a']"})"),
            "{\"id\":\"1\",\"data\":\"5d7100284b015801000000617101652e\"}\n");
  EXPECT_EQ(told(R"({"op":"encode","id":"1","format":"pickle","protocol":4,"value":"(1, 2) "})"),
            "{\"id\":\"1\",\"data\":\"80049507000000000000004b014b0286942e\"}\n");
}

TEST(Encode, GivesBuffersOutOfBand) {
  EXPECT_EQ(told(R"({"op":"encode","id":"1","format":"pickle","protocol":5,)"
                 R"("value":"[buffer(0), buffer(1)]","buffers":["61","w:6263"],)"
                 R"("options":{"buffer_callback":"oob"}})"),
            "{\"id\":\"1\",\"data\":\"80059508000000000000005d9428979897652e\","
            "\"buffers\":[\"61\",\"w:6263\"]}\n");
}

TEST(Encode, RefusesAsTheProfileDoes) {
  EXPECT_EQ(
      told(R"({"op":"encode","id":"1","format":"pickle","protocol":6,"value":"1"})").substr(0, 30),
      "{\"id\":\"1\",\"error\":\"ValueError\"");
  EXPECT_EQ(told(R"({"op":"encode","id":"1","format":"pickle","value":"1"})").substr(0, 33),
            "{\"id\":\"1\",\"error\":\"ProtocolError\"");
  EXPECT_EQ(
      told(R"({"op":"encode","id":"1","format":"pickle","protocol":2,"value":"["})").substr(0, 33),
      "{\"id\":\"1\",\"error\":\"ProtocolError\"");
}

}  // namespace
}  // namespace assay::adapter
