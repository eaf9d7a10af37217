// The matrix: implementations down, protocols or modules across, how many agree.
#pragma once

#include <array>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "reports/format_name.h"
#include "reports/record.h"

namespace assay {

struct Cell {
  std::array<std::uint32_t, verdict_count> verdicts{};
  std::uint32_t known = 0;  // of those that differ, listed as known failures

  bool operator==(const Cell&) const = default;

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

// A column: a protocol of a format, or one format of a family (dbm.gnu).
struct Column {
  std::string format;  // as results name it: "pickle", "dbm.gnu:write"
  int protocol = -1;
  std::string label;  // "p0", "v4", "gnu", "cases"

  bool operator==(const Column&) const = default;
};

// The matrix of one operation on one family of formats: pickle has its protocols
// as columns, dbm its modules, what has neither a single one. Implementations
// that claim none of it are left out, unless nobody does.
struct Matrix {
  FormatName name;  // of the first column's format; `part` is of no meaning
  std::vector<Column> columns;
  std::vector<Row> rows;  // oracles, then the reference, then subjects, each in run order

  std::string title() const { return name.title(); }
};

// A matrix for every family and operation that has results: pickle, marshal, dbm,
// shelve, sqlite, others, and of each its usual operation first. Rows point into `results`,
// which must outlive them.
std::vector<Matrix> matrices(const Results& results);

// Rows that say the same of neighbouring versions of one implementation, as one.
struct RowGroup {
  std::vector<const Row*> rows;  // one or more, alike in every cell

  // "cpython-3.6..3.13-c"; the name of the only one.
  std::string title() const;
};

// The rows in order, each in the group of the first one of its kind. Versions that
// are not neighbours in the matrix are in different groups; subjects are in groups
// of their own.
std::vector<RowGroup> folded_rows(const Matrix& matrix);

}  // namespace assay
