#include "reference/adapter/answers.h"

#include <fmt/format.h>

#include "reference/adapter/request.h"

namespace assay::adapter {

void begin_answer(std::string& out, std::string_view id) {
  out += "{\"id\":";
  append_json_text(out, id);
}

void answer_text(std::string& out, std::string_view id, std::string_view key,
                 std::string_view text) {
  begin_answer(out, id);
  out += ",\"";
  out += key;
  out += "\":";
  append_json_text(out, text);
  out += "}\n";
}

void answer_error(std::string& out, std::string_view id, std::string_view error,
                  std::string_view message) {
  begin_answer(out, id);
  out += ",\"error\":";
  append_json_text(out, error);
  out += ",\"message\":";
  append_json_text(out, message);
  out += "}\n";
}

void answer_value(std::string& out, std::string_view id, std::string_view value,
                  std::uint64_t consumed) {
  begin_answer(out, id);
  out += ",\"value\":";
  append_json_text(out, value);
  fmt::format_to(std::back_inserter(out), ",\"consumed\":{}}}\n", consumed);
}

}  // namespace assay::adapter
