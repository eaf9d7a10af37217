#include "reference/bytes/ordered.h"

#include <fmt/format.h>

namespace assay {

void Ordered::outside(std::uint64_t at, std::uint64_t count, const char* field) const {
  const std::uint64_t left = at > data_.size() ? 0 : data_.size() - at;
  throw DecodeError(ErrorKind::truncated, base_ + at, field,
                    fmt::format("needs {} byte{}, {} remain", count, count == 1 ? "" : "s", left));
}

}  // namespace assay
