// assay smoke, as main.cpp adds it.
#pragma once

#include "harness/command/command.h"

namespace assay {

// Checks an adapter itself: smoke_checks.h.
void add_smoke(CLI::App& app, Context& context);

}  // namespace assay
