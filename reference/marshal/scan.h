// Goes through marshalled data piece by piece without making values: only types
// and sizes are looked at.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "reference/bytes/cursor.h"
#include "reference/marshal/profile.h"
#include "reference/marshal/type_code.h"

namespace assay::marshal {

// A type code and what belongs to it, or numbers of a code object.
struct Piece {
  std::uint64_t offset = 0;        // of the type code, or of the first number
  const TypeCode* type = nullptr;  // nullptr: numbers of a code object
  std::uint8_t code = 0;           // as it stands, with FLAG_REF
  Bytes argument;                  // behind the code, without other objects
  std::size_t depth = 0;           // what it stands in: 0 for the outermost
  // In a code object: the field, or the first of the numbers.
  std::size_t field = no_field;

  static constexpr std::size_t no_field = static_cast<std::size_t>(-1);
  bool numbered(const Profile& profile) const {
    return type != nullptr && type->numbered && (code & type::flag_ref) != 0 &&
           profile.has(Quirk::references);
  }
};

class Scan {
 public:
  // `data` and `profile` must outlive it. The profile says which types there are
  // and what a code object is made of.
  Scan(Bytes data, const Profile& profile);

  // The next piece of the object at the start of the data; false when it is
  // complete. Throws DecodeError with the offset where a type or size is wrong.
  bool next(Piece& piece);

  // Bytes of the pieces so far: where the next one begins.
  std::uint64_t offset() const { return offset_; }

 private:
  enum class Part : std::uint8_t { objects, pairs, fields };
  // Objects still to come; for pairs 1 until their end; for a code object the
  // number of the next field.
  struct Frame {
    std::uint64_t left;
    Part part;
  };

  bool numbers(Piece& piece);
  void object(Piece& piece);
  void argument(const TypeCode& type, std::uint64_t& objects);
  std::uint32_t size();

  Cursor cursor_;
  const Profile& profile_;
  const TypeCode* types_[256] = {};
  std::vector<Frame> frames_;
  std::uint64_t offset_ = 0;
};

}  // namespace assay::marshal
