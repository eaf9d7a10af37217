// fix_imports: what the names of modules and globals became in Python 3. Python 3
// reads them so in protocols below 3, and writes them back so.
//
// The facts are Lib/_compat_pickle.py's NAME_MAPPING and IMPORT_MAPPING for
// reading, REVERSE_NAME_MAPPING and REVERSE_IMPORT_MAPPING for writing;
// name_mapping_test.cpp compares the tables with them.
#pragma once

#include <compare>
#include <cstdint>
#include <span>
#include <string_view>

#include "reference/pickle/profile.h"

namespace assay::pickle {

struct GlobalName {
  std::string_view module;
  std::string_view name;
  friend constexpr auto operator<=>(const GlobalName&, const GlobalName&) = default;
};

// Several names of one Python can have one name in the other; then only one of
// them comes back.
enum class Way : std::uint8_t { both, reading, writing };

// Profiles that have `until` do not know a row, nor those that lack `since`.
struct RenamedGlobal {
  GlobalName python2;
  GlobalName python3;
  Way way = Way::both;
  Quirk until = Quirk::end_;
  Quirk since = Quirk::end_;
};

struct RenamedModule {
  std::string_view python2;
  std::string_view python3;
  Way way = Way::both;
  Quirk until = Quirk::end_;
  Quirk since = Quirk::end_;
};

// Sorted by the Python 2 names.
std::span<const RenamedGlobal> renamed_globals();
std::span<const RenamedModule> renamed_modules();

// The name that a Python 3 profile looks up for a Python 2 one: the global's
// own new name, else the same name in the module's new one. What is not renamed
// is given back as the same views.
GlobalName python3_name(GlobalName name, const Profile& profile);

// The name that a Python 3 profile writes for Python 2, by the same rule.
GlobalName python2_name(GlobalName name, const Profile& profile);

}  // namespace assay::pickle
