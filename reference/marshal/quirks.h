// The named behaviours in which profiles differ, one row each.
//
// Reader and writer never ask for a version: they ask `profile.has(Quirk::x)`,
// and the table says which profiles have x. The layouts of code objects are a
// table of their own (code_layout.h).
#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace assay::marshal {

struct Version {
  int major = 0;
  int minor = 0;
  int patch = 0;
  friend auto operator<=>(const Version&, const Version&) = default;
};

enum class Quirk : std::uint8_t {
  // Reading.
  eof_is_minus_one,
  errors_go_on,
  depth_before_eof,
  shallow,
  string_references,
  references,
  ascii_forms,
  slices,
  frozendicts,
  frozendict_reference_lost,
  tuple_after_items,
  allow_code,
  null_field_is_null,
  int_is_not_long,
  int64_is_long,
  sizes_checked,
  slice_hashable,
  // Code objects.
  code_is_any_buffer,
  names_abort,
  stacksize_checked,
  stacksize_at_least_one,
  varnames_checked,
  nofree_computed,
  locals_plus,
  file_name_shared,
  own_names_interned,
  letters_interned_apart,
  more_letters_interned_apart,
  letters_interned,
  integers_to_1024,
  // Writing.
  surrogates_joined,
  sets_sorted,
  set_items_held,
  no_recursive_immutables,
  end_
};
inline constexpr std::size_t quirk_count = static_cast<std::size_t>(Quirk::end_);

struct QuirkRow {
  Quirk quirk;
  std::string_view name;       // as cases cite it: "eof-is-minus-one"
  std::string_view statement;  // one sentence: what a profile that has it does
  Version since;               // the first that has it
  Version until;               // the first that has it no more; 0.0.0: still
  int word;                    // 32 or 64, or 0 for both
  std::string_view citation;
};

// All rows, in the order of the enumeration.
std::span<const QuirkRow, quirk_count> quirk_rows();

// The row of a name, or nullptr.
const QuirkRow* find_quirk(std::string_view name);

bool applies(const QuirkRow& row, Version version, int word);

}  // namespace assay::marshal
