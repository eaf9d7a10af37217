// Which implementations a run judges, and by what.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/command/command.h"
#include "harness/corpus/corpus.h"
#include "harness/corpus/profile_name.h"
#include "harness/oracles/discovery.h"

namespace assay {

struct SubjectOptions {
  std::vector<std::string> wanted;  // --impl: names, globs of names, kinds, commands
  std::vector<std::string> exec;    // --exec: commands, one process a case
  double start_seconds = 0;         // --start-seconds: of every start; 0: each its own
};

// One implementation about to be run. Its exact name is known after its hello.
struct Subject {
  Candidate candidate;
  // The name must fit one of these globs; empty: any does.
  std::vector<std::string> names;
  std::string command;  // of --impl CMD and --exec CMD, as it was given; or empty
};

// Declares --impl, --exec and --start-seconds.
void add_subject_options(CLI::App& command, SubjectOptions& options, const std::string& impl_help);

// The implementations that the options name; without any, everything found: all
// interpreters, the reference as each recorded profile, described adapters that
// are installed. Throws UsageError for a name that nothing has, and for an
// adapter.toml whose target is not recorded.
std::vector<Subject> choose_subjects(Context& context, const Corpus& corpus,
                                     const SubjectOptions& options);

// The selection an implementation is judged by when --target says nothing: the
// one its adapter.toml names, or else a CPython and the reference by their own
// recorded profile (of the other word size if only that is recorded), others by
// the standard one.
ProfileSelection own_target(const Candidate& candidate, const Hello* hello,
                            const std::vector<std::string>& recorded);

// The name a run knows the subject by: that of a described adapter's folder, else
// what its hello says, if there is one. `versions` are those of the recorded
// profiles.
std::string name_of(const Subject& subject, const Hello* hello,
                    const std::map<std::string, std::string>& versions);

// "oracle", "reference" or "subject", as reports group implementations.
std::string role_of(const Hello* hello);

}  // namespace assay
