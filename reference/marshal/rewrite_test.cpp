// The writer against every CPython on the machine: what dumps(loads(data), v)
// gives of generated data.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "reference/marshal/bytecode.h"
#include "reference/marshal/generated_data.h"
#include "reference/marshal/normal_form.h"
#include "reference/marshal/oracle_for_tests.h"
#include "reference/marshal/writer.h"
#include "reference/value/compare.h"
#include "reference/value/text.h"

namespace assay::marshal {
namespace {

// Reads lines of a version and data; prints the data written again, the class of
// the error, or - where they cannot be read.
constexpr const char* script = R"(
import binascii, marshal, sys
for line in open(sys.argv[1]):
    version, data = line.split()
    try:
        value = marshal.loads(binascii.unhexlify(data))
    except Exception:
        print("-")
        continue
    try:
        print(binascii.hexlify(marshal.dumps(value, int(version))).decode("ascii"))
    except Exception as error:
        print(type(error).__name__)
)";

struct Case {
  std::string data;
  int version;
};

constexpr std::size_t most_bytes = 1 << 20;

// Whether CPython can be asked. Below version 3 a value that holds itself twice
// is no question: w_object keeps the error of the depth limit and goes on with
// the next item, so that n levels cost 2**n calls and their output.
bool ends_soon(const Written& written, int version) {
  const bool too_deep =
      written.status == Status::rejected && written.message.find("deep") != std::string::npos;
  return written.status != Status::limit && !(too_deep && version < 3);
}

// Data that this CPython reads without a crash, and can write again.
std::vector<Case> generated(const Profile& profile, std::size_t count) {
  const auto choices =
      rc::gen::container<std::vector<std::uint8_t>>(rc::gen::arbitrary<std::uint8_t>());
  rc::Random random(17);
  std::vector<Case> cases;
  for (std::size_t i = 0; cases.size() < count; ++i) {
    const auto bytes = choices(random.split(), static_cast<int>(4 + i % 200)).value();
    std::string data = StreamFromChoices(profile, bytes).build();
    Graph graph;
    const Outcome outcome = read(graph, as_bytes(data), profile);
    if (!outcome.accepted) continue;
    const int version = static_cast<int>(i % 8);
    if (!ends_soon(write(graph, outcome.value, version, profile, {.most_bytes = most_bytes}),
                   profile.python2() ? 0 : version))
      continue;
    bool bad = false;
    for (NodeId id = 0; id < graph.size(); ++id)
      bad = bad ||
            (graph.kind(id) == Kind::bytes && crashes_when_read(graph.data(id), profile.version()));
    if (!bad) cases.push_back({std::move(data), version});
  }
  return cases;
}

// Whether an order depends on hashes: that of sets, in Python 2 that of dicts.
bool is_unordered(const Graph& graph, const Profile& profile) {
  for (NodeId id = 0; id < graph.size(); ++id) {
    const Kind kind = graph.kind(id);
    const std::size_t edges = graph.edges(id).size();
    if ((kind == Kind::set || kind == Kind::frozenset) && edges > 1 &&
        !profile.has(Quirk::sets_sorted))
      return true;
    if (kind == Kind::dict && edges > 2 && profile.python2()) return true;
  }
  return false;
}

// Empty when the writer agrees.
std::string disagreement(const Case& row, const Profile& profile, const std::string& answer) {
  Graph graph;
  const Outcome outcome = read(graph, as_bytes(row.data), profile);
  const Written written = write(graph, outcome.value, row.version, profile);
  if (!written.accepted) return answer == written.error ? "" : "writer refuses: " + written.message;
  const auto theirs = from_hex(answer);
  if (!theirs) return "oracle: " + answer;
  Graph again, their_graph;
  const Outcome ours = read(again, as_bytes(written.data), profile);
  const Outcome other = read(their_graph, as_bytes(*theirs), profile);
  if (!ours.accepted || !other.accepted) return "not readable: " + ours.message + other.message;
  // Strings and tuples that CPython has only once may be written once: sharing of
  // mutable objects is compared with the graph.
  const CompareOptions options{.relaxed = profile.python2() ? relax::dict_order : 0};
  if (const auto difference =
          first_difference(again, ours.value, their_graph, other.value, options))
    return difference->path + ": " + difference->left + ", oracle " + difference->right;
  if (row.version >= (profile.python2() ? 1 : 3) || is_unordered(graph, profile)) return "";
  return written.data == *theirs ? "" : "other bytes: " + to_hex(written.data);
}

TEST(Rewrite, GeneratedDataIsWrittenAsEveryCPythonWritesIt) {
  const std::vector<Oracle> all = oracles();
  ASSERT_FALSE(all.empty()) << "no CPython to compare with";
  const char* wanted = std::getenv("ASSAY_MARSHAL_CASES");
  const std::size_t count = wanted == nullptr ? 300 : std::strtoull(wanted, nullptr, 10);
  const TemporaryFile program(script);
  for (const Oracle& oracle : all) {
    if (!oracle.native()) continue;
    const std::vector<Case> cases = generated(oracle.profile, count);
    std::string lines;
    for (const Case& row : cases)
      lines += std::to_string(row.version) + " " + to_hex(row.data) + "\n";
    const TemporaryFile file(lines);
    std::istringstream output(output_of("ulimit -v 4000000; timeout 120 " + oracle.command + " '" +
                                        program.path() + "' '" + file.path() + "'"));
    std::size_t shown = 0, answers = 0;
    for (std::string line; std::getline(output, line); ++answers) {
      ASSERT_LT(answers, cases.size());
      const std::string wrong = disagreement(cases[answers], oracle.profile, line);
      if (!wrong.empty() && ++shown <= 5)
        ADD_FAILURE() << oracle.profile.name() << " version " << cases[answers].version << " "
                      << to_hex(cases[answers].data) << "\n  " << line << "\n  " << wrong;
    }
    EXPECT_EQ(answers, cases.size()) << oracle.profile.name();
    std::printf("%s: %zu cases, %zu disagreements\n", oracle.profile.name().c_str(), answers,
                shown);
  }
}

}  // namespace
}  // namespace assay::marshal
