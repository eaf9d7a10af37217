#include "reference/sqlite/record.h"

#include <fmt/format.h>

#include <bit>
#include <cmath>

#include "reference/sqlite/varint.h"

namespace assay::sqlite {
namespace {

// Bytes of the body that a serial type takes. SQLite file format, 2.1; the types
// 10 and 11 are reserved, and SQLite reads them as NULL (vdbeaux.c,
// sqlite3VdbeSerialGet).
constexpr std::uint8_t small_sizes[] = {0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0};

std::uint64_t size_of(std::uint64_t type) {
  return type < 12 ? small_sizes[type] : (type - 12) / 2;
}

std::int64_t signed_big_endian(const std::uint8_t* at, std::size_t size) {
  std::uint64_t value = at[0] & 0x80 ? ~std::uint64_t{0} : 0;
  for (std::size_t i = 0; i < size; ++i) value = value << 8 | at[i];
  return static_cast<std::int64_t>(value);
}

Field field_of(std::uint64_t type, const std::uint8_t* at, std::size_t size) {
  Field field;
  if (type >= 12) {
    field.storage = type % 2 == 0 ? Storage::blob : Storage::text;
    field.bytes = {at, size};
  } else if (type == 7) {
    const double value = std::bit_cast<double>(signed_big_endian(at, 8));
    // A NaN is read as NULL (vdbeaux.c, serialGet).
    if (!std::isnan(value)) field = Field::of(value);
  } else if (type == 8 || type == 9) {
    field = Field::of(static_cast<std::int64_t>(type - 8));
  } else if (size != 0) {
    field = Field::of(signed_big_endian(at, size));
  }
  return field;
}

[[noreturn]] void malformed(std::uint64_t offset, const char* field, const std::string& what) {
  throw DecodeError(ErrorKind::malformed, offset, field, what);
}

}  // namespace

std::size_t decode_record(Bytes payload, std::span<Field> fields, std::uint64_t offset) {
  const Varint header = read_varint(payload);
  if (header.length == 0) malformed(offset, "record header size", "the record ends inside of it");
  if (header.value == 0) return 0;  // vdbe.c, OP_Column: taken for no fields
  if (header.value > payload.size() || header.value < header.length)
    malformed(offset, "record header size",
              fmt::format("{} in a record of {} bytes", header.value, payload.size()));
  std::size_t at = header.length;
  // Whoever wants a field reads one serial type at least (vdbe.c, OP_Column).
  if (at == header.value && !fields.empty())
    malformed(offset, "record header size", "the header is its size alone");
  const std::size_t header_end = static_cast<std::size_t>(header.value);
  std::size_t body = header_end;
  std::size_t count = 0;
  for (; at < header_end && count < fields.size(); ++count) {
    const Varint type = read_varint(payload.subspan(at, header_end - at));
    if (type.length == 0)
      malformed(offset + at, "serial type", "the record's header ends inside of it");
    at += type.length;
    const std::uint64_t size = size_of(type.value);
    if (size > payload.size() - body)
      malformed(offset + at - type.length, "serial type",
                fmt::format("{} needs {} bytes of {}", type.value, size, payload.size() - body));
    fields[count] = field_of(type.value, payload.data() + body, static_cast<std::size_t>(size));
    body += static_cast<std::size_t>(size);
  }
  if (at == header_end && body != payload.size())
    malformed(offset + body, "record", fmt::format("{} bytes too many", payload.size() - body));
  return count;
}

}  // namespace assay::sqlite
