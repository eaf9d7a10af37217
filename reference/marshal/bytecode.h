// What a CPython from 3.11 on shows of bytecode that it was given: specialised
// instructions become the general ones, and their caches are zero.
#pragma once

#include <cstdint>

#include "reference/bytes/cursor.h"
#include "reference/marshal/quirks.h"

namespace assay::marshal {

// Whether co_code is the bytecode itself: always, before 3.11.
bool is_general(Bytes bytecode, Version version);

// Writes co_code to `out`, which has room for as many bytes. `bytecode` is whole
// code units. Objects/codeobject.c, deopt_code.
void generalise(Bytes bytecode, Version version, std::uint8_t* out);

// Whether this CPython loads the bytecode and then does undefined things, or
// crashes, when co_code is read: an instruction that only a running interpreter
// can resolve, or caches that go on behind the end, which are set to zero there.
bool crashes_when_read(Bytes bytecode, Version version);

}  // namespace assay::marshal
