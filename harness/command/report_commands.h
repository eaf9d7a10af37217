// The commands that read the records of earlier runs.
#pragma once

#include "harness/command/command.h"

namespace assay {

void add_compare(CLI::App& app, Context& context);
void add_merge(CLI::App& app, Context& context);
void add_report(CLI::App& app, Context& context);

}  // namespace assay
