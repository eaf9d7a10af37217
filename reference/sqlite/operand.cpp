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
  return leading_number(utf8(value, encoding, storage));
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
  Constant changed = constant_of(value, encoding);
  if (value.storage == Storage::blob) changed.bytes = text_of(value, encoding);
  cast(changed, to_bytes ? Affinity::text : affinity);
  const Field field = field_of(changed, encoding, storage);
  return to_bytes ? as_bytes_of(target, field) : field;
}

}  // namespace assay::sqlite
