// What a report shows of the cases, taken from the corpus.
#pragma once

#include <string>

#include "harness/corpus/corpus.h"
#include "reports/catalogue.h"

namespace assay {

// The annotated disassembly of a case's input, a line an instruction, lines cut
// at 80 columns unless `full`; marshalled data as the newest profile reads them
// that accepts them. Empty for formats that have none.
std::string case_listing(const Case& c, bool full);

// Every case of the corpus with its first bytes, its annotated disassembly (cut
// where it is long), its recorded outcomes and the opcodes or
// types that it uses; every quirk; and every opcode and type there is. Formats without a
// disassembler have bytes and outcomes only.
Catalogue make_catalogue(const Corpus& corpus);

}  // namespace assay
