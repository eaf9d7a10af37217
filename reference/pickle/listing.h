// Pickles annotated for people: what `assay dis` prints.
#pragma once

#include <string>

#include "reference/bytes/cursor.h"

namespace assay::pickle {

// No line is wider, unless ListingOptions::full asks for whole arguments.
inline constexpr std::size_t listing_columns = 80;

struct ListingOptions {
  bool full = false;  // never cut an argument
};

// A line for each instruction: its offset in hex, its bytes (cut), its name,
// indented by the marks that are open, its argument, and a note: the memo index
// it stores into, the mark it closes, where its frame ends. Lines that begin
// with `!` say what is wrong: frames too long or too short, too few items, an
// index never stored, where the stream breaks. Pickles that follow one another
// are separated by a blank line; bytes behind the last STOP that are no whole
// pickle are named as trailing and listed as far as they go.
//
// Only the shape of the stack is followed, not the values: a pickle listed
// without a `!` may still be refused by a reader. UTF-8 (for the ellipsis);
// linear in the input.
std::string listing(Bytes bytes, const ListingOptions& options = {});

}  // namespace assay::pickle
