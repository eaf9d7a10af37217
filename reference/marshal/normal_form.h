// The normal form of marshalled data: what does not depend on how many
// references to an object a CPython happened to hold.
//
// FLAG_REF stands on the objects that are referred to, on no other, and the
// references are numbered anew. Two CPythons that write the same graph write
// the same normal form.
#pragma once

#include <string>

#include "reference/bytes/cursor.h"
#include "reference/marshal/profile.h"
#include "reference/marshal/reader.h"

namespace assay::marshal {

struct NormalFormOptions {
  // Writes interned strings as others: whether a string is interned depends on
  // what else the process did.
  bool forget_interned = false;
};

// The normal form of the object at the start of `data`; what follows it is
// dropped. Only the types and sizes are looked at. Throws DecodeError with the
// offset where they are wrong.
std::string normal_form(Bytes data, const Profile& profile, NormalFormOptions options = {});

}  // namespace assay::marshal
