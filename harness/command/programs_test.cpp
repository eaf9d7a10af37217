// Cases that come in pairs: a program that pickles an object of a class it defines,
// and the value text of that object with what is written for it. What every CPython
// printed of the one is what it wrote of the other.
#include <gtest/gtest.h>

#include <map>

#include "harness/command/project.h"
#include "harness/runner/protocol.h"

namespace assay {
namespace {

const RecordedOutcome* outcome_of(const Case& c, const std::string& profile) {
  for (const RecordedOutcome& outcome : c.outcomes)
    if (std::count(outcome.profiles.begin(), outcome.profiles.end(), profile) != 0) return &outcome;
  return nullptr;
}

// The two lines of a program, by _pickle and by pickle.py, as value text.
std::string lines(const std::string& native, const std::string& pure) {
  std::string text = "['";
  append_hex(native, text);
  text += "', '";
  append_hex(pure, text);
  return text + "']";
}

TEST(Programs, PrintWhatIsWrittenForTheirValues) {
  const Corpus corpus = load_corpus(std::filesystem::path(ASSAY_SOURCE_DIR) / "corpus", formats());
  std::map<std::string, const Case*> cases;
  for (const CaseFile& file : corpus.files)
    for (const Case& c : file.cases)
      if (c.format == "pickle") cases[c.id] = &c;
  constexpr std::string_view ending = ".program";
  int compared = 0;
  for (const auto& [id, program] : cases) {
    if (!id.ends_with(ending)) continue;
    const auto found = cases.find(id.substr(0, id.size() - ending.size()));
    ASSERT_NE(found, cases.end()) << id << " has no value beside it";
    for (const RecordedOutcome& printed : program->outcomes) {
      for (const std::string& profile : printed.profiles) {
        // Programs are asked of lane c, and print what both lanes write.
        const std::size_t lane = profile.rfind("-c");
        std::string other = profile;
        ASSERT_NE(lane, std::string::npos) << id << ": " << profile;
        other.replace(lane, 2, "-py");
        const RecordedOutcome* native = outcome_of(*found->second, profile);
        const RecordedOutcome* pure = outcome_of(*found->second, other);
        if (native == nullptr || pure == nullptr) continue;
        ASSERT_TRUE(native->data && pure->data && printed.value) << id << ": " << profile;
        EXPECT_EQ(*printed.value, lines(*native->data, *pure->data)) << id << ": " << profile;
        ++compared;
      }
    }
  }
  EXPECT_GE(compared, 100);
}

}  // namespace
}  // namespace assay
