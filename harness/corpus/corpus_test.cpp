#include "harness/corpus/corpus.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <stdexcept>

namespace assay {
namespace {

namespace fs = std::filesystem;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

class CorpusTest : public testing::Test {
 protected:
  void SetUp() override {
    root_ = fs::path(testing::TempDir()) /
            testing::UnitTest::GetInstance()->current_test_info()->name();
    fs::remove_all(root_);
    fs::create_directories(root_ / "corpus/pickle");
    FormatRules pickle;
    // Enough of an assembler for these tests: N and . and an error.
    pickle.assemble = [](std::string_view text) -> std::string {
      if (text == "NONE; STOP") return "N.";
      if (text == "TRUE; STOP") return "\x88.";
      throw std::runtime_error("1:1: unknown instruction");
    };
    pickle.protocol = [](std::string_view bytes) { return bytes[0] == 'N' ? 0 : 2; };
    pickle.options = {{"loads", OptionRule::Type::count, {}},
                      {"fresh", OptionRule::Type::boolean, {}},
                      {"encoding", OptionRule::Type::text, {}},
                      {"persistent", OptionRule::Type::text, {"none"}}};
    pickle.buffers = true;
    pickle.quirks = {"int-text-base"};
    formats_["pickle"] = pickle;
  }
  void TearDown() override { fs::remove_all(root_); }

  void write(const std::string& name, const std::string& text) {
    fs::create_directories((root_ / "corpus" / name).parent_path());
    std::ofstream(root_ / "corpus" / name, std::ios::binary) << text;
  }
  // A file of topic `t` whose only case has `keys` besides id, why and spec.
  void write_case(const std::string& keys) {
    write("pickle/t.toml",
          "format = 'pickle'\ntopic = 't'\n[[case]]\nid = 'a/b'\nwhy = 'w'\nspec = 's'\n" + keys);
  }
  Corpus load() { return load_corpus(root_ / "corpus", formats_); }

  // Every problem but that outcomes are not recorded.
  std::vector<std::string> problems() {
    std::vector<std::string> texts;
    for (const Problem& problem : load().problems)
      if (!problem.record) texts.push_back(problem.message());
    return texts;
  }

  fs::path root_;
  FormatTable formats_;
};

TEST_F(CorpusTest, ReadsACase) {
  write("pickle/t.toml", R"(
format = "pickle"
topic = "t"
[[case]]
id = "none/plain"
why = "the smallest pickle"
spec = "pickletools NONE"
asm = "NONE; STOP"
options = { loads = 2, encoding = "latin1", fresh = true }
buffers = ["6162", "w:00"]
quirks = ["int-text-base"]
word = true
)");
  const Corpus corpus = load();
  ASSERT_THAT(corpus.files, SizeIs(1));
  ASSERT_EQ(corpus.case_count(), 1u);
  const Case& c = *corpus.find("none/plain");
  EXPECT_EQ(c.input, "N.");
  EXPECT_EQ(c.format, "pickle");
  EXPECT_EQ(c.topic, "t");
  EXPECT_EQ(c.protocol, 0);
  EXPECT_EQ(c.file, "corpus/pickle/t.toml");
  EXPECT_EQ(c.line, 4u);
  EXPECT_TRUE(c.word);
  EXPECT_EQ(c.options_text(),
            R"({"encoding":"latin1","fresh":true,"loads":2,"buffers":["6162","w:00"]})");
  ASSERT_THAT(corpus.problems, SizeIs(1));
  EXPECT_TRUE(corpus.problems[0].record);
  EXPECT_THAT(corpus.problems[0].message(),
              HasSubstr("corpus/pickle/t.toml:4: none/plain: no out"));
}

TEST_F(CorpusTest, InputFromHexAndFromFile) {
  write_case(
      "hex = '884E2e'\nprotocol = 4\n[[case]]\nid='a/c'\nwhy='x'\nspec='s'\nfile='data/n.bin'");
  write("pickle/data/n.bin", std::string("N\0\n.", 4));
  EXPECT_THAT(problems(), IsEmpty());
  const Corpus corpus = load();
  EXPECT_EQ(corpus.find("a/b")->input, "\x88N.");
  EXPECT_EQ(corpus.find("a/b")->protocol, 4);
  EXPECT_EQ(corpus.find("a/c")->input, std::string("N\0\n.", 4));
}

TEST_F(CorpusTest, NamesTheLineOfEachProblem) {
  const std::vector<std::pair<std::string, std::string>> table = {
      {"", "3: a/b: an input is one of"},
      {"asm = 'NONE; STOP'\nhex = ''", "'hex' is a text and not empty"},
      {"asm = 'NONE; STOP'\nhex = '00'", "3: a/b: an input is one of"},
      {"asm = 'NONSENSE'", "7: a/b: asm: 1:1: unknown instruction"},
      {"hex = '0'", "7: a/b: 'hex' is pairs"},
      {"hex = '0g'", "7: a/b: 'hex' is pairs"},
      {"file = 'data/none.bin'", "7: a/b: data/none.bin is not there"},
      {"file = '../../secret'", "7: a/b: ../../secret is outside"},
      {"file = '/etc/passwd'", "7: a/b: /etc/passwd is outside"},
      {"hex = '4e2e'\nwhen = 1", "8: a/b: unknown key 'when'"},
      {"hex = '4e2e'\nprotocol = 'x'", "8: a/b: 'protocol' is"},
      {"hex = '4e2e'\nword = 1", "8: a/b: 'word' is"},
      {"hex = '4e2e'\noptions = 1", "8: a/b: 'options' is a table"},
      {"hex = '4e2e'\noptions = {loads = 0}", "8: a/b: option 'loads' is a number from 1"},
      {"hex = '4e2e'\noptions = {loads = '2'}", "8: a/b: option 'loads' is a number"},
      {"hex = '4e2e'\noptions = {fresh = 1}", "8: a/b: option 'fresh' is true or false"},
      {"hex = '4e2e'\noptions = {encoding = 1}", "8: a/b: option 'encoding' is a text"},
      {"hex = '4e2e'\noptions = {persistent = 'no'}", "8: a/b: option 'persistent' must be one"},
      {"hex = '4e2e'\noptions = {speed = 1}", "8: a/b: unknown option 'speed'"},
      {"hex = '4e2e'\nbuffers = ['x']", "8: a/b: a buffer is hex"},
      {"hex = '4e2e'\nbuffers = 'x'", "8: a/b: 'buffers' is a list"},
      {"hex = '4e2e'\nquirks = ['none-such']", "8: a/b: no quirk is called 'none-such'"},
      {"hex = '4e2e'\nquirks = []", "8: a/b: 'quirks' is a list"},
      {"hex = '4e2e'\nsame_as = 'a/none'", "3: a/b: same_as names a/none, which is not there"},
      {"hex = '4e2e'\nsame_as = 'a/b'", "3: a/b: same_as names a/b, which is not the same"},
      {"hex = '4e2e'\nhex = '4e'", "8:"},
  };
  for (const auto& [keys, expected] : table) {
    write_case(keys);
    EXPECT_THAT(problems(), Contains(HasSubstr(expected))) << keys;
  }
}

TEST_F(CorpusTest, WantsIdWhyAndSpec) {
  write("pickle/t.toml", "format='pickle'\ntopic='t'\n[[case]]\nhex='4e2e'\n");
  EXPECT_THAT(problems(), ElementsAre("corpus/pickle/t.toml:3: case: no 'id'",
                                      "corpus/pickle/t.toml:3: case: no 'why'",
                                      "corpus/pickle/t.toml:3: case: no 'spec'"));
}

TEST_F(CorpusTest, HeadMustFitFolderAndFile) {
  write("pickle/t.toml",
        "format='marshal'\nmood='good'\n[[case]]\nid='a/b'\nwhy='w'\nspec='s'\n"
        "hex='4e2e'");
  EXPECT_THAT(problems(),
              testing::UnorderedElementsAre(
                  "corpus/pickle/t.toml:1: format must be \"pickle\", as the folder is named",
                  "corpus/pickle/t.toml:2: unknown key 'mood'",
                  "corpus/pickle/t.toml:1: topic must be \"t\", as the file is named"));
}

TEST_F(CorpusTest, NoFileIsSkippedInSilence) {
  write("pikle/t.toml", "");
  write("sqlite/notes.db", "a file that only a test reads is no case");
  write("loose.toml", "");
  write("pickle/deeper/t.toml", "");
  write("pickle/gone.recorded.json", "{}");
  write("pickle/empty.toml", "format='pickle'\ntopic='empty'\n");
  EXPECT_THAT(problems(),
              ElementsAre("corpus/loose.toml: cases stand in a folder named for their format",
                          "corpus/pickle/deeper: a format's folder has no folder but 'data'",
                          "corpus/pickle/empty.toml: no [[case]]",
                          "corpus/pickle/gone.recorded.json: recorded for gone.toml, "
                          "which is not there",
                          "corpus/pikle: no format has this name"));
}

TEST_F(CorpusTest, AFolderWithoutCasesIsOtherData) {
  write("sqlite/README.md", "databases");
  write("sqlite/memos.db", "SQLite format 3");
  EXPECT_THAT(problems(), testing::IsEmpty());
}

TEST_F(CorpusTest, IdsAndReasonsAreUniqueAcrossFiles) {
  const auto file = [](const std::string& topic, const std::string& id, const std::string& why,
                       const std::string& hex) {
    return "format='pickle'\ntopic='" + topic + "'\n[[case]]\nid='" + id + "'\nwhy='" + why +
           "'\nspec='s'\nhex='" + hex + "'\n";
  };
  write("pickle/a.toml", file("a", "x/one", "first", "4e2e"));
  write("pickle/b.toml", file("b", "x/one", "second", "882e"));
  write("pickle/c.toml", file("c", "x/three", "first", "892e"));
  write("pickle/d.toml", file("d", "x/four", "fourth", "4e2e"));
  write("pickle/e.toml", file("e", "x/old", "fifth", "5d2e"));
  write("retired-ids.txt", "# gone\nx/old  # since 0.1\nBad Id\n");
  EXPECT_THAT(
      problems(),
      ElementsAre("corpus/pickle/b.toml:3: x/one: this id is already at corpus/pickle/a.toml:3",
                  "corpus/pickle/c.toml:3: x/three: 'why' says the same as corpus/pickle/a.toml:3",
                  "corpus/pickle/d.toml:3: x/four: the same input and options as x/one at "
                  "corpus/pickle/a.toml:3 (or say same_as)",
                  "corpus/pickle/e.toml:3: x/old: this id is retired and not used again",
                  "corpus/retired-ids.txt:3: 'Bad Id' is no id"));
}

TEST_F(CorpusTest, ARepeatIsAllowedWhenItSaysSoOrItsOptionsDiffer) {
  write_case(
      "hex='4e2e'\n[[case]]\nid='a/c'\nwhy='x'\nspec='s'\nhex='4e2e'\nsame_as='a/b'\n"
      "[[case]]\nid='a/d'\nwhy='y'\nspec='s'\nhex='4e2e'\noptions={loads=2}\n");
  EXPECT_THAT(problems(), IsEmpty());
}

TEST_F(CorpusTest, TakesRecordedOutcomesOfTheSameInputOnly) {
  write_case(
      "hex = '4e2e'\n[[case]]\nid='a/c'\nwhy='x'\nspec='s'\nhex='882e'\n[[case]]\n"
      "id='a/d'\nwhy='y'\nspec='s'\nhex='892e'\noptions={loads=2}");
  write("pickle/t.recorded.json", R"({"schema":"assay-recorded-1",
"oracles":{"cpython-3.9-c":{"version":"3.9.18","word":64}},"cases":{
"a/b":{"input":"4e2e","outcomes":[{"profiles":["cpython-3.9-c"],"value":"None","consumed":2}]},
"a/c":{"input":"ff","outcomes":[{"profiles":["cpython-3.9-c"],"error":"E"}]},
"a/d":{"input":"892e","outcomes":[{"profiles":["cpython-3.9-c"],"error":"E"}]},
"a/gone":{"input":"00","outcomes":[]}}})");
  const Corpus corpus = load();
  EXPECT_THAT(corpus.find("a/b")->outcomes, SizeIs(1));
  EXPECT_THAT(corpus.find("a/c")->outcomes, IsEmpty());
  EXPECT_THAT(corpus.profiles(), ElementsAre("cpython-3.9-c"));
  std::vector<std::string> texts;
  for (const Problem& problem : corpus.problems) {
    EXPECT_TRUE(problem.record);
    texts.push_back(problem.message());
  }
  EXPECT_THAT(texts, ElementsAre(HasSubstr("t.recorded.json: a/gone: recorded, but no such case"),
                                 HasSubstr("a/c: recorded for another input"),
                                 HasSubstr("a/d: recorded for another input or options")));
}

TEST_F(CorpusTest, AFolderThatIsNotThereIsAnError) {
  EXPECT_THROW(load_corpus(root_ / "nowhere", formats_), std::runtime_error);
}

TEST(Slug, HasPartsOfWords) {
  for (const char* good : {"int/leading-zero-ten", "a/b/c", "3.8/x", "int/1", "a/b.c-d"})
    EXPECT_TRUE(is_slug(good)) << good;
  for (const char* bad : {"", "int", "/int", "int/", "a//b", "a/-b", "a/b-", "a/b--c", "A/b",
                          "a/b_c", "a/b c", "a/..", "a/b.-c"})
    EXPECT_FALSE(is_slug(bad)) << bad;
}

// --- operations

class OperationsTest : public CorpusTest {
 protected:
  void SetUp() override {
    CorpusTest::SetUp();
    formats_["pickle"].operations = {"decode", "encode", "scenario"};
    FormatRules dbm;
    dbm.operations = {"read", "identify", "write"};
    dbm.modules = {"dbm.gnu"};
    formats_["dbm"] = dbm;
  }
  void write_dbm_case(const std::string& keys) {
    write("dbm/t.toml",
          "format = 'dbm'\ntopic = 't'\n[[case]]\nid = 'a/b'\nwhy = 'w'\nspec = 's'\n" + keys);
  }
  const Case only() { return load().files.at(0).cases.at(0); }
};

TEST_F(OperationsTest, AValueToWrite) {
  write_case("operation = 'encode'\nvalue = '[1]'\nprotocol = 2\n");
  EXPECT_THAT(problems(), IsEmpty());
  const Case c = only();
  EXPECT_EQ(c.value, "[1]");
  EXPECT_EQ(c.content(), "[1]");
  EXPECT_EQ(c.reported, "pickle:encode");
  EXPECT_EQ(c.options_text(), R"({"operation":"encode","protocol":2})");
  write_case("operation = 'encode'\nvalue = '[1]'\n");
  EXPECT_THAT(problems(), ElementsAre(HasSubstr("no 'protocol' to write")));
}

TEST_F(OperationsTest, AProgram) {
  write_case("operation = 'scenario'\nprogram = '''\nprint(1)\n'''\n");
  EXPECT_THAT(problems(), IsEmpty());
  EXPECT_EQ(only().script, "print(1)\n");
  EXPECT_EQ(only().module, "python");
  EXPECT_EQ(only().reported, "pickle:scenario");
}

TEST_F(OperationsTest, FilesByTheirStem) {
  write("dbm/data/x.dir", "'k', (0, 1)");
  write("dbm/data/x.dat", "v");
  write_dbm_case("module = 'dbm.gnu'\npath = 'data/x'\n");
  EXPECT_THAT(problems(), IsEmpty());
  const Case c = only();
  EXPECT_EQ(c.operation, "read");
  EXPECT_EQ(c.path, (root_ / "corpus/dbm/data/x").string());
  EXPECT_EQ(c.reported, "dbm.gnu");
  EXPECT_THAT(c.files, HasSubstr("x.dat crc32:"));
  const std::string before = c.content();
  write("dbm/data/x.dat", "w");
  EXPECT_NE(only().content(), before);
  write_dbm_case("operation = 'identify'\npath = 'data/y'\n");
  EXPECT_THAT(problems(), ElementsAre(HasSubstr("data/y: no file begins so")));
  write_dbm_case("operation = 'identify'\npath = 'data/absent'\n");
  EXPECT_THAT(problems(), IsEmpty());
}

TEST_F(OperationsTest, AScriptOnAFile) {
  write("dbm/data/x.dat", "v");
  write_dbm_case("operation = 'write'\nmodule = 'dbm.gnu'\nscript = 'set 1'\npath = 'data/x'\n");
  EXPECT_THAT(problems(), IsEmpty());
  EXPECT_THAT(only().content(), HasSubstr("set 1\nx.dat crc32:"));
  EXPECT_EQ(only().reported, "dbm.gnu:write");
}

TEST_F(OperationsTest, AnInputOfAnotherOperationIsAProblem) {
  write_case("operation = 'encode'\nhex = '4e2e'\nprotocol = 2\n");
  EXPECT_THAT(problems(), ElementsAre(HasSubstr("'hex' is no input of encode")));
  write_case("operation = 'read'\nhex = '4e2e'\n");
  EXPECT_THAT(problems(), Contains(HasSubstr("the operations of pickle are")));
  write_case("module = 'x'\nhex = '4e2e'\n");
  EXPECT_THAT(problems(), ElementsAre(HasSubstr("the modules of pickle are")));
}

}  // namespace
}  // namespace assay
