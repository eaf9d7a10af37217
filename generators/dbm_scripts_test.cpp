// Scripts: what is made is a script, the same numbers make the same one, and
// shrinking leaves the line that matters.
#include "generators/dbm_scripts.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <set>
#include <sstream>

#include "generators/stream_gen.h"
#include "reference/value/graph.h"
#include "reference/value/text.h"

namespace assay::generators {
namespace {

// harness/adapters/README.md, "Scripts"
const std::set<std::string> words = {"open",  "set",  "delete", "item",    "get",    "contains",
                                     "len",   "keys", "values", "sync",    "bool",   "iter",
                                     "close", "drop", "pop",    "popitem", "items",  "setdefault",
                                     "file",  "put",  "erase",  "crash",   "update", "clear"};

RC_GTEST_PROP(DbmScripts, AreScripts, ()) {
  const auto formats = dbm_script_formats();
  const StreamFormat& format = formats[*rc::gen::inRange<std::size_t>(0, formats.size())];
  const Stream stream = *streams_of(format);
  RC_ASSERT(stream.bytes.starts_with("open '"));
  std::istringstream lines(stream.bytes);
  for (std::string line; std::getline(lines, line);) {
    const std::size_t blank = std::min(line.find(' '), line.size());
    RC_ASSERT(words.count(line.substr(0, blank)) == 1);
    if (blank == line.size()) continue;
    Graph graph;
    parse(graph, "[" + line.substr(blank + 1) + "]");
  }
}

TEST(DbmScripts, ComeAgainFromTheSameNumbers) {
  for (const StreamFormat& format : dbm_script_formats()) {
    std::set<std::string> seen;
    for (std::uint64_t index = 0; index < 50; ++index) {
      const Stream stream = make_stream(format, 3, index, {});
      EXPECT_EQ(stream, make_stream(format, 3, index, {}));
      seen.insert(stream.bytes);
    }
    EXPECT_GT(seen.size(), 40u) << format.name;
  }
}

// The first simpler script that still deletes, until there is none.
TEST(DbmScripts, ShrinkToTheLineThatMatters) {
  const StreamFormat* format = find_stream_format("dbm.dumb");
  ASSERT_NE(format, nullptr);
  std::size_t shrunk = 0;
  for (std::uint64_t index = 0; index < 40; ++index) {
    const auto matters = [](const Stream& stream) {
      return stream.bytes.starts_with("delete ") ||
             stream.bytes.find("\ndelete ") != std::string::npos;
    };
    Stream stream = make_stream(*format, 1, index, {});
    if (!matters(stream)) continue;
    for (bool again = true; again;) {
      again = false;
      for (const Stream& simpler : format->simpler(stream, simpler_tried)) {
        ASSERT_LT(simpler.bytes.size(), stream.bytes.size());
        if (!matters(simpler)) continue;
        stream = simpler;
        again = true;
        break;
      }
    }
    EXPECT_EQ(std::count(stream.bytes.begin(), stream.bytes.end(), '\n'), 1) << stream.bytes;
    ++shrunk;
  }
  EXPECT_GT(shrunk, 20u);
}

}  // namespace
}  // namespace assay::generators
