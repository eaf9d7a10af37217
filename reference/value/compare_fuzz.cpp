// Two graphs made of the two halves of any input: the comparison ends, says the
// same both ways, and finds each graph to be itself.
#include <cstdint>
#include <cstdlib>

#include "reference/bytes/error.h"
#include "reference/value/compare.h"
#include "reference/value/graph_from_choices.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace assay;
  const std::span<const std::uint8_t> choices{data, size};
  Graph a;
  Graph b;
  GraphFromChoices left(a, choices.first(size / 2));
  GraphFromChoices right(b, choices.subspan(size / 2));
  left.build();
  right.build();
  for (const std::uint32_t relaxed : {std::uint32_t{0}, std::uint32_t{0x7ff}}) {
    try {
      const bool same = !first_difference(a, left.last(), b, right.last(), {relaxed});
      if (same != !first_difference(b, right.last(), a, left.last(), {relaxed})) std::abort();
      if (first_difference(a, left.last(), a, left.last(), {relaxed})) std::abort();
    } catch (const DecodeError& error) {
      if (error.kind() != ErrorKind::limit) throw;
    }
  }
  return 0;
}
