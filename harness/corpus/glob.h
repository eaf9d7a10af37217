// Globs of names: '*' is any text, '/' included, '?' any one character.
#pragma once

#include <string_view>

namespace assay {

// Whether `text` matches a glob. Takes time proportional to the product of
// their lengths at most.
bool glob_match(std::string_view glob, std::string_view text);

inline bool is_glob(std::string_view text) {
  return text.find_first_of("*?") != std::string_view::npos;
}

}  // namespace assay
