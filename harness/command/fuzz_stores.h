// Scripts that one side runs, and whose database the other side reads: for
// formats that the subject does not write.
#pragma once

#include <functional>
#include <vector>

#include "harness/command/fleet.h"
#include "harness/command/fuzz_campaign.h"

namespace assay {

// Whether the plan is of scripts, and the subject claims to read what they leave
// but not to run them.
bool reads_stores(const FuzzPlan& plan, const FuzzPair& pair);

// Runs the second errand's scripts, has the first one's implementation read each
// database, and gives both reports: of the writer, what is in the database as it
// says itself. `errands` are changed into what was asked.
std::vector<RunReport> ask_writer_then_reader(std::vector<Errand>& errands,
                                              const std::function<void(std::size_t)>& settled);

}  // namespace assay
