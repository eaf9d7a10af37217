// The integrity of a database: what each page is used for, and whether cells,
// keys and counts are as they must be. Reads everything; changes nothing.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "reference/sqlite/database.h"

namespace assay::sqlite {

struct Fault {
  std::uint32_t page = 0;  // 0: of no page in particular
  std::optional<std::uint32_t> cell;
  std::string what;
};

// "page 5, cell 3: rowid 7 is not above 9"
std::string text_of(const Fault& fault);

// At most `limit` faults, in the order: freelist, pointer maps, the schema's
// tree, each table and index, pages that nothing uses, numbers of index entries.
// A tree is left at a page that cannot be read. Keys of tables are compared;
// those of indexes only as far as their records decode, because collations may be
// a program's own. Memory: some 20 bytes a page.
std::vector<Fault> check(const Database& database, std::size_t limit = 100);

}  // namespace assay::sqlite
