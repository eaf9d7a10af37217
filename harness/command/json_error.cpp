#include "harness/command/json_error.h"

#include "reference/bytes/error.h"

namespace assay {

nlohmann::ordered_json error_as_json(const std::exception& error) {
  nlohmann::ordered_json json{{"what", error.what()}};
  if (const auto* decoding = dynamic_cast<const DecodeError*>(&error)) {
    json["offset"] = decoding->offset();
    json["field"] = decoding->field();
  }
  return json;
}

std::string json_text(const nlohmann::ordered_json& document) {
  return document.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace assay
