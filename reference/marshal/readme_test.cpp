// README.md is the specification: what it must mention, it mentions.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <set>
#include <string>

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
