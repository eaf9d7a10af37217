// What can go wrong in a pickle, and the exception class that each lane raises.
//
// The machine says what is wrong (`fail(Fault::stack_underflow)`); which class
// that is in a profile stands in this one table. A fault is a row here when the
// lanes call the same thing by different names; where they differ in whether it
// is wrong at all, that is a quirk.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "reference/pickle/profile.h"

namespace assay::pickle {

enum class Fault : std::uint8_t {
  // Reading.
  end_of_input,
  short_byte,
  short_number,
  short_float,
  short_payload,
  truncated_line,
  frame_exhausted,
  frame_in_frame,
  frame_cut_off,
  size_too_large,
  frame_size_too_large,
  negative_count,
  unknown_opcode,
  unsupported_protocol,
  // The stack and the memo.
  stack_underflow,
  no_mark,
  negative_length,
  odd_items,
  memo_missing,
  memo_index_negative,
  // Text.
  not_quoted,
  float_overflow,
  // Names and objects.
  extension_not_positive,
  extension_unknown,
  empty_module,
  no_persistent_load,
  persid_not_ascii,
  name_not_string,
  no_buffers,
  class_not_type,
  arguments_not_tuple,
  keywords_not_dict,
  class_without_name,
  state_not_dict,
  slot_state_not_dict,
  // Writing.
  not_picklable,
  not_callable,
  local_name,
  name_not_encodable,
  module_not_importable,
  extension_code_range,
  extension_code_packed,
  newobj_without_class,
  newobj_ex_not_three,
  recursion,
  recursion_in_fast_mode,
  copy_memoized_already,
  // Python's own, the same in every lane.
  attribute_error,
  buffer_error,
  index_error,
  lookup_error,
  memory_error,
  overflow_error,
  type_error,
  unicode_decode_error,
  unicode_encode_error,
  value_error,
  end_
};
inline constexpr std::size_t fault_count = static_cast<std::size_t>(Fault::end_);

struct FaultRow {
  Fault fault;
  std::string_view name;
  // By lane: c2, py2, c3, py3. Empty where the lane cannot meet the fault.
  std::array<std::string_view, 4> classes;
  // From this change on Python 3 raises `changed` instead.
  Change since;
  std::string_view changed;
  std::string_view citation;
};

// All rows, in the order of the enumeration.
std::span<const FaultRow, fault_count> fault_rows();

// The class of the exception that `profile` raises for `fault`.
std::string_view exception_class(Fault fault, const Profile& profile);

// Thrown in the machine, caught at its door.
struct Rejection {
  Fault fault;
  std::string message;
};

}  // namespace assay::pickle
