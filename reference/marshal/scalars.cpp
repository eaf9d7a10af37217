#include "reference/marshal/scalars.h"

#include <bit>
#include <string>

#include "reference/marshal/errors.h"
#include "reference/marshal/float_text.h"
#include "reference/value/utf8.h"

namespace assay::marshal {
namespace {

// The largest sizes of a build whose Py_ssize_t has 32 bits.
constexpr std::uint32_t items_32 = 0x1fffffff - 8, bytes_32 = 0x7fffffff - 17,
                        digits_32 = 0x3fffffff - 16;

}  // namespace

Scalars::Scalars(Graph& graph, Bytes data, const Profile& profile)
    : graph_(graph),
      cursor_(data),
      fills_(profile.has(Quirk::eof_is_minus_one)),
      checks_(profile.has(Quirk::sizes_checked)),
      long_longs_(profile.python2()),
      long_int64_(profile.has(Quirk::int64_is_long)) {}

void Scalars::end_of_data() {
  throw Rejection{Error::eof_error, "EOF read where object expected"};
}

Bytes Scalars::take(std::uint64_t size) {
  if (size > cursor_.remaining()) {
    cursor_.take(cursor_.remaining(), "rest");
    throw Rejection{Error::eof_error, "marshal data too short"};
  }
  return cursor_.take(size, "data");
}

std::int64_t Scalars::cut_off_int4() {
  if (!fills_) take(4);
  const Bytes rest = cursor_.take(cursor_.remaining(), "rest");
  std::uint32_t value = 0xffffffff;
  for (std::size_t i = 0; i < rest.size(); ++i)
    value = (value & ~(0xffU << (8 * i))) | std::uint32_t{rest[i]} << (8 * i);
  return static_cast<std::int32_t>(value);
}

std::uint32_t Scalars::size(std::string_view what) {
  const std::int64_t size = int4();
  if (size < 0)
    throw Rejection{Error::value_error,
                    "bad marshal data (" + std::string(what) + " size out of range)"};
  if (checks_ && size > items_32 && (what == "tuple" || what == "list"))
    throw Rejection{Error::memory_error, ""};
  return static_cast<std::uint32_t>(size);
}

NodeId Scalars::integer64() {
  std::uint64_t bits = 0;
  if (fills_) {
    const std::int64_t low = int4();
    bits = static_cast<std::uint32_t>(low) | static_cast<std::uint64_t>(int4()) << 32;
  } else {
    if (cursor_.remaining() < 8) take(8);
    bits = cursor_.le64("number");
  }
  const auto value = static_cast<std::int64_t>(bits);
  return long_int64_ ? graph_.python2_long(value) : graph_.integer(value);
}

// Digits in base 2**15, least significant first.
NodeId Scalars::long_integer() {
  const std::int64_t signed_count = int4();
  if (signed_count == INT32_MIN)
    throw Rejection{Error::value_error, "bad marshal data (long size out of range)"};
  const bool negative = signed_count < 0;
  const auto count = static_cast<std::uint64_t>(negative ? -signed_count : signed_count);
  if (checks_ && count > digits_32)
    throw Rejection{Error::overflow_error, "too many digits in integer"};
  limbs_.clear();
  std::uint64_t limb = 0;
  unsigned bits = 0;
  for (std::uint64_t i = 0; i < count; ++i) {
    // What is missing is ff to Python 2.7.
    const bool cut = cursor_.remaining() < 2;
    if (cut && !fills_) take(2);
    const unsigned digit = cut ? 0xffff : cursor_.le16("digit");
    if (digit > 0x7fff) {
      if (cut) cursor_.take(cursor_.remaining(), "rest");
      throw Rejection{Error::value_error, "bad marshal data (digit out of range in long)"};
    }
    if (digit == 0 && i + 1 == count)
      throw Rejection{Error::value_error, "bad marshal data (unnormalized long data)"};
    limb |= std::uint64_t{digit} << bits;
    bits += 15;
    if (bits < 64) continue;
    limbs_.push_back(limb);
    bits -= 64;
    limb = std::uint64_t{digit} >> (15 - bits);
  }
  if (limbs_.empty() && limb <= INT64_MAX) {
    const auto value = static_cast<std::int64_t>(negative ? std::uint64_t{0} - limb : limb);
    return long_longs_ ? graph_.python2_long(value) : graph_.integer(value);
  }
  if (limb != 0) limbs_.push_back(limb);
  return graph_.integer_from_limbs(limbs_, negative, long_longs_);
}

double Scalars::binary_float() {
  if (cursor_.remaining() < 8) take(8);
  return std::bit_cast<double>(cursor_.le64("float"));
}

double Scalars::text_float() {
  const std::string_view text = as_text(take(type_code()));
  const std::optional<double> value = float_from_text(text);
  if (!value) throw Rejection{Error::value_error, "could not convert string to float"};
  return *value;
}

NodeId Scalars::bytes() {
  const std::uint32_t count = size("string");
  if (checks_ && count > bytes_32)
    throw Rejection{Error::overflow_error, "byte string is too large"};
  return graph_.bytes(take(count));
}

// The types called ASCII are Latin-1.
NodeId Scalars::latin1(bool short_form) {
  const Bytes text = take(short_form ? short_size() : size("string"));
  if (is_ascii(text)) return graph_.string(text);
  std::string utf8;
  for (const std::uint8_t byte : text) append_utf8(utf8, byte);
  return graph_.string(graph_.keep(as_bytes(utf8)));
}

NodeId Scalars::utf8() {
  const Bytes text = take(size("string"));
  if (!is_ascii(text))
    if (const auto fault = find_utf8_fault(text, Surrogates::allow))
      throw Rejection{Error::unicode_decode_error, std::string(fault->reason)};
  return graph_.string(text);
}

}  // namespace assay::marshal
