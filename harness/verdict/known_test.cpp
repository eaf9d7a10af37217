#include "harness/verdict/known.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>

namespace assay {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

ResultRecord result(const std::string& id, Verdict verdict, const std::string& by = "x") {
  ResultRecord record;
  record.case_id = id;
  record.verdict = verdict;
  record.implementation = by;
  return record;
}

bool all_exist(std::string_view) {
  return true;
}
bool only_old_is_gone(std::string_view id) {
  return id != "a/old";
}

const char* const file = R"(# What we know of x.
# Two lines.

[[known]]
id = "a/one"
verdict = "wrong-value"
reason = "octal"
link = "https://example.org/1"

[[known]]
id = "a/two"
verdict = "crash"
reason = "stack"
)";

TEST(KnownFailures, ReadsEntries) {
  const KnownFailures known(file, "known.toml");
  ASSERT_EQ(known.entries().size(), 2u);
  EXPECT_THAT(known.entries()[0].ids, ElementsAre("a/one"));
  EXPECT_EQ(known.entries()[0].verdict, Verdict::wrong_value);
  EXPECT_EQ(known.entries()[0].link, "https://example.org/1");
  EXPECT_EQ(known.entries()[1].line, 10u);
}

TEST(KnownFailures, MarksTheListedVerdictAndNothingElse) {
  const KnownFailures known(file, "known.toml");
  std::vector<ResultRecord> results = {result("a/one", Verdict::wrong_value),
                                       result("a/two", Verdict::crash),
                                       result("a/three", Verdict::crash)};
  EXPECT_THAT(known.apply(results, all_exist), IsEmpty());
  EXPECT_TRUE(results[0].known);
  EXPECT_EQ(results[0].known_reason, "octal");
  EXPECT_TRUE(results[1].known);
  EXPECT_FALSE(results[2].known);
}

TEST(KnownFailures, BitesWhenACasePassesNow) {
  for (const Verdict verdict : {Verdict::pass, Verdict::lossy}) {
    std::vector<ResultRecord> results = {result("a/one", verdict)};
    EXPECT_THAT(
        KnownFailures(file, "known.toml").apply(results, all_exist),
        ElementsAre(HasSubstr("known.toml:4: a/one of x passes now: listed as wrong-value")));
  }
}

TEST(KnownFailures, BitesWhenTheVerdictChanges) {
  std::vector<ResultRecord> results = {result("a/two", Verdict::timeout)};
  EXPECT_THAT(
      KnownFailures(file, "known.toml").apply(results, all_exist),
      ElementsAre(HasSubstr("known.toml:10: a/two of x has changed: listed as crash, is timeout")));
  EXPECT_FALSE(results[0].known);
  results = {result("a/two", Verdict::unsupported)};
  EXPECT_THAT(KnownFailures(file, "known.toml").apply(results, all_exist),
              ElementsAre(HasSubstr("has changed")));
}

TEST(KnownFailures, AnUnstableCaseMayAgreeAndDoesNotBite) {
  const char* const unstable =
      "[[known]]\nid = \"a/two\"\nverdict = \"wrong-error\"\nreason = \"a collector\"\n"
      "unstable = true\n";
  const KnownFailures known(unstable, "k");
  std::vector<ResultRecord> results = {
      result("a/two", Verdict::pass), result("a/two", Verdict::wrong_error),
      result("a/two", Verdict::state_dependent), result("a/two", Verdict::crash)};
  EXPECT_THAT(known.apply(results, all_exist),
              ElementsAre(HasSubstr("has changed: listed as wrong-error, is crash")));
  EXPECT_FALSE(results[0].known);
  EXPECT_TRUE(results[1].known);
  EXPECT_TRUE(results[2].known);
  EXPECT_FALSE(results[3].known);
  results.pop_back();
  EXPECT_EQ(known.updated(results, all_exist), unstable);
  EXPECT_THROW(
      KnownFailures("[[known]]\nid='a'\nverdict='crash'\nreason='r'\nunstable='yes'\n", "k"),
      std::runtime_error);
}

TEST(KnownFailures, BitesWhenACaseIsGone) {
  const KnownFailures known("[[known]]\nid='a/old'\nverdict='crash'\nreason='r'\n", "k");
  std::vector<ResultRecord> none;
  EXPECT_THAT(known.apply(none, only_old_is_gone),
              ElementsAre("k:1: no case is called a/old any more"));
}

TEST(KnownFailures, SkippedCasesAndCasesOfOtherShardsSayNothing) {
  std::vector<ResultRecord> results = {result("a/one", Verdict::skipped)};
  EXPECT_THAT(KnownFailures(file, "known.toml").apply(results, all_exist), IsEmpty());
}

TEST(KnownFailures, AnEntryOfAnImplementationComesFirst) {
  const KnownFailures known(
      "[[known]]\nid='a/b'\nverdict='crash'\nreason='any'\n"
      "[[known]]\nid='a/b'\nverdict='timeout'\nreason='y only'\nimplementation='y'\n",
      "k");
  std::vector<ResultRecord> results = {result("a/b", Verdict::crash, "x"),
                                       result("a/b", Verdict::timeout, "y")};
  EXPECT_THAT(known.apply(results, all_exist), IsEmpty());
  EXPECT_EQ(results[0].known_reason, "any");
  EXPECT_EQ(results[1].known_reason, "y only");
}

TEST(KnownFailures, LooksOnlyAtTheImplementationsItIsGiven) {
  const KnownFailures known(file, "known.toml");
  std::vector<ResultRecord> results = {result("a/one", Verdict::wrong_value, "x"),
                                       result("a/one", Verdict::wrong_value, "y"),
                                       result("a/two", Verdict::pass, "y")};
  EXPECT_THAT(known.apply(results, all_exist, {"x"}), IsEmpty());
  EXPECT_TRUE(results[0].known);
  EXPECT_FALSE(results[1].known);
}

TEST(KnownFailures, UpdateKeepsReasonsDropsPassesAddsFailures) {
  const KnownFailures known(file, "known.toml");
  const std::vector<ResultRecord> results = {
      result("a/one", Verdict::wrong_error), result("a/two", Verdict::pass),
      result("a/three", Verdict::timeout), result("a/four", Verdict::unsupported)};
  EXPECT_EQ(known.updated(results, all_exist), R"(# What we know of x.
# Two lines.

[[known]]
id = "a/one"
verdict = "wrong-error"
reason = "octal"
link = "https://example.org/1"

[[known]]
id = "a/three"
verdict = "timeout"
reason = "not yet explained"
)");
}

TEST(KnownFailures, UpdateKeepsWhatWasNotRunButNotWhatIsGone) {
  const KnownFailures known(
      "[[known]]\nid='a/old'\nverdict='crash'\nreason='r'\n"
      "[[known]]\nid='a/here'\nverdict='crash'\nreason='say \"why\" \\ "
      "\u00e9'\nimplementation='z'\n",
      "k");
  const std::string text = known.updated({result("a/b", Verdict::pass)}, only_old_is_gone);
  EXPECT_EQ(text,
            "[[known]]\nid = \"a/here\"\nverdict = \"crash\"\nreason = \"say \\\"why\\\" \\\\ "
            "\u00e9\"\nimplementation = \"z\"\n");
  EXPECT_EQ(KnownFailures(text, "k").entries().size(), 1u);
}

TEST(KnownFailures, SeveralImplementationsAreNamed) {
  const std::string text = KnownFailures().updated(
      {result("a/b", Verdict::crash, "x"), result("a/b", Verdict::pass, "y")}, all_exist);
  EXPECT_THAT(text, HasSubstr("implementation = \"x\""));
  EXPECT_THAT(text, testing::Not(HasSubstr("\"y\"")));
}

const char* const group = R"([[known]]
ids = ["a/one", "b/*"]
verdict = "wrong-value"
reason = "octal"

[[known]]
id = "b/two"
verdict = "crash"
reason = "stack"
)";

TEST(KnownFailures, AnEntryMayListSeveralIdsAndGlobs) {
  const KnownFailures known(group, "k");
  std::vector<ResultRecord> results = {
      result("a/one", Verdict::wrong_value), result("b/one", Verdict::wrong_value),
      result("b/two", Verdict::crash), result("c/one", Verdict::wrong_value)};
  EXPECT_THAT(known.apply(results, all_exist), IsEmpty());
  EXPECT_EQ(results[0].known_reason, "octal");
  EXPECT_EQ(results[1].known_reason, "octal");
  EXPECT_EQ(results[2].known_reason, "stack") << "an id comes before a glob";
  EXPECT_FALSE(results[3].known);
}

TEST(KnownFailures, AGlobBitesBothWays) {
  const KnownFailures known(group, "k");
  std::vector<ResultRecord> results = {result("b/one", Verdict::pass),
                                       result("b/three", Verdict::wrong_error)};
  EXPECT_THAT(known.apply(results, all_exist),
              ElementsAre("k:1: b/one of x passes now: listed as wrong-value, is pass",
                          "k:1: b/three of x has changed: listed as wrong-value, is wrong-error"));
  const auto no_b = [](std::string_view pattern) { return pattern != "b/*"; };
  results.clear();
  EXPECT_THAT(known.apply(results, no_b), ElementsAre("k:1: no case fits b/*"));
}

TEST(KnownFailures, AGlobOfAnImplementationComesBeforeAnIdOfAny) {
  const KnownFailures known(
      "[[known]]\nid='a/b'\nverdict='crash'\nreason='any'\n"
      "[[known]]\nid='a/*'\nverdict='timeout'\nreason='y only'\nimplementation='y'\n",
      "k");
  std::vector<ResultRecord> results = {result("a/b", Verdict::timeout, "y")};
  EXPECT_THAT(known.apply(results, all_exist), IsEmpty());
  EXPECT_EQ(results[0].known_reason, "y only");
}

TEST(KnownFailures, UpdateKeepsGroupsAndGlobs) {
  const std::vector<ResultRecord> results = {
      result("a/one", Verdict::wrong_value), result("b/one", Verdict::wrong_value),
      result("b/two", Verdict::crash), result("c/one", Verdict::timeout),
      result("c/two", Verdict::timeout)};
  EXPECT_EQ(KnownFailures(group, "k").updated(results, all_exist), R"([[known]]
ids = ["a/one", "b/*"]
verdict = "wrong-value"
reason = "octal"

[[known]]
id = "b/two"
verdict = "crash"
reason = "stack"

[[known]]
ids = ["c/one", "c/two"]
verdict = "timeout"
reason = "not yet explained"
)");
}

TEST(KnownFailures, UpdateResolvesAGlobThatNoLongerHolds) {
  const std::vector<ResultRecord> results = {
      result("b/one", Verdict::wrong_value), result("b/two", Verdict::crash),
      result("b/three", Verdict::pass), result("b/four", Verdict::wrong_error)};
  const auto no_a = [](std::string_view pattern) { return pattern != "a/one"; };
  EXPECT_EQ(KnownFailures(group, "k").updated(results, no_a), R"([[known]]
id = "b/one"
verdict = "wrong-value"
reason = "octal"

[[known]]
id = "b/four"
verdict = "wrong-error"
reason = "octal"

[[known]]
id = "b/two"
verdict = "crash"
reason = "stack"
)");
}

TEST(KnownFailures, UpdatePutsEntriesOfOneReasonTogether) {
  const KnownFailures known(
      "[[known]]\nid='b/b'\nverdict='crash'\nreason='r'\n"
      "[[known]]\nid='x/x'\nverdict='crash'\nreason='other'\n"
      "[[known]]\nid='a/a'\nverdict='crash'\nreason='r'\n",
      "k");
  const std::string text = known.updated({}, all_exist);
  EXPECT_THAT(text, HasSubstr("ids = [\"a/a\", \"b/b\"]\n"));
  EXPECT_EQ(KnownFailures(text, "k").updated({}, all_exist), text);
}

TEST(KnownFailures, UpdateKeepsCommentsAndGroupsByFormat) {
  const std::string text = R"(# Head.

[[known]]
id = "a/one"
verdict = "crash"
reason = "r"

[[known]]
id = "d/one"
verdict = "crash"
reason = "r"

# The modules.
# Two lines.

[[known]]
id = "m/one"
verdict = "crash"
reason = "r"

# Behind.
)";
  const auto of = [](const std::string& id, Verdict verdict, const std::string& format) {
    ResultRecord record = result(id, verdict);
    record.format = format;
    return record;
  };
  std::vector<ResultRecord> results = {of("a/one", Verdict::crash, "pickle"),
                                       of("d/one", Verdict::crash, "dbm"),
                                       of("m/one", Verdict::crash, "chapter")};
  EXPECT_EQ(KnownFailures(text, "k").updated(results, all_exist), text);
  // Comments in an entry come before it; those of one that is gone stay.
  results[2].verdict = Verdict::pass;
  results.push_back(of("a/new", Verdict::timeout, "pickle"));
  results.push_back(of("d/new", Verdict::timeout, "dbm"));
  std::string inside = text;
  inside.replace(inside.find("id = \"d/one\""), 12, "# '#1'\nid = \"d/one\" # \"2\"");
  EXPECT_EQ(KnownFailures(inside, "k").updated(results, all_exist), R"(# Head.

[[known]]
id = "a/one"
verdict = "crash"
reason = "r"

# '#1'
# "2"
[[known]]
id = "d/one"
verdict = "crash"
reason = "r"

# The modules.
# Two lines.

[[known]]
id = "a/new"
verdict = "timeout"
reason = "not yet explained"

[[known]]
id = "d/new"
verdict = "timeout"
reason = "not yet explained"

# Behind.
)");
}

TEST(KnownFailures, UpdateFillsLinesWithIds) {
  std::vector<ResultRecord> results;
  for (int i = 10; i < 40; ++i)
    results.push_back(result("topic/case-" + std::to_string(i), Verdict::crash));
  const std::string text = KnownFailures().updated(results, all_exist);
  EXPECT_THAT(text,
              testing::StartsWith("[[known]]\nids = [\n  \"topic/case-10\", \"topic/case-11\","));
  EXPECT_THAT(text, HasSubstr("\"topic/case-39\",\n]\nverdict = \"crash\"\n"));
  std::size_t longest = 0;
  for (std::size_t at = 0, end; (end = text.find('\n', at)) != std::string::npos; at = end + 1)
    longest = std::max(longest, end - at);
  EXPECT_LE(longest, 100u);
  EXPECT_EQ(KnownFailures(text, "k").entries().at(0).ids.size(), 30u);
}

TEST(KnownFailures, RefusesAFileThatIsNotOne) {
  const auto message = [](const char* text) -> std::string {
    try {
      KnownFailures(text, "k");
    } catch (const std::runtime_error& error) {
      return error.what();
    }
    return "accepted";
  };
  EXPECT_THAT(message("[[known]"), HasSubstr("k:1:"));
  EXPECT_THAT(message("[[unknown]]\n"), HasSubstr("only [[known]]"));
  EXPECT_THAT(message("[[known]]\nid='a/b'\nverdict='crash'\n"),
              HasSubstr("k:1: a known failure has"));
  EXPECT_THAT(message("[[known]]\nid='a/b'\nverdict='pass'\nreason='r'"),
              HasSubstr("k:3: 'pass' is no verdict that fails"));
  EXPECT_THAT(message("[[known]]\nid='a/b'\nverdict='odd'\nreason='r'"), HasSubstr("'odd'"));
  EXPECT_THAT(message("[[known]]\nid=1\n"), HasSubstr("k:2: 'id' is a text"));
  EXPECT_THAT(message("[[known]]\nids='a/b'\n"), HasSubstr("k:2: 'ids' is a list of texts"));
  EXPECT_THAT(message("[[known]]\nids=[1]\n"), HasSubstr("k:2: 'ids' is a text"));
  EXPECT_THAT(message("[[known]]\nids=[]\nverdict='crash'\nreason='r'\n"), HasSubstr("k:1:"));
  EXPECT_THAT(message("[[known]]\nid='a/b'\nids=['a/c']\n"), HasSubstr("'id' is for one"));
  EXPECT_THAT(message("[[known]]\nids=['a/b','a/b']\nverdict='crash'\nreason='r'"),
              HasSubstr("a/b is listed twice"));
  EXPECT_THAT(message("[[known]]\nnote='x'\n"), HasSubstr("unknown key 'note'"));
  EXPECT_THAT(message("[[known]]\nid='a/b'\nverdict='crash'\nreason='r'\n"
                      "[[known]]\nid='a/b'\nverdict='crash'\nreason='r'\n"),
              HasSubstr("k:5: a/b is listed twice"));
}

}  // namespace
}  // namespace assay
