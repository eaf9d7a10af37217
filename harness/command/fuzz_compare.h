// Two answers to one stream: the same, not to be compared, or a disagreement.
#pragma once

#include <optional>
#include <string>

#include "generators/stream.h"
#include "harness/command/fuzz_sides.h"
#include "harness/runner/runner.h"

namespace assay {

// What a stream showed.
struct Comparison {
  enum class Kind : std::uint8_t {
    same,
    set_aside,  // `reason`: why it says nothing about either side
    differs,    // everything else below
  };
  Kind kind = Kind::same;
  std::string reason;
  std::string verdict;           // "wrong-value", "crash", … (reports/verdict.h)
  std::string subject, against;  // what each said: value text, "!Class", a status
  // The same in a few words, equal for what is likely to have one cause:
  // "accepts", "!ValueError", "a list", "crash".
  std::string subject_kind, against_kind;
  std::string where;  // of a wrong value: the path to the first difference
};

// Compares as the verdict on a case does, `pair.against` being the oracle. Set
// aside is what either side does not support, and outcomes of an oracle that hang
// on the machine: MemoryError where the stream needs memory, and the limit of
// recursion.
Comparison compare(const generators::StreamFormat& format, const FuzzPair& pair,
                   const generators::Stream& stream, const Observation& subject,
                   const Observation& against);

}  // namespace assay
