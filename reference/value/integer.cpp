#include "reference/value/integer.h"

#include <gmp.h>

#include <array>
#include <bit>
#include <cassert>
#include <cmath>
#include <cstring>
#include <limits>
#include <span>
#include <vector>

namespace assay {
namespace {

static_assert(sizeof(mp_limb_t) == sizeof(std::uint64_t) && GMP_NAIL_BITS == 0);

using Limbs = std::vector<std::uint64_t>;

mp_limb_t* gmp(std::uint64_t* limbs) {
  return reinterpret_cast<mp_limb_t*>(limbs);
}
const mp_limb_t* gmp(const std::uint64_t* limbs) {
  return reinterpret_cast<const mp_limb_t*>(limbs);
}

// Sign and magnitude of any number node, without a copy.
struct Magnitude {
  Magnitude(const Graph& graph, NodeId id) {
    const Node& node = graph[id];
    assert(is_integer(node.kind));
    if (node.kind == Kind::big_integer) {
      negative = graph.negative(id);
      limbs = graph.limbs(id);
      return;
    }
    const std::int64_t value = node.kind == Kind::integer ? node.integer : node.kind == Kind::true_;
    negative = value < 0;
    small = negative ? std::uint64_t{0} - static_cast<std::uint64_t>(value)
                     : static_cast<std::uint64_t>(value);
    limbs = {&small, value == 0 ? std::size_t{0} : std::size_t{1}};
  }
  Magnitude(const Magnitude&) = delete;
  Magnitude& operator=(const Magnitude&) = delete;

  std::uint64_t bits() const {
    return limbs.empty() ? 0 : limbs.size() * 64 - std::countl_zero(limbs.back());
  }

  bool negative = false;
  std::uint64_t small = 0;
  std::span<const std::uint64_t> limbs;  // no leading zero limb
};

// Value of a digit character, 255 for anything else.
constexpr std::array<std::uint8_t, 256> digit_values = [] {
  std::array<std::uint8_t, 256> values{};
  values.fill(255);
  for (int i = 0; i < 10; ++i)
    values[static_cast<std::size_t>('0' + i)] = static_cast<std::uint8_t>(i);
  for (int i = 0; i < 6; ++i) {
    values[static_cast<std::size_t>('a' + i)] = static_cast<std::uint8_t>(10 + i);
    values[static_cast<std::size_t>('A' + i)] = static_cast<std::uint8_t>(10 + i);
  }
  return values;
}();

std::uint8_t digit_value(char digit) {
  return digit_values[static_cast<unsigned char>(digit)];
}

}  // namespace

NodeId integer_from_text(Graph& graph, std::string_view digits, int base, bool negative,
                         bool python2_long) {
  assert(base == 2 || base == 8 || base == 10 || base == 16);
  if (digits.empty()) return no_node;
  for (const char digit : digits)
    if (digit_value(digit) >= base) return no_node;
  while (digits.size() > 1 && digits[0] == '0') digits.remove_prefix(1);

  // Up to 15 digits fit 60 bits in every base.
  if (digits.size() <= 15) {
    std::int64_t value = 0;
    for (const char digit : digits) value = value * base + digit_value(digit);
    if (negative) value = -value;
    return python2_long ? graph.python2_long(value) : graph.integer(value);
  }
  std::vector<std::uint8_t> values(digits.size());
  for (std::size_t i = 0; i < digits.size(); ++i) values[i] = digit_value(digits[i]);
  // Four bits hold a digit of any of the bases; GMP wants one limb more.
  Limbs limbs(digits.size() / 16 + 2);
  const mp_size_t used = mpn_set_str(gmp(limbs.data()), values.data(), values.size(), base);
  return graph.integer_from_limbs({limbs.data(), static_cast<std::size_t>(used)}, negative,
                                  python2_long);
}

NodeId integer_from_twos_complement(Graph& graph, Bytes little_endian, bool python2_long) {
  const std::size_t size = little_endian.size();
  const bool negative = size != 0 && (little_endian[size - 1] & 0x80) != 0;
  if (size <= 8) {
    std::uint64_t bits = negative ? ~std::uint64_t{0} : 0;
    for (std::size_t i = size; i > 0; --i) bits = (bits << 8) | little_endian[i - 1];
    const auto value = static_cast<std::int64_t>(bits);
    return python2_long ? graph.python2_long(value) : graph.integer(value);
  }
  // One limb more than the bytes fill, so that negating 80…00 cannot overflow.
  Limbs limbs(size / 8 + 1, negative ? ~std::uint64_t{0} : 0);
  static_assert(std::endian::native == std::endian::little);
  std::memcpy(limbs.data(), little_endian.data(), size);
  if (negative) mpn_neg(gmp(limbs.data()), gmp(limbs.data()), static_cast<mp_size_t>(limbs.size()));
  return graph.integer_from_limbs(limbs, negative, python2_long);
}

std::string integer_twos_complement(const Graph& graph, NodeId id) {
  const Magnitude number(graph, id);
  if (number.limbs.empty()) return {};
  Limbs limbs(number.limbs.begin(), number.limbs.end());
  limbs.push_back(0);
  if (number.negative)
    mpn_neg(gmp(limbs.data()), gmp(limbs.data()), static_cast<mp_size_t>(limbs.size()));
  std::string bytes(limbs.size() * 8, '\0');
  std::memcpy(bytes.data(), limbs.data(), bytes.size());
  // Drop bytes that only repeat the sign.
  const char fill = number.negative ? '\xff' : '\0';
  std::size_t size = bytes.size();
  while (size > 1 && bytes[size - 1] == fill && ((bytes[size - 2] & 0x80) != 0) == number.negative)
    --size;
  bytes.resize(size);
  return bytes;
}

std::string integer_text(const Graph& graph, NodeId id, int base) {
  assert(base == 10 || base == 16);
  const Magnitude number(graph, id);
  std::string text = number.negative ? "-" : "";
  if (base == 16) text += "0x";
  if (number.limbs.empty()) return text + "0";
  const std::size_t prefix = text.size();
  // mpn_get_str destroys its input and wants room for one digit too many.
  Limbs limbs(number.limbs.begin(), number.limbs.end());
  mpz_t view;
  const std::size_t digits = mpz_sizeinbase(
      mpz_roinit_n(view, gmp(limbs.data()), static_cast<mp_size_t>(limbs.size())), base);
  text.resize(prefix + digits + 1);
  auto* at = reinterpret_cast<unsigned char*>(text.data() + prefix);
  const std::size_t written =
      mpn_get_str(at, base, gmp(limbs.data()), static_cast<mp_size_t>(limbs.size()));
  std::size_t zeros = 0;
  while (zeros + 1 < written && at[zeros] == 0) ++zeros;
  for (std::size_t i = zeros; i < written; ++i)
    at[i - zeros] = static_cast<unsigned char>("0123456789abcdef"[at[i]]);
  text.resize(prefix + written - zeros);
  return text;
}

std::strong_ordering compare_integers(const Graph& a, NodeId x, const Graph& b, NodeId y) {
  const Magnitude left(a, x);
  const Magnitude right(b, y);
  if (left.negative != right.negative)
    return left.negative ? std::strong_ordering::less : std::strong_ordering::greater;
  std::strong_ordering order = left.limbs.size() <=> right.limbs.size();
  if (order == 0 && !left.limbs.empty())
    order = mpn_cmp(gmp(left.limbs.data()), gmp(right.limbs.data()),
                    static_cast<mp_size_t>(left.limbs.size())) <=> 0;
  return left.negative ? 0 <=> order : order;
}

std::partial_ordering compare_integer_double(const Graph& graph, NodeId id, double value) {
  if (std::isnan(value)) return std::partial_ordering::unordered;
  const Magnitude number(graph, id);
  if (std::isinf(value))
    return value > 0 ? std::partial_ordering::less : std::partial_ordering::greater;
  const int sign = number.limbs.empty() ? 0 : number.negative ? -1 : 1;
  const int other_sign = value == 0 ? 0 : value < 0 ? -1 : 1;
  if (sign != other_sign || sign == 0) return sign <=> other_sign;

  // Both are positive or both negative: compare magnitudes, first by the
  // position of the highest bit, then as 64-bit fixed point below it.
  const auto oriented = [&](std::strong_ordering order) -> std::partial_ordering {
    return sign < 0 ? 0 <=> order : order;
  };
  int exponent = 0;
  const double fraction = std::frexp(std::fabs(value), &exponent);  // in [0.5, 1)
  if (exponent <= 0) return oriented(std::strong_ordering::greater);
  const std::uint64_t bits = number.bits();
  if (bits != static_cast<std::uint64_t>(exponent))
    return oriented(bits <=> static_cast<std::uint64_t>(exponent));
  // The double's 53 bits, aligned to the top of 64.
  const auto top = static_cast<std::uint64_t>(std::ldexp(fraction, 53)) << 11;
  const std::size_t count = number.limbs.size();
  const int shift = std::countl_zero(number.limbs[count - 1]);
  std::uint64_t high = number.limbs[count - 1] << shift;
  bool rest = false;
  if (count > 1) {
    if (shift != 0) high |= number.limbs[count - 2] >> (64 - shift);
    rest = (number.limbs[count - 2] << shift) != 0;
    for (std::size_t i = 0; i + 2 < count && !rest; ++i) rest = number.limbs[i] != 0;
  }
  if (high != top) return oriented(high <=> top);
  return oriented(rest ? std::strong_ordering::greater : std::strong_ordering::equal);
}

namespace {

// A GMP integer, for the one place that needs more than limbs.
struct Number {
  Number() { mpz_init(value); }
  explicit Number(const Magnitude& from) {
    mpz_init(value);
    mpz_import(value, from.limbs.size(), -1, sizeof(std::uint64_t), 0, 0, from.limbs.data());
    if (from.negative) mpz_neg(value, value);
  }
  Number(const Number&) = delete;
  Number& operator=(const Number&) = delete;
  ~Number() { mpz_clear(value); }

  std::string text() const {
    std::string digits(mpz_sizeinbase(value, 16) + 2, '\0');
    mpz_get_str(digits.data(), 16, value);
    digits.resize(std::strlen(digits.c_str()));
    return digits;
  }

  mpz_t value;
};

}  // namespace

std::string range_identity(const Graph& graph, NodeId range) {
  const std::span<const NodeId> items = graph.items(range);
  const Number start(Magnitude(graph, items[0]));
  const Number step(Magnitude(graph, items[2]));
  Number last(Magnitude(graph, items[1]));
  const int direction = mpz_sgn(step.value);
  if (direction == 0) return "step 0";  // Python has no such range
  // The last number before stop, in whole steps from start.
  mpz_sub(last.value, last.value, start.value);
  if (mpz_sgn(last.value) != direction) return "empty";
  if (direction > 0) {
    mpz_sub_ui(last.value, last.value, 1);
  } else {
    mpz_add_ui(last.value, last.value, 1);
  }
  mpz_tdiv_q(last.value, last.value, step.value);
  if (mpz_sgn(last.value) == 0) return start.text();
  return start.text() + " " + step.text() + " " + last.text();
}

namespace {

constexpr int hash_bits = 61;
constexpr std::uint64_t hash_modulus = (std::uint64_t{1} << hash_bits) - 1;
constexpr std::int64_t hash_infinity = 314159;

std::int64_t signed_hash(std::uint64_t residue, bool negative) {
  const auto hash =
      negative ? -static_cast<std::int64_t>(residue) : static_cast<std::int64_t>(residue);
  return hash == -1 ? -2 : hash;
}

}  // namespace

std::int64_t hash_integer(const Graph& graph, NodeId id) {
  const Magnitude number(graph, id);
  std::uint64_t residue = 0;
  if (number.limbs.size() == 1) {
    residue = number.limbs[0] % hash_modulus;
  } else if (!number.limbs.empty()) {
    residue = mpn_mod_1(gmp(number.limbs.data()), static_cast<mp_size_t>(number.limbs.size()),
                        hash_modulus);
  }
  return signed_hash(residue, number.negative);
}

std::int64_t hash_double(double value) {
  if (std::isnan(value)) return 0;
  if (std::isinf(value)) return value > 0 ? hash_infinity : -hash_infinity;
  // value = mantissa * 2**exponent, and 2**61 is 1 modulo 2**61 - 1: the
  // residue is the mantissa rotated left by the exponent.
  int exponent = 0;
  const double fraction = std::frexp(std::fabs(value), &exponent);
  const auto mantissa = static_cast<std::uint64_t>(std::ldexp(fraction, 53));
  int turn = (exponent - 53) % hash_bits;
  if (turn < 0) turn += hash_bits;
  std::uint64_t residue = ((mantissa << turn) & hash_modulus) | (mantissa >> (hash_bits - turn));
  if (residue == hash_modulus) residue = 0;
  return signed_hash(residue, value < 0);
}

}  // namespace assay
