// The first byte is the version; the next zero byte parts `.dir` from `.dat`.
#include "reference/dbm/dumb.h"

#include <algorithm>

#include "reference/dbm/fuzzing_for_tests.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace assay::dbm;
  if (size == 0) return 0;
  const assay::Bytes all(data + 1, size - 1);
  const auto zero = static_cast<std::size_t>(std::find(all.begin(), all.end(), 0) - all.begin());
  const assay::Bytes dir = all.first(zero), dat = all.subspan(std::min(zero + 1, all.size()));
  const Python python = data[0] % 2 == 0 ? Python{2, 7} : Python{3, data[0] % 16};
  for (const bool salvage : {false, true}) {
    try {
      DumbStream stream(dir, dat, python, {salvage});
      std::size_t count = 0;
      for (Entry entry; stream.next(entry);) must(++count <= size && entry.value.size() <= size);
    } catch (const assay::DecodeError& error) {
      must(!salvage && error.kind() != assay::ErrorKind::internal);
    }
  }
  return 0;
}
