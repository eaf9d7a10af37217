// The project's folder, its corpus, and what the formats' rooms tell of them.
#pragma once

#include <string>
#include <vector>

#include "harness/command/command.h"
#include "harness/corpus/corpus.h"
#include "harness/corpus/glob.h"

namespace assay {

// The formats a corpus may hold, with their assemblers and options.
const FormatTable& formats();

// Loads the project's corpus. Problems that only `assay record` can mend are
// left in it; any other throws UsageError with the first of them, since what a
// broken corpus says is not to be trusted.
Corpus load_project_corpus(Context& context);

// Reads a whole file, or standard input for "-"; throws UsageError naming it.
std::string read_input_file(const std::string& name);

// An input's name in messages: "standard input" for "-".
std::string shown_name(const std::string& name);

}  // namespace assay
