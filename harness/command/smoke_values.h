// Pickles of values that adapters print wrong.
#pragma once

#include <string>
#include <vector>

namespace assay {

struct SmokeValue {
  std::string check;   // its name
  int protocol;        // the opcodes are of this one and those before
  std::string pickle;  // the bytes
  std::string value;   // value text
  std::string advice;
};

const std::vector<SmokeValue>& smoke_values();

}  // namespace assay
