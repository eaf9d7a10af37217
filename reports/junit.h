// JUnit XML, as CI systems read it.
#pragma once

#include <iosfwd>

#include "reports/record.h"

namespace assay {

// One testsuite for each implementation and topic, one testcase a result. A
// disagreement is a <failure>, a broken adapter an <error>; known failures and
// cases that were not judged are <skipped> with their reason.
void write_junit(std::ostream& out, const Results& results);

}  // namespace assay
