// Values that are simpler than one: what shrinking tries.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace assay::generators {

// Gives simpler values than `text` (value text, with a label for each object that
// is met twice), the boldest first, until `offer` says false: a part instead of
// the whole, a part or None instead of a part, fewer items, shorter text, smaller
// numbers. What is offered is not always smaller.
void simpler_values(std::string_view text, const std::function<bool(std::string)>& offer);

// Objects in a value, and edges between them.
std::size_t value_size(std::string_view text);

}  // namespace assay::generators
