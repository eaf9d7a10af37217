#include "reports/badge.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <pugixml.hpp>

namespace assay {
namespace {

Results run_of(std::initializer_list<std::pair<Verdict, bool>> verdicts) {
  Results run;
  run.implementations = {
      {.name = "my pickle-2.0", .implementation = "my pickle", .lane = "c", .role = "subject"},
      {.name = "cpython-3.13-c", .implementation = "cpython", .role = "oracle"}};
  int number = 0;
  for (const auto& [verdict, known] : verdicts) {
    ResultRecord record;
    record.implementation = "my pickle-2.0";
    record.case_id = "t/" + std::to_string(number++);
    record.format = "pickle";
    record.verdict = verdict;
    record.known = known;
    run.results.push_back(record);
  }
  return run;
}

Badge only_badge(const Results& run) {
  const std::vector<Badge> all = badges(run);
  EXPECT_EQ(all.size(), 1u) << "of the subject, not of the oracle";
  return all.at(0);
}

TEST(Badge, SaysHowManyAgree) {
  const Badge good = only_badge(run_of({{Verdict::pass, false}, {Verdict::lossy, false}}));
  EXPECT_EQ(good.file, "my_pickle-c-pickle");
  EXPECT_EQ(good.message, "2 of 2 as CPython");
  const Badge bad = only_badge(run_of({{Verdict::pass, false}, {Verdict::crash, false}}));
  EXPECT_EQ(bad.message, "1 of 2 as CPython");
  const Badge known = only_badge(run_of({{Verdict::pass, false}, {Verdict::crash, true}}));
  EXPECT_EQ(known.message, "1 of 2 as CPython, 1 known");
  const Badge none = only_badge(run_of({{Verdict::skipped, false}}));
  EXPECT_EQ(none.message, "not judged");
  EXPECT_EQ((std::set<std::string>{good.colour, bad.colour, known.colour, none.colour}).size(), 4u);
}

TEST(Badge, ThereIsNoneOfWhatIsNotClaimed) {
  EXPECT_TRUE(badges(run_of({{Verdict::unsupported, false}})).empty());
  EXPECT_EQ(badges(run_of({{Verdict::unsupported, false}, {Verdict::pass, false}})).size(), 1u);
}

TEST(Badge, IsXmlAndJsonWhateverTheNames) {
  const Badge badge{"f", "a<b>&\"c\"", "1 of 1", "1a7f37"};
  pugi::xml_document document;
  ASSERT_TRUE(document.load_string(badge_svg(badge).c_str()));
  EXPECT_STREQ(document.child("svg").attribute("aria-label").value(), "a<b>&\"c\": 1 of 1");
  const auto json = nlohmann::json::parse(badge_json(badge));
  EXPECT_EQ(json["schemaVersion"], 1);
  EXPECT_EQ(json["label"], badge.label);
}

}  // namespace
}  // namespace assay
