// libFuzzer entry: the machine on any bytes, as any profile. The first two bytes
// choose the profile and the options, the rest is the file.
#include <cstdlib>

#include "reference/bytes/limits.h"
#include "reference/pickle/machine.h"

namespace {

using namespace assay;

pickle::UnpickleOptions options_of(std::uint8_t choice) {
  constexpr const char* encodings[] = {"ASCII", "bytes", "latin1", "utf-8"};
  constexpr const char* errors[] = {"strict", "replace", "surrogateescape", "backslashreplace"};
  pickle::UnpickleOptions options;
  options.encoding = encodings[choice & 3];
  options.errors = errors[(choice >> 2) & 3];
  options.fix_imports = (choice & 16) == 0;
  options.persistent = (choice & 32) == 0;
  options.symbolic = (choice & 64) != 0;
  if ((choice & 128) != 0) {
    options.buffers = {{as_bytes("ab"), true}, {as_bytes("c"), false}};
    options.extensions = {{1, "m", "x"}, {2, "__builtin__", "set"}};
  }
  return options;
}

void require(bool condition) {
  if (!condition) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const auto names = pickle::recorded_profiles();
  const auto profile = pickle::Profile::parse(names[data[0] % names.size()]);
  const Bytes file{data + 2, size - 2};
  Graph graph;
  pickle::Unpickler unpickler(graph, file, *profile, options_of(data[1]));
  for (int load = 0; load < 3; ++load) {
    const pickle::Outcome outcome = unpickler.load();
    require(outcome.status != pickle::Status::internal);
    require(outcome.accepted == (outcome.status == pickle::Status::accepted));
    require(outcome.error.empty() == (outcome.status != pickle::Status::rejected));
    require(outcome.offset <= file.size());
    if (!outcome.accepted) break;
    require(outcome.consumed <= file.size() && outcome.value < graph.size());
  }
  // Every byte pays for a few nodes, and for what limits.h lets it make unpaid.
  require(graph.size() <= Graph::first_free + 16 + 8 * file.size() +
                              limits::unpaid_items_per_byte * file.size() + limits::unpaid_items);
  return 0;
}
