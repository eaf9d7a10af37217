#include "reference/dbm/ndbm.h"

#include "reference/dbm/fuzzing_for_tests.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const assay::Bytes file(data, size);
  assay::dbm::read_every_way(size, [&](assay::dbm::ReadOptions options) {
    return std::make_unique<assay::dbm::NdbmStream>(file, options);
  });
  return 0;
}
