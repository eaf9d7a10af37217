// README.md is the specification: what it must mention, it mentions.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <sstream>
#include <string>

#include "reference/marshal/bytecode.h"
#include "reference/marshal/code_layout.h"
#include "reference/marshal/oracle_for_tests.h"
#include "reference/marshal/pyc.h"
#include "reference/marshal/quirks.h"
#include "reference/marshal/type_code.h"

namespace assay::marshal {
namespace {

std::string readme() {
  std::ifstream file(ASSAY_SOURCE_DIR "/reference/marshal/README.md");
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(Readme, DescribesEveryType) {
  const std::string text = readme();
  for (const TypeCode& row : type_codes()) {
    const std::string cells =
        "| `" + std::string(1, static_cast<char>(row.code)) + "` | " + std::string(row.name) + " |";
    EXPECT_NE(text.find(cells), std::string::npos) << cells;
  }
}

TEST(Readme, NamesEveryQuirkAndNoOther) {
  const std::string text = readme();
  const std::string chapter = text.substr(text.find("## Quirks"));
  std::multiset<std::string> named, expected;
  for (std::size_t at = chapter.find("\n| `"); at != std::string::npos;
       at = chapter.find("\n| `", at + 1)) {
    const std::string row = chapter.substr(at + 2, chapter.find(" | ", at + 2) - at - 2);
    for (std::size_t open = row.find('`'); open != std::string::npos;) {
      const std::size_t close = row.find('`', open + 1);
      named.insert(row.substr(open + 1, close - open - 1));
      open = row.find('`', close + 1);
    }
  }
  for (const QuirkRow& quirk : quirk_rows()) expected.insert(std::string(quirk.name));
  EXPECT_EQ(named, expected);
}

TEST(Readme, ListsTheFieldsOfCodeObjects) {
  const std::string text = readme();
  for (const auto& [version, start] :
       {std::pair{Version{2, 7, 0}, "| 2.7 | "}, std::pair{Version{3, 6, 0}, "| 3.0–3.7 | "},
        std::pair{Version{3, 8, 0}, "| 3.8, 3.9 | "}, std::pair{Version{3, 11, 0}, "| 3.11– | "}}) {
    std::string row = start;
    bool numbers = false;
    for (const CodeField& field : code_fields(version)) {
      if (row != start) row += field.integer == numbers ? " " : numbers ? "* " : " ";
      if (field.integer && !numbers) row += "*";
      numbers = field.integer;
      row += field.name;
    }
    EXPECT_NE(text.find(row + " |"), std::string::npos) << row;
  }
}

TEST(Readme, ListsTheMagicNumbers) {
  const std::string text = readme();
  for (const PycMagic& row : pyc_magics()) {
    if (row.python < Version{2, 7, 0}) continue;
    EXPECT_NE(text.find(std::to_string(row.first)), std::string::npos) << row.first;
    EXPECT_NE(text.find(std::to_string(row.release)), std::string::npos) << row.release;
  }
}

// The numbers of "1 5-7"; by what stands before them, those of "4: 1 5-7; 8: 3".
std::set<int> numbers(const std::string& text) {
  std::set<int> all;
  std::istringstream words(text);
  for (int first, last; words >> first;) {
    last = first;
    if (words.peek() == '-') words.ignore() >> last;
    while (first <= last) all.insert(first++);
  }
  return all;
}
std::map<int, std::set<int>> groups(const std::string& text) {
  std::map<int, std::set<int>> all;
  std::istringstream parts(text);
  for (std::string part; std::getline(parts, part, ';');)
    if (const std::size_t colon = part.find(':'); colon != std::string::npos)
      all[std::stoi(part)] = numbers(part.substr(colon + 1));
  return all;
}

// The table of caches and general instructions is that of bytecode.cpp.
TEST(Readme, ListsCachesAndGeneralInstructions) {
  const std::string text = readme();
  for (int minor = 11; minor <= 15; ++minor) {
    const std::string name = "\n3." + std::to_string(minor) + "  caches";
    const std::size_t caches_at = text.find(name);
    ASSERT_NE(caches_at, std::string::npos) << name;
    const std::size_t general_at = text.find("general", caches_at);
    const std::size_t end = std::min(text.find("\n3.", general_at), text.find("\n```", general_at));
    const auto caches =
        groups(text.substr(caches_at + name.size(), general_at - caches_at - name.size()));
    const auto general = groups(text.substr(general_at + 7, end - general_at - 7));
    for (int instruction = 0; instruction < 256; ++instruction) {
      int base = instruction;
      for (const auto& [of, which] : general)
        if (which.contains(instruction)) base = of;
      std::size_t units = 0;
      for (const auto& [count, which] : caches)
        if (which.contains(base)) units = static_cast<std::size_t>(count);
      // What is no cache keeps its argument.
      std::uint8_t code[2 * 24], out[sizeof(code)];
      std::fill(std::begin(code), std::end(code), std::uint8_t{0xff});
      code[0] = static_cast<std::uint8_t>(instruction);
      generalise(code, Version{3, minor, 0}, out);
      EXPECT_EQ(int{out[0]}, base) << "3." << minor << ": " << instruction;
      std::size_t zeros = 0;
      while (out[2 * zeros + 3] == 0) ++zeros;
      EXPECT_EQ(zeros, units) << "3." << minor << ": " << instruction;
    }
  }
}

// Its rules for line tables, exception tables and kinds of variables, in Python
// (code_tables_test.py), against what each Python on the machine says of its own.
TEST(Readme, RulesOfCodeTablesAreThoseOfEachCPython) {
  std::size_t asked = 0;
  for (const Oracle& oracle : oracles()) {
    if (!oracle.native()) continue;  // its library is in a zip file
    const std::string said = output_of(
        oracle.command + " '" ASSAY_SOURCE_DIR "/reference/marshal/code_tables_test.py' 4 2>&1");
    EXPECT_NE(said.find("\nOK"), std::string::npos) << oracle.profile.name() << "\n" << said;
    ++asked;
  }
  EXPECT_GT(asked, 0U) << "no CPython on this machine";
}

}  // namespace
}  // namespace assay::marshal
