// The commands that read the records of earlier runs, as a user meets them.
#include "harness/command/cli_for_tests.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

namespace assay {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;

class ReportCliTest : public CliTest {
 protected:
  // Runs `assay ARGUMENTS` in the test's folder; gives the exit status.
  int assay(const std::string& arguments) { return keep(run(arguments)); }
  int commands(const std::string& line) { return keep(shell(line)); }

  std::string out_, err_;

 private:
  int keep(Ended ended) {
    out_ = std::move(ended.out);
    err_ = std::move(ended.err);
    return ended.status;
  }
};

// 3.9's C lane judged by itself, then by the pure lane: what INT '010' is differs.
TEST_F(ReportCliTest, CompareIsStatus1OnARegressionOnly) {
  const std::string run = "run --impl reference@cpython-3.9-c --filter 'int/leading-zero-*' ";
  ASSERT_EQ(assay(run + "--out old"), 0);
  ASSERT_EQ(assay(run + "--target cpython-3.9-py --out new"), 1);
  EXPECT_EQ(assay("compare old new"), 1);
  EXPECT_THAT(out_, AllOf(HasSubstr("reference@cpython-3.9-c: int/leading-zero-ten"),
                          HasSubstr("pass -> accepted-invalid"), HasSubstr("./assay explain")));
  EXPECT_EQ(assay("compare new old"), 0) << "a fix";
  EXPECT_EQ(assay("compare old/results.jsonl old"), 0);
  EXPECT_THAT(out_, HasSubstr("0 regressions, 0 fixes, 0 changed, 0 new, 0 gone"));
  EXPECT_EQ(assay("compare --json old new"), 1);
  const json compared = json::parse(out_);
  EXPECT_EQ(compared["schema"], "assay-compare-1");
  EXPECT_EQ(compared["changes"].size(), compared["regression"].get<std::size_t>());
}

TEST_F(ReportCliTest, WhatIsNoRunIsNamed) {
  EXPECT_EQ(assay("compare nothing nothing"), 2);
  EXPECT_THAT(err_, HasSubstr("nothing: cannot be read"));
  std::ofstream(folder_ / "bad.jsonl") << "{\"record\":\"run\",\"schema\":\"assay-results-9\"}\n";
  EXPECT_EQ(assay("compare bad.jsonl bad.jsonl"), 2);
  EXPECT_THAT(err_, HasSubstr("bad.jsonl:1: unknown schema 'assay-results-9'"));
  std::ofstream(folder_ / "empty.jsonl") << "";
  EXPECT_EQ(assay("compare empty.jsonl empty.jsonl"), 2);
  EXPECT_THAT(err_, HasSubstr("holds no run"));
  EXPECT_THAT(out_, IsEmpty());
}

TEST_F(ReportCliTest, ShardsPutTogetherAreTheSameReportAsOneRun) {
  const std::string run =
      "run --impl reference@cpython-3.9-c --impl reference@cpython-3.9-py "
      "--target cpython-3.9-py --json --filter 'int/*' --filter 'memo/*' --out ";
  assay(run + "whole");
  const std::string parts = fmt::format(
      "for i in 1 2 3; do '{}/assay' {}part$i --shard $i/3 & done; wait", ASSAY_BIN_DIR, run);
  ASSERT_EQ(commands(parts), 0);
  EXPECT_EQ(assay("merge part3 part1 part2 --out merged"), 1) << "some of this differs";
  EXPECT_EQ(text_of(folder_ / "whole/junit.xml"), text_of(folder_ / "merged/junit.xml"));
  EXPECT_EQ(text_of(folder_ / "whole/pickle-0.md"), text_of(folder_ / "merged/pickle-0.md"));
  EXPECT_EQ(commands("grep '\"result\"' whole/results.jsonl >w; "
                     "grep '\"result\"' merged/results.jsonl >m; cmp w m"),
            0);
  EXPECT_EQ(assay("compare whole merged"), 0);
  EXPECT_THAT(out_, HasSubstr("0 regressions, 0 fixes, 0 changed, 0 new, 0 gone"));
  EXPECT_EQ(assay("merge part1 part2 --out partial"), 2);
  EXPECT_THAT(err_, HasSubstr("of 3 shards these are missing: 3"));
  EXPECT_FALSE(fs::exists(folder_ / "partial"));
  EXPECT_EQ(assay("merge part1 part2 --partial --out partial"), 1);
}

TEST_F(ReportCliTest, ResultsAreOfThePublishedSchema) {
  // Passes, differences, a known failure, a crash, and one that does not start.
  std::ofstream(folder_ / "known.toml")
      << "[[known]]\nid = 'int/leading-zero-ten'\nverdict = 'accepted-invalid'\nreason = 'r'\n";
  assay(
      "run --impl reference@cpython-3.9-c --target cpython-3.9-py --known known.toml "
      "--exec 'sh -c \"kill -9 $$\" {file}' --impl '/bin/false x' "
      "--filter 'int/leading-*' --shard 1/1 --out run");
  std::ofstream(folder_ / "validate.py") << R"(
import json, sys
import jsonschema
schema = json.load(open(sys.argv[1]))
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema)
lines = 0
for line in open(sys.argv[2]):
    validator.validate(json.loads(line))
    lines += 1
broken = json.loads(line)
broken["verdict"] = "fine"
assert not validator.is_valid(broken)
print(lines)
)";
  const std::string schema = std::string(ASSAY_SOURCE_DIR) + "/reports/results.schema.json";
  EXPECT_EQ(commands(fmt::format("python3 validate.py '{}' run/results.jsonl", schema)), 0) << err_;
  EXPECT_GT(std::atoi(out_.c_str()), 10);
  for (const char* word : {"\"crash\"", "\"known\":true", "\"shard\"", "\"note\"", "\"repeat\""})
    EXPECT_THAT(text_of(folder_ / "run/results.jsonl"), HasSubstr(word));
}

TEST_F(ReportCliTest, ReportIsOnePageWithBadges) {
  assay(
      "run --impl 'sh -c \"exit 1\"' --exec 'sh -c \"exit 1\" {file}' "
      "--filter 'int/leading-*' --out run");
  ASSERT_EQ(assay("report run --since run"), 0) << err_;
  EXPECT_THAT(out_, HasSubstr("run/report.html"));
  const std::string page = text_of(folder_ / "run/report.html");
  EXPECT_THAT(page, AllOf(HasSubstr("int/leading-zero-ten"), HasSubstr("493031300a2e"),
                          HasSubstr("\"changes\":")));
  std::size_t badges = 0;
  for (const auto& entry : fs::directory_iterator(folder_ / "run/badges")) {
    ++badges;
    if (entry.path().extension() == ".json") {
      EXPECT_EQ(json::parse(text_of(entry.path()))["schemaVersion"], 1);
    }
  }
  EXPECT_GE(badges, 2u);
  EXPECT_EQ(assay("report run/results.jsonl"), 2) << "no folder to write to";
}

// harness/ci/conformance.sh: a known failure is fine, a regression is not.
TEST_F(ReportCliTest, TheRecipeForCiFailsOnWhatGotWorse) {
  const std::string judge =
      fmt::format("ASSAY='{}' EXEC='sh -c \"exit 1\" {{file}}' sh '{}/harness/ci/conformance.sh'",
                  ASSAY_BIN_DIR, ASSAY_SOURCE_DIR);
  // The recipe judges all cases; these are the corpus here.
  fs::create_directories(folder_ / "project/harness");
  fs::create_directory_symlink(fs::path(ASSAY_SOURCE_DIR) / "harness/adapters",
                               folder_ / "project/harness/adapters");
  fs::create_directories(folder_ / "project/corpus/pickle");
  for (const char* name : {"constants.toml", "constants.recorded.json"})
    fs::copy(fs::path(ASSAY_SOURCE_DIR) / "corpus/pickle" / name,
             folder_ / "project/corpus/pickle" / name);
  setenv("ASSAY_ROOT", (folder_ / "project").c_str(), 1);
  EXPECT_EQ(commands(judge), 1) << "who rejects everything rejects what is valid";
  EXPECT_TRUE(fs::exists(folder_ / "assay-out/report.html"));
  assay("run --exec 'sh -c \"exit 1\" {file}' --known known.toml --update-known --out old");
  EXPECT_EQ(commands("KNOWN=known.toml BASELINE=old " + judge), 0) << out_ << err_;
  EXPECT_THAT(out_, HasSubstr("**0 regressions"));
  std::string lines = text_of(folder_ / "old/results.jsonl");
  for (std::size_t at; (at = lines.find("rejected-valid")) != std::string::npos;)
    lines.replace(at, 14, "pass");
  std::ofstream(folder_ / "old/results.jsonl") << lines;
  EXPECT_EQ(commands("KNOWN=known.toml BASELINE=old " + judge), 1);
  EXPECT_THAT(out_, HasSubstr("### regressions ("));
}

// harness/example/vectors: Python's own reader, judged without Assay.
TEST_F(ReportCliTest, VectorsJudgeAReaderWithoutAssay) {
  ASSERT_EQ(assay("export vectors"), 0) << err_;
  unsetenv("ASSAY_ROOT");
  const std::string judge =
      fmt::format("python3 -W ignore '{}/harness/example/vectors/judge.py' vectors/pickle.json",
                  ASSAY_SOURCE_DIR);
  EXPECT_EQ(commands(judge), 0) << out_ << err_;
  EXPECT_GT(std::atoi(out_.c_str()), 1000) << "cases that agree: " << out_;
  // A reader that has lost a value.
  EXPECT_EQ(
      commands("sed 's/\"value\":\"None\"/\"value\":\"True\"/' -i vectors/pickle.json; " + judge),
      1);
  EXPECT_THAT(out_, HasSubstr("constant/none: expected True, got None"));
}

}  // namespace
}  // namespace assay
