// What `assay smoke` asks an adapter, and what is wrong with what it says.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "harness/oracles/discovery.h"

namespace assay {

struct Finding {
  enum class Kind : std::uint8_t {
    right,
    wrong,      // against the protocol: the adapter's fault, whatever it asks
    differs,    // another value: the adapter prints it wrong, or it is read wrong
    unchecked,  // it does not claim this, or refused it
    remark,     // allowed, but worth a look
  };
  Kind kind;
  std::string check;   // "unknown-option"
  std::string what;    // what came, one line
  std::string advice;  // what to do about it
};

// Asks the adapter and hands over each finding as it is made. Ends in bounded time.
void smoke(const Candidate& candidate, const std::function<void(const Finding&)>& found);

}  // namespace assay
