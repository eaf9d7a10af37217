#include "reports/html_page.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>

namespace assay {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;

ResultRecord result(const char* implementation, const char* id, Verdict verdict) {
  ResultRecord record;
  record.implementation = implementation;
  record.case_id = id;
  record.format = "pickle";
  record.protocol = 0;
  record.topic = "t";
  record.verdict = verdict;
  if (standing(verdict) != Standing::differs) return record;
  record.expected = "'</script><b>'";
  record.got = "1";
  record.repeat = std::string("./assay explain ") + id + " --impl " + implementation;
  return record;
}

Results small_run() {
  Results run;
  run.implementations = {{.name = "cpython-3.13-c", .role = "oracle"},
                         {.name = "one", .role = "subject"},
                         {.name = "two", .role = "subject"}};
  for (const char* who : {"cpython-3.13-c", "one", "two"})
    for (const char* id : {"t/a", "t/b"}) {
      const bool wrong = id[2] == 'b' && who[0] != 'c';
      run.results.push_back(result(who, id, wrong ? Verdict::wrong_value : Verdict::pass));
    }
  return run;
}

Catalogue small_catalogue() {
  Catalogue catalogue;
  catalogue.profiles = {"cpython-3.12-c", "cpython-3.13-c"};
  catalogue.features = {{"pickle", 0, "INT"}, {"pickle", 2, "PROTO"}};
  for (const char* id : {"t/a", "t/b", "t/not-run"}) {
    CatalogueCase one;
    one.id = id;
    one.format = "pickle";
    one.why = "because";
    one.hex = "4e2e";
    one.features = {"INT"};
    const bool same = id[2] == 'a';
    if (same)
      one.outcomes = {{{"cpython-3.12-c", "cpython-3.13-c"}, "None", 2}};
    else
      one.outcomes = {{{"cpython-3.12-c"}, "None", 2}, {{"cpython-3.13-c"}, "!ValueError", -1}};
    catalogue.cases.push_back(one);
  }
  return catalogue;
}

TEST(HtmlData, WhatIsAlikeIsWrittenOnce) {
  const json data = json::parse(html_data(small_run(), small_catalogue(), nullptr, {}));
  ASSERT_EQ(data["cases"].size(), 2u);
  EXPECT_EQ(data["cases"][0][0], "t/a");
  ASSERT_EQ(data["rows"].size(), 2u);
  const std::string all_pass = data["rows"][0], one_passes = data["rows"][1];
  EXPECT_EQ(all_pass, std::string(3, all_pass[0]));
  EXPECT_EQ(one_passes[1], one_passes[2]);
  EXPECT_NE(one_passes[0], one_passes[1]);
  ASSERT_EQ(data["differences"].size(), 1u) << "both say the same of the same case";
  EXPECT_EQ(data["differences"][0][1], json::array({1, 2}));
  const std::size_t repeat = data["differences"][0][10];
  EXPECT_EQ(data["texts"][repeat], "./assay explain {case} --impl {impl}");
}

TEST(HtmlData, MatricesHaveTheirColumns) {
  Results run = small_run();
  for (const char* format : {"dbm.gnu", "dbm.dumb", "pickle:encode"}) {
    ResultRecord one = result("one", "t/c", Verdict::pass);
    one.case_id += format;
    one.format = format;
    one.protocol = format[0] == 'p' ? 2 : -1;
    run.results.push_back(one);
  }
  const json formats = json::parse(html_data(run, {}, nullptr, {}))["formats"];
  ASSERT_EQ(formats.size(), 3u);
  EXPECT_EQ(formats[1]["title"], "pickle, writing");
  EXPECT_EQ(formats[1]["columns"],
            json::parse(R"([["pickle:encode", 2, "p2", "pickle, writing"]])"));
  EXPECT_EQ(formats[2]["columns"], json::parse(R"([["dbm.dumb", -1, "dbm.dumb", "dbm.dumb"],
                                                   ["dbm.gnu", -1, "dbm.gnu", "dbm.gnu"]])"));
}

TEST(HtmlData, WhatWasWrittenIsTakenApart) {
  Results run = small_run();
  ResultRecord other = result("one", "t/c", Verdict::other_bytes);
  other.format = "pickle:encode";
  other.expected = "4e2e";
  other.got = "4b012e";
  run.results.push_back(other);
  ResultRecord cut = other;
  cut.implementation = "two";
  cut.got = "4b01... (9 more)";
  run.results.push_back(cut);
  Catalogue catalogue;
  catalogue.list_written = [](const std::string& format, const std::string& hex) {
    return format + " " + hex;
  };
  const json data = json::parse(html_data(run, catalogue, nullptr, {}));
  std::vector<std::string> listings;
  for (const json& one : data["differences"])
    listings.push_back(data["texts"][one.back().get<std::size_t>()]);
  EXPECT_THAT(listings, testing::Contains("pickle:encode 4b012e"));
  EXPECT_EQ(std::count(listings.begin(), listings.end(), "pickle:encode 4b012e"), 1);
}

TEST(HtmlData, ChartsCountTheCasesOfTheRun) {
  const json data = json::parse(html_data(small_run(), small_catalogue(), nullptr, {}));
  EXPECT_EQ(data["features"][0], json::parse(R"(["pickle", 0, "INT", [0, 1]])"));
  EXPECT_EQ(data["features"][1], json::parse(R"(["pickle", 2, "PROTO", []])"));
  EXPECT_EQ(data["agreement"], json::parse(R"({"pickle": [[[2, 2]], [[2, 1], [2, 2]]]})"));
}

TEST(HtmlData, DetailsComeFirstWhereSomebodyDiffers) {
  HtmlOptions options;
  options.detail_bytes = 250;  // one case, not two
  const json data = json::parse(html_data(small_run(), small_catalogue(), nullptr, options));
  ASSERT_EQ(data["details"].size(), 1u);
  EXPECT_EQ(data["details"]["1"]["why"], "because") << "t/b";
}

TEST(HtmlData, DetailsAreSharedAmongFormats) {
  Results run;
  run.implementations = {{.name = "one", .role = "subject"}};
  Catalogue catalogue;
  for (const char* id : {"p/1", "p/2", "p/3", "p/known", "m/1"}) {
    run.results.push_back(result("one", id, Verdict::wrong_value));
    if (id[0] == 'm') run.results.back().format = "marshal";
    run.results.back().known = id[2] == 'k';
    CatalogueCase one;
    one.id = id;
    catalogue.cases.push_back(one);
  }
  HtmlOptions options;
  options.detail_bytes = 3 * 160;
  const json data = json::parse(html_data(run, catalogue, nullptr, options));
  EXPECT_EQ(data["details"].size(), 3u);
  EXPECT_TRUE(data["details"].contains("4")) << "the first of marshal before the third of pickle";
  options.detail_bytes = 4 * 160;
  EXPECT_FALSE(json::parse(html_data(run, catalogue, nullptr, options))["details"].contains("3"))
      << "a known difference after all unknown ones";
}

TEST(HtmlData, ChangesAreThereIfThereIsAnOlderRun) {
  const Results now = small_run();
  Results before = now;
  before.results.back().verdict = Verdict::pass;
  const Comparison comparison = compare_results(before, now);
  const json data = json::parse(html_data(now, {}, &comparison, {}));
  EXPECT_EQ(data["changes"]["list"],
            json::parse(R"([["regression", "two", "t/b", "pass", "wrong-value"]])"));
  EXPECT_FALSE(json::parse(html_data(now, {}, nullptr, {})).contains("changes"));
}

TEST(HtmlPage, IsWholeAndNothingInTheDataEndsTheScript) {
  std::ostringstream out;
  write_html(out, small_run(), small_catalogue(), nullptr);
  const std::string page = out.str();
  EXPECT_EQ(page.rfind("<!DOCTYPE html>", 0), 0u);
  EXPECT_THAT(page, HasSubstr("default-src 'none'"));
  EXPECT_THAT(page, HasSubstr("prefers-color-scheme: dark"));
  EXPECT_THAT(page, HasSubstr("</html>"));
  EXPECT_THAT(page, Not(HasSubstr("</script><b>")));
  for (const char* marker : {"/*style*/", "/*script*/", "/*data*/", "http://", "https://"})
    EXPECT_THAT(page, Not(HasSubstr(marker)));
}

}  // namespace
}  // namespace assay
