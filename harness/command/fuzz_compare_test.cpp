#include "harness/command/fuzz_compare.h"

#include <gtest/gtest.h>

namespace assay {
namespace {

using Kind = Comparison::Kind;

Observation raises(const std::string& name) {
  Observation seen;
  seen.status = Status::answered;
  seen.answer = Answer{"1", ErrorAnswer{name, "", {}}};
  return seen;
}

Observation crash(const std::string& detail) {
  Observation seen;
  seen.status = Status::crash;
  seen.detail = detail;
  return seen;
}

Kind kind_of(const Observation& subject, const Observation& against, bool fast = true) {
  FuzzPair pair;
  pair.subject.hello.implementation = "reference";
  pair.against.hello.implementation = "cpython";
  pair.against.hello.profile = "cpython-3.8-py";
  pair.subject.hello.errors = pair.against.hello.errors = "python";
  generators::Stream stream{"&1 [*1]", {}, {}, 0};
  if (fast) stream.options = {{"fast", true}};
  const auto* format = generators::find_stream_format("pickle", "encode");
  return compare(*format, pair, stream, subject, against).kind;
}

constexpr const char* overflow = "Fatal Python error: Cannot recover from stack overflow.";

TEST(FuzzCompare, WhereFastModeMeetsTheRecursionLimitIsTheMachines) {
  const Observation limit = raises("RecursionError");
  EXPECT_EQ(kind_of(limit, raises("PicklingError")), Kind::set_aside);
  EXPECT_EQ(kind_of(limit, crash(overflow)), Kind::set_aside);
}

TEST(FuzzCompare, NothingElseIs) {
  const Observation limit = raises("RecursionError");
  EXPECT_EQ(kind_of(limit, raises("PicklingError"), false), Kind::differs);
  EXPECT_EQ(kind_of(limit, crash(overflow), false), Kind::differs);
  EXPECT_EQ(kind_of(limit, raises("ValueError")), Kind::differs);
  EXPECT_EQ(kind_of(limit, crash("signal 11")), Kind::differs);
  EXPECT_EQ(kind_of(raises("PicklingError"), limit), Kind::set_aside) << "an oracle's own limit";
  EXPECT_EQ(kind_of(raises("TypeError"), raises("PicklingError")), Kind::differs);
  EXPECT_EQ(kind_of(crash("signal 11"), raises("TypeError")), Kind::differs);
}

TEST(FuzzCompare, OneReasonIsOneWhateverTheNumbersInIt) {
  const auto reason_of = [](const std::string& why) {
    FuzzPair pair;
    pair.subject.name = "reference";
    Observation seen;
    seen.status = Status::unsupported;
    seen.answer = Answer{"1", UnsupportedAnswer{why}};
    const auto* format = generators::find_stream_format("marshal", "decode");
    return compare(*format, pair, {"N", {}, {}, 0}, seen, raises("ValueError")).reason;
  };
  EXPECT_EQ(reason_of("at 0x1bd: key"), reason_of("at 0xe: key"));
  EXPECT_EQ(reason_of("at 0x12: a key 'a' of 17"), reason_of("at 0x9: a key 'b' of 3"));
  EXPECT_NE(reason_of("at 0x1bd: key"), reason_of("at 0x1bd: item"));
  EXPECT_EQ(reason_of("a code object"), "reference does not support: a code object");
}

}  // namespace
}  // namespace assay
