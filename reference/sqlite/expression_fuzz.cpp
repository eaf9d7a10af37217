// libFuzzer: an expression over rows of every kind of value. The first byte says the
// encoding; the rest is SQL.
#include <array>
#include <string>

#include "reference/sqlite/evaluation.h"
#include "reference/sqlite/expression_functions.h"

namespace {

using namespace assay;
using namespace assay::sqlite;

Field bytes_field(Storage storage, std::string_view bytes) {
  Field field;
  field.storage = storage;
  field.bytes = as_bytes(bytes);
  return field;
}

const TableDefinition& table() {
  static const TableDefinition made = parse_create_table(
      "CREATE TABLE t(a, i INTEGER, r REAL, t TEXT COLLATE NOCASE, n NUMERIC, b BLOB COLLATE "
      "RTRIM)");
  return made;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  constexpr std::array encodings{TextEncoding::utf8, TextEncoding::utf16le, TextEncoding::utf16be};
  const std::array values{Field(),
                          Field::of(std::int64_t{7}),
                          Field::of(INT64_MIN),
                          Field::of(-2.5),
                          Field::of(9e300),
                          bytes_field(Storage::text, "12abc "),
                          bytes_field(Storage::text, "a%_\xc3\xa9\xff"),
                          bytes_field(Storage::blob, std::string_view("\0\x41\xd8", 3))};
  const TextEncoding encoding = encodings[data[0] % 3];
  try {
    Evaluation evaluation(parse_expression(as_text({data + 1, size - 1}), table()), encoding);
    for (std::size_t shift = 0; shift < values.size(); ++shift) {
      std::array<Evaluated, 6> row;
      for (std::size_t i = 0; i < row.size(); ++i)
        row[i] = {values[(i * 3 + shift) % values.size()], false};
      std::size_t room = max_text;
      try {
        evaluation.value(row, room);
      } catch (const DecodeError& error) {
        if (error.kind() == ErrorKind::internal) throw;
      }
    }
  } catch (const DecodeError& error) {
    if (error.kind() == ErrorKind::internal) throw;
  }
  return 0;
}
