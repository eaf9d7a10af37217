// The fixed files of every engine, read by the reference: exactly what was stored in
// them. And the matrix of `assay cross`.
#include "harness/command/cross_matrix.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

#include "harness/verdict/value_match.h"
#include "reference/dbm/sqlite3/store.h"
#include "reference/value/literal.h"

namespace assay {
namespace {

// All that is in a database, as value text; a key with several values has their list.
std::string entries_of(const std::string& path) {
  const auto found = dbm::identify(path);
  if (!found) return "nothing";
  const auto opened = dbm::open_store(*found, {}, {});
  std::vector<std::pair<std::string, std::vector<std::string>>> entries;
  std::map<std::string, std::size_t> places;
  for (dbm::Entry entry; opened->stream->next(entry);) {
    std::string key, value;
    append_bytes_literal(key, as_text(entry.key));
    if (entry.numbered) key = std::to_string(entry.number);
    append_bytes_literal(value, as_text(entry.value));
    const auto [place, is_new] = places.emplace(key, entries.size());
    if (is_new) entries.push_back({key, {}});
    entries[place->second].second.push_back(value);
  }
  std::string text;
  for (const auto& [key, values] : entries) {
    std::string joined;
    for (const std::string& value : values) joined += (joined.empty() ? "" : ", ") + value;
    text += (text.empty() ? "" : ", ") + key + ": ";
    text += values.size() == 1 ? joined : "[" + joined + "]";
  }
  return "{" + text + "}";
}

TEST(EngineFiles, HoldWhatTheEnginesStored) {
  const auto families = read_families(ASSAY_SOURCE_DIR "/corpus/dbm/data/writers.json");
  std::size_t files = 0;
  for (const CrossFamily& family : families) {
    for (const CrossFile& file : family.files) {
      if (family.name.ends_with("encrypted")) {
        EXPECT_THROW(entries_of(file.path), DecodeError) << file.path;
        continue;
      }
      EXPECT_TRUE(same_value(file.entries, entries_of(file.path), {"dict=unordered"}))
          << file.path << "\n"
          << entries_of(file.path);
      ++files;
    }
  }
  EXPECT_GT(files, 150u);
}

CrossMatrix small() {
  CrossMatrix matrix;
  matrix.format = "dbm";
  matrix.families = {{"gdbm", {"libgdbm | 1"}, {{"a", "{}"}, {"b", "{}"}}},
                     {"gnu", {"Python"}, {{"a", "{}"}, {"b", "{}"}}},
                     {"dumb", {"CPython 3.8.18 dbm.dumb"}, {{"a", "{}"}}}};
  matrix.readers = {{"dbm.gnu", {"cpython-3.11-c"}, {{2, 0, 0}, {2, 0, 0}, {0, 0, 1}}},
                    {"dbm.dumb", {"x-1", "x-2", "x-3"}, {{0, 0, 2}, {0, 0, 2}, {1, 0, 0}}},
                    {"dbm", {"odd"}, {{1, 0, 1}, {1, 0, 1}, {0, 1, 0}}}};
  return matrix;
}

TEST(Cross, ShowsTheMatrixIn80Columns) {
  CrossMatrix matrix = small();
  for (int i = 0; i < 20; ++i) {  // more readers than stand in a line
    matrix.readers.push_back(matrix.readers[0]);
    matrix.readers.back().implementations = {"another-" + std::to_string(i)};
  }
  std::istringstream lines(matrix_text(matrix));
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 80u) << line;
  const std::string text = matrix_text(small());
  EXPECT_NE(text.find("gdbm +1                            yes      -    1/2\n"), std::string::npos)
      << text;
  EXPECT_NE(text.find("x-1 to x-3 (3)"), std::string::npos) << text;
}

TEST(Cross, WhoHasNoModuleIsNoReader) {
  Observation without, with;
  without.status = Status::unsupported;
  with.status = Status::answered;
  EXPECT_FALSE(has_module({without, without}));
  EXPECT_TRUE(has_module({without, with}));
  with.status = Status::crash;
  EXPECT_TRUE(has_module({without, with}));
}

TEST(Cross, SaysTheSameInMarkdownAndJson) {
  EXPECT_NE(matrix_markdown(small()).find("| dumb | CPython 3.8.18 dbm.dumb | 1 | - | yes | ! |"),
            std::string::npos)
      << matrix_markdown(small());
  EXPECT_NE(matrix_markdown(small()).find("libgdbm \\| 1"), std::string::npos);
  const auto json = nlohmann::json::parse(matrix_json(small()));
  EXPECT_EQ(json["readers"][2]["cells"][0]["read"], 1);
  EXPECT_EQ(json["families"].size(), 3u);
}

}  // namespace
}  // namespace assay
