// The field "error" of what `--json` prints where a fault ends the reading.
#pragma once

#include <exception>
#include <nlohmann/json.hpp>

namespace assay {

// {"what": …}, and of a DecodeError "offset" and "field" as well.
nlohmann::ordered_json error_as_json(const std::exception& error);

// The text of a document whose strings may come from names of files: bytes that are
// no UTF-8 become U+FFFD.
std::string json_text(const nlohmann::ordered_json& document);

}  // namespace assay
