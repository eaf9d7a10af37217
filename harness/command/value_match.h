// Whether two value texts say the same value.
#pragma once

#include <string_view>

namespace assay {

// Equal as values, whatever their labels, spelling or order of sets. A text that
// is no value text equals only itself.
bool same_value(std::string_view a, std::string_view b);

}  // namespace assay
