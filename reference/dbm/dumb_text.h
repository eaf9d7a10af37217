// The text of `.dir` as each Python writes it: repr() of keys and pairs.
#pragma once

#include <string>
#include <string_view>

#include "reference/dbm/dumb.h"

namespace assay::dbm {

// The repr of a key as it stands in `.dir`.
std::string dumb_key_text(std::string_view key, Python python);

// A line, with its ending. Throws DecodeError (unsupported) for a pair whose repr is
// not known here: a set, a complex number, a dict of other keys than ascending integers
// (2.7: of two keys), an integer beyond 64 bits that was not decimal.
std::string dumb_line_text(const DumbLine& line, Python python);

}  // namespace assay::dbm
