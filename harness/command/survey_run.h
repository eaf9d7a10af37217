// Many files at once: asked of every profile and of implementations, and printed.
#pragma once

#include <string>
#include <vector>

#include "harness/command/command.h"
#include "harness/command/subjects.h"
#include "harness/command/survey.h"

namespace assay {

struct SurveyRun {
  std::vector<std::string> names;  // files and folders
  SurveyOptions options;
  SubjectOptions subjects;  // implementations that are asked, too; of nobody: none
  bool csv = false, json = false;
  unsigned jobs = 0;  // files at a time; 0: one a core
};

// Surveys the files and prints what it finds, in their order, with a line of
// progress on a terminal. context.status is 1 if a file is not read alike by
// every Python. Throws UsageError as choose_subjects and files_of do.
void run_survey(Context& context, SurveyRun run);

}  // namespace assay
