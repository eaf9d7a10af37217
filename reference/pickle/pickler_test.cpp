#include "reference/pickle/pickler.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <string>

#include "reference/bytes/hex.h"
#include "reference/pickle/disassembler.h"
#include "reference/pickle/pickler_cases.h"
#include "reference/value/compare.h"
#include "reference/value/text.h"

namespace assay::pickle {
namespace {

using namespace std::string_literals;

Profile named(std::string_view name) {
  return Profile::parse(name).value();
}

// A profile's name as the cases have it.
std::string short_name(std::string_view profile) {
  return std::string(profile.substr(std::string_view("cpython-").size()));
}

std::string_view outcome_for(const PicklerCase& one, std::string_view profile) {
  const std::string name = short_name(profile) + " ";
  for (const PicklerCase::Outcome& outcome : one.outcomes)
    if (outcome.profiles == "*" ||
        fmt::format(" {} ", outcome.profiles).find(" " + name) != std::string::npos)
      return outcome.data;
  return "?";
}

// The options of a case; buffers are kept in `bytes`.
PickleOptions options_of(const PicklerCase& one, std::vector<std::string>& bytes) {
  PickleOptions options;
  options.protocol = one.protocol;
  const std::size_t bar = std::min(one.option.find('|'), one.option.size());
  const std::string_view option = one.option.substr(0, bar);
  options.fast = option == "fast";
  options.optimize = option == "optimize";
  options.out_of_band = option == "out-of-band";
  options.fix_imports = option != "no-fix-imports";
  for (std::string_view rest = option; rest.find('=') != std::string_view::npos;) {
    const std::size_t comma = std::min(rest.find(','), rest.size());
    const std::string_view entry = rest.substr(0, comma);
    const std::size_t equals = entry.find('='), colon = entry.find(':');
    options.extensions.push_back({std::stoll(std::string(entry.substr(0, equals))),
                                  std::string(entry.substr(equals + 1, colon - equals - 1)),
                                  std::string(entry.substr(colon + 1))});
    rest.remove_prefix(std::min(comma + 1, rest.size()));
  }
  if (bar == one.option.size()) return options;
  std::string_view rest = one.option.substr(bar + 1);
  for (bool more = true; more;) {
    const std::size_t comma = rest.find(',');
    more = comma != std::string_view::npos;
    std::string_view entry = rest.substr(0, comma);
    const bool writable = entry.starts_with("w:");
    if (writable) entry.remove_prefix(2);
    bytes.push_back(from_hex(entry).value());
    options.buffers.push_back({{}, writable});
    if (more) rest.remove_prefix(comma + 1);
  }
  for (std::size_t i = 0; i < bytes.size(); ++i) options.buffers[i].data = as_bytes(bytes[i]);
  return options;
}

std::string readable(std::string_view data) {
  return data.starts_with("!") || data == "?" ? std::string(data) : disassemble(as_bytes(data));
}

TEST(Pickler, WritesWhatCPythonWrites) {
  for (const std::string_view name : recorded_profiles()) {
    const Profile profile = named(name);
    if (profile.version() >= Version{3, 14, 0}) continue;  // not in the table
    for (const PicklerCase& one : pickler_cases) {
      const std::string_view expected = outcome_for(one, name);
      if (expected == "?") continue;  // it has no such object
      std::vector<std::string> buffers;
      const PickleOptions options = options_of(one, buffers);
      Graph graph;
      const NodeId root = parse(graph, one.value);
      const Pickled pickled = pickle(graph, root, profile, options);
      const std::string got =
          pickled.status == Status::accepted   ? std::string(as_text(pickled.bytes()))
          : pickled.status == Status::rejected ? "!" + std::string(pickled.error)
                                               : "unexpected: " + pickled.message;
      EXPECT_EQ(got, expected) << name << " protocol " << one.protocol << " " << one.option << "\n"
                               << one.value << "\n"
                               << readable(got) << "----\n"
                               << readable(expected);
    }
  }
}

std::string pickled(std::string_view text, std::string_view profile, PickleOptions options) {
  Graph graph;
  const NodeId root = parse(graph, text);
  const Pickled result = pickle(graph, root, named(profile), options);
  EXPECT_EQ(result.status, Status::accepted) << result.message;
  return std::string(as_text(result.bytes()));
}

// `count` numbers, between brackets.
std::string list_of(int count) {
  std::string text = "[";
  for (int i = 0; i < count; ++i) text += "0, ";
  return text + "0]";
}

std::string end_of(const std::string& data, std::size_t size) {
  return data.substr(data.size() - size);
}

// The last bytes of pickles by _pickle and pickle.py of 3.13.0 and 3.15.0rc1.
TEST(Pickler, BatchesAThousandItems) {
  const PickleOptions protocol1{.protocol = 1};
  std::string dict = "{0: 0";
  for (int i = 1; i < 1000; ++i) dict += ", " + std::to_string(i) + ": 0";
  EXPECT_EQ(end_of(pickled(list_of(1000), "cpython-3.13-c", protocol1), 6), "e(K\0e."s);
  EXPECT_EQ(end_of(pickled(list_of(1000), "cpython-3.13-py", protocol1), 5), "eK\0a."s);
  EXPECT_EQ(end_of(pickled(list_of(1000), "cpython-3.15-c", protocol1), 5), "eK\0a."s);
  EXPECT_EQ(end_of(pickled(list_of(1000), "cpython-2.7-c", protocol1), 5), "eK\0a."s);
  EXPECT_EQ(end_of(pickled(dict + "}", "cpython-3.13-c", protocol1), 6), "K\0u(u."s);
  EXPECT_EQ(end_of(pickled(dict + "}", "cpython-3.15-c", protocol1), 4), "K\0u."s);
  EXPECT_EQ(end_of(pickled(dict + "}", "cpython-3.13-py", protocol1), 4), "K\0u."s);
  EXPECT_EQ(end_of(pickled(dict + ", 1000: 0}", "cpython-3.13-c", protocol1), 9),
            "u(M\xe8\x03K\0u."s);
}

// Derived by hand from PEP 3154 and Lib/pickle.py, _Framer.
TEST(Pickler, PutsLargeTextBetweenFrames) {
  const std::string large = "'" + std::string(65536, 'x') + "'";
  const std::string text = "[1, " + large + ", 2]";
  const std::string new_style = pickled(text, "cpython-3.7-py", {.protocol = 4});
  // PROTO, FRAME 5, ]\x94(K\x01, BINUNICODE …, MEMOIZE in a frame of its own.
  EXPECT_EQ(new_style.substr(0, 17), "\x80\x04\x95\x05\0\0\0\0\0\0\0]\x94(K\x01X"s);
  EXPECT_EQ(new_style.substr(21 + 65536),
            "\x95\x05\0\0\0\0\0\0\0\x94K\x02"
            "e."s);
  const std::string old_style = pickled(text, "cpython-3.6-c", {.protocol = 4});
  EXPECT_EQ(old_style.substr(2, 9), "\x95\x0b\0\1\0\0\0\0\0"s);
  EXPECT_EQ(old_style.substr(21 + 65536),
            "\x94\x95\x04\0\0\0\0\0\0\0K\x02"
            "e."s);
}

TEST(Pickler, RefusesWhatTheProfileDoesNotKnow) {
  Graph graph;
  const Pickled result = pickle(graph, Graph::none, named("cpython-3.7-c"), {.protocol = 5});
  EXPECT_EQ(result.status, Status::rejected);
  EXPECT_EQ(result.error, "ValueError");
  const NodeId buffer = graph.buffer(0);
  EXPECT_EQ(pickle(graph, buffer, named("cpython-3.7-c"), {.protocol = 4}).status,
            Status::unsupported);
  EXPECT_EQ(pickle(graph, graph.ext(1), Profile(), {}).status, Status::unsupported);
}

TEST(Pickler, GoesAsDeepAsTheValue) {
  Graph graph;
  NodeId value = graph.list();
  for (int i = 0; i < 200000; ++i) {
    const NodeId item[] = {value};
    value = i % 2 == 0 ? graph.tuple(item) : graph.list(item);
  }
  EXPECT_TRUE(pickle(graph, value, Profile(), {}).accepted());
}

TEST(Pickler, EndsWhereTheValueDoesNot) {
  Graph graph;
  const NodeId item[] = {Graph::none};
  const NodeId tuple = graph.tuple(item);
  graph.set_edge(tuple, 0, tuple);
  const Pickled result = pickle(graph, tuple, Profile(), {});
  EXPECT_EQ(result.status, Status::rejected);
  EXPECT_EQ(result.error, "RecursionError");
}

}  // namespace
}  // namespace assay::pickle
