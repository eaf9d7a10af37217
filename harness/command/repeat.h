// The command lines that Assay prints for people to run again.
#pragma once

#include <string>
#include <string_view>

#include "harness/command/subjects.h"

namespace assay {

// A word as a shell takes it: as it stands, or in single quotes.
std::string shell_word(std::string_view word);

// How this program was called: as the launcher was ($ASSAY_COMMAND), or by its
// own path with --root where that was given; "./assay" otherwise.
std::string program_words(const Context& context);

// " --impl …" and " --exec …" as they were given, and the start limit.
std::string subject_words(const SubjectOptions& options);

// The option that asks for one subject again: for one given by its command line
// that very option, for others " --impl NAME".
std::string subject_words(const Subject& subject, const std::string& name);

}  // namespace assay
