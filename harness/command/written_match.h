// How bytes that an implementation wrote compare with those of an oracle.
#pragma once

#include <string_view>

#include "harness/corpus/corpus.h"

namespace assay {

// Pickles: read by the reference as the newest recorded profile, with str of
// Python 2 as bytes, one buffer for each that went out of band, and persistent ids
// and extension codes as they are. Never throws.
WrittenMatch match_pickles(std::string_view expected, std::string_view got, int protocol);

// Marshalled data: read by the reference as the newest profile that reads all of
// what the oracle wrote. They have the same form where the normal forms are equal
// when interned strings count as others. Never throws.
WrittenMatch match_marshal(std::string_view expected, std::string_view got, int version);

}  // namespace assay
