// Which tree SQLite 3.40 reads when all rows of a table are asked for. It prefers
// an index that holds every column to the table itself where it takes that for
// smaller, and the rows then come in the index's order. Next Generation Query
// Planner, and where.c, whereLoopAddBtree.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "reference/sqlite/database.h"

namespace assay::sqlite {

// A tree of an index that is read in place of a table.
struct IndexScan {
  std::uint32_t root = 0;
  std::vector<Table::Place> places;  // of each column; the rowid is a field here
  std::size_t record_fields = 0;
  std::size_t rowid_field = 0;  // of the entries, in a table that has rowids
};

// The index that a query of every column that is not generated reads; nothing
// when that is the table. Sizes that ANALYZE was told (sz=) are not looked at.
std::optional<IndexScan> covering_index(const Database& database, const Table& table);
// The one that a query of this one column reads. The places of others are left out.
std::optional<IndexScan> covering_index(const Database& database, const Table& table,
                                        std::size_t column);

// An index of a constraint UNIQUE or PRIMARY KEY, of a table that has rowids.
struct KeyIndex {
  std::uint32_t root = 0;
  bool descending = false;
  std::size_t rowid_field = 0;
};

// The oldest one whose first column this is; nothing if there is none.
std::optional<KeyIndex> constraint_index(const Database& database, const Table& table,
                                         std::size_t column);

}  // namespace assay::sqlite
