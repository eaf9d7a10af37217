// The records and reports of a run, as files: reading them back, writing them.
#pragma once

#include <string>

#include "reports/catalogue.h"
#include "reports/compare.h"
#include "reports/record.h"

namespace assay {

// The records of `place`: a folder that --out of `assay run` or `assay merge`
// wrote, a results.jsonl, or "-" for standard input. Throws UsageError naming
// the file, and the line that is not of the schema.
Results read_results_of(const std::string& place);

// Writes every report on `results` into `folder`, which is made if it is not
// there: results.jsonl, junit.xml and the Markdown pages. Throws UsageError
// naming what could not be written.
void write_reports(const std::string& folder, const Results& results);

// Writes report.html into `folder`; `changes` may be null. `crossed` is a folder with
// matrices of `assay cross`, or nothing. Throws UsageError.
void write_page(const std::string& folder, const Results& results, const Catalogue& catalogue,
                const Comparison* changes, const std::string& crossed);

// Writes each badge as FOLDER/badges/NAME.svg and .json; gives their number.
// Throws UsageError.
std::size_t write_badges(const std::string& folder, const Results& results);

}  // namespace assay
