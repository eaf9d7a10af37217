// LIKE and GLOB. SQL Language Expressions, 5; func.c, patternCompare.
#pragma once

#include <cstdint>
#include <string_view>

namespace assay::sqlite {

// Both are UTF-8 and end at their first NUL. `escape` is a code point that makes
// the one behind it stand for itself, 0 for none. A to Z match without case.
bool like_matches(std::string_view pattern, std::string_view text, std::uint32_t escape);

// `*`, `?` and `[…]`; case counts.
bool glob_matches(std::string_view pattern, std::string_view text);

}  // namespace assay::sqlite
