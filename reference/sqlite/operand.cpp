#include "reference/sqlite/operand.h"

#include "reference/sqlite/constant.h"
#include "reference/sqlite/text_encoding.h"

namespace assay::sqlite {
namespace {

bool has_bytes(const Field& value) {
  return value.storage == Storage::text || value.storage == Storage::blob;
}

std::string_view utf8(const Field& value, TextEncoding encoding, std::string& storage) {
  return as_text(as_utf8(value.bytes, encoding, storage));
}

// Whether UTF-16 has a character above U+00FF: SQLite then takes no more than an
// integer for the number that the text begins with (util.c, sqlite3AtoF: nonNum).
bool has_wide(const Field& value, TextEncoding encoding) {
  if (encoding == TextEncoding::utf8) return false;
  for (std::size_t i = encoding == TextEncoding::utf16le ? 1 : 0; i < value.bytes.size(); i += 2)
    if (value.bytes[i] != 0) return true;
  return false;
}

Field as_bytes_of(Storage storage, const Field& value) {
  Field field;
  field.storage = storage;
  field.bytes = value.bytes;
  return field;
}

}  // namespace

Number number_of(const Field& value, TextEncoding encoding) {
  if (value.storage == Storage::integer)
    return {true, value.integer, static_cast<double>(value.integer)};
  if (value.storage == Storage::real) return {false, 0, value.real};
  std::string storage;
  const std::string_view text = utf8(value, encoding, storage);
  Number number = leading_number(text);
  if (number.integer || !has_wide(value, encoding)) return number;
  number.as_integer = leading_integer(text);
  number.integer = number.as_integer != INT64_MAX && number.as_integer != INT64_MIN;
  return number;
}

std::int64_t integer_of(const Field& value, TextEncoding encoding) {
  if (value.storage == Storage::integer) return value.integer;
  if (value.storage == Storage::real) return integer_from_real(value.real);
  std::string storage;
  return value.storage == Storage::null ? 0 : leading_integer(utf8(value, encoding, storage));
}

double real_of(const Field& value, TextEncoding encoding) {
  return value.storage == Storage::null ? 0 : number_of(value, encoding).as_real;
}

std::optional<bool> truth_of(const Field& value, TextEncoding encoding) {
  if (value.storage == Storage::null) return std::nullopt;
  if (value.storage == Storage::integer) return value.integer != 0;
  return real_of(value, encoding) != 0;
}

std::string text_of(const Field& value, TextEncoding encoding) {
  std::string storage;
  if (has_bytes(value)) return std::string(utf8(value, encoding, storage));
  Constant number = constant_of(value, encoding);
  apply_affinity(number, Affinity::text);
  return number.bytes;
}

Field with_affinity(const Field& value, Affinity affinity, TextEncoding encoding,
                    std::string& storage) {
  const bool number = value.storage == Storage::integer || value.storage == Storage::real;
  if (affinity == Affinity::blob || value.storage == Storage::null) return value;
  if (affinity == Affinity::text ? !number : value.storage == Storage::blob) return value;
  Constant changed = constant_of(value, encoding);
  apply_affinity(changed, affinity);
  return changed.storage == value.storage ? value : field_of(changed, encoding, storage);
}

// Between text and blob nothing changes but the class; only half a unit of UTF-16
// is dropped (vdbemem.c, sqlite3VdbeMemCast).
Field cast_to(const Field& value, Affinity affinity, TextEncoding encoding, std::string& storage) {
  const bool to_bytes = affinity == Affinity::text || affinity == Affinity::blob;
  const Storage target = affinity == Affinity::text ? Storage::text : Storage::blob;
  if (value.storage == Storage::null) return value;
  if (to_bytes && has_bytes(value)) {
    Field field = as_bytes_of(target, value);
    if (target == Storage::text && encoding != TextEncoding::utf8)
      field.bytes = field.bytes.first(field.bytes.size() / 2 * 2);
    return field;
  }
  if (affinity == Affinity::numeric && has_bytes(value))
    if (const Number number = number_of(value, encoding); number.integer)
      return Field::of(number.as_integer);
  Constant changed = constant_of(value, encoding);
  if (value.storage == Storage::blob) changed.bytes = text_of(value, encoding);
  cast(changed, to_bytes ? Affinity::text : affinity);
  const Field field = field_of(changed, encoding, storage);
  return to_bytes ? as_bytes_of(target, field) : field;
}

}  // namespace assay::sqlite
