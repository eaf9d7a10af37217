#include "harness/command/smoke_values.h"

#include <fmt/format.h>

#include "harness/command/project.h"

namespace assay {
namespace {

// Depth beyond what a printer that calls itself survives.
constexpr int depth = 10000;
// Lists in lists, each twice in the next: printed without labels, 2**60 items.
constexpr int doublings = 60;

std::string repeated(const std::string& text, int count) {
  std::string all;
  for (int i = 0; i < count; ++i) all += text;
  return all;
}

std::string deep_value() {
  std::string text = "&1 = []\n";
  for (int i = 2; i < depth; ++i)
    text += "&" + std::to_string(i) + " = [*" + std::to_string(i - 1) + "]\n";
  return text + "[*" + std::to_string(depth - 1) + "]";
}

// Each list is memoized before what it holds twice is put into it.
std::string doubled_pickle() {
  std::string text, end = "STOP";
  for (int i = 0; i < doublings; ++i) {
    text += fmt::format("EMPTY_LIST\nBINPUT {}\nMARK\n", i);
    end = fmt::format("BINGET {}\nAPPENDS\n", i + 1) + end;
  }
  return text + fmt::format("EMPTY_LIST\nBINPUT {}\n", doublings) + end;
}

std::string doubled_value() {
  std::string text = "&1 = []\n";
  for (int i = 2; i <= doublings; ++i) {
    const std::string last = "*" + std::to_string(i - 1);
    text += "&" + std::to_string(i) + " = [" + last + ", " + last + "]\n";
  }
  const std::string last = "*" + std::to_string(doublings);
  return text + "[" + last + ", " + last + "]";
}

std::vector<SmokeValue> make_values() {
  const std::string escapes =
      "Escape \\ ' \\n \\r \\t, and all that is not printable ASCII as \\xNN, \\uNNNN or "
      "\\UNNNNNNNN "
      "with lower-case hex digits.";
  const std::string floats =
      "Print the shortest text that reads back as the same float, with a '.' or an 'e' in it; nan, "
      "inf and -inf by name; keep the sign of -0.0.";
  const std::string labels =
      "Label what is met twice: `&1` before it, `*1` for it, or a line for each node "
      "(`&1 = [*1]`). If the implementation copies, say \"identity\":\"none\" in hello.";
  const std::string ints = "Print integers exactly; beyond 64 bits as -0x... or 0x....";
  const std::string flat =
      "Do not recurse: keep the nodes in a list, print each on a line of its own (`&1 = [*2]`), "
      "the "
      "root last.";
  // check, protocol, assembly text, value text, advice
  std::vector<SmokeValue> values = {
      {"constants", 2, "EMPTY_LIST; MARK; NONE; NEWTRUE; NEWFALSE; APPENDS; STOP",
       "[None, True, False]", "None, True and False have capital letters."},
      {"integers", 1, "EMPTY_LIST; MARK; BININT1 0; BININT -1; BININT 2147483647; APPENDS; STOP",
       "[0, -1, 2147483647]", ints},
      {"big-integers", 2,
       "EMPTY_LIST; MARK; LONG1 9223372036854775807; LONG1 -9223372036854775808; LONG1 "
       "18446744073709551616; "
       "LONG1 -1267650600228229401496703205376; APPENDS; STOP",
       "[0x7fffffffffffffff, -0x8000000000000000, 0x10000000000000000, "
       "-0x10000000000000000000000000]",
       ints},
      {"floats", 1,
       "EMPTY_LIST; MARK; BINFLOAT 0.1; BINFLOAT 1.0; BINFLOAT 1e+300; BINFLOAT -1.5; APPENDS; "
       "STOP",
       "[0.1, 1.0, 1e+300, -1.5]", floats},
      {"float-specials", 1,
       "EMPTY_LIST; MARK; BINFLOAT nan; BINFLOAT inf; BINFLOAT -inf; BINFLOAT -0.0; BINFLOAT "
       "5e-324; APPENDS; "
       "STOP",
       "[nan, inf, -inf, -0.0, 5e-324]", floats},
      {"text", 1, "BINUNICODE 'plain text'; STOP", "'plain text'", escapes},
      {"text-escapes", 1, R"(BINUNICODE '\x00\t\n\r\x1b \'"\\\x7f\x80\xff'; STOP)",
       R"('\x00\t\n\r\x1b \'"\\\x7f\x80\xff')", escapes},
      {"text-unicode", 1, R"(BINUNICODE '\u0100\u20ac\uffff\U0001f600\U0010ffff'; STOP)",
       R"('\u0100\u20ac\uffff\U0001f600\U0010ffff')", escapes},
      {"lone-surrogate", 1, R"(BINUNICODE b'a\xed\xa0\x80'; STOP)", R"('a\ud800')",
       "A lone surrogate is \\udNNN in value text. Where text is UTF-8, print its three bytes so, "
       "or "
       "let the implementation refuse it."},
      {"bytes", 3, R"(SHORT_BINBYTES b'\x00a\n\'"\\\x7f\x80\xff'; STOP)",
       R"(b'\x00a\n\'"\\\x7f\x80\xff')",
       "Bytes are b'...' with \\xNN, \\\\, \\', \\n, \\r and \\t."},
      {"tuples", 1,
       "MARK; EMPTY_TUPLE; MARK; BININT1 1; TUPLE; MARK; BININT1 1; BININT1 2; TUPLE; TUPLE; STOP",
       "((), (1,), (1, 2))", "A tuple of one has a comma: (1,)."},
      {"dicts", 1,
       "EMPTY_DICT; MARK; BINUNICODE 'a'; BININT1 1; BINUNICODE 'b'; EMPTY_DICT; SETITEMS; STOP",
       "{'a': 1, 'b': {}}",
       "Keep the order of dicts, or say \"lossy\":[\"dict=unordered\"] in hello."},
      {"sharing", 1, "EMPTY_LIST; BINPUT 0; MARK; EMPTY_LIST; BINPUT 1; BINGET 1; APPENDS; STOP",
       "[&1 [], *1]", labels},
      {"no-sharing", 1, "EMPTY_LIST; MARK; EMPTY_LIST; EMPTY_LIST; APPENDS; STOP", "[[], []]",
       "Two values that are equal are not one: look them up by identity, not by value."},
      {"cycle-list", 1, "EMPTY_LIST; BINPUT 0; MARK; BINGET 0; APPENDS; STOP", "&1 [*1]", labels},
      {"cycle-dict", 1, "EMPTY_DICT; BINPUT 0; MARK; BINUNICODE 'me'; BINGET 0; SETITEMS; STOP",
       "&1 {'me': *1}", labels},
      {"doubling", 1, doubled_pickle(), doubled_value(), labels},
      {"deep", 1,
       repeated("EMPTY_LIST\nMARK\n", depth - 1) + "EMPTY_LIST\n" +
           repeated("APPENDS\n", depth - 1) + "STOP",
       deep_value(), flat},
  };
  for (SmokeValue& value : values) value.pickle = formats().at("pickle").assemble(value.pickle);
  return values;
}

}  // namespace

const std::vector<SmokeValue>& smoke_values() {
  static const std::vector<SmokeValue> values = make_values();
  return values;
}

}  // namespace assay
