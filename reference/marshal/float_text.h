// Floats as text, in versions 0 and 1.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace assay::marshal {

// What PyOS_string_to_double makes of `text`, up to its first NUL: a decimal
// number with nothing around it, inf, infinity or nan in any case; beyond the
// range of a double, an infinity. Nothing where it raises ValueError.
std::optional<double> float_from_text(std::string_view text);

// "%.17g", and inf, -inf, nan: PyOS_double_to_string(v, 'g', 17, 0, NULL).
std::string float_to_text(double value);

}  // namespace assay::marshal
