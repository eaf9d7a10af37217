#include "reference/sqlite/comparison.h"

#include <algorithm>
#include <cmath>

#include "reference/sqlite/sql_tokens.h"
#include "reference/sqlite/text_encoding.h"

namespace assay::sqlite {
namespace {

int rank(Storage storage) {
  switch (storage) {
    case Storage::null:
      return 0;
    case Storage::integer:
    case Storage::real:
      return 1;
    case Storage::text:
      return 2;
    case Storage::blob:
      break;
  }
  return 3;
}

template <typename T>
int order(T a, T b) {
  return a < b ? -1 : a > b ? 1 : 0;
}

// vdbeaux.c, sqlite3IntFloatCompare: neither is rounded.
int compare_exactly(std::int64_t a, double b) {
  if (b < -9223372036854775808.0) return 1;
  if (b >= 9223372036854775808.0) return -1;
  const double whole = std::trunc(b);
  const int by_whole = order(a, static_cast<std::int64_t>(whole));
  return by_whole != 0 ? by_whole : order(0.0, b - whole);
}

int compare_numbers(const Field& a, const Field& b) {
  if (a.storage == Storage::integer)
    return b.storage == Storage::integer ? order(a.integer, b.integer)
                                         : compare_exactly(a.integer, b.real);
  return b.storage == Storage::integer ? -compare_exactly(b.integer, a.real)
                                       : order(a.real, b.real);
}

int compare_bytes(Bytes a, Bytes b) {
  const std::size_t common = std::min(a.size(), b.size());
  const int by_bytes = common == 0 ? 0 : std::memcmp(a.data(), b.data(), common);
  return by_bytes != 0 ? by_bytes : order(a.size(), b.size());
}

std::uint8_t lower(std::uint8_t byte) {
  return byte >= 'A' && byte <= 'Z' ? static_cast<std::uint8_t>(byte + 'a' - 'A') : byte;
}

// NOCASE stops at a NUL, as SQLite compares there with C strings
// (main.c, nocaseCollatingFunc).
int compare_text(Bytes a, Bytes b, Collation collation) {
  if (collation == Collation::rtrim) {
    while (!a.empty() && a.back() == ' ') a = a.first(a.size() - 1);
    while (!b.empty() && b.back() == ' ') b = b.first(b.size() - 1);
  }
  if (collation != Collation::nocase) return compare_bytes(a, b);
  const std::size_t common = std::min(a.size(), b.size());
  for (std::size_t i = 0; i < common; ++i) {
    if (lower(a[i]) != lower(b[i])) return lower(a[i]) - lower(b[i]);
    if (a[i] == 0) break;
  }
  return order(a.size(), b.size());
}

int compare_values(const Field& a, const Field& b, Collation collation) {
  const int by_class = order(rank(a.storage), rank(b.storage));
  if (by_class != 0 || a.storage == Storage::null) return by_class;
  if (rank(a.storage) == 1) return compare_numbers(a, b);
  if (a.storage == Storage::blob) return compare_bytes(a.bytes, b.bytes);
  return compare_text(a.bytes, b.bytes, collation);
}

Field in_utf8(const Field& field, TextEncoding encoding, std::string& storage) {
  Field converted = field;
  if (field.storage == Storage::text) converted.bytes = as_utf8(field.bytes, encoding, storage);
  return converted;
}

}  // namespace

std::optional<Collation> collation_named(std::string_view name) {
  if (name.empty() || same_name(name, "BINARY")) return Collation::binary;
  if (same_name(name, "NOCASE")) return Collation::nocase;
  if (same_name(name, "RTRIM")) return Collation::rtrim;
  return std::nullopt;
}

int compare(const Field& a, const Field& b, TextEncoding encoding, Collation collation) {
  if (encoding == TextEncoding::utf8 || collation == Collation::binary ||
      a.storage != Storage::text || b.storage != Storage::text)
    return compare_values(a, b, collation);
  std::string left, right;
  return compare_values(in_utf8(a, encoding, left), in_utf8(b, encoding, right), collation);
}

int compare(const Field& a, TextEncoding encoding, const Constant& b, Collation collation) {
  Field right;
  right.storage = b.storage;
  right.bytes = as_bytes(b.bytes);
  if (b.storage == Storage::integer) right.integer = b.integer;
  if (b.storage == Storage::real) right.real = b.real;
  std::string storage;
  if (collation == Collation::binary && b.storage == Storage::text) {
    storage = from_utf8(right.bytes, encoding);
    right.bytes = as_bytes(storage);
    return compare_values(a, right, collation);
  }
  return compare_values(in_utf8(a, encoding, storage), right, collation);
}

}  // namespace assay::sqlite
