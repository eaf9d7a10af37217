#include "reference/marshal/normal_form.h"

#include <vector>

#include "reference/marshal/scan.h"

namespace assay::marshal {
namespace {

constexpr std::uint32_t unused = 0xffffffff;

std::uint32_t index_in(Bytes argument) {
  Cursor cursor(argument);
  return cursor.le32("reference");
}

std::uint8_t not_interned(std::uint8_t code, bool python2) {
  switch (code) {
    case type::interned:
      return python2 ? type::interned : type::unicode;
    case type::ascii_interned:
      return type::ascii;
    case type::short_ascii_interned:
      return type::short_ascii;
    default:
      return code;
  }
}

}  // namespace

std::string normal_form(Bytes data, const Profile& profile, NormalFormOptions options) {
  const bool flags = profile.has(Quirk::references);
  std::vector<bool> used;  // by number: whether it is referred to
  Piece piece;
  for (Scan scan(data, profile); flags && scan.next(piece);) {
    if (piece.type == nullptr) continue;
    if (piece.type->code == type::reference && index_in(piece.argument) < used.size())
      used[index_in(piece.argument)] = true;
    if (piece.numbered(profile)) used.push_back(false);
  }
  std::vector<std::uint32_t> numbers;
  std::uint32_t next = 0;
  for (const bool is_used : used) numbers.push_back(is_used ? next++ : unused);

  std::string out;
  std::size_t seen = 0;
  for (Scan scan(data, profile); scan.next(piece);) {
    if (piece.type == nullptr) {
      out += as_text(piece.argument);
      continue;
    }
    std::uint8_t written = piece.type->code;
    if (options.forget_interned) written = not_interned(written, profile.python2());
    if (piece.numbered(profile) && used[seen++]) written |= type::flag_ref;
    out += static_cast<char>(written);
    if (flags && written == type::reference && index_in(piece.argument) < seen) {
      const std::uint32_t number = numbers[index_in(piece.argument)];
      for (unsigned i = 0; i < 4; ++i) out += static_cast<char>(number >> (8 * i));
    } else {
      out += as_text(piece.argument);
    }
  }
  return out;
}

}  // namespace assay::marshal
