// The objects of marshalled data that have no others inside, and the numbers
// and sizes of those that have.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "reference/bytes/cursor.h"
#include "reference/marshal/profile.h"
#include "reference/value/graph.h"

namespace assay::marshal {

// Each function reads what stands behind a type code. All throw Rejection:
// EOFError where the data ends, ValueError where it is wrong.
class Scalars {
 public:
  Scalars(Graph& graph, Bytes data, const Profile& profile);

  std::uint64_t offset() const { return cursor_.offset(); }
  bool at_end() const { return cursor_.at_end(); }

  std::uint8_t type_code() {
    if (cursor_.at_end()) end_of_data();
    return cursor_.u8("type");
  }
  // r_long: four bytes, signed.
  std::int64_t int4() {
    if (cursor_.remaining() < 4) return cut_off_int4();
    return static_cast<std::int32_t>(cursor_.le32("number"));
  }
  // A size or count of four bytes, of a `what`.
  std::uint32_t size(std::string_view what);
  std::uint32_t short_size() { return type_code(); }

  NodeId integer() { return graph_.integer(int4()); }
  NodeId integer64();
  NodeId long_integer();
  double binary_float();
  double text_float();
  NodeId bytes();
  NodeId latin1(bool short_form);
  NodeId utf8();

 private:
  [[noreturn]] static void end_of_data();
  std::int64_t cut_off_int4();
  Bytes take(std::uint64_t size);

  Graph& graph_;
  Cursor cursor_;
  bool fills_;       // Quirk::eof_is_minus_one
  bool checks_;      // Quirk::sizes_checked
  bool long_longs_;  // type l is Python 2's long
  bool long_int64_;  // type I is
  std::vector<std::uint64_t> limbs_;
};

}  // namespace assay::marshal
