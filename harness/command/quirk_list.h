// The quirks of all formats in one list.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace assay {

struct QuirkEntry {
  std::string_view format, name, statement, citation;
  int word = 0;                       // 32 or 64; 0: both
  std::vector<std::string> profiles;  // of the recorded ones, those that have it
};

// Every row of every format's table: format by format, in the order of the tables.
std::vector<QuirkEntry> quirk_list();

// The row of a name, if the format has it.
std::optional<QuirkEntry> find_quirk(std::string_view format, std::string_view name);

// The recorded profiles of the reference for a format, as the harness names them.
std::vector<std::string> format_profiles(std::string_view format);

}  // namespace assay
