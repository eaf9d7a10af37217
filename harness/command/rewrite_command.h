// assay rewrite.
#pragma once

#include "harness/command/command.h"

namespace assay {

void add_rewrite(CLI::App& app, Context& context);

}  // namespace assay
