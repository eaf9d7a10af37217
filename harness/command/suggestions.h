// What somebody may have meant by a name that nothing has.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace assay {

// At most three of `names` that are like `wanted`, the likest first: names that
// hold it, whatever the case of the letters, and names that few typing mistakes
// lead to. A part behind the last '/' may be like it by itself.
std::vector<std::string> nearest(std::string_view wanted, const std::vector<std::string>& names);

// "; perhaps a, b or c", or nothing.
std::string perhaps(std::string_view wanted, const std::vector<std::string>& names);

}  // namespace assay
