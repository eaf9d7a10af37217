// The command that copies dbm files and shelves.
#pragma once

#include "harness/command/command.h"

namespace assay {

void add_migrate(CLI::App& app, Context& context);

}  // namespace assay
