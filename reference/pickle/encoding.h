// Decoding the 8-bit strings of Python 2 pickles, as bytes.decode(encoding,
// errors) does in Python 3.
//
// Implemented: ascii, latin-1, utf-8 and their aliases, 'bytes', which is
// pickle's own, and what codecs.h has. Error handlers: strict, ignore, replace, backslashreplace,
// surrogateescape, surrogatepass; those for encoding only, and unknown ones,
// fail as in Python when they are first needed. Other codecs of the standard
// library are unsupported; any other name is a LookupError.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "reference/pickle/codecs.h"
#include "reference/value/graph.h"

namespace assay::pickle {

class Encoding {
 public:
  Encoding(std::string_view encoding, std::string_view errors);

  // Whether strings stay bytes.
  bool keeps_bytes() const { return codec_ == Codec::bytes; }

  // `data` as a string node: a view of `data` where it stands there as it is.
  // Throws Rejection, or DecodeError(unsupported). `empty_needs_codec`: even
  // for empty data the codec is looked up.
  NodeId decode(Graph& graph, Bytes data, bool empty_needs_codec) const;

 private:
  enum class Codec : std::uint8_t { bytes, ascii, latin1, utf8, stepwise, unsupported, unknown };
  enum class Errors : std::uint8_t {
    strict,
    ignore,
    replace,
    backslashreplace,
    surrogateescape,
    surrogatepass,
    encoding_only,
    unknown
  };

  Codec find_codec(std::string_view name);
  static Errors find_errors(std::string_view name);
  NodeId decode_ascii(Graph& graph, Bytes data) const;
  NodeId decode_utf8(Graph& graph, Bytes data) const;
  NodeId decode_stepwise(Graph& graph, Bytes data) const;
  std::size_t replace(std::string& out, Bytes bad) const;

  Codec codec_;
  std::unique_ptr<const ByteCodec> steps_;  // of Codec::stepwise
  Errors errors_;
  std::string name_;
};

// A string node of bytes taken as Latin-1.
NodeId latin1_string(Graph& graph, Bytes data);

// What a `V` line and pickle.py's 'raw-unicode-escape' hold: \uXXXX and
// \UXXXXXXXX behind an odd number of backslashes, else Latin-1. Throws
// Rejection (unicode_decode_error).
// The digits of an escape may also stand in `readable_behind` bytes behind data.
NodeId raw_unicode_escape(Graph& graph, Bytes data, std::size_t readable_behind = 0);

// The escapes of a bytes literal. Throws Rejection (value_error).
Bytes decode_escapes(Graph& graph, Bytes data);

}  // namespace assay::pickle
