#include "reference/sqlite/quoted_value.h"

#include <fmt/format.h>

#include "reference/sqlite/float_text.h"
#include "reference/sqlite/text_encoding.h"

namespace assay::sqlite {

std::string doubled(std::string_view text, char quote) {
  std::string out;
  for (const char c : text) {
    out += c;
    if (c == quote) out += quote;
  }
  return out;
}

void append_quoted(std::string& out, const Field& field, TextEncoding encoding) {
  std::string storage;
  switch (field.storage) {
    case Storage::null:
      out += "NULL";
      return;
    case Storage::integer:
      out += fmt::format("{}", field.integer);
      return;
    case Storage::real:
      out += real_quoted(field.real);
      return;
    case Storage::blob:
      out += "X'";
      for (const std::uint8_t byte : field.bytes) out += fmt::format("{:02X}", byte);
      out += '\'';
      return;
    case Storage::text:
      break;
  }
  const std::string_view text = as_text(as_utf8(field.bytes, encoding, storage));
  out += '\'';
  out += doubled(text.substr(0, text.find('\0')), '\'');
  out += '\'';
}

}  // namespace assay::sqlite
