// README.md is the specification: what it must mention, it mentions.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <string>

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

TEST(Readme, NamesEveryQuirkAndNoOther) {
  const std::string text = readme();
  const std::string chapter = text.substr(text.find("## Quirks"));
  std::set<std::string> named;
  const std::regex row("\\| (`[a-z0-9-]+`(?: `[a-z0-9-]+`)*) \\|");
  const std::regex name("`([a-z0-9-]+)`");
  for (std::sregex_iterator at(chapter.begin(), chapter.end(), row), end; at != end; ++at) {
    const std::string cell = (*at)[1];
    for (std::sregex_iterator quirk(cell.begin(), cell.end(), name); quirk != end; ++quirk)
      EXPECT_TRUE(named.insert((*quirk)[1]).second) << "twice: " << (*quirk)[1];
  }
  std::set<std::string> expected;
  for (const QuirkRow& quirk : quirk_rows()) expected.insert(std::string(quirk.name));
  EXPECT_EQ(named, expected) << "reference/pickle/README.md, chapter Quirks";
}

}  // namespace
}  // namespace assay::pickle
