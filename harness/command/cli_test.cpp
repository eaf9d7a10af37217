// The programs as a user meets them: exit statuses, messages, columns, JSON.
#include "harness/command/cli_for_tests.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

namespace assay {
namespace {

using nlohmann::json;
using testing::AllOf;
using testing::AnyOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;

TEST_F(CliTest, WrongUsageIsStatus2) {
  for (const char* arguments :
       {"", "frobnicate", "run --speed", "show", "record --jobs x", "explain",
        "--root /nowhere lint", "run --shard 0/2", "run --target pypy",
        "run --target cpython-3.99-c", "run --format nothing", "run --filter no/such-case",
        "run --update-known", "run --known /nowhere/known.toml"}) {
    const Ended ended = run(arguments);
    EXPECT_EQ(ended.status, 2) << arguments;
    EXPECT_THAT(ended.out + ended.err, Not(IsEmpty())) << arguments;
    EXPECT_THAT(ended.err, Not(HasSubstr("internal error"))) << arguments;
  }
}

TEST_F(CliTest, HelpFits80Columns) {
  for (const char* command : {"", "run", "impls", "explain", "show", "diff", "dis", "asm", "quirks",
                              "record", "verify", "lint", "export", "chapter"}) {
    const Ended ended = run(fmt::format("{} --help", command));
    EXPECT_EQ(ended.status, 0) << command;
    EXPECT_LE(widest_line(ended.out), 80u) << ended.out;
  }
  EXPECT_THAT(run("--version").out, StartsWith("assay 0."));
}

TEST_F(CliTest, RunJudgesAndReports) {
  const Ended ended =
      run("run --impl reference@cpython-3.9-c --impl reference@cpython-3.9-py "
          "--filter 'int/*' --out reports");
  EXPECT_THAT(ended.status, AnyOf(0, 1));
  EXPECT_EQ(ended.err, "") << "no progress in a pipe";
  EXPECT_THAT(ended.out, HasSubstr("3.9-py"));
  EXPECT_THAT(ended.out, Not(HasSubstr("\x1b["))) << "no colours in a pipe";
  EXPECT_LE(widest_line(ended.out), 80u) << ended.out;
  std::istringstream lines(text_of(folder_ / "reports/results.jsonl"));
  std::size_t count = 0;
  for (std::string line; std::getline(lines, line); ++count)
    EXPECT_TRUE(json::accept(line)) << line;
  EXPECT_GT(count, 100u);
  EXPECT_THAT(text_of(folder_ / "reports/junit.xml"), StartsWith("<?xml"));
  EXPECT_THAT(text_of(folder_ / "reports/index.md"), HasSubstr("cpython-3.9-c"));
}

TEST_F(CliTest, ATerminalGetsColoursUnlessItAsksForNone) {
  if (std::system("script -qec true /dev/null >/dev/null 2>&1 </dev/null") != 0)
    GTEST_SKIP() << "script(1) cannot make a terminal here: is it installed, /dev/pts mounted?";
  const auto in_terminal = [&](const char* environment) {
    const std::string line = fmt::format(
        "cd '{}' && {} script -qec \"'{}/assay' run --impl reference@cpython-3.9-c "
        "--filter int/leading-zero-ten\" out >/dev/null 2>&1 </dev/null",
        folder_.string(), environment, ASSAY_BIN_DIR);
    EXPECT_EQ(std::system(line.c_str()), 0);
    return text_of(folder_ / "out");
  };
  EXPECT_THAT(in_terminal("TERM=xterm"), HasSubstr("\x1b[32m"));
  EXPECT_THAT(in_terminal("TERM=xterm NO_COLOR=1"), Not(HasSubstr("\x1b[3")));
}

TEST_F(CliTest, AnInterruptedRunWritesNothing) {
  make_project();
  // An adapter that never answers; the harness is interrupted while it waits.
  const std::string line = fmt::format(
      "cd '{}' && '{}/assay' record >/dev/null && "
      "timeout --foreground -s INT 1 '{}/assay' run --impl '/bin/sleep 60' --out o >out 2>err "
      "</dev/null",
      folder_.string(), ASSAY_BIN_DIR, ASSAY_BIN_DIR);
  EXPECT_NE(std::system(line.c_str()), 0);
  EXPECT_THAT(text_of(folder_ / "err"), HasSubstr("interrupted"));
  EXPECT_FALSE(fs::exists(folder_ / "o"));
}

TEST_F(CliTest, RunAsJson) {
  const Ended ended = run("run --impl reference@cpython-3.9-c --filter 'int/*' --json");
  const json summary = json::parse(ended.out);
  EXPECT_EQ(summary["schema"], "assay-run-1");
  EXPECT_EQ(summary["status"], ended.status);
  ASSERT_THAT(summary["implementations"], SizeIs(1));
  EXPECT_EQ(summary["implementations"][0]["name"], "reference@cpython-3.9-c");
  EXPECT_EQ(summary["implementations"][0]["target"], "cpython-3.9-c");
}

TEST_F(CliTest, TheReferenceAgreesWithItsOwnProfileButNotWithAnother) {
  // What INT '010' is differs between the lanes of one version.
  const std::string one = "run --filter int/leading-zero-ten --impl reference@cpython-3.9-";
  EXPECT_EQ(run(one + "c").status, 0);
  EXPECT_EQ(run(one + "py").status, 0);
  EXPECT_EQ(run(one + "py --target cpython-3.9-c").status, 1);
}

// The whole corpus of a format, as every profile: what `assay run` does for the
// reference, among the tests.
class RecordedOutcomes : public CliTest, public testing::WithParamInterface<const char*> {};

TEST_P(RecordedOutcomes, AreTheReferencesAsEveryProfile) {
  const Ended ended = run(fmt::format("run --impl 'reference@*' --format {} --json", GetParam()));
  EXPECT_EQ(ended.status, 0) << ended.out << ended.err;
  const json summary = json::parse(ended.out);
  EXPECT_GE(summary["implementations"].size(), 11u);
  std::size_t passed = 0;
  for (const json& one : summary["implementations"])
    passed += one.at("verdicts").value("pass", std::size_t{0});
  EXPECT_GE(passed, 350u) << ended.out;
}

INSTANTIATE_TEST_SUITE_P(, RecordedOutcomes,
                         testing::Values("pickle", "marshal", "dbm", "shelve", "sqlite"),
                         [](const auto& format) { return std::string(format.param); });

TEST_F(CliTest, ShardsAreTheWhole) {
  std::size_t cases = 0;
  for (const char* shard : {"1/3", "2/3", "3/3"}) {
    const Ended ended =
        run(fmt::format("run --impl reference@cpython-3.9-c --json --shard {}", shard));
    cases += json::parse(ended.out)["cases"].get<std::size_t>();
  }
  EXPECT_EQ(cases, json::parse(run("lint --json").out)["cases"].get<std::size_t>());
}

TEST_F(CliTest, RunNamesWhatIsNotThere) {
  const Ended ended = run("run --impl cpython-9.9-c");
  EXPECT_EQ(ended.status, 2);
  EXPECT_THAT(ended.err, HasSubstr("no implementation here is called 'cpython-9.9-c'"));
}

TEST_F(CliTest, AnAdapterThatDoesNotStartFailsTheRun) {
  const Ended alone = run("run --impl 'sh -c \"echo no mypickle >&2; exit 1\"'");
  EXPECT_EQ(alone.status, 2) << "nothing ran";
  EXPECT_THAT(alone.out, HasSubstr("did not start: no mypickle"));
  EXPECT_LE(std::count(alone.out.begin(), alone.out.end(), '\n'), 8) << alone.out;
  const std::string records = text_of(folder_ / "assay-out/results.jsonl");
  EXPECT_EQ(std::count(records.begin(), records.end(), '\n'), 2) << "the run and who did not start";
  const Ended with_other =
      run("run --impl '/bin/false x' --impl reference@cpython-3.9-c --filter int/plus");
  EXPECT_EQ(with_other.status, 1);
  EXPECT_THAT(with_other.out, HasSubstr("1 did not start"));
  EXPECT_THAT(run("explain int/plus --impl '/bin/false x'").out,
              HasSubstr("/bin/false x did not start: exited with status 1 before hello"));
}

TEST_F(CliTest, ASilentAdapterIsGivenUpSoon) {
  const Ended ended = run("run --impl 'sleep 1000' --start-seconds 0.5");
  EXPECT_EQ(ended.status, 2);
  EXPECT_THAT(ended.out, HasSubstr("no answer to hello in 0.5 s; it must be"));
}

// An adapter in sh: answers hello with `fields` and everything else with `answer`.
std::string shell_adapter(const std::string& fields, const std::string& answer) {
  return fmt::format(R"(#!/bin/sh
read line
echo '{{"implementation":"tiny","version":"1.5",{}}}'
while read line; do
  case $line in *bye*) exit 0 ;; esac
  id=${{line#*\"id\":\"}}
  echo "{{\"id\":\"${{id%%\"*}}\",{}}}"
done
)",
                     fields, answer);
}

TEST_F(CliTest, AWordOfHelloThatNobodyKnowsIsAFault) {
  write("tiny.sh", shell_adapter(R"("formats":["pickle:decode:0-5"],"lossy":["tupel=list"])",
                                 R"(\"value\":\"None\")"));
  const Ended ended = run("run --impl 'sh tiny.sh' --filter constant/none");
  EXPECT_EQ(ended.status, 2);
  EXPECT_THAT(ended.out, AllOf(HasSubstr("adapter-error in its hello: "), HasSubstr("tupel=list"),
                               HasSubstr("tuple=list, bytes=str")));
}

TEST_F(CliTest, AnAdapterIsNamedByItsHello) {
  write("tiny.sh", shell_adapter(R"("lossy":[])", R"(\"value\":\"None\")"));
  const Ended ended =
      run("run --impl 'sh tiny.sh' --impl ./no-such-adapter --impl 'sh ./tiny.sh' "
          "--filter constant/none --json");
  const json summary = json::parse(ended.out);
  std::vector<std::string> names;
  for (const json& entry : summary["implementations"]) names.push_back(entry["name"]);
  EXPECT_THAT(names, testing::ElementsAre("tiny-1.5", "tiny-1.5#2", "./no-such-adapter"));
}

// The line that a person would copy, lines with a backslash put together.
std::string repeat_line(const std::string& out) {
  std::string line = out.substr(out.find("repeat   ") + 9);
  for (std::size_t at; (at = line.find(" \\\n")) != std::string::npos;) line.erase(at, 3);
  return line.substr(0, line.find('\n'));
}

TEST_F(CliTest, TheRepeatLineRepeats) {
  setenv("ASSAY_COMMAND", ASSAY_BIN_DIR "/assay", 1);
  write("tiny.sh", shell_adapter(R"("lossy":[])", R"(\"value\":\"it's\")"));
  const std::pair<const char*, const char*> failing[] = {
      {"constant/none", "--exec 'sh -c \"exit 1\" {file}'"},
      {"constant/none", "--impl 'sh tiny.sh'"},
      {"int/leading-zero-ten", "--impl reference@cpython-3.9-c --target cpython-2.7-py"},
  };
  for (const auto& [id, by] : failing) {
    const Ended ended = run(fmt::format("run --filter {} {}", id, by));
    EXPECT_EQ(ended.status, 1) << ended.err;
    const std::string line = repeat_line(ended.out);
    const std::string shell = fmt::format("cd '{}' && {} >again 2>&1", folder_.string(), line);
    const int status = std::system(shell.c_str());
    EXPECT_EQ(WEXITSTATUS(status), 1) << line;
    EXPECT_THAT(text_of(folder_ / "again"), HasSubstr(id)) << line;
  }
  unsetenv("ASSAY_COMMAND");
}

TEST_F(CliTest, AProgramACase) {
  // Rejects everything: right where CPython rejects, wrong where it does not.
  const std::string rejects = "run --exec 'sh -c \"exit 1\" {file}' ";
  EXPECT_EQ(run(rejects + "--filter int/leading-zero-eight --target cpython-3.9-py").status, 0);
  const Ended wrong = run(rejects + "--filter constant/none");
  EXPECT_EQ(wrong.status, 1);
  EXPECT_THAT(wrong.out, HasSubstr("rejected-valid"));
}

TEST_F(CliTest, KnownFailuresBiteBothWays) {
  const std::string all = "run --exec 'sh -c \"exit 1\" {file}' --known known.toml ";
  EXPECT_EQ(run(all + "--filter constant/none --update-known").status, 0);
  EXPECT_THAT(text_of(folder_ / "known.toml"), AllOf(HasSubstr("id = \"constant/none\""),
                                                     HasSubstr("verdict = \"rejected-valid\"")));
  EXPECT_EQ(run(all + "--filter constant/none").status, 0);
  EXPECT_EQ(run(all + "--filter constant/none --filter constant/true").status, 1)
      << "a failure that is not listed";
  write("known.toml", "[[known]]\nid='constant/none'\nverdict='crash'\nreason='r'\n");
  const Ended changed = run(all + "--filter constant/none");
  EXPECT_EQ(changed.status, 1);
  EXPECT_THAT(changed.out, HasSubstr("has changed: listed as"));
  write("known.toml", "[[known]]\nid='constant/nonesuch'\nverdict='crash'\nreason='r'\n");
  EXPECT_THAT(run(all + "--filter int/leading-zero-eight --target cpython-3.9-py").out,
              HasSubstr("no case is called constant/nonesuch any more"));
}

TEST_F(CliTest, ChapterCountsTheStatementsThatHold) {
  const Ended told = run("chapter --recorded");
  EXPECT_EQ(told.status, 0) << "a CPython differs, and the corpus does not say so";
  EXPECT_THAT(told.out, AllOf(HasSubstr("statements that hold"), HasSubstr("cpython-3.13-c")));
  EXPECT_LE(widest_line(told.out), 80u);
  const json report = json::parse(run("chapter --recorded --json").out);
  EXPECT_GT(report["statements"].size(), 700u);
  EXPECT_THAT(report["implementations"], testing::Not(testing::IsEmpty()));
}

TEST_F(CliTest, ExplainTellsEverythingOfACase) {
  const Ended ended = run("explain int/leading-zero-ten");
  EXPECT_EQ(ended.status, 0);
  EXPECT_THAT(ended.out, AllOf(HasSubstr("INT '010'"), HasSubstr("!ValueError"),
                               HasSubstr("divergent for cpython-3.8+"), HasSubstr("int-base-0"),
                               HasSubstr("./assay run --filter int/leading-zero-ten")));
  EXPECT_LE(widest_line(ended.out), 80u) << ended.out;
  const json one = json::parse(run("explain --json int/leading-zero-ten").out);
  EXPECT_EQ(one["input"], "493031300a2e");
  EXPECT_GE(one["outcomes"].size(), 3u);
  const Ended unknown = run("explain leading-zero");
  EXPECT_EQ(unknown.status, 2);
  EXPECT_THAT(unknown.err, AllOf(HasSubstr("perhaps "), HasSubstr("int/leading-zero-ten")));
}

TEST_F(CliTest, AMistypedNameIsAnswered) {
  const std::pair<const char*, const char*> mistakes[] = {
      {"rnu", "no command is called 'rnu'; perhaps run"},
      {"explain int/leading-zero-tne", "perhaps int/leading-zero-ten"},
      {"run --filter 'itn/*'", "perhaps int/*"},
      {"run --impl refrence@cpython-3.13-c", "perhaps reference@cpython-3.13-c"},
      {"run --impl cpyhton", "perhaps cpython"},
      {"run --target cpython-3.13-cc", "perhaps cpython-3.13-c"},
      {"show x --as cpython-3.31-c", "cpython-3.13-c or"},
      {"quirks int-base-1", "perhaps int-base-0"},
  };
  write("x", "N.");
  for (const auto& [arguments, answer] : mistakes) {
    const Ended ended = run(arguments);
    EXPECT_EQ(ended.status, 2) << arguments;
    EXPECT_THAT(ended.err, HasSubstr(answer)) << arguments;
  }
}

TEST_F(CliTest, DisOfBrokenInputSaysSoByItsStatus) {
  EXPECT_EQ(run("dis " + write("whole.pickle", "N.")).status, 0);
  for (const char* form : {"", "--asm ", "--json "}) {
    const Ended ended = run(fmt::format("dis {}{}", form, write("cut.pickle", "NJ\1\2")));
    EXPECT_EQ(ended.status, 1) << form;
    EXPECT_THAT(ended.out, HasSubstr("NONE")) << form;
  }
  EXPECT_THAT(run("show " + write("key.pickle", "\xff.")).err,
              HasSubstr("invalid load key, '\\xff'"));
}

TEST_F(CliTest, ExplainAsksAnImplementation) {
  const Ended same = run("explain --impl reference@cpython-3.9-c int/leading-zero-ten");
  EXPECT_EQ(same.status, 0);
  EXPECT_THAT(same.out, HasSubstr("reference@cpython-3.9-c: pass"));
  const Ended other =
      run("explain int/leading-zero-ten --impl reference@cpython-3.9-c "
          "--target cpython-2.7-py");
  EXPECT_EQ(other.status, 1);
  EXPECT_THAT(other.out, AllOf(HasSubstr("wrong-value"), HasSubstr("8, not 10")));
}

TEST_F(CliTest, QuirksAreListedWithTheirSources) {
  const Ended ended = run("quirks");
  EXPECT_EQ(ended.status, 0);
  EXPECT_LE(widest_line(ended.out), 80u) << ended.out;
  const json list = json::parse(run("quirks --json").out);
  EXPECT_GT(list.size(), 30u);
  for (const json& row : list) EXPECT_NE(row["source"], "") << row;
  EXPECT_EQ(run("quirks no-such-quirk").status, 2);
}

TEST_F(CliTest, LintNamesFileAndLine) {
  make_project();
  write("project/corpus/pickle/u.toml",
        "format = 'pickle'\ntopic = 'u'\n[[case]]\nid = 't/none'\nwhy = 'w'\nspec = 's'\n"
        "asm = 'NOONE; STOP'\n[[case]]\nid = 't/none'\nwhy = 'x'\nspec = 's'\nhex = '00'\n");
  const Ended ended = run("lint");
  EXPECT_EQ(ended.status, 1);
  EXPECT_THAT(ended.out, AllOf(HasSubstr("corpus/pickle/u.toml:7: t/none: asm: "),
                               HasSubstr("corpus/pickle/u.toml:8: t/none: this id is already at "
                                         "corpus/pickle/t.toml:3")));
  EXPECT_EQ(run("run").status, 2) << "a broken corpus is not run";
}

TEST_F(CliTest, RecordAndVerifyAskThePythonsHere) {
  make_project();
  EXPECT_EQ(run("lint").status, 1) << "nothing is recorded yet";
  const Ended recorded = run("record");
  ASSERT_EQ(recorded.status, 0) << recorded.out << recorded.err;
  EXPECT_EQ(run("lint").status, 0);
  const std::string file = text_of(folder_ / "project/corpus/pickle/t.recorded.json");
  const json outcomes = json::parse(file)["cases"]["t/none"]["outcomes"];
  ASSERT_THAT(outcomes, SizeIs(1));
  EXPECT_EQ(outcomes[0]["value"], "None");
  EXPECT_EQ(outcomes[0]["consumed"], 2);
  EXPECT_THAT(file, Not(HasSubstr("reference")));
  EXPECT_THAT(file, Not(HasSubstr("pypy")));
  EXPECT_EQ(run("verify").status, 0);
  EXPECT_THAT(run("record").out, HasSubstr("0 of 1 files changed"));

  // Somebody writes an outcome by hand.
  std::string forged = file;
  forged.replace(forged.find("\"None\""), 6, "\"True\"");
  write("project/corpus/pickle/t.recorded.json", forged);
  const Ended verified = run("verify");
  EXPECT_EQ(verified.status, 1);
  EXPECT_THAT(verified.out,
              AllOf(HasSubstr("t/none"), HasSubstr("recorded  True"), HasSubstr("now       None")));

  // Somebody changes a case.
  std::string cases = text_of(folder_ / "project/corpus/pickle/t.toml");
  cases.replace(cases.find("NONE"), 4, "NEWTRUE");
  write("project/corpus/pickle/t.toml", cases);
  EXPECT_THAT(run("lint").out, HasSubstr("t/none: recorded for another input"));
}

TEST_F(CliTest, RecordKeepsOraclesThatAreNotHere) {
  make_project();
  const std::string name = "project/corpus/pickle/t.recorded.json";
  write(name,
        R"({"schema":"assay-recorded-1","oracles":{"cpython-3.1-c":{"version":"3.1.5",)"
        R"("word":64}},"cases":{)"
        R"("t/none":{"input":"4e2e","outcomes":[{"profiles":["cpython-3.1-c"],"error":"E"}]},)"
        R"("t/base":{"input":"ff","outcomes":[{"profiles":["cpython-3.1-c"],"error":"E"}]},)"
        R"("t/gone":{"input":"00","outcomes":[]}}})");
  ASSERT_EQ(run("record").status, 0);
  const json cases = json::parse(text_of(folder_ / name))["cases"];
  EXPECT_EQ(cases["t/none"]["outcomes"][0]["profiles"], json::array({"cpython-3.1-c"}));
  EXPECT_EQ(cases["t/none"]["outcomes"].size(), 2u);
  EXPECT_THAT(cases["t/base"].dump(), Not(HasSubstr("3.1-c"))) << "it answered another input";
  EXPECT_FALSE(cases.contains("t/gone"));
}

TEST_F(CliTest, ImplsListsWhatIsHere) {
  setenv("PATH", (folder_ / "bin").c_str(), 1);
  fs::create_directories(folder_ / "bin");
  fs::create_symlink("/usr/bin/python3", folder_ / "bin/python3");
  fs::create_symlink("/usr/bin/python3", folder_ / "bin/python");
  write("bin/python2", "#!/bin/sh\nexit 7\n");
  fs::permissions(folder_ / "bin/python2", fs::perms::owner_all);
  const std::string line = fmt::format("'{}/assay' impls", ASSAY_BIN_DIR);
  const std::string shell =
      fmt::format("/bin/sh -c \"cd '{}' && {} >out 2>err\"", folder_.string(), line);
  ASSERT_EQ(std::system(shell.c_str()), 0);
  const std::string out = text_of(folder_ / "out");
  EXPECT_LE(widest_line(out), 80u) << out;
  EXPECT_THAT(out, AllOf(HasSubstr("cpython-3."), HasSubstr("reference@"),
                         HasSubstr("not usable: python2-c"), HasSubstr("exited with status 7")));
}

TEST_F(CliTest, ExportNeedsNoAssay) {
  make_project();
  ASSERT_EQ(run("record").status, 0);
  ASSERT_EQ(run("export vectors").status, 0);
  EXPECT_EQ(text_of(folder_ / "vectors/pickle/t/none.bin"), "N.");
  const json vectors = json::parse(text_of(folder_ / "vectors/pickle.json"));
  ASSERT_THAT(vectors["cases"], SizeIs(2));
  EXPECT_EQ(vectors["cases"][0]["id"], "t/none");
  EXPECT_EQ(vectors["cases"][0]["input"], "4e2e");
  EXPECT_EQ(vectors["cases"][0]["file"], "pickle/t/none.bin");
  EXPECT_EQ(vectors["cases"][0]["outcomes"][0]["value"], "None");
  const json schema = json::parse(text_of(folder_ / "vectors/schema.json"));
  for (const auto& [key, value] : vectors.items()) EXPECT_TRUE(schema["properties"].contains(key));
  const json& properties = schema["properties"]["cases"]["items"]["properties"];
  for (const auto& [key, value] : vectors["cases"][0].items())
    EXPECT_TRUE(properties.contains(key)) << key;
}

TEST_F(CliTest, ExportHoldsEveryOperation) {
  make_project();
  write("project/corpus/pickle/u.toml",
        "format = 'pickle'\ntopic = 'u'\n"
        "[[case]]\nid = 'u/write'\noperation = 'encode'\nwhy = 'w'\nspec = 's'\n"
        "value = '[1]'\nprotocol = 2\noptions = { fast = true }\n"
        "[[case]]\nid = 'u/names'\noperation = 'inspect'\nwhy = 'n'\nspec = 's'\n"
        "hex = '630a0a2e'\n");
  write("project/corpus/dbm/data/x.dir", "'k', (0, 1)\n");
  write("project/corpus/dbm/data/x.dat", "v");
  write("project/corpus/dbm/d.toml",
        "format = 'dbm'\ntopic = 'd'\n[[case]]\nid = 'd/which'\noperation = 'identify'\n"
        "why = 'i'\nspec = 's'\npath = 'data/x'\n");
  const Ended ended = run("export vectors");
  ASSERT_EQ(ended.status, 0) << ended.err;
  const auto vectors = [&](const std::string& name) {
    return json::parse(text_of(folder_ / "vectors" / name));
  };
  const json written = vectors("pickle-encode.json");
  EXPECT_EQ(written["operation"], "encode");
  EXPECT_EQ(written["cases"][0]["value"], "[1]");
  EXPECT_EQ(written["cases"][0]["protocol"], 2);
  EXPECT_EQ(written["cases"][0]["options"], json({{"fast", true}}));
  EXPECT_EQ(vectors("pickle-inspect.json")["cases"][0]["input"], "630a0a2e");
  const json which = vectors("dbm-identify.json");
  EXPECT_EQ(which["cases"][0]["path"], "dbm-identify/d/which/x");
  EXPECT_THAT(which["cases"][0]["files"], SizeIs(2));
  EXPECT_EQ(text_of(folder_ / "vectors/dbm-identify/d/which/x.dat"), "v");
  EXPECT_THAT(vectors("pickle.json")["cases"], SizeIs(2));
}

}  // namespace
}  // namespace assay
