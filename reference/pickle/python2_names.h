// What fix_imports makes of Python 2's names of modules and globals.
//
// The facts are Lib/_compat_pickle.py's NAME_MAPPING and IMPORT_MAPPING, with
// which python2_names_test.cpp compares the tables.
#pragma once

#include <span>
#include <string_view>

#include "reference/pickle/profile.h"

namespace assay::pickle {

struct Python3Name {
  std::string_view module;
  std::string_view name;
};

struct RenamedGlobal {
  Python3Name python2;
  Python3Name python3;
};

struct RenamedModule {
  std::string_view python2;
  std::string_view python3;
  Quirk until = Quirk::end_;  // the quirk of no longer being renamed, if there is one
};

// Sorted by the Python 2 names.
std::span<const RenamedGlobal> renamed_globals();
std::span<const RenamedModule> renamed_modules();

// The name that a Python 3 profile looks up for a Python 2 one: the global's
// own new name, else the same name in the module's new one. What is not renamed
// is given back as the same view.
Python3Name python3_name(std::string_view module, std::string_view name, const Profile& profile);

}  // namespace assay::pickle
