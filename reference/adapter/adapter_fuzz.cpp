// libFuzzer: any line gets exactly one answer of one line of ASCII, unless it is
// `bye`; the first byte chooses the profile.
#include <cstdlib>

#include "reference/adapter/adapter.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const auto profiles = assay::pickle::recorded_profiles();
  assay::adapter::Adapter adapter(
      assay::pickle::Profile::parse(profiles[data[0] % profiles.size()]).value());
  std::string out;
  const std::string_view line(reinterpret_cast<const char*>(data) + 1, size - 1);
  if (!adapter.answer(line, out)) return 0;
  if (out.empty() || out.back() != '\n' || out.find('\n') + 1 != out.size()) std::abort();
  for (const char c : out)
    if (static_cast<unsigned char>(c) >= 0x7f || (c < ' ' && c != '\n')) std::abort();
  return 0;
}
