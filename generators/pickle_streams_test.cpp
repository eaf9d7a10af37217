// What the generators promise, and the properties that need nothing but the
// reference. The one against oracles is a test of `assay fuzz`, which holds it.
#include "generators/pickle_streams.h"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <map>
#include <set>

#include "generators/mutation.h"
#include "generators/pickle_arguments.h"
#include "generators/stream_gen.h"
#include "reference/pickle/assembler.h"
#include "reference/pickle/disassembler.h"
#include "reference/pickle/instruction.h"
#include "reference/pickle/machine.h"
#include "reference/value/compare.h"
#include "reference/value/text.h"

namespace assay::generators {
namespace {

using pickle::Code;
using std::string_literals::operator""s;

// What stands in for the corpus: a pickle of each kind of protocol.
std::vector<Stream> seeds() {
  return {{"(dp0\nS'k'\np1\nI1\ns.", {}, {}},
          {"\x80\x02}q\x00U\x01kq\x01K\x01s."s, {}, {}},
          {"\x80\x04\x95\x0c\0\0\0\0\0\0\0\x8c\x01m\x8c\x01n\x93)\x81}b."s, {}, {}}};
}

std::vector<pickle::Instruction> instructions_of(std::string_view bytes) {
  std::vector<pickle::Instruction> all;
  Cursor cursor(as_bytes(bytes));
  try {
    while (!cursor.at_end()) all.push_back(pickle::read_instruction(cursor));
  } catch (const DecodeError&) {
  }
  return all;
}

pickle::UnpickleOptions options_of(const Stream& stream) {
  pickle::UnpickleOptions options;
  for (const CaseOption& option : stream.options) {
    if (option.key == "encoding") options.encoding = std::get<std::string>(option.value);
    if (option.key == "fix_imports") options.fix_imports = std::get<bool>(option.value);
    if (option.key == "symbolic") options.symbolic = std::get<bool>(option.value);
    if (option.key == "persistent") options.persistent = false;
    if (option.key == "extensions")
      options.extensions = {{1, "m", "C"}, {300, "m", "D"}, {70000, "n", "E"}};
  }
  for (const std::string& buffer : stream.buffers)
    options.buffers.push_back({as_bytes("b"), buffer.starts_with("w:")});
  return options;
}

TEST(PickleStreams, ValidProgramsAreAcceptedByEveryProfileThatHasTheirOpcodes) {
  for (std::uint64_t index = 0; index < 1200; ++index) {
    const int protocol = static_cast<int>(index % 6);
    Choices choices(1, index, "valid");
    const Stream stream = valid_pickle(choices, protocol, true);
    for (const std::string_view name : pickle::recorded_profiles()) {
      const pickle::Profile profile = *pickle::Profile::parse(name);
      if (profile.highest_protocol() < protocol) continue;
      Graph graph;
      const pickle::Outcome outcome =
          pickle::unpickle(graph, as_bytes(stream.bytes), profile, options_of(stream));
      ASSERT_TRUE(outcome.accepted)
          << name << ", stream " << index << ": " << outcome.error << " " << outcome.message << "\n"
          << pickle::disassemble(as_bytes(stream.bytes));
    }
  }
}

TEST(PickleStreams, TheSameNumbersMakeTheSameStream) {
  const std::vector<Stream> corpus = seeds();
  std::set<std::string> different;
  for (std::uint64_t index = 0; index < 200; ++index) {
    const Stream stream = make_stream(pickle_format, 7, index, corpus);
    EXPECT_EQ(stream, make_stream(pickle_format, 7, index, corpus));
    different.insert(stream.bytes);
    different.insert(make_stream(pickle_format, 8, index, corpus).bytes);
  }
  EXPECT_GT(different.size(), 380u);
}

TEST(PickleStreams, HaveEveryOpcodeAndAreAcceptedAboutAsOftenAsNot) {
  const std::vector<Stream> corpus = seeds();
  std::set<Code> seen;
  std::map<std::string_view, int> errors;
  int accepted = 0;
  constexpr int count = 4000;
  for (std::uint64_t index = 0; index < count; ++index) {
    const Stream stream = make_stream(pickle_format, 3, index, corpus);
    for (const pickle::Instruction& one : instructions_of(stream.bytes)) seen.insert(one.code());
    Graph graph;
    const auto outcome =
        pickle::unpickle(graph, as_bytes(stream.bytes), pickle::Profile(), options_of(stream));
    accepted += outcome.accepted;
    if (outcome.status == pickle::Status::rejected) ++errors[outcome.error];
    EXPECT_NE(outcome.status, pickle::Status::internal) << outcome.message;
    EXPECT_FALSE(pickle_needs_memory(stream.bytes));
  }
  EXPECT_EQ(seen.size(), pickle::opcode_count);
  EXPECT_GT(accepted, count / 4);
  EXPECT_LT(accepted, count * 3 / 4);
  // UnpicklingError, EOFError, TypeError, ValueError, …: faults of many kinds.
  EXPECT_GE(errors.size(), 7u);
}

TEST(PickleStreams, AssembleToWhatWasDisassembled) {
  EXPECT_TRUE(rc::check("assemble(disassemble(stream)) == stream", [] {
    const Stream stream = *streams_of(pickle_format, seeds());
    const std::string text = pickle::disassemble(as_bytes(stream.bytes));
    const std::vector<std::uint8_t> bytes = pickle::assemble(text);
    RC_ASSERT(std::string(bytes.begin(), bytes.end()) == stream.bytes);
    RC_ASSERT(pickle::disassemble(bytes) == text);
  }));
}

TEST(PickleStreams, ValuesSurviveValueText) {
  EXPECT_TRUE(rc::check("parse(print(value)) is the value, and prints the same", [] {
    const Stream stream = *streams_of(pickle_format, seeds());
    Graph graph, again;
    const auto outcome =
        pickle::unpickle(graph, as_bytes(stream.bytes), pickle::Profile(), options_of(stream));
    RC_PRE(outcome.accepted);
    const std::string text = print(graph, outcome.value);
    const NodeId read = parse(again, text);
    RC_ASSERT(!first_difference(graph, outcome.value, again, read));
    RC_ASSERT(print(again, read) == text);
  }));
}

// As `assay fuzz` shrinks: the first simpler stream that still fits, again.
Stream smallest(Stream stream, const std::function<bool(const Stream&)>& fits) {
  for (bool smaller = true; smaller;) {
    smaller = false;
    for (Stream& simpler : simpler_pickles(stream, simpler_tried)) {
      if (!fits(simpler)) continue;
      stream = std::move(simpler);
      smaller = true;
      break;
    }
  }
  return stream;
}

bool has(const Stream& stream, Code code) {
  for (const pickle::Instruction& one : instructions_of(stream.bytes))
    if (one.code() == code) return true;
  return false;
}

TEST(PickleStreams, ShrinkToTheOneInstructionThatMatters) {
  const std::vector<Stream> corpus = seeds();
  int tried = 0;
  for (std::uint64_t index = 0; tried < 20; ++index) {
    const Stream stream = make_stream(pickle_format, 5, index, corpus);
    if (!has(stream, Code::APPENDS)) continue;
    ++tried;
    const Stream small = smallest(stream, [](const Stream& s) { return has(s, Code::APPENDS); });
    EXPECT_EQ(small, (Stream{"e", {}, {}})) << index;
  }
}

// What must stay right on the way: the value under a frame.
TEST(PickleStreams, ShrinkingKeepsFramesWhole) {
  const Stream stream{
      "\x80\x05\x95\x11\0\0\0\0\0\0\0](\x8c\x05helloKd\x8a\x02\xe8\x03"
      "e."s,
      {{"encoding", "latin1"s}},
      {"61"}};
  const auto fits = [](const Stream& s) {
    Graph graph;
    pickle::UnpickleOptions options;
    const auto outcome = pickle::unpickle(graph, as_bytes(s.bytes), pickle::Profile(), options);
    return outcome.accepted && has(s, Code::FRAME) && print(graph, outcome.value) != "None";
  };
  ASSERT_TRUE(fits(stream));
  const Stream small = smallest(stream, fits);
  // The shortest value that is not None; STOP need not be in the frame.
  EXPECT_EQ(small.bytes, "\x95\x01\0\0\0\0\0\0\0)."s);
  EXPECT_TRUE(small.options.empty());
  EXPECT_TRUE(small.buffers.empty());
}

TEST(PickleStreams, NothingIsSimplerThanNothing) {
  EXPECT_TRUE(simpler_pickles({}, 100).empty());
}

TEST(PickleStreams, KnowWhatIsAllocatedBeforeItIsRead) {
  EXPECT_FALSE(pickle_needs_memory("B\x05\0\0\0hello."s));
  EXPECT_FALSE(pickle_needs_memory("B\x00\x00\x01\x00."s));  // 64 KiB
  EXPECT_TRUE(pickle_needs_memory("B\0\0\0\x7f."s));
  EXPECT_FALSE(pickle_needs_memory("T\xff\xff\xff\xff."s));  // negative
  EXPECT_TRUE(pickle_needs_memory("\x96\0\0\0\0\x01\0\0\0."s));
  EXPECT_FALSE(pickle_needs_memory("\x96\0\0\0\0\0\0\0\x80."s));  // beyond any memory
  EXPECT_TRUE(pickle_needs_memory("Nr\0\0\0\x10."s));
  EXPECT_TRUE(pickle_needs_memory("Np9999999\n."s));
  EXPECT_FALSE(pickle_needs_memory("Np99999\n."s));
}

// LONG1 crosses the end of the frame, the C lanes drop what is left of it, and go
// on in the middle of what was text: LONG_BINPUT 0x69446465.
TEST(PickleStreams, KnowThatReadersGoOnBehindAFrame) {
  const std::string stream = "\x95\x04\0\0\0\0\0\0\0N\x8a\x02\x01\x01VredDic\n."s;
  EXPECT_FALSE(pickle_needs_memory(stream));
  EXPECT_TRUE(pickle_may_need_memory(stream));
  EXPECT_FALSE(pickle_may_need_memory("VredDic\n."));
}

TEST(Mutation, ChangesLittle) {
  int changed = 0;
  for (std::uint64_t index = 0; index < 500; ++index) {
    Choices choices(2, index, "mutation");
    const std::string bytes(index % 40, 'a');
    const std::string_view others[] = {"0123456789"};
    const std::string made = mutated(choices, bytes, others);
    EXPECT_LE(made.size(), bytes.size() + 10 + 64);
    changed += made != bytes;
  }
  EXPECT_GT(changed, 450);
}

}  // namespace
}  // namespace assay::generators
