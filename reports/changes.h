// What changed between two runs, for people: on a terminal, and as Markdown.
#pragma once

#include <cstddef>
#include <iosfwd>

#include "reports/compare.h"

namespace assay {

struct ChangesOptions {
  // Changes of a kind that are listed before "… and n more".
  std::size_t listed = 20;
};

// Regressions with what was expected and what came, fixes, other changes, new
// results that differ, cases that are gone, and last a line that sums up. The
// lines fit 80 columns but for commands to copy and long names.
void print_changes(std::ostream& out, const Comparison& comparison, const ChangesOptions& options);

// The same as Markdown, for a pull request or a job's summary.
void write_changes_markdown(std::ostream& out, const Comparison& comparison,
                            const ChangesOptions& options);

// "3 regressions, 1 fix, 0 changed, 12 new, 0 gone; 4711 as before".
std::string changes_summary(const Comparison& comparison);

}  // namespace assay
