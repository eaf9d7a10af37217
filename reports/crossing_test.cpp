#include "reports/crossing.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "reports/html_page.h"
#include "reports/markdown.h"

namespace assay {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using ::testing::HasSubstr;
using ::testing::Not;

class CrossingTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::path(testing::TempDir()) /
              testing::UnitTest::GetInstance()->current_test_info()->name();
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  void put(const std::string& name, const std::string& text) {
    std::ofstream(folder_ / name, std::ios::binary) << text;
  }
  std::string index() {
    write_markdown(folder_, {});
    std::ostringstream text;
    text << std::ifstream(folder_ / "index.md", std::ios::binary).rdbuf();
    return text.str();
  }

  fs::path folder_;
};

// One family, one reader.
std::string matrix(const std::string& format, const std::string& writer) {
  return json{{"schema", "assay-cross-1"},
              {"format", format},
              {"families", {{{"name", "f"}, {"writers", {writer}}, {"files", 3}}}},
              {"readers",
               {{{"module", "dbm.gnu"},
                 {"implementations", {"one"}},
                 {"cells", {{{"read", 1}, {"other", 0}, {"refused", 2}}}}}}}}
      .dump();
}

TEST_F(CrossingTest, IndexLinksToWhatIsInTheFolder) {
  EXPECT_THAT(index(), Not(HasSubstr("cross-")));
  put("cross-dbm.json", matrix("dbm", "w"));
  put("cross-shelve.json", matrix("shelve", "w"));
  EXPECT_THAT(index(), HasSubstr("(cross-dbm.md)"));
  EXPECT_THAT(index(), HasSubstr("(cross-shelve.md)"));
}

TEST_F(CrossingTest, ThePageHoldsTheMatrices) {
  put("cross-shelve.json", matrix("shelve", "w"));
  put("cross-dbm.json", matrix("dbm", "</script>"));
  const HtmlOptions options{.crossings = crossings_in(folder_)};
  std::ostringstream page;
  write_html(page, {}, {}, nullptr, options);
  EXPECT_THAT(page.str(), Not(HasSubstr("\"</script>\"")));
  const json data = json::parse(html_data({}, {}, nullptr, options));
  ASSERT_EQ(data["crossings"].size(), 2u);
  EXPECT_EQ(data["crossings"][0], json::parse(matrix("dbm", "</script>")));
  EXPECT_EQ(data["crossings"][1]["format"], "shelve");
}

TEST_F(CrossingTest, WhatIsNoMatrixIsNamed) {
  const auto fault = [&](const std::string& text) {
    put("cross-dbm.json", text);
    try {
      (void)crossings_in(folder_);
    } catch (const std::runtime_error& error) {
      return std::string(error.what());
    }
    return std::string("taken");
  };
  EXPECT_EQ(fault(matrix("dbm", "w")), "taken");
  EXPECT_THAT(fault("{"), HasSubstr("cross-dbm.json: no matrix"));
  EXPECT_THAT(fault(matrix("shelve", "w")), HasSubstr("of another format"));
  json one = json::parse(matrix("dbm", "w"));
  one["readers"][0]["cells"].clear();
  EXPECT_THAT(fault(one.dump()), HasSubstr("as many cells"));
  one = json::parse(matrix("dbm", "w"));
  one["schema"] = "assay-cross-2";
  EXPECT_THAT(fault(one.dump()), HasSubstr("another schema"));
}

}  // namespace
}  // namespace assay
