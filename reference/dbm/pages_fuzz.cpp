// Files known by their magic: GNU dbm, and every database of Berkeley DB.
#include "reference/dbm/fuzzing_for_tests.h"
#include "reference/dbm/open.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const assay::Bytes file(data, size);
  assay::dbm::read_every_way(
      size, [&](assay::dbm::ReadOptions options) { return assay::dbm::open_bytes(file, options); });
  return 0;
}
