#include "reference/marshal/scan.h"

#include "reference/bytes/error.h"
#include "reference/marshal/code_layout.h"

namespace assay::marshal {

Scan::Scan(Bytes data, const Profile& profile)
    : cursor_(data), profile_(profile), frames_{{1, Part::objects}} {
  for (const TypeCode& row : type_codes())
    types_[row.code] = find_type(row.code, profile.version());
}

bool Scan::next(Piece& piece) {
  while (!frames_.empty()) {
    Frame& frame = frames_.back();
    piece = Piece{};
    piece.offset = cursor_.offset();
    piece.depth = frames_.size() - 1;
    if (frame.part == Part::fields) {
      if (numbers(piece)) return true;
      if (frame.left == code_fields(profile_.version()).size()) {
        frames_.pop_back();
        continue;
      }
      piece.field = frame.left++;
    } else if (frame.left == 0) {
      frames_.pop_back();
      continue;
    } else if (frame.part == Part::objects) {
      --frame.left;
    }
    object(piece);
    offset_ = cursor_.offset();
    return true;
  }
  return false;
}

// The numbers of a code object that come next, if any do.
bool Scan::numbers(Piece& piece) {
  Frame& frame = frames_.back();
  const std::span<const CodeField> fields = code_fields(profile_.version());
  std::size_t count = 0;
  while (frame.left + count < fields.size() && fields[frame.left + count].integer) ++count;
  if (count == 0) return false;
  piece.field = frame.left;
  piece.argument = cursor_.take(count * 4, "code object");
  frame.left += count;
  offset_ = cursor_.offset();
  return true;
}

void Scan::object(Piece& piece) {
  piece.code = cursor_.u8("type");
  const bool flags = profile_.has(Quirk::references);
  piece.type = types_[flags ? piece.code & ~type::flag_ref : piece.code];
  if (piece.type == nullptr)
    throw DecodeError(ErrorKind::malformed, piece.offset, "type", "no type of this Python");
  if (piece.type->code == type::null) {
    if (frames_.back().part == Part::pairs) frames_.back().left = 0;
    return;
  }
  const Bytes start = cursor_.rest();
  std::uint64_t objects = 0;
  argument(*piece.type, objects);
  piece.argument = start.first(start.size() - cursor_.remaining());
  if (piece.type->argument == Argument::pairs) frames_.push_back({1, Part::pairs});
  if (piece.type->argument == Argument::code) frames_.push_back({0, Part::fields});
  if (objects != 0) frames_.push_back({objects, Part::objects});
}

std::uint32_t Scan::size() {
  const std::uint64_t offset = cursor_.offset();
  const std::uint32_t size = cursor_.le32("size");
  if (size > 0x7fffffff) throw DecodeError(ErrorKind::malformed, offset, "size", "negative");
  return size;
}

void Scan::argument(const TypeCode& type, std::uint64_t& objects) {
  switch (type.argument) {
    case Argument::int4:
      cursor_.take(4, "number");
      break;
    case Argument::int8:
    case Argument::float8:
      cursor_.take(8, "number");
      break;
    case Argument::float16:
      cursor_.take(16, "number");
      break;
    case Argument::digits: {
      const std::int64_t count = static_cast<std::int32_t>(cursor_.le32("digits"));
      cursor_.take(std::uint64_t{2} * static_cast<std::uint64_t>(count < 0 ? -count : count),
                   "digits");
      break;
    }
    case Argument::text_complex:
      cursor_.take(cursor_.u8("size"), "number");
      [[fallthrough]];
    case Argument::text_float:
    case Argument::short_sized:
      cursor_.take(cursor_.u8("size"), "text");
      break;
    case Argument::sized:
      cursor_.take(size(), "text");
      break;
    case Argument::items:
      objects = size();
      break;
    case Argument::short_items:
      objects = cursor_.u8("size");
      break;
    case Argument::three:
      objects = 3;
      break;
    default:
      break;
  }
}

}  // namespace assay::marshal
