// The names of formats in results, taken apart: "pickle", "pickle:encode",
// "dbm.gnu", "dbm.gnu:write".
#pragma once

#include <string>
#include <string_view>

namespace assay {

struct FormatName {
  std::string base;       // without the operation: "dbm.gnu"
  std::string family;     // what shares a matrix: "pickle", "dbm" (with bsddb.*)
  std::string part;       // the column in it: "gnu"; empty where the family has one
  std::string operation;  // "encode"; empty for the format's usual one

  // "pickle", "pickle, writing", "dbm, identifying": the head of a matrix.
  std::string title() const;
};

FormatName take_apart_format(std::string_view format);

// What is done, as a noun: "writing" for encode and write, "inspecting", …;
// "reading" for the usual one, or "programs" where that is running programs.
std::string operation_title(const FormatName& name);

// What a format calls its protocols: "version" for marshal.
std::string_view protocol_word(std::string_view format);

}  // namespace assay
