// From cases to what adapters are asked.
#pragma once

#include <string>
#include <vector>

#include "harness/corpus/corpus.h"
#include "harness/runner/runner.h"

namespace assay {

// What an adapter is asked for a case.
Request request_of(const Case& c);

// A job for every case, in their order; `seconds` is each one's limit.
std::vector<Job> jobs_of(const std::vector<const Case*>& cases, double seconds);

// The cases of every file, in the order of files, that `wanted` (ids, globs of
// ids, topics or formats; empty: all) names. Throws UsageError for a name that
// fits no case.
std::vector<const Case*> choose_cases(const Corpus& corpus, const std::vector<std::string>& wanted);

// The options and buffers of a case as one line of JSON, without what else its
// options_text() says (operation, module, protocol); empty if there are none.
std::string options_alone(const Case& c);

}  // namespace assay
