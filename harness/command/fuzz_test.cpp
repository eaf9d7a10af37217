// `assay fuzz` itself: that it finds a fault that was put in, makes the stream
// small and the cause one; and that it finds none in the reference.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

namespace assay {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

struct Ended {
  int status = -1;
  std::string out;
};

Ended assay(const std::string& arguments) {
  const std::string root =
      arguments.starts_with("--root") ? "" : std::string("--root '") + ASSAY_SOURCE_DIR + "' ";
  const std::string command =
      std::string(ASSAY_BIN_DIR) + "/assay fuzz " + root + arguments + " 2>&1";
  Ended ended;
  std::FILE* pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr) return ended;
  char block[65536];
  for (std::size_t n = 0; (n = std::fread(block, 1, sizeof block, pipe)) > 0;)
    ended.out.append(block, n);
  const int status = ::pclose(pipe);
  ended.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return ended;
}

std::vector<json> objects(const std::string& lines) {
  std::vector<json> all;
  std::istringstream text(lines);
  for (std::string line; std::getline(text, line);) all.push_back(json::parse(line));
  return all;
}

// The reference behind a wrapper whose `fault` (Python) may change what is
// answered: `line` is the answer, `asked` the request, both as text.
std::string wrapper(const std::string& name, const std::string& fault) {
  const fs::path path = fs::path(testing::TempDir()) / (name + ".py");
  std::ofstream(path)
      << "import os, subprocess, sys, time\n"
         "reference = subprocess.Popen(['" ASSAY_BIN_DIR
         "/assay-reference', '--as', 'cpython-3.13-c'],\n"
         "    stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)\n"
         "for asked in sys.stdin:\n"
         "    reference.stdin.write(asked)\n"
         "    line = reference.stdout.readline()\n"
         "    if not line: break\n"
         "    " +
             fault +
             "\n"
             "    sys.stdout.write(line)\n"
             "    sys.stdout.flush()\n";
  return "'/usr/bin/python3 " + path.string() + "'";
}

// Opcode FROZENSET with nothing in it gives a set.
constexpr const char* wrong_set =
    "line = line.replace('frozenset()', 'set()') if '66726f7a' not in asked else line";

TEST(Fuzz, FindsAPlantedFaultAndMakesItSmall) {
  const std::string subject = wrapper("fuzz_small_set", wrong_set);
  const Ended ended = assay("--impl " + subject +
                            " --against reference@cpython-3.13-c --count 4000 --seed 3 --json");
  EXPECT_EQ(ended.status, 1) << ended.out;
  const std::vector<json> lines = objects(ended.out);
  ASSERT_EQ(lines.size(), 2u) << ended.out;
  EXPECT_EQ(lines[0].at("kind"), "cause");
  EXPECT_EQ(lines[0].at("hex"), "28912e");  // MARK FROZENSET STOP
  EXPECT_EQ(lines[0].at("asm"), "MARK\nFROZENSET\nSTOP\n");
  EXPECT_EQ(lines[0].at("against_said"), "frozenset() (3 bytes)");
  EXPECT_GT(lines[0].at("count"), 1);
  EXPECT_EQ(lines[0].at("count"), lines[1].at("disagree"));
  EXPECT_EQ(lines[1].at("streams"), 4000);
}

TEST(Fuzz, TellsCausesApartAndNamesThemForPeople) {
  const std::string subject =
      wrapper("fuzz_two_faults",
              "line = line.replace('\"error\":\"EOFError\"', '\"error\":\"IOError\"') if '2e\"' "
              "not in asked "
              "else line.replace('\"value\":\"None\"', '\"value\":\"False\"')");
  const std::string arguments =
      "--impl " + subject + " --against reference@cpython-3.13-c --count 1500 --seed 4";
  const Ended ended = assay(arguments);
  EXPECT_EQ(ended.status, 1);
  EXPECT_THAT(ended.out, HasSubstr("wrong-value at NONE"));
  EXPECT_THAT(ended.out, HasSubstr("wrong-error at "));
  EXPECT_THAT(ended.out, HasSubstr("!IOError"));
  EXPECT_THAT(ended.out, HasSubstr("--seed 4"));
  std::istringstream text(ended.out);
  for (std::string line; std::getline(text, line);) {
    if (line.find("./assay fuzz") == std::string::npos) {
      EXPECT_LE(line.size(), 80u) << line;
    }
  }
  // The same again, from the same numbers.
  const auto causes = [](const std::string& out) { return out.substr(out.find("\n\n")); };
  EXPECT_EQ(causes(assay(arguments).out), causes(ended.out));
}

TEST(Fuzz, CountsWhatAProcessDiesOf) {
  const std::string subject = wrapper("fuzz_dies", "if 'bytearray' in line: os._exit(3)");
  const Ended ended =
      assay("--impl " + subject +
            " --against reference@cpython-3.13-c --count 100 --seed 3 --no-shrink --json");
  EXPECT_EQ(ended.status, 1);
  const std::vector<json> lines = objects(ended.out);
  ASSERT_GE(lines.size(), 2u) << ended.out;
  EXPECT_EQ(lines[0].at("verdict"), "crash");
  EXPECT_GT(lines.back().at("restarts"), 0);
  EXPECT_EQ(lines.back().at("streams"), 100);
}

// While it lives, no Python but those of /usr/bin is found.
class NoOtherPythons {
 public:
  NoOtherPythons() {
    setenv("PYENV_ROOT", "/nowhere", 1);
    setenv("ASSAY_PYODIDE_DIR", "/nowhere", 1);
  }
  ~NoOtherPythons() {
    unsetenv("PYENV_ROOT");
    unsetenv("ASSAY_PYODIDE_DIR");
  }
};

// A project with one case and the adapters of this one, in a folder of its own:
// tests run beside each other.
fs::path small_project(const std::string& name) {
  const fs::path root = fs::path(testing::TempDir()) / name;
  fs::remove_all(root);
  fs::create_directories(root / "corpus/pickle");
  fs::create_directory_symlink(fs::path(ASSAY_SOURCE_DIR) / "harness", root / "harness");
  std::ofstream(root / "corpus/pickle/one.toml")
      << "format = \"pickle\"\ntopic = \"one\"\n[[case]]\nid = \"one/none\"\n"
         "why = \"The shortest pickle.\"\nspec = \"pickletools\"\nasm = \"NONE; STOP\"\n";
  return root;
}

std::string text_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  return std::move(text).str();
}

TEST(Fuzz, PromotesACauseToARecordedCase) {
  const NoOtherPythons here;
  const fs::path root = small_project("fuzz_promoted");
  const std::string arguments = "--root '" + root.string() + "' --impl " +
                                wrapper("fuzz_promoted", wrong_set) +
                                " --against reference@cpython-3.13-c --count 1500 --seed 3"
                                " --promote set/frozen-empty";
  const Ended ended = assay(arguments);
  EXPECT_EQ(ended.status, 1) << ended.out;
  const std::string written = text_of(root / "corpus/pickle/fuzz.toml");
  EXPECT_THAT(written, HasSubstr("id = \"set/frozen-empty\""));
  EXPECT_THAT(written, HasSubstr("asm = \"MARK; FROZENSET; STOP\""));
  EXPECT_THAT(written, HasSubstr("--seed 3 --first "));
  const std::string recorded = text_of(root / "corpus/pickle/fuzz.recorded.json");
  EXPECT_THAT(recorded, HasSubstr("\"value\":\"frozenset()\",\"consumed\":3"));
  EXPECT_THAT(recorded, HasSubstr("cpython-3."));
  // The id is taken now, and the corpus stays as it is.
  EXPECT_EQ(assay(arguments).status, 2);
  EXPECT_EQ(text_of(root / "corpus/pickle/fuzz.toml"), written);
}

TEST(Fuzz, PromotesACauseOfWriting) {
  const NoOtherPythons here;
  const fs::path root = small_project("fuzz_promoted_writing");
  // A writer that refuses frozensets.
  const std::string refuses =
      wrapper("fuzz_refuses",
              "if 'frozenset' in asked: line = '{\"id\":%s,\"error\":\"TypeError\"}\\n' % "
              "__import__('json').loads(asked)['id']");
  const Ended ended = assay("--root '" + root.string() + "' --operation encode --impl " + refuses +
                            " --against reference@cpython-3.13-c --count 60 --seed 3"
                            " --promote set/frozen-written --topic written");
  EXPECT_EQ(ended.status, 1) << ended.out;
  const std::string written = text_of(root / "corpus/pickle/written.toml");
  EXPECT_THAT(written, HasSubstr("# assay fuzz --format pickle --operation encode --seed 3"));
  EXPECT_THAT(written, HasSubstr("id = \"set/frozen-written\""));
  EXPECT_THAT(written, HasSubstr("operation = \"encode\"\nprotocol = "));
  EXPECT_THAT(written, HasSubstr("value = \"frozenset()\"")) << "the smallest of them";
  const std::string recorded = text_of(root / "corpus/pickle/written.recorded.json");
  EXPECT_THAT(recorded, HasSubstr("\"data\":\"")) << recorded;
  EXPECT_THAT(recorded, HasSubstr("cpython-3."));
}

// Properties of the reference: outcome(profile, s) is every oracle's.
TEST(Fuzz, TheReferenceGivesEveryCPythonsOutcome) {
  const Ended ended = assay("--count 200 --seed 11 --json");
  EXPECT_EQ(ended.status, 0) << ended.out;
  const std::vector<json> lines = objects(ended.out);
  ASSERT_GE(lines.size(), 2u) << "no CPython to compare with: " << ended.out;
  for (const json& run : lines) {
    ASSERT_EQ(run.at("kind"), "run") << run;
    EXPECT_GE(run.at("agree"), 150) << run;
    EXPECT_EQ(run.at("disagree"), 0) << run;
  }
}

// dbm.dumb is run by both, byte for byte; what others write is read.
TEST(Fuzz, TheReferenceRunsAndReadsScripts) {
  for (const json& run : objects(assay("--format dbm.dumb --count 25 --seed 5 --json").out)) {
    ASSERT_EQ(run.at("kind"), "run") << run;
    EXPECT_EQ(run.at("disagree"), 0) << run;
    // Lane py has no dbm of its own.
    const bool asked = run.at("subject").get<std::string>().ends_with("-c");
    EXPECT_GE(run.at("agree"), asked ? 12 : 0) << run;
  }
  const Ended read = assay(
      "--format dbm.ndbm --count 25 --impl reference@cpython-3.11-c "
      "--against '/usr/bin/python3 " ASSAY_SOURCE_DIR
      "/harness/adapters/python/assay_adapter.py' --json");
  EXPECT_EQ(read.status, 0) << read.out;
  EXPECT_GE(objects(read.out).back().at("agree"), 20) << read.out;
}

// So is what it writes: bytes of generated values, each in every protocol.
TEST(Fuzz, TheReferenceWritesEveryCPythonsBytes) {
  const Ended ended = assay("--operation encode --count 120 --seed 11 --json");
  EXPECT_EQ(ended.status, 0) << ended.out;
  const std::vector<json> lines = objects(ended.out);
  ASSERT_GE(lines.size(), 2u) << "no CPython to compare with: " << ended.out;
  for (const json& run : lines) {
    ASSERT_EQ(run.at("kind"), "run") << run;
    EXPECT_EQ(run.at("operation"), "encode");
    EXPECT_GE(run.at("agree"), 80) << run;
    EXPECT_EQ(run.at("disagree"), 0) << run;
  }
}

// Marshalled data: equal in normal form, versions 0 to 6.
TEST(Fuzz, TheReferenceMarshalsAsEveryCPython) {
  const Ended ended = assay("--format marshal --operation encode --count 210 --seed 12 --json");
  EXPECT_EQ(ended.status, 0) << ended.out;
  const std::vector<json> lines = objects(ended.out);
  ASSERT_GE(lines.size(), 2u) << "no CPython to compare with: " << ended.out;
  for (const json& run : lines) {
    ASSERT_EQ(run.at("kind"), "run") << run;
    EXPECT_EQ(run.at("operation"), "encode");
    EXPECT_EQ(run.at("disagree"), 0) << run;
    // Lane py has no marshal.
    const bool asked = run.at("subject").get<std::string>().find("-c") != std::string::npos;
    EXPECT_GE(run.at("agree"), asked ? 120 : 0) << run;
  }
}

// The numbers of references are part of the normal form.
TEST(Fuzz, FindsAPlantedFaultOfAMarshaller) {
  const std::string subject =
      wrapper("fuzz_wrong_marshaller", "line = line.replace('72000000', '72010000')");
  const Ended ended = assay("--format marshal --operation encode --impl " + subject +
                            " --against reference@cpython-3.13-c --count 420 --seed 3 --json");
  EXPECT_EQ(ended.status, 1) << ended.out;
  const json cause = objects(ended.out).at(0);
  EXPECT_EQ(cause.at("verdict"), "wrong-bytes");
  EXPECT_GE(cause.at("protocol"), 3);
}

// Lists are memoized twice in protocols 4 and 5.
TEST(Fuzz, FindsAPlantedFaultOfAWriter) {
  const std::string subject = wrapper("fuzz_wrong_writer", "line = line.replace('5d94', '5d9494')");
  const Ended ended = assay("--operation encode --impl " + subject +
                            " --against reference@cpython-3.13-c --count 600 --seed 3 --json");
  EXPECT_EQ(ended.status, 1) << ended.out;
  const std::vector<json> lines = objects(ended.out);
  ASSERT_GE(lines.size(), 2u) << ended.out;
  bool smallest_found = false;
  for (const json& cause : lines) {
    if (cause.at("kind") != "cause") continue;
    EXPECT_EQ(cause.at("verdict"), "wrong-bytes");
    smallest_found |= cause.at("value") == "[]" && cause.at("protocol") == 4;
    EXPECT_THAT(cause.at("repeat").get<std::string>(), HasSubstr("--operation encode"));
  }
  EXPECT_TRUE(smallest_found) << ended.out;
}

TEST(Fuzz, SaysWhatIsWrongWithWhatItIsTold) {
  EXPECT_EQ(assay("--format nonesuch").status, 2);
  EXPECT_THAT(assay("--format nonesuch").out, HasSubstr("for format 'nonesuch'\n"));
  EXPECT_EQ(assay("--operation sing").status, 2);
  EXPECT_THAT(assay("--operation sing").out, HasSubstr("'pickle' and operation sing\n"));
  EXPECT_EQ(assay("--against reference@cpython-3.13-c").status, 2);
  EXPECT_EQ(assay("--as cpython-3.13-c --impl pypy").status, 2);
}

}  // namespace
}  // namespace assay
