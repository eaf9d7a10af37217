// The matrix: implementations down, protocols across, how many cases agree.
#pragma once

#include <array>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "reports/record.h"

namespace assay {

struct Cell {
  std::array<std::uint32_t, verdict_count> verdicts{};
  std::uint32_t known = 0;  // of those that differ, listed as known failures

  void count(const ResultRecord& result);
  std::uint32_t of(Verdict verdict) const { return verdicts[static_cast<std::size_t>(verdict)]; }
  std::uint32_t of(Standing wanted) const;
  std::uint32_t judged() const;  // agrees + lossy + differs
};

struct Row {
  const ImplementationRecord* implementation;
  std::vector<Cell> cells;  // one a column
  Cell total;
};

// What a format calls its protocols: "version" for marshal.
std::string_view protocol_word(std::string_view format);

// One format's matrix. Columns are its protocols in order, labelled "p0" … ("v0"
// where they are versions), or a single unlabelled column where the format has
// none. Implementations that do not support the format are left out, unless none
// does.
struct Matrix {
  std::string format;
  std::vector<int> protocols;
  std::vector<Row> rows;  // oracles, then the reference, then subjects, each in run order
};

// A matrix for every format that has results, formats in alphabetical order.
// Rows point into `results`, which must outlive them.
std::vector<Matrix> matrices(const Results& results);

}  // namespace assay
