// Any bytes, as any profile: read, printed, written, read again; the same value,
// and a normal form that is its own.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "reference/bytes/error.h"
#include "reference/marshal/normal_form.h"
#include "reference/marshal/pyc.h"
#include "reference/marshal/reader.h"
#include "reference/marshal/sharing.h"
#include "reference/marshal/writer.h"
#include "reference/value/compare.h"
#include "reference/value/text.h"

using namespace assay;
using namespace assay::marshal;

namespace {

void require(bool good) {
  if (!good) std::abort();
}

void read_and_write(Bytes data, const Profile& profile) {
  Graph graph;
  const Outcome outcome = read(graph, data, profile);
  require(outcome.status != Status::internal);
  if (!outcome.accepted) return;
  require(outcome.consumed <= data.size());
  require(graph.size() <= Graph::first_free + data.size() + 64);
  print(graph, outcome.value);
  for (const int version : {2, profile.highest_version()}) {
    const Written written = write(graph, outcome.value, version, profile,
                                  {.keep_set_order = true, .most_bytes = 1 << 20});
    require(written.status != Status::internal);
    if (!written.accepted) continue;
    require(normal_form(as_bytes(written.data), profile) == written.data);
    Graph again;
    const Outcome second = read(again, as_bytes(written.data), profile);
    if (!second.accepted) continue;  // a frozendict that is referred to, in 3.15.0
    try {
      const CompareOptions options{.relaxed = version == 2 ? relax::no_identity : 0};
      require(!first_difference(graph, outcome.value, again, second.value, options));
    } catch (const DecodeError&) {
      // The comparison has a limit.
    }
  }
  share_objects(graph, profile);
  const Written written =
      write(graph, outcome.value, profile.highest_version(), profile, {.most_bytes = 1 << 20});
  require(written.status != Status::internal);
}

void look_at_pyc(Bytes data) {
  try {
    compare_pyc(data, data.subspan(data.size() / 2));
    read_pyc_header(data);
  } catch (const DecodeError& error) {
    require(error.kind() != ErrorKind::internal);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* input, std::size_t size) {
  if (size == 0 || size > 4096) return 0;
  static const auto names = recorded_profiles();
  const Profile profile = Profile::parse(names[input[0] % names.size()]).value();
  const Bytes data(input + 1, size - 1);
  read_and_write(data, profile);
  look_at_pyc(data);
  return 0;
}
