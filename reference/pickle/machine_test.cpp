#include "reference/pickle/machine.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "reference/pickle/faults.h"
#include "reference/pickle/machine_cases.h"
#include "reference/value/text.h"

namespace assay::pickle {
namespace {

Profile profile(std::string_view name) {
  return Profile::parse(name).value();
}

// Value text, or '!' and the class of the exception, or '?' and our own reason.
std::string told(std::string_view data, const Profile& as, UnpickleOptions options = {}) {
  Graph graph;
  const Outcome outcome = unpickle(graph, as_bytes(data), as, std::move(options));
  if (outcome.status == Status::accepted) return print(graph, outcome.value);
  if (outcome.status == Status::rejected) return "!" + std::string(outcome.error);
  return "?" + outcome.message;
}

std::string hex(std::string_view data) {
  std::string text;
  for (const char c : data) text += fmt::format("{:02x}", static_cast<unsigned char>(c));
  return text;
}

TEST(Machine, GivesWhatCPythonGives) {
  for (const std::string_view name : recorded_profiles())
    for (const MachineCase& test : machine_cases)
      EXPECT_EQ(told(test.data, profile(name)), expected_outcome(test, name))
          << name << " of " << hex(test.data);
}

TEST(Machine, CountsWhatItReadOfTheFile) {
  // CPython 3.13.0, lane c: position of a BytesIO after load().
  const auto consumed = [](std::string_view data, std::string_view name) {
    Graph graph;
    const Outcome outcome = unpickle(graph, as_bytes(data), profile(name));
    EXPECT_TRUE(outcome.accepted) << outcome.message;
    return outcome.consumed;
  };
  EXPECT_EQ(consumed("N.xx"sv, "cpython-3.13-c"), 2u);
  // The whole frame is read from the file, wherever STOP stands in it.
  EXPECT_EQ(consumed("\x95\x04\0\0\0\0\0\0\0N.xxyy"sv, "cpython-3.13-c"), 13u);
  EXPECT_EQ(consumed("\x95\x04\0\0\0\0\0\0\0N.xxyy"sv, "cpython-3.13-py"), 13u);
  // STOP behind the frame.
  EXPECT_EQ(consumed("\x95\x01\0\0\0\0\0\0\0N.xx"sv, "cpython-3.13-c"), 11u);
}

TEST(Machine, KeepsItsMemoAndItsFrameForTheNextLoad) {
  Graph graph;
  Unpickler unpickler(graph, as_bytes("]q\0.h\0."sv), profile("cpython-3.13-c"));
  const Outcome first = unpickler.load();
  const Outcome second = unpickler.load();
  EXPECT_EQ(first.value, second.value);
  EXPECT_EQ(second.consumed, 7u);
  EXPECT_EQ(unpickler.load().error, "EOFError");

  // What is left of a frame is read by the C lane and skipped by pickle.py.
  const auto third = [](std::string_view name) {
    Graph values;
    Unpickler reader(values, as_bytes("\x95\x04\0\0\0\0\0\0\0N.\x88.\x89."sv), profile(name));
    reader.load();
    return reader.load().value;
  };
  EXPECT_EQ(third("cpython-3.13-c"), Graph::true_);
  EXPECT_EQ(third("cpython-3.13-py"), Graph::false_);
}

TEST(Machine, ForgetsTheMemoWhenRenewed) {
  Graph graph;
  Unpickler unpickler(graph, as_bytes("]q\0.h\0."sv), profile("cpython-3.13-c"));
  unpickler.load();
  unpickler.renew();
  EXPECT_EQ(unpickler.load().error, "UnpicklingError");
}

TEST(Machine, DecodesStringsAsItIsTold) {
  // CPython 3.13.0, lane c: Unpickler(file, encoding=…, errors=…).
  const std::string_view data =
      "U\x06"
      "a\xe9\x81\xed\xa0\x80.";
  const auto decoded = [&](std::string encoding, std::string errors) {
    UnpickleOptions options;
    options.encoding = std::move(encoding);
    options.errors = std::move(errors);
    return told(data, profile("cpython-3.13-c"), std::move(options));
  };
  EXPECT_EQ(decoded("bytes", "strict"), "b'a\\xe9\\x81\\xed\\xa0\\x80'");
  EXPECT_EQ(decoded("latin1", "strict"), "'a\\xe9\\x81\\xed\\xa0\\x80'");
  EXPECT_EQ(decoded("Latin-1", "bogus"), "'a\\xe9\\x81\\xed\\xa0\\x80'");
  EXPECT_EQ(decoded("ascii", "strict"), "!UnicodeDecodeError");
  EXPECT_EQ(decoded("ASCII", "ignore"), "'a'");
  EXPECT_EQ(decoded("utf-8", "replace"), "'a\\ufffd\\ufffd\\ufffd\\ufffd'");
  EXPECT_EQ(decoded("utf8", "surrogateescape"), "'a\\udce9\\udc81\\udced\\udca0\\udc80'");
  EXPECT_EQ(decoded("ascii", "backslashreplace"), "'a\\\\xe9\\\\x81\\\\xed\\\\xa0\\\\x80'");
  EXPECT_EQ(decoded("ascii", "surrogatepass"), "!UnicodeDecodeError");
  EXPECT_EQ(decoded("ascii", "xmlcharrefreplace"), "!TypeError");
  EXPECT_EQ(decoded("ascii", "bogus"), "!LookupError");
  EXPECT_EQ(decoded("bogus", "strict"), "!LookupError");
  EXPECT_EQ(decoded("hex", "strict"), "!LookupError");
  EXPECT_EQ(decoded("idna", "strict").front(), '?');
}

TEST(Machine, LooksUpNamesAsItIsTold) {
  UnpickleOptions options;
  options.fix_imports = false;
  EXPECT_EQ(told("c__builtin__\nunicode\n.", profile("cpython-3.13-c"), options),
            "global('__builtin__', 'unicode')");
  options = {};
  options.symbolic = true;
  EXPECT_EQ(told("c__builtin__\nset\n]\x85R.", profile("cpython-3.13-c"), options),
            "call(global('builtins', 'set'), [])");
  options = {};
  options.extensions = {{1, "__builtin__", "set"}, {300, "m", "x"}};
  EXPECT_EQ(told("\x82\x01\x83\x2c\x01\x86.", profile("cpython-3.13-c"), options),
            "(global('builtins', 'set'), global('m', 'x'))");
  options = {};
  options.symbolic_extensions = true;
  EXPECT_EQ(told("\x82\xf0.", profile("cpython-3.13-c"), options), "ext(240)");
}

TEST(Machine, AsksForPersistentObjects) {
  UnpickleOptions options;
  options.persistent_load = [](Graph& graph, NodeId pid) { return graph.list({{pid, pid}}); };
  EXPECT_EQ(told("Pab\n.", profile("cpython-3.13-c"), options), "['ab', 'ab']");
  options = {};
  options.persistent = false;
  EXPECT_EQ(told("NQ.", profile("cpython-3.13-c"), options), "!UnpicklingError");
  EXPECT_EQ(told("Q.", profile("cpython-3.13-c"), options), "!UnpicklingError");
  EXPECT_EQ(told("Q.", profile("cpython-3.13-py"), options), "!IndexError");
  EXPECT_EQ(told("NQ.", profile("cpython-2.7-py"), options), "!AttributeError");
}

TEST(Machine, HandsOutBuffers) {
  UnpickleOptions options;
  options.buffers = {{as_bytes("ab"), true}, {as_bytes("c"), false}};
  const Profile c = profile("cpython-3.13-c");
  EXPECT_EQ(told("\x97\x97\x86.", c, options), "(buffer(0), buffer(1))");
  EXPECT_EQ(told("\x97\x98\x97\x98\x86.", c, options), "(readonly(buffer(0)), buffer(1))");
  EXPECT_EQ(told("\x97\x97\x97.", c, options), "!UnpicklingError");
  EXPECT_EQ(told("\x97K\x41"
                 "a.",
                 c, options),
            "!AttributeError");
  EXPECT_EQ(told("\x97\x97K\x41"
                 "a.",
                 c, options),
            "!AttributeError");
}

TEST(Machine, StaysSmallWhateverThePickleClaims) {
  const Profile py = profile("cpython-3.13-py");
  // A sparse memo index, which pickle.py stores in a dict.
  EXPECT_EQ(told("]r\xff\xff\xff\xff"
                 "0j\xff\xff\xff\xff."sv,
                 py),
            "[]");
  // Lengths that the input cannot have.
  EXPECT_EQ(told("\x8e\xff\xff\xff\xff\xff\xff\xff\x7f."sv, py), "!EOFError");
  EXPECT_EQ(told("\x8e\xff\xff\xff\xff\xff\xff\xff\x7f."sv, profile("cpython-3.13-c")),
            "!OverflowError");
  EXPECT_EQ(told("\x96\0\0\0\0\0\0\0\x40."sv, py), "!MemoryError");
  // Arguments that are a billion integers.
  EXPECT_EQ(told("cm\nx\ncbuiltins\nrange\nK\0J\0\xca\x9a\x3bK\x01\x87RR."sv, py).front(), '?');
}

TEST(Profile, ParsesAndPrintsItsName) {
  for (const std::string_view name : recorded_profiles()) EXPECT_EQ(profile(name).name(), name);
  EXPECT_EQ(profile("cpython-3.13.0-c").name(), "cpython-3.13-c");
  EXPECT_EQ(profile("cpython-3.13.15-c").name(), "cpython-3.13.15-c");
  EXPECT_EQ(profile("cpython-3.14-c").name(), "cpython-3.14-c");
  for (const std::string_view name :
       {"", "cpython", "cpython-3.13", "cpython-3.13-x", "cpython-3.5-c", "cpython-2.6-c",
        "cpython-3.13-c-64", "cpython-3.13-c-32x", "cpython-3.-c", "cpython-3.013-c", "pypy-3.9-c",
        "cpython-4.0-c", "cpython-3.13.-c", "cpython-3.13.-1-c"})
    EXPECT_FALSE(Profile::parse(name).has_value()) << name;
}

TEST(Quirks, FollowTheirPatchLevels) {
  // python/cpython#154848: 3.13.15, 3.14.7 and 3.15.
  const auto drops = [](std::string_view name) {
    return profile(name).has(Quirk::frame_drops_rest);
  };
  EXPECT_TRUE(drops("cpython-3.6-c"));
  EXPECT_TRUE(drops("cpython-3.13-c"));
  EXPECT_TRUE(drops("cpython-3.13.14-c"));
  EXPECT_FALSE(drops("cpython-3.13.15-c"));
  EXPECT_TRUE(drops("cpython-3.14.6-c"));
  EXPECT_FALSE(drops("cpython-3.14.7-c"));
  EXPECT_FALSE(drops("cpython-3.15-c"));
  EXPECT_FALSE(drops("cpython-3.16-c"));
  EXPECT_FALSE(drops("cpython-3.13-py"));
  // python/cpython#95778, as released: 3.7.14, 3.8.14, 3.9.14, 3.10.7, 3.11.0.
  const auto limited = [](std::string_view name) {
    return profile(name).has(Quirk::int_digits_limited);
  };
  EXPECT_FALSE(limited("cpython-3.6-c"));
  EXPECT_FALSE(limited("cpython-3.7.13-c"));
  EXPECT_TRUE(limited("cpython-3.7.14-c"));
  EXPECT_TRUE(limited("cpython-3.12-py"));
}

TEST(Quirks, HaveNamesOfTheirOwn) {
  for (const QuirkRow& row : quirk_rows()) {
    EXPECT_EQ(find_quirk(row.name), &row) << row.name;
    EXPECT_TRUE(row.statement.ends_with(".")) << row.name;
    EXPECT_FALSE(row.citation.empty()) << row.name;
    EXPECT_NE(row.lanes, 0) << row.name;
  }
}

TEST(Faults, HaveAClassInTheLanesThatMeetThem) {
  for (const FaultRow& row : fault_rows()) {
    EXPECT_EQ(row.changed.empty(), row.since.empty()) << row.name;
    bool met = false;
    for (const std::string_view name : row.classes) met = met || !name.empty();
    EXPECT_TRUE(met) << row.name;
  }
}

}  // namespace
}  // namespace assay::pickle
