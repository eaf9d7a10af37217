// What the specification of pickle prints of each quirk is what `assay quirks` prints.
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <regex>
#include <string>

#include "harness/command/quirk_list.h"
#include "harness/corpus/profile_name.h"

namespace assay {
namespace {

TEST(QuirksReadme, NamesTheProfilesOfEachQuirkOfPickle) {
  std::ifstream file(ASSAY_SOURCE_DIR "/reference/pickle/README.md");
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  // Paragraphs are folded.
  const std::string readme = std::regex_replace(text, std::regex("\\s+"), " ");
  for (const QuirkEntry& quirk : quirk_list()) {
    if (quirk.format != "pickle") continue;
    const std::string item = "- `" + std::string(quirk.name) + "` (" +
                             selection_text(quirk.profiles, format_profiles("pickle")) +
                             "): " + std::string(quirk.statement);
    EXPECT_NE(readme.find(item), std::string::npos) << item;
  }
}

}  // namespace
}  // namespace assay
