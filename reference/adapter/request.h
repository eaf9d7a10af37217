// One request of the adapter protocol (harness/README.md), as the reference's
// adapter reads it: in place, without a tree.
//
// The general reader of the harness is not used here: this room knows nothing
// of the harness, and parsing would cost more than most cases do.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace assay::adapter {

struct Option {
  std::string_view key;
  std::variant<bool, std::int64_t, std::string_view> value;
};

// Texts are views into the line, or into `scratch` where they had escapes.
struct Request {
  std::string_view op;
  std::string_view id;
  std::string_view format;
  std::string_view data;                 // decode: hex
  std::string_view path;                 // read, identify, write
  std::string_view script;               // write
  std::string_view value;                // encode: value text
  std::optional<std::int64_t> protocol;  // encode
  std::vector<Option> options;
  std::vector<std::string_view> buffers;

  std::string scratch;  // unescaped texts; reserved so that it never moves

  // Reads a line without its newline. False when it is no JSON object, or a
  // known field has the wrong type: `fault` then says why. Unknown fields whose
  // values are scalars are ignored.
  bool parse(std::string_view line);
  std::string_view fault;
};

// Appends `text` as a JSON string, quotes included. Bytes outside of ASCII are
// written as \u00NN: they only occur in messages.
void append_json_text(std::string& out, std::string_view text);

}  // namespace assay::adapter
