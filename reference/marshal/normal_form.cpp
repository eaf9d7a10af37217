#include "reference/marshal/normal_form.h"

#include <vector>

#include "reference/bytes/error.h"
#include "reference/marshal/code_layout.h"
#include "reference/marshal/type_code.h"

namespace assay::marshal {
namespace {

constexpr std::uint32_t unused = 0xffffffff;

// Goes through the objects of `data` one type code after the other.
class Scan {
 public:
  Scan(Bytes data, const Profile& profile) : data_(data), profile_(profile) {
    for (const TypeCode& row : type_codes())
      types_[row.code] = find_type(row.code, profile.version());
  }

  // Calls visit(type, code, argument): the type, its code as it stands, and the
  // bytes behind the code, without other objects.
  template <typename Visit>
  void run(Visit visit) {
    Cursor cursor(data_);
    frames_ = {{1, Part::objects}};
    while (!frames_.empty()) {
      Frame& frame = frames_.back();
      if (frame.part == Part::fields) {
        next_field(cursor, visit);
        continue;
      }
      if (frame.left == 0) {
        frames_.pop_back();
        continue;
      }
      if (frame.part == Part::objects) --frame.left;
      object(cursor, visit);
    }
  }

 private:
  enum class Part : std::uint8_t { objects, pairs, fields };
  // Objects still to come; for pairs 1 until their end; for a code object the
  // number of the next field.
  struct Frame {
    std::uint64_t left;
    Part part;
  };

  template <typename Visit>
  void next_field(Cursor& cursor, Visit& visit) {
    Frame& frame = frames_.back();
    const std::span<const CodeField> fields = code_fields(profile_.version());
    std::size_t numbers = 0;
    while (frame.left + numbers < fields.size() && fields[frame.left + numbers].integer) ++numbers;
    if (numbers != 0) visit(nullptr, 0, cursor.take(numbers * 4, "code object"));
    frame.left += numbers;
    if (frame.left == fields.size()) {
      frames_.pop_back();
      return;
    }
    ++frame.left;
    object(cursor, visit);
  }

  template <typename Visit>
  void object(Cursor& cursor, Visit& visit) {
    const std::uint64_t offset = cursor.offset();
    const std::uint8_t code = cursor.u8("type");
    const bool flags = profile_.has(Quirk::references);
    const TypeCode* type = types_[flags ? code & ~type::flag_ref : code];
    if (type == nullptr)
      throw DecodeError(ErrorKind::malformed, offset, "type", "no type of this Python");
    if (type->code == type::null) {
      if (frames_.back().part == Part::pairs) frames_.back().left = 0;
      visit(type, code, Bytes{});
      return;
    }
    const Bytes start = cursor.rest();
    std::uint64_t objects = 0;
    argument(cursor, *type, objects);
    visit(type, code, start.first(start.size() - cursor.remaining()));
    if (type->argument == Argument::pairs) frames_.push_back({1, Part::pairs});
    if (type->argument == Argument::code) frames_.push_back({0, Part::fields});
    if (objects != 0) frames_.push_back({objects, Part::objects});
  }

  static std::uint32_t size(Cursor& cursor) {
    const std::uint64_t offset = cursor.offset();
    const std::uint32_t size = cursor.le32("size");
    if (size > 0x7fffffff) throw DecodeError(ErrorKind::malformed, offset, "size", "negative");
    return size;
  }

  static void argument(Cursor& cursor, const TypeCode& type, std::uint64_t& objects) {
    switch (type.argument) {
      case Argument::int4:
        cursor.take(4, "number");
        break;
      case Argument::int8:
      case Argument::float8:
        cursor.take(8, "number");
        break;
      case Argument::float16:
        cursor.take(16, "number");
        break;
      case Argument::digits: {
        const auto count = static_cast<std::int32_t>(cursor.le32("digits"));
        cursor.take(
            std::uint64_t{2} * static_cast<std::uint64_t>(count < 0 ? -std::int64_t{count} : count),
            "digits");
        break;
      }
      case Argument::text_complex:
        cursor.take(cursor.u8("size"), "number");
        [[fallthrough]];
      case Argument::text_float:
      case Argument::short_sized:
        cursor.take(cursor.u8("size"), "text");
        break;
      case Argument::sized:
        cursor.take(size(cursor), "text");
        break;
      case Argument::items:
        objects = size(cursor);
        break;
      case Argument::short_items:
        objects = cursor.u8("size");
        break;
      case Argument::three:
        objects = 3;
        break;
      default:
        break;
    }
  }

  Bytes data_;
  const Profile& profile_;
  const TypeCode* types_[256] = {};
  std::vector<Frame> frames_;
};

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
  std::vector<std::uint32_t> numbers;
  Scan(data, profile).run([&](const TypeCode* type, std::uint8_t code, Bytes argument) {
    if (type == nullptr || !flags) return;
    if (type->code == type::reference && index_in(argument) < used.size())
      used[index_in(argument)] = true;
    if ((code & type::flag_ref) != 0 && type->numbered) used.push_back(false);
  });
  std::uint32_t next = 0;
  for (const bool is_used : used) numbers.push_back(is_used ? next++ : unused);

  std::string out;
  std::size_t seen = 0;
  Scan(data, profile).run([&](const TypeCode* type, std::uint8_t code, Bytes argument) {
    if (type == nullptr) {
      out += as_text(argument);
      return;
    }
    std::uint8_t written = type->code;
    if (options.forget_interned) written = not_interned(written, profile.python2());
    if (flags && (code & type::flag_ref) != 0 && type->numbered && used[seen++])
      written |= type::flag_ref;
    out += static_cast<char>(written);
    if (flags && type->code == type::reference && index_in(argument) < seen) {
      const std::uint32_t number = numbers[index_in(argument)];
      for (unsigned i = 0; i < 4; ++i) out += static_cast<char>(number >> (8 * i));
    } else {
      out += as_text(argument);
    }
  });
  return out;
}

}  // namespace assay::marshal
