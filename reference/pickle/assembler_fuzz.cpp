// Any text assembles or is refused with a place in it; what it assembles to
// comes back from its disassembly.
#include "reference/pickle/assembler.h"

#include <cstdlib>

#include "reference/pickle/disassembler.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace assay;
  const std::string_view text = as_text({data, size});
  std::vector<std::uint8_t> bytes;
  try {
    bytes = pickle::assemble(text, {.repeat_limit = 1 << 16});
  } catch (const pickle::AssemblyError& error) {
    if (error.offset() > size || error.line() == 0 || error.column() == 0) std::abort();
    return 0;
  }
  if (pickle::assemble(pickle::disassemble(bytes)) != bytes) std::abort();
  return 0;
}
