// Running implementations over cases and judging what they say.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/command/subjects.h"
#include "harness/verdict/judge.h"
#include "reports/record.h"

namespace assay {

struct JudgingOptions {
  std::optional<ProfileSelection> target;  // nothing: own_target() of each
  unsigned jobs = 0;                       // processes at a time; 0: one a core
  double seconds = 20;                     // limit for one case
  std::string program = "./assay";         // what `repeat` lines begin with
  std::filesystem::path project;           // Assay's folder, which records do not name
};

// Reads --target; throws UsageError if it is wrong or selects no recorded
// profile.
ProfileSelection parse_target(const std::string& text, const std::vector<std::string>& recorded);

// What the corpus' oracles cannot tell apart.
OracleBlindness oracle_blindness(const Corpus& corpus);

// One case as one implementation saw it, with what a record leaves out.
struct JudgedCase {
  ImplementationRecord implementation;
  Observation observation;
  Level level = Level::must;
  Judgement judgement;
};

// Runs every subject over `cases` and keeps everything: for a few cases.
std::vector<JudgedCase> judge_cases(const Corpus& corpus, const std::vector<const Case*>& cases,
                                    const std::vector<Subject>& subjects,
                                    const JudgingOptions& options);

// A run whose known failures are still to be marked.
struct JudgedRun {
  Results results;
  // The known.toml of each implementation that has one and was judged by its own
  // target: what is known holds for no other.
  std::map<std::string, std::filesystem::path> known;
};

// Runs every subject over every case and judges the observations. Subjects whose
// hello shows another name than was asked for, or one already taken, are left
// out (of those given by a command line each is kept: "#2" tells them apart);
// those that do not come up have a note and no result.
JudgedRun judge_all(const Corpus& corpus, const std::vector<const Case*>& cases,
                    const std::vector<Subject>& subjects, const JudgingOptions& options);

}  // namespace assay
