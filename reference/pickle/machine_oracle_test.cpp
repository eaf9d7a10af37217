// The machine against every CPython on this machine: each lane decodes the same
// pickles behind the adapter protocol, and must give the machine's outcome.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <nlohmann/json.hpp>

#include "reference/pickle/faults.h"
#include "reference/pickle/machine.h"
#include "reference/pickle/machine_cases.h"
#include "reference/pickle/opcode.h"
#include "reference/pickle/python_for_tests.h"
#include "reference/value/compare.h"
#include "reference/value/text.h"

namespace assay::pickle {
namespace {

using nlohmann::json;

constexpr std::size_t generated_streams = 400;

std::string hex(std::string_view data) {
  std::string text;
  for (const char c : data) text += fmt::format("{:02x}", static_cast<unsigned char>(c));
  return text;
}

// --- streams --------------------------------------------------------------------

template <typename T>
rc::Gen<T> one_of(std::vector<T> values) {
  return rc::gen::elementOf(std::move(values));
}

rc::Gen<std::string> line_of(std::initializer_list<std::string> lines) {
  return rc::gen::map(one_of<std::string>(lines), [](std::string line) { return line + "\n"; });
}

// `width` bytes of a count, now and then a wrong one, and the bytes counted.
rc::Gen<std::string> counted(std::size_t width) {
  const auto data = one_of<std::string>({"", "a", "ab", "\xc3\xa9", "\xed\xa0\x80", "\xff", "(.)"});
  return rc::gen::map(rc::gen::pair(data, rc::gen::inRange(0, 40)),
                      [width](const std::pair<std::string, int>& made) {
                        std::uint64_t size = made.first.size();
                        if (made.second == 0) ++size;
                        if (made.second == 1) size = UINT64_MAX;
                        std::string text;
                        for (std::size_t i = 0; i < width; ++i)
                          text += static_cast<char>(size >> (8 * i));
                        return text + made.first;
                      });
}

rc::Gen<std::string> bytes(std::size_t count) {
  return rc::gen::container<std::string>(
      count, rc::gen::cast<char>(rc::gen::weightedOneOf<int>(
                 {{6, rc::gen::inRange(0, 5)}, {1, rc::gen::inRange(0, 256)}})));
}

// What may follow an opcode: right mostly, wrong often enough.
rc::Gen<std::string> argument(const Opcode& opcode) {
  const auto number = line_of({"0", "1", "2", "00", "01", "-1", "+1", "010", "0x1f", "1_0", " 1",
                               "1L", "9223372036854775808", "", "a", std::string("1\0x", 3)});
  switch (opcode.argument) {
    case Argument::none:
      return rc::gen::just(std::string());
    case Argument::decimalnl_short:
    case Argument::decimalnl_long:
      return number;
    case Argument::floatnl:
      return line_of({"1.5", "-0", "1e999", "nan", "-inf", "1_0.5", " 1.5", "0x1p3", ".5", ""});
    case Argument::stringnl:
      return line_of({"'ab'", "\"a\"", "'\\x41\\n'", "'\\x4'", "'a", "''", "'a' ", "'\xe9'", ""});
    case Argument::unicodestringnl:
      return line_of({"ab", "\\u0041", "\\\\u0041", "\\ud800", "\\U00110000", "\\u12", "\xe9", ""});
    case Argument::stringnl_noescape:
      return line_of({"ab", "", "\xe9"});
    case Argument::stringnl_noescape_pair:
      return rc::gen::map(
          rc::gen::pair(line_of({"m", "builtins", "__builtin__", "copy_reg", "_codecs", "", "Tix"}),
                        line_of({"x", "set", "slice", "bytearray", "Ellipsis", "_reconstructor",
                                 "encode", "object", "unicode", "", "\xe9"})),
          [](const std::pair<std::string, std::string>& lines) {
            return lines.first + lines.second;
          });
    default: {
      const ArgumentInfo about = info(opcode.argument);
      return about.shape == Shape::counted ? counted(about.width) : bytes(about.width);
    }
  }
}

rc::Gen<std::string> instruction() {
  std::vector<std::string> codes;
  for (const Opcode& opcode : opcodes()) {
    // A large index makes an array of gigabytes in the C lanes.
    if (opcode.code == Code::LONG_BINPUT || opcode.code == Code::STOP) continue;
    codes.emplace_back(1, static_cast<char>(opcode.code));
    // What has no argument is what makes and takes values: more of it.
    if (opcode.argument == Argument::none) codes.insert(codes.end(), 4, codes.back());
  }
  return rc::gen::mapcat(one_of(codes), [](const std::string& code) {
    const Opcode& opcode = *find_opcode(static_cast<std::uint8_t>(code[0]));
    return rc::gen::map(argument(opcode), [code](const std::string& text) { return code + text; });
  });
}

std::vector<std::string> streams() {
  std::vector<std::string> made;
  for (const MachineCase& test : machine_cases) made.emplace_back(test.data);
  const auto program = rc::gen::container<std::vector<std::string>>(instruction());
  for (std::size_t i = 0; i < generated_streams; ++i) {
    std::string data;
    // The run is the same every time: a generator that finds faults by chance
    // belongs outside the tests.
    for (const std::string& part : program(rc::Random(i), 3 + static_cast<int>(i % 12)).value())
      data += part;
    made.push_back(data + ".");
  }
  return made;
}

// --- lanes ----------------------------------------------------------------------

struct Oracle {
  std::string python;
  std::string lane;
};

// The CPythons in PATH and among pyenv's versions, from 2.7 on.
std::vector<Oracle> oracles() {
  std::set<std::string> found;
  for (const std::string& candidate : candidates({"python3", "python2.7"})) {
    const PythonRun run = run_python(candidate,
                                     "import os, platform, sys\n"
                                     "known = sys.version_info[:2] == (2, 7) or "
                                     "sys.version_info >= (3, 6)\n"
                                     "if known and platform.python_implementation() == 'CPython':\n"
                                     "    print(os.path.realpath(sys.executable))\n",
                                     true);
    if (run.status == 0 && run.output.size() > 1)
      found.insert(run.output.substr(0, run.output.size() - 1));
  }
  std::vector<Oracle> lanes;
  for (const std::string& python : found)
    for (const char* lane : {"c", "py"}) lanes.push_back({python, lane});
  return lanes;
}

// The answers of one lane: its hello first, then one for each stream.
std::vector<json> answers(const Oracle& oracle, const std::vector<std::string>& data) {
  const std::string requests =
      testing::TempDir() + "assay_oracle_test_" + std::to_string(::getpid()) + ".jsonl";
  std::ofstream file(requests);
  file << json{{"op", "hello"}, {"protocol", 1}} << '\n';
  for (std::size_t i = 0; i < data.size(); ++i)
    file << json{{"op", "decode"},
                 {"id", std::to_string(i)},
                 {"format", "pickle"},
                 {"data", hex(data[i])}}
         << '\n';
  file.close();
  const std::string command = fmt::format(
      "'{}' -E -B '{}/harness/adapters/python/assay_adapter.py' --lane {} < '{}' 2>/dev/null",
      oracle.python, ASSAY_SOURCE_DIR, oracle.lane, requests);
  std::string output;
  if (std::FILE* pipe = ::popen(command.c_str(), "r")) {
    char block[65536];
    for (std::size_t n = 0; (n = std::fread(block, 1, sizeof block, pipe)) > 0;)
      output.append(block, n);
    ::pclose(pipe);
  }
  std::filesystem::remove(requests);
  std::vector<json> lines;
  std::istringstream text(output);
  for (std::string line; std::getline(text, line);) lines.push_back(json::parse(line));
  return lines;
}

// "cpython-3.13-c" of version 3.13.0 as "cpython-3.13.0-c".
Profile profile_of(const json& hello) {
  const std::string name = hello.at("profile");
  std::string version = hello.at("version");
  version = version.substr(0, version.find_first_not_of("0123456789."));
  return Profile::parse("cpython-" + version + name.substr(name.find('-', 8))).value();
}

// What is wrong with the machine's outcome, or "".
std::string judged(const std::string& data, const Profile& profile, const json& answer) {
  Graph graph;
  const Outcome outcome = unpickle(graph, as_bytes(data), profile);
  if (outcome.status == Status::rejected) {
    if (answer.value("error", "") == outcome.error) return "";
    return fmt::format("{} ({})", outcome.error, outcome.message);
  }
  if (!outcome.accepted)  // an order that hashes decide is the only such thing here
    return outcome.status == Status::unsupported ? "" : outcome.message;
  if (!answer.contains("value")) return print(graph, outcome.value);
  Graph theirs;
  const std::string text = answer.at("value");
  CompareOptions options;
  if (profile.python2()) options.relaxed = relax::dict_order;
  const auto difference =
      first_difference(graph, outcome.value, theirs, parse(theirs, text), options);
  if (difference) return print(graph, outcome.value) + " differs at " + difference->path;
  if (answer.at("consumed") != outcome.consumed)
    return fmt::format("{} bytes consumed", outcome.consumed);
  return "";
}

TEST(MachineOracle, EveryLaneOfEveryCPythonGivesTheMachinesOutcome) {
  const std::vector<Oracle> lanes = oracles();
  ASSERT_FALSE(lanes.empty()) << "no CPython 2.7 or from 3.6 on in PATH or under pyenv";
  const std::vector<std::string> data = streams();
  for (const Oracle& oracle : lanes) {
    const std::vector<json> lines = answers(oracle, data);
    ASSERT_EQ(lines.size(), data.size() + 1) << oracle.python << " " << oracle.lane;
    const Profile profile = profile_of(lines[0]);
    std::size_t accepted = 0;
    for (std::size_t i = 0; i < data.size(); ++i) {
      const json& answer = lines[i + 1];
      accepted += answer.contains("value");
      const std::string wrong = judged(data[i], profile, answer);
      EXPECT_EQ(wrong, "") << profile.name() << " of " << hex(data[i]) << " gives " << answer;
    }
    EXPECT_GT(accepted, data.size() / 8) << profile.name() << ": streams too wild to tell much";
  }
}

// The expectations of machine_cases.h are what the recorded versions say.
TEST(MachineOracle, TheWrittenExpectationsAreThoseOfCPython) {
  std::vector<std::string> data;
  for (const MachineCase& test : machine_cases) data.emplace_back(test.data);
  for (const Oracle& oracle : oracles()) {
    const std::vector<json> lines = answers(oracle, data);
    ASSERT_EQ(lines.size(), data.size() + 1) << oracle.python << " " << oracle.lane;
    const std::string name = profile_of(lines[0]).name();
    const auto recorded = recorded_profiles();
    if (std::find(recorded.begin(), recorded.end(), name) == recorded.end()) continue;
    for (std::size_t i = 0; i < data.size(); ++i) {
      const json& answer = lines[i + 1];
      const std::string said = answer.contains("error")
                                   ? "!" + answer.at("error").get<std::string>()
                                   : answer.at("value").get<std::string>();
      EXPECT_EQ(said, expected_outcome(machine_cases[i], name)) << name << " of " << hex(data[i]);
    }
  }
}

}  // namespace
}  // namespace assay::pickle
