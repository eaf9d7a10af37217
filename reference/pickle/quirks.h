// The named behaviours in which profiles differ, one row each.
//
// The machine never asks for a version: it asks `profile.has(Quirk::x)`, on
// paths that are not hot, and the table below says which profiles have x. What
// differs only in the class of an exception is in faults.h instead.
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace assay::pickle {

struct Version {
  int major = 0;
  int minor = 0;
  int patch = 0;
  friend auto operator<=>(const Version&, const Version&) = default;
};

// The four interpreters: cPickle and pickle.py of 2.7, _pickle and pickle.py of 3.
enum class Lane : std::uint8_t { c2, py2, c3, py3 };

// A set of lanes, as bits.
using Lanes = std::uint8_t;
constexpr Lanes bit(Lane lane) {
  return static_cast<Lanes>(1u << static_cast<unsigned>(lane));
}
namespace lanes {
inline constexpr Lanes c2 = bit(Lane::c2), py2 = bit(Lane::py2), c3 = bit(Lane::c3),
                       py3 = bit(Lane::py3), python2 = c2 | py2, python3 = c3 | py3, c = c2 | c3,
                       py = py2 | py3, all = c | py;
}  // namespace lanes

// When a change was made: the first patch level that has it on every branch it
// reached, oldest branch first. Branches behind the last one have it from their
// start, branches before the first never.
struct Change {
  std::array<Version, 6> first{};  // unused entries are 0.0.0
  constexpr bool empty() const { return first[0].major == 0; }
};

// Whether `version` has a change; an empty change has not happened.
bool happened(const Change& change, Version version);

enum class Quirk : std::uint8_t {
  // Reading.
  short_reads,
  line_without_newline,
  escape_reads_past_cut,
  lines_not_empty,
  nul_ends_input,
  negative_count_reads_all,
  binstring_signed,
  marshal_numbers,
  frame_drops_rest,
  bytes_cross_frames,
  short_frames,
  frame_outlives_load,
  frame_in_frame_first,
  protocol_3,
  protocol_4,
  protocol_5,
  // The stack.
  marks_on_stack,
  no_fence,
  inst_takes_mark_first,
  // Numbers as text.
  text_ends_at_nul,
  int_by_strtol,
  number_ends_at_nul,
  int_base_0,
  int_bool_by_value,
  int_digits_limited,
  literal_quoted_as_utf8,
  float_by_strtod,
  nan_sign_set,
  // Strings.
  string_trailing_junk,
  empty_string_needs_codec,
  // The memo.
  memo_by_text,
  memo_text_apart,
  memo_index_signed,
  memo_index_limited,
  memo_is_array,
  memo_far_apart,
  put_checks_stack_first,
  // Containers.
  zero_items_untouched,
  odd_dict_accepted,
  odd_items_checked,
  byte_checked_before_index,
  slice_hashable,
  // Objects and names.
  arguments_any_iterable,
  inst_calls_class,
  build_skips_falsy,
  build_updates_dict,
  not_implemented_has_no_truth,
  extension_code_checked_first,
  persistent_load_checked_first,
  persid_nonempty,
  tix_not_renamed,
  cgihttpserver_not_renamed,
  range_opaque,
  // Sizes.
  bytes_allocated_first,
  bytearray_allocated_first,
  // Writing.
  memo_from_one,
  memo_by_reference_count,
  short_text_not_memoized,
  escaped_copy_memoized,
  bytearray_not_memoized,
  buffer_copied,
  buffer_copy_checked,
  always_framed,
  large_in_frame,
  list_tail_batched,
  dict_tail_batched,
  empty_last_batch,
  int_text_is_long,
  float_17_digits,
  few_escapes,
  surrogates_joined,
  bytearray_as_text,
  dotted_by_parent,
  private_names_mangled,
  class_checked,
  newobj_ex_any_class,
  any_callee,
  recursive_reduce_ends,
  state_setter_written,
  extension_zero_ignored,
  import_cycle_error_renamed,
  letters_interned_apart,
  more_letters_interned_apart,
  persid_text_is_bytes,
  optimize_keeps_numbers,
  optimize_frames_all,
  optimize_names_ascii,
  byte_copy_shared,
  end_
};
inline constexpr std::size_t quirk_count = static_cast<std::size_t>(Quirk::end_);

struct QuirkRow {
  Quirk quirk;
  std::string_view name;       // as cases cite it: "short-reads"
  std::string_view statement;  // one sentence: what a profile that has it does
  Lanes lanes;
  Change since;  // empty: always
  Change until;  // empty: still
  int word;      // 32 or 64, or 0 for both
  std::string_view citation;
  std::string_view cases = {};  // ids of corpus cases that witness it, by spaces
};

// All rows, in the order of the enumeration.
std::span<const QuirkRow, quirk_count> quirk_rows();

// The row of a name, or nullptr.
const QuirkRow* find_quirk(std::string_view name);

bool applies(const QuirkRow& row, Version version, Lane lane, int word);

}  // namespace assay::pickle
