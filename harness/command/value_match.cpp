#include "harness/command/value_match.h"

namespace assay {

bool same_value(std::string_view a, std::string_view b) {
  return a == b;
}

}  // namespace assay
