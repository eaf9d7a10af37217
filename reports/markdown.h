// Markdown reports: an index with the matrices, and one page a protocol or module.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "reports/record.h"

namespace assay {

struct MarkdownPage {
  std::string file;  // "index.md", "pickle-0.md", "dbm-gnu.md", …
  std::string text;
};

// The pages of a run: index.md first, then format by format, protocol by
// protocol. A page has, for reading, writing and what else was done, the
// implementations with their verdicts, rows that are alike as one, then every
// disagreement with what was expected, what came, and how to repeat it; of those that
// are known for one reason, the first so and the ids of the others.
std::vector<MarkdownPage> markdown_pages(const Results& results);

// Writes the pages into `folder`, which must exist; index.md links to the matrices of
// `assay cross` in it. Throws std::runtime_error naming the file that could not be
// written, or that is no such matrix.
void write_markdown(const std::filesystem::path& folder, const Results& results);

}  // namespace assay
