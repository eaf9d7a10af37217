// Assembly text of marshalled data: what cases are written in, and what
// `assay dis --asm` prints. README.md, "Assembly text", is the grammar.
#pragma once

#include <string>
#include <string_view>

#include "reference/bytes/cursor.h"
#include "reference/marshal/profile.h"

namespace assay::marshal {

// Assembly text to bytes. Throws DecodeError with the offset in `text`; a limit
// where `.repeat` would make more than limits::assembled_bytes.
std::string assemble(std::string_view text);

// Bytes to assembly text that assemble() takes back to the same bytes, whatever
// they are: a line for each type code, and `hex:` from the first byte on that is
// none. The profile says what a code object is made of.
std::string disassemble(Bytes data, const Profile& profile);

// What follows the type code of a piece, in assembly text: "text:'abc'".
struct Piece;
std::string argument_text(const Piece& piece);

// The lowest version of the format that has all type codes of the data, as far
// as they can be read: 3 where FLAG_REF stands, 0 where nothing is readable. Code
// objects are read with the layout of the Python that gets furthest.
int lowest_version(Bytes data);

}  // namespace assay::marshal
