// Any bytes disassemble, and assemble to themselves again; the listing for
// people fits its columns.
#include "reference/pickle/disassembler.h"

#include <algorithm>
#include <cstdlib>

#include "reference/pickle/assembler.h"
#include "reference/pickle/listing.h"

namespace {

// Columns: every byte but those that continue a UTF-8 character.
std::size_t widest(std::string_view text) {
  std::size_t most = 0;
  std::size_t here = 0;
  for (const char c : text) {
    if (c == '\n')
      here = 0;
    else if ((c & 0xc0) != 0x80)
      most = std::max(most, ++here);
  }
  return most;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace assay;
  const Bytes bytes{data, size};
  const auto again = pickle::assemble(pickle::disassemble(bytes));
  if (!std::ranges::equal(again, bytes)) std::abort();
  if (widest(pickle::listing(bytes)) > pickle::listing_columns) std::abort();
  pickle::listing(bytes, {.full = true});
  return 0;
}
