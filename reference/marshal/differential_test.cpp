// The reader against every CPython on the machine, on generated data. The number
// of cases for each can be set in the environment: ASSAY_MARSHAL_CASES, and where
// they start: ASSAY_MARSHAL_SEED.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <cstdlib>

#include "reference/marshal/bytecode.h"
#include "reference/marshal/generated_data.h"
#include "reference/marshal/oracle_for_tests.h"
#include "reference/marshal/reader.h"
#include "reference/value/compare.h"
#include "reference/value/text.h"

namespace assay::marshal {
namespace {

std::uint64_t setting(const char* name, std::uint64_t otherwise) {
  const char* text = std::getenv(name);
  return text == nullptr ? otherwise : std::strtoull(text, nullptr, 10);
}

// Whether the adapter would crash, or corrupt its memory, when it looks at some
// code object, and answer nonsense from then on.
bool reads_badly(const Graph& graph, const Profile& profile) {
  for (NodeId id = 0; id < graph.size(); ++id)
    if (graph.kind(id) == Kind::bytes && crashes_when_read(graph.data(id), profile.version()))
      return true;
  return false;
}

std::vector<std::string> generated(const Profile& profile, std::uint64_t seed, std::size_t count) {
  const auto choices =
      rc::gen::container<std::vector<std::uint8_t>>(rc::gen::arbitrary<std::uint8_t>());
  rc::Random random(seed);
  std::vector<std::string> streams;
  for (std::size_t i = 0; i < count; ++i) {
    const auto size = static_cast<int>(4 + i % 200);
    std::string stream = StreamFromChoices(profile, choices(random.split(), size).value()).build();
    Graph graph;
    read(graph, as_bytes(stream), profile);
    if (!reads_badly(graph, profile)) streams.push_back(std::move(stream));
  }
  return streams;
}

// Empty when the reference agrees with the oracle.
std::string disagreement(const std::string& data, const Profile& profile, const Answer& answer) {
  // What a CPython allocates before it reads depends on the machine.
  if (answer.error == "MemoryError") return "";
  Graph graph;
  const Outcome outcome = read(graph, as_bytes(data), profile);
  if (outcome.status == Status::crashes || outcome.status == Status::unsupported) return "";
  if (answer.crashed) return "crashed, reference: " + std::string(outcome.error);
  if (outcome.status == Status::rejected) {
    if (answer.error == outcome.error) return "";
    return "reference " + std::string(outcome.error) + " " + outcome.message + ", oracle " +
           answer.error + " " + answer.message + " " + answer.value;
  }
  if (!outcome.accepted) return "reference: " + outcome.message;
  if (!answer.error.empty())
    return "reference " + print(graph, outcome.value) + ", oracle " + answer.error + " " +
           answer.message;
  if (answer.consumed != outcome.consumed)
    return "consumed " + std::to_string(outcome.consumed) + ", oracle " +
           std::to_string(answer.consumed);
  Graph theirs;
  const NodeId value = parse(theirs, answer.value);
  const auto difference = first_difference(graph, outcome.value, theirs, value,
                                           {.relaxed = profile.python2() ? relax::dict_order : 0});
  if (!difference) return "";
  return difference->path + ": " + difference->left + ", oracle " + difference->right;
}

TEST(Differential, GeneratedDataIsReadAsEveryCPythonReadsIt) {
  const std::vector<Oracle> all = oracles();
  ASSERT_FALSE(all.empty()) << "no CPython to compare with";
  const std::size_t count = setting("ASSAY_MARSHAL_CASES", 400);
  const std::uint64_t seed = setting("ASSAY_MARSHAL_SEED", 1);
  for (const Oracle& oracle : all) {
    const std::vector<std::string> streams = generated(oracle.profile, seed, count);
    std::vector<nlohmann::json> requests;
    for (const std::string& stream : streams)
      requests.push_back({{"op", "decode"}, {"data", to_hex(stream)}});
    const std::vector<Answer> answers = oracle.ask(requests);
    std::size_t accepted = 0, shown = 0;
    for (std::size_t i = 0; i < streams.size(); ++i) {
      accepted += answers[i].error.empty() && !answers[i].crashed;
      const std::string wrong = disagreement(streams[i], oracle.profile, answers[i]);
      if (!wrong.empty() && ++shown <= 10)
        ADD_FAILURE() << oracle.profile.name() << " " << to_hex(streams[i]) << "\n  " << wrong;
    }
    EXPECT_GT(accepted, count / 10) << "the data are hardly ever valid";
    std::printf("%s: %zu cases, %zu accepted, %zu disagreements\n", oracle.profile.name().c_str(),
                streams.size(), accepted, shown);
  }
}

}  // namespace
}  // namespace assay::marshal
