// Format marshal behind the protocol. marshal has one implementation in each
// CPython, and it belongs to lane c: the other lane does not answer for it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "reference/adapter/request.h"
#include "reference/marshal/profile.h"

namespace assay::adapter {

// The marshal profile of a profile's name, "cpython-3.13-c"; nothing for lane py.
std::optional<marshal::Profile> marshal_profile(std::string_view name);

// Appends the answer to a request of format marshal. `input` is room for the
// bytes of the request, which the caller keeps for its capacity.
void answer_marshal(const Request& request, const marshal::Profile& profile, std::string& input,
                    std::string& out);

}  // namespace assay::adapter
