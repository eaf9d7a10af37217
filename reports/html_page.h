// The report as one HTML file that needs nothing else: no network, no server.
#pragma once

#include <cstddef>
#include <iosfwd>

#include "reports/catalogue.h"
#include "reports/compare.h"
#include "reports/crossing.h"
#include "reports/record.h"

namespace assay {

struct HtmlOptions {
  // Details of cases (bytes, disassembly, outcomes) are embedded until they fill
  // this: first of cases on which somebody differs, unknown differences before
  // known ones, then of those on which the CPythons do, then of the rest; in turn
  // of each format. The page says of how many there is no more than the verdict.
  std::size_t detail_bytes = 3'200'000;
  std::vector<Crossing> crossings;  // whose files open in what
};

// Writes the page: the matrix, every result by topic and case, charts, and, with
// `changes`, what changed since an older run. Data stand in the page as JSON and
// reach the document as text only; a policy in the page forbids it to load or
// send anything.
void write_html(std::ostream& out, const Results& results, const Catalogue& catalogue,
                const Comparison* changes, const HtmlOptions& options = {});

// The data alone, as the page reads them (one JSON object, "<" escaped).
std::string html_data(const Results& results, const Catalogue& catalogue, const Comparison* changes,
                      const HtmlOptions& options);

}  // namespace assay
