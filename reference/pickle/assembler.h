// Pickle assembly text to bytes.
//
// One instruction a line or between semicolons, `#` to the end of the line is a
// comment; names are pickletools'; arguments are literals of value text. The
// language is written in README.md, "Assembly text". It can say every byte
// string, broken ones included; disassembler.h is its inverse.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "reference/bytes/error.h"
#include "reference/bytes/limits.h"

namespace assay::pickle {

// What is wrong with an assembly text and where: what() names line, column and
// what was expected there. offset() counts bytes of the text.
class AssemblyError : public DecodeError {
 public:
  AssemblyError(ErrorKind kind, std::string_view text, std::size_t offset, std::string_view what);

  std::size_t line() const { return line_; }      // from 1
  std::size_t column() const { return column_; }  // from 1, in bytes

 private:
  std::size_t line_;
  std::size_t column_;
};

struct AssembleOptions {
  // Bytes that `.repeat` may bring the output to.
  std::uint64_t repeat_limit = limits::assembled_bytes;
};

// The bytes that `text` says. Throws AssemblyError: malformed, or limit where a
// `.repeat` makes more than options.repeat_limit.
std::vector<std::uint8_t> assemble(std::string_view text, const AssembleOptions& options = {});

}  // namespace assay::pickle
