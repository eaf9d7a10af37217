// README.md is the specification: what it must mention, it mentions.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "reference/pickle/name_mapping.h"
#include "reference/pickle/opcode.h"
#include "reference/pickle/quirks.h"

namespace assay::pickle {
namespace {

std::string readme() {
  std::ifstream file(ASSAY_SOURCE_DIR "/reference/pickle/README.md");
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(Readme, DescribesEveryOpcodeWithItsByteAndProtocol) {
  const std::string text = readme();
  for (const Opcode& row : opcodes()) {
    const auto byte = static_cast<unsigned char>(row.code);
    char code[8];
    if (byte < 0x80)
      std::snprintf(code, sizeof code, "`%c`", byte);
    else
      std::snprintf(code, sizeof code, "`0x%02x`", byte);
    const std::string heading = "**" + std::string(row.name) + "** " + code;
    const std::size_t at = text.find(heading);
    ASSERT_NE(at, std::string::npos) << heading;
    // Opcodes of one protocol may share the mention behind the last of them.
    const std::size_t protocol = text.find("protocol", at);
    EXPECT_EQ(text.substr(protocol + 9, 1), std::to_string(row.protocol)) << row.name;
  }
}

// Paragraphs are folded: every run of blanks and newlines as one blank.
std::string on_one_line(const std::string& text) {
  return std::regex_replace(text, std::regex("\\s+"), " ");
}

TEST(Readme, NamesEveryQuirkAndNoOther) {
  const std::string text = readme();
  const std::string chapter = on_one_line(text.substr(text.find("\n## Quirks")));
  std::vector<std::string> named, expected;
  const std::regex item("- `([a-z0-9-]+)` \\(");
  for (std::sregex_iterator at(chapter.begin(), chapter.end(), item), end; at != end; ++at)
    named.push_back((*at)[1]);
  for (const QuirkRow& quirk : quirk_rows()) expected.emplace_back(quirk.name);
  EXPECT_EQ(named, expected) << "reference/pickle/README.md, chapter Quirks";
}

TEST(Readme, SaysOfEachQuirkWhatItsRowSays) {
  const std::string text = readme();
  const std::string chapter = on_one_line(text.substr(text.find("\n## Quirks")));
  for (const QuirkRow& quirk : quirk_rows()) {
    const std::size_t item = chapter.find("- `" + std::string(quirk.name) + "` (");
    ASSERT_NE(item, std::string::npos) << quirk.name;
    const std::size_t statement = chapter.find("): ", item) + 3;
    EXPECT_EQ(chapter.substr(statement, quirk.statement.size()), quirk.statement) << quirk.name;
  }
}

// The blocks of code under a heading, up to the next one.
std::vector<std::string> blocks_under(const std::string& text, const std::string& heading) {
  const std::size_t start = text.find("\n" + heading + "\n");
  if (start == std::string::npos) return {};
  const std::string section =
      text.substr(start + 1, text.find("\n#", start + heading.size()) - start - 1);
  std::vector<std::string> blocks;
  for (std::size_t open = section.find("```\n"); open != std::string::npos;) {
    const std::size_t close = section.find("```\n", open + 4);
    if (close == std::string::npos) break;
    blocks.push_back(section.substr(open + 4, close - open - 4));
    open = section.find("```\n", close + 4);
  }
  return blocks;
}

// "module <> module3 (to 3.12): name old=new" as "module <> module3 (to 3.12): name=name" and so
// on, a line for each name. A line that begins with a blank goes on with the one before.
std::multiset<std::string> printed_names(const std::string& block) {
  std::multiset<std::string> names;
  std::istringstream lines(block);
  std::string head;
  for (std::string line; std::getline(lines, line);) {
    std::size_t words_at = 0;
    if (line.substr(0, 1) != " ") {
      words_at = std::min(line.find(':'), line.size());
      head = line.substr(0, words_at);
      words_at = std::min(words_at + 1, line.size());
    }
    std::istringstream words(line.substr(words_at));
    for (std::string word; words >> word;) {
      if (word.find('=') == std::string::npos) word += "=" + word;
      names.insert(head + ": " + word);
    }
  }
  return names;
}

std::string_view arrow(Way way) {
  return way == Way::both ? "<>" : way == Way::reading ? ">" : "<";
}

// The minor version of Python 3 in which a quirk appeared.
int first_minor(Quirk quirk) {
  return quirk_rows()[static_cast<std::size_t>(quirk)].since.first[0].minor;
}

std::string releases(Quirk until, Quirk since) {
  if (until != Quirk::end_) return " (to 3." + std::to_string(first_minor(until) - 1) + ")";
  if (since != Quirk::end_) return " (from 3." + std::to_string(first_minor(since)) + ")";
  return "";
}

TEST(Readme, ListsTheNamesOfPython2) {
  const std::vector<std::string> blocks = blocks_under(readme(), "### Names of Python 2");
  ASSERT_EQ(blocks.size(), 2u);
  std::multiset<std::string> globals, modules;
  for (const RenamedGlobal& row : renamed_globals())
    globals.insert(fmt::format("{} {} {}{}: {}={}", row.python2.module, arrow(row.way),
                               row.python3.module, releases(row.until, row.since), row.python2.name,
                               row.python3.name));
  for (const RenamedModule& row : renamed_modules())
    modules.insert(fmt::format("{}{}: {}={}", arrow(row.way), releases(row.until, row.since),
                               row.python2, row.python3));
  EXPECT_EQ(printed_names(blocks[0]), globals);
  EXPECT_EQ(printed_names(blocks[1]), modules);
}

}  // namespace
}  // namespace assay::pickle
