// Answers as lines of the protocol, appended with their newline.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace assay::adapter {

// `{"id":"…"`: the beginning of every answer.
void begin_answer(std::string& out, std::string_view id);

// An answer of one field: {"id":…,"unsupported":"why"}.
void answer_text(std::string& out, std::string_view id, std::string_view key,
                 std::string_view text);

// {"id":…,"error":"ValueError","message":"why"}.
void answer_error(std::string& out, std::string_view id, std::string_view error,
                  std::string_view message);

// {"id":…,"value":"[1]","consumed":5}.
void answer_value(std::string& out, std::string_view id, std::string_view value,
                  std::uint64_t consumed);

}  // namespace assay::adapter
