// A fault for which a Python raises an exception of its own.
#pragma once

#include "reference/bytes/error.h"

namespace assay::dbm {

class PythonError : public DecodeError {
 public:
  PythonError(std::string_view exception, std::uint64_t offset, std::string_view field,
              std::string_view what)
      : DecodeError(ErrorKind::malformed, offset, field, what), exception_(exception) {}

  // The class, as Python names it: "SyntaxError". A literal, valid for ever.
  std::string_view exception() const { return exception_; }

 private:
  std::string_view exception_;
};

}  // namespace assay::dbm
