#include "reference/bytes/error.h"

#include <fmt/format.h>

namespace assay {

std::string_view name(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::truncated:
      return "truncated";
    case ErrorKind::malformed:
      return "malformed";
    case ErrorKind::unsupported:
      return "unsupported";
    case ErrorKind::limit:
      return "limit";
    case ErrorKind::internal:
      return "internal error";
  }
  return "unknown";
}

DecodeError::DecodeError(ErrorKind kind, std::uint64_t offset, std::string_view field,
                         std::string_view what)
    : std::runtime_error(fmt::format("at {:#x}: {}: {}: {}", offset, field, name(kind), what)),
      kind_(kind),
      offset_(offset),
      field_(field),
      reason_(what) {}

}  // namespace assay
