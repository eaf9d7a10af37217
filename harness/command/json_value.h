// Values as JSON, as far as JSON can carry them.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <variant>

#include "reference/value/graph.h"

namespace assay {

// Why a value is not written as JSON: something in it would be lost, or come back
// as something else.
struct JsonRefusal {
  std::string path;  // from the root, as Python would index: "['key'][2]"; empty: the root
  std::string type;  // what stands there: "set", "an instance of __main__.Point"
  std::string why;

  std::string message() const;
};

// The JSON of a value that comes back from JSON as it is: None, booleans, integers of
// up to 64 bits, finite floats, text, lists, and dicts with text for keys. Nothing else
// is turned into one of these, and no sharing is lost.
std::variant<nlohmann::ordered_json, JsonRefusal> json_of(const Graph& graph, NodeId root);

}  // namespace assay
