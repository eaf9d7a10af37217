// assay cross, as main.cpp declares it.
#pragma once

#include "harness/command/command.h"

namespace assay {

void add_cross(CLI::App& app, Context& context);

}  // namespace assay
