// Streams as a RapidCheck generator: for properties. They shrink as `assay fuzz`
// shrinks them.
#pragma once

#include <rapidcheck.h>

#include <memory>
#include <ostream>
#include <vector>

#include "generators/stream.h"

namespace assay::generators {

// How many simpler streams are tried at each step.
inline constexpr std::size_t simpler_tried = 400;

// Streams of a format, mutating `seeds` among other things.
inline rc::Gen<Stream> streams_of(const StreamFormat& format, std::vector<Stream> seeds = {}) {
  const auto kept = std::make_shared<const std::vector<Stream>>(std::move(seeds));
  return [&format, kept](const rc::Random& random, int size) {
    Choices choices(random, size);
    Stream made = format.make(choices, *kept);
    if (format.variant != nullptr)
      made = format.variant(std::move(made), static_cast<unsigned>(choices.below(format.variants)));
    return rc::shrinkable::shrinkRecur(std::move(made), [&format](const Stream& from) {
      return rc::seq::fromContainer(format.simpler(from, simpler_tried));
    });
  };
}

// For RapidCheck's reports.
inline void showValue(const Stream& stream, std::ostream& out) {
  if (stream.protocol >= 0) {
    out << stream.bytes << " as protocol " << stream.protocol;
    for (const CaseOption& option : stream.options) out << ", " << option.key;
    return;
  }
  for (const char c : stream.bytes) {
    constexpr char digits[] = "0123456789abcdef";
    out << digits[static_cast<std::uint8_t>(c) >> 4] << digits[c & 15];
  }
  out << " with " << stream.options.size() << " options, " << stream.buffers.size() << " buffers";
}

}  // namespace assay::generators
