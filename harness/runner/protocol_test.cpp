#include "harness/runner/protocol.h"
#include "harness/runner/hello_words.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace assay {
namespace {

using Kind = ProtocolFault::Kind;
using testing::ElementsAre;
using testing::HasSubstr;

template <typename T>
std::string shown(const std::variant<T, ProtocolFault>& parsed) {
  const auto* fault = std::get_if<ProtocolFault>(&parsed);
  return fault ? std::string(name(fault->kind)) : "accepted";
}

AnswerOutcome outcome(std::string_view line) {
  const auto parsed = parse_answer(line);
  if (const auto* fault = std::get_if<ProtocolFault>(&parsed)) {
    ADD_FAILURE() << line << ": " << fault->detail;
    return UnsupportedAnswer{"no answer"};
  }
  return std::get<Answer>(parsed).outcome;
}

TEST(Protocol, WritesADecodeRequest) {
  Request request;
  request.id = "K7";
  request.format = "pickle";
  request.data = std::string("\x80\x04K\x01.", 5);
  EXPECT_EQ(request_line(request),
            R"({"op":"decode","id":"K7","format":"pickle","data":"80044b012e"})");
  request.options = {
      {"encoding", std::string("latin1")}, {"fix_imports", false}, {"loads", std::int64_t{2}}};
  request.buffers = {"6162", "w:63"};
  std::string line;
  write_request(request, "17", line);
  EXPECT_EQ(line, R"({"op":"decode","id":"17","format":"pickle","data":"80044b012e",)"
                  R"("options":{"encoding":"latin1","fix_imports":false,"loads":2},)"
                  R"("buffers":["6162","w:63"]})"
                  "\n");
}

TEST(Protocol, EmptyInputIsAnInput) {
  Request request;
  request.format = "pickle";
  EXPECT_EQ(request_line(request), R"({"op":"decode","id":"","format":"pickle","data":""})");
  request.op = "inspect";
  request.path = "f";
  EXPECT_EQ(request_line(request), R"({"op":"inspect","id":"","format":"pickle","path":"f"})");
}

TEST(Protocol, WritesEncodeAndScript) {
  Request request;
  request.op = "encode";
  request.id = "K8";
  request.format = "pickle";
  request.protocol = 4;
  request.value = "&1 = [*1]\n{'a\"\\n': *1}";
  EXPECT_EQ(request_line(request), R"({"op":"encode","id":"K8","format":"pickle","protocol":4,)"
                                   R"("value":"&1 = [*1]\n{'a\"\\n': *1}"})");
  Request write;
  write.op = "write";
  write.id = "L1";
  write.format = "dbm.dumb";
  write.path = "/tmp/caf\xc3\xa9";
  write.script = "set";
  EXPECT_EQ(request_line(write), R"({"op":"write","id":"L1","format":"dbm.dumb",)"
                                 R"("path":"/tmp/caf\u00e9","script":"set"})");
}

TEST(Protocol, RequestsAreReadBack) {
  Request request;
  request.op = "decode";
  request.id = "a/b";
  request.format = "pickle";
  for (int i = 0; i < 256; ++i) request.data += static_cast<char>(i);
  request.options = {
      {"persistent", std::string("none")}, {"symbolic", true}, {"loads", std::int64_t{3}}};
  request.buffers = {"00"};
  const auto back = parse_request(request_line(request));
  ASSERT_TRUE(back);
  EXPECT_EQ(back->op, request.op);
  EXPECT_EQ(back->id, request.id);
  EXPECT_EQ(back->data, request.data);
  EXPECT_EQ(back->options, request.options);
  EXPECT_EQ(back->buffers, request.buffers);
  EXPECT_FALSE(parse_request("[]"));
  EXPECT_FALSE(parse_request(R"({"op":"decode","data":"0"})"));
  EXPECT_FALSE(parse_request(R"({"op":"decode","options":{"a":[1]}})"));
}

// The examples of the protocol's description.
TEST(Protocol, ReadsTheFourOutcomes) {
  EXPECT_EQ(outcome(R"({"id":"K7","value":"1","consumed":5})"),
            (AnswerOutcome{ValueAnswer{"1", 5}}));
  EXPECT_EQ(outcome(R"({"id":"K7","value":"1"})"), (AnswerOutcome{ValueAnswer{"1", {}}}));
  EXPECT_EQ(outcome(R"({"id":"K7","error":"UnpicklingError","message":"..."})"),
            (AnswerOutcome{ErrorAnswer{"UnpicklingError", "...", {}}}));
  EXPECT_EQ(outcome(R"({"id":"K7","unsupported":"why"})"),
            (AnswerOutcome{UnsupportedAnswer{"why"}}));
  EXPECT_EQ(outcome(R"({"id":"K8","data":"00fF"})"),
            (AnswerOutcome{DataAnswer{std::string("\0\xff", 2)}}));
  EXPECT_EQ(outcome(" {\"value\" : \"&1 = [*1]\\n*1\" ,\t\"id\":\"1\"}\r"),
            (AnswerOutcome{ValueAnswer{"&1 = [*1]\n*1", {}}}));
  // A message may say anything; \u escapes keep the line in ASCII.
  EXPECT_EQ(outcome(R"({"id":"1","error":"E","message":"\u00e9"})"),
            (AnswerOutcome{ErrorAnswer{"E", "\xc3\xa9", {}}}));
}

TEST(Protocol, FaultsOfAnswers) {
  const std::pair<std::string, const char*> lines[] = {
      {"", "not-json"},
      {"hello", "not-json"},
      {"{", "not-json"},
      {R"({"id":"1","value":"1"} x)", "not-json"},
      {R"({"id":"1","value":"1"}{"id":"2","value":"1"})", "not-json"},
      {R"(["id"])", "not-json"},
      {R"("id")", "not-json"},
      {R"(17)", "not-json"},
      {R"(null)", "not-json"},
      {R"({"id":"1","value":NaN})", "not-json"},
      {R"({'id':'1','value':'1'})", "not-json"},
      {R"({"id":"1","value":{"a":1}})", "nested"},
      {R"({"id":"1","value":[1]})", "nested"},
      {R"({"id":"1","value":1})", "bad-field"},
      {R"({"id":1,"value":"1"})", "bad-field"},
      {R"({"id":"1","value":null})", "bad-field"},
      {R"({"id":"1","value":true})", "bad-field"},
      {R"({"id":"1","value":"1","consumed":-1})", "bad-field"},
      {R"({"id":"1","value":"1","consumed":1.0})", "bad-field"},
      {R"({"id":"1","value":"1","consumed":"1"})", "bad-field"},
      {R"({"id":"1","value":"1","consumed":18446744073709551616})", "bad-field"},
      {R"({"id":"1","value":"1","consummed":1})", "bad-field"},
      {R"({"id":"1","value":"1","value":"1"})", "bad-field"},
      {R"({"id":"1","value":"1","message":"m"})", "bad-field"},
      {R"({"id":"1","unsupported":"w","consumed":1})", "bad-field"},
      {R"({"id":"1","data":"0"})", "bad-field"},
      {R"({"id":"1","data":"0g"})", "bad-field"},
      {R"({"value":"1"})", "missing"},
      {R"({"id":"1"})", "missing"},
      {R"({})", "missing"},
      {R"({"id":"1","value":"1","error":"E"})", "missing"},
      {"{\"id\":\"1\",\"value\":\"'\xc3\xa9'\"}", "not-ascii"},
      {std::string("{\"id\":\"1\",\"value\":\"\0\"}", 22), "not-ascii"},
      {R"({"id":"1","value":"'\u00e9'"})", "not-ascii"},
      {R"({"id":"1","value":"'\t'"})", "not-ascii"},
  };
  for (const auto& [line, fault] : lines) EXPECT_EQ(shown(parse_answer(line)), fault) << line;
}

TEST(Protocol, DeepNestingIsAFaultAndNoStackOverflow) {
  std::string line = R"({"id":)";
  line.append(1000000, '[');
  EXPECT_EQ(shown(parse_answer(line)), "nested");
  EXPECT_EQ(shown(parse_answer(std::string(1000000, '['))), "not-json");
}

TEST(Protocol, FaultsSayWhatWasRead) {
  const auto parsed = parse_answer("caf\xc3\xa9" + std::string(100, 'x'));
  const std::string& detail = std::get<ProtocolFault>(parsed).detail;
  EXPECT_EQ(detail, "caf\\xc3\\xa9" + std::string(55, 'x') + "... (105 bytes)");
}

TEST(Protocol, ReadsHello) {
  const auto parsed = parse_hello(
      R"({"implementation":"cpython","version":"3.13.0","lane":"c","language":"Python",)"
      R"("window":64,"formats":["pickle:decode:0-5","sqlite:read"],"identity":"mutable",)"
      R"("lossy":["tuple=list"],"profile":"cpython-3.13-c","word":64,"errors":"python",)"
      R"("protocol":1})");
  ASSERT_TRUE(std::holds_alternative<Hello>(parsed)) << std::get<ProtocolFault>(parsed).detail;
  const Hello& hello = std::get<Hello>(parsed);
  EXPECT_EQ(hello.implementation, "cpython");
  EXPECT_EQ(hello.window, 64u);
  EXPECT_THAT(hello.formats, ElementsAre("pickle:decode:0-5", "sqlite:read"));
  EXPECT_THAT(hello.lossy, ElementsAre("tuple=list"));
  EXPECT_EQ(hello.identity, "mutable");
  EXPECT_EQ(hello.profile, "cpython-3.13-c");
  EXPECT_EQ(hello.word, 64);
  EXPECT_EQ(hello.errors, "python");
  std::string line;
  write_hello_answer(hello, line);
  ASSERT_EQ(line.back(), '\n');
  line.pop_back();
  EXPECT_EQ(std::get<Hello>(parse_hello(line)), hello);
}

TEST(Protocol, FaultsOfHello) {
  const std::pair<const char*, const char*> lines[] = {
      {R"({"version":"1"})", "missing"},
      {R"({"implementation":"x"})", "missing"},
      {R"({"implementation":"x","version":"1","protocol":2})", "wrong-version"},
      {R"({"error":"ProtocolError"})", "wrong-version"},
      {R"({"implementation":"x","version":"1","window":0})", "bad-field"},
      {R"({"implementation":"x","version":"1","word":16})", "bad-field"},
      {R"({"implementation":"x","version":"1","identity":"some"})", "bad-field"},
      {R"({"implementation":"x","version":"1","formats":"pickle"})", "bad-field"},
      {R"({"implementation":"x","version":"1","formats":[1]})", "bad-field"},
      {R"({"implementation":"x","version":"1","formats":[["pickle"]]})", "nested"},
      {R"({"implementation":"x","version":["1"]})", "nested"},
  };
  for (const auto& [line, fault] : lines) EXPECT_EQ(shown(parse_hello(line)), fault) << line;
}

TEST(Protocol, HelloNamesTheWordsItDoesNotKnow) {
  const auto detail = [](const std::string& fields) -> std::string {
    const auto parsed = parse_hello(R"({"implementation":"x","version":"1",)" + fields + "}");
    const auto* fault = std::get_if<ProtocolFault>(&parsed);
    return fault ? fault->detail : "accepted";
  };
  EXPECT_THAT(detail(R"("lossy":["tuple=list","tupel=list"])"),
              HasSubstr("lossy: 'tupel=list' is none of tuple=list, bytes=str, "));
  EXPECT_THAT(detail(R"("lossy":["bytes=str\n"])"), HasSubstr("'bytes=str\\x0a' is none of"));
  EXPECT_THAT(detail(R"("formats":["pickel:decode:0-4"])"),
              HasSubstr("formats: 'pickel:decode:0-4': 'pickel' is none of pickle, marshal, "));
  EXPECT_THAT(detail(R"("formats":["pickle:decoding"])"),
              HasSubstr("'decoding' is none of decode, encode, "));
  for (const char* versions : {"", "x", "0-", "-4", "0-4-5", "0-4:x"})
    EXPECT_THAT(detail(fmt::format(R"("formats":["pickle:decode:{}"])", versions)),
                HasSubstr("a number or a range, as in pickle:decode:0-4"))
        << versions;
  EXPECT_EQ(detail(R"("formats":["pickle","pickle:decode","marshal:decode:4","dbm.gnu:read"])"),
            "accepted");
}

TEST(Protocol, WordsClaimWhatTheyLeaveOut) {
  using Words = std::vector<std::string>;
  EXPECT_TRUE(claims({}, "pickle", "decode", 5));
  EXPECT_TRUE(claims({"pickle"}, "pickle", "encode", 5));
  EXPECT_TRUE(claims({"pickle:decode"}, "pickle", "decode", 5));
  EXPECT_FALSE(claims({"pickle:decode"}, "pickle", "encode", 0));
  const Words range{"pickle:decode:1-3", "marshal:decode:4"};
  for (int version = 0; version < 6; ++version) {
    EXPECT_EQ(claims(range, "pickle", "decode", version), 1 <= version && version <= 3);
    EXPECT_EQ(claims(range, "marshal", "decode", version), version == 4);
  }
  EXPECT_TRUE(claims({"dbm"}, "dbm.gnu", "read", 0));
  EXPECT_FALSE(claims({"dbm"}, "dbmx", "read", 0));
  EXPECT_FALSE(claims({"dbm.gnu:read"}, "dbm", "read", 0));
}

// json.dumps writes them, and they are no Unicode text.
TEST(Protocol, LoneSurrogatesAreKeptAsTheirEscapes) {
  const auto message = [](const std::string& text) {
    const auto parsed = parse_answer(R"({"id":"1","error":"E","message":")" + text + "\"}");
    const auto* fault = std::get_if<ProtocolFault>(&parsed);
    if (fault) return fault->detail;
    return std::get<ErrorAnswer>(std::get<Answer>(parsed).outcome).message;
  };
  EXPECT_EQ(message(R"(a\ud800b)"), R"(a\ud800b)");
  EXPECT_EQ(message(R"(\udc00\ud800\udFFf)"), "\\udc00\xf0\x90\x8f\xbf");
  EXPECT_EQ(message(R"(\ud800\u0041)"), R"(\ud800A)");
  EXPECT_EQ(message(R"(\ud83d\ude00)"), "\xf0\x9f\x98\x80");
  EXPECT_EQ(message(R"(\\ud800)"), R"(\ud800)") << "a backslash, not an escape";
  EXPECT_EQ(message(R"(\ud800\ud800)"), R"(\ud800\ud800)");
  EXPECT_EQ(message(R"(\uD8)").find("no JSON"), 0u);
  // In value text the escape is what stands for the surrogate.
  const auto parsed = parse_answer(R"({"id":"1","value":"'\ud800'"})");
  EXPECT_EQ(std::get<ValueAnswer>(std::get<Answer>(parsed).outcome).text, R"('\ud800')");
}

TEST(Protocol, AnswersAreReadBack) {
  const Answer answers[] = {
      {"1", ValueAnswer{"[1, 'a\"\\\\']", 7}},
      {"1", DataAnswer{std::string("\x00\x80", 2)}},
      {"1", ErrorAnswer{"ValueError", "caf\xc3\xa9", 3}},
      {"1", UnsupportedAnswer{"no"}},
  };
  for (const Answer& answer : answers) {
    std::string line;
    write_answer(answer, line);
    ASSERT_EQ(line.back(), '\n');
    line.pop_back();
    const auto back = parse_answer(line);
    ASSERT_TRUE(std::holds_alternative<Answer>(back)) << line;
    EXPECT_EQ(std::get<Answer>(back), answer) << line;
  }
}

TEST(Protocol, Hex) {
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
  std::string hex;
  append_hex(bytes, hex);
  EXPECT_EQ(hex.substr(0, 8), "00010203");
  EXPECT_EQ(hex.substr(504), "fcfdfeff");
  EXPECT_EQ(parse_hex(hex), bytes);
  EXPECT_EQ(parse_hex("aB"), "\xab");
  for (const char* bad : {"a", "0x", " 1", "g0", "0g"}) EXPECT_FALSE(parse_hex(bad)) << bad;
}

TEST(Answer, DataMayHaveBuffers) {
  const auto parsed = parse_answer(R"({"id":"1","data":"4e2e","buffers":["61","w:62"]})");
  ASSERT_TRUE(std::holds_alternative<Answer>(parsed));
  const auto& data = std::get<DataAnswer>(std::get<Answer>(parsed).outcome);
  EXPECT_EQ(data.bytes, "N.");
  EXPECT_EQ(data.buffers, (std::vector<std::string>{"61", "w:62"}));
  for (const char* wrong :
       {R"({"id":"1","value":"1","buffers":["61"]})", R"({"id":"1","data":"4e2e","buffers":["6"]})",
        R"({"id":"1","data":["4e"]})"})
    EXPECT_TRUE(std::holds_alternative<ProtocolFault>(parse_answer(wrong))) << wrong;
}

}  // namespace
}  // namespace assay
