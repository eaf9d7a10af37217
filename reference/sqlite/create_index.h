// What a CREATE INDEX statement says of its columns. Takes SQL, knows of no
// database.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace assay::sqlite {

struct IndexDefinition {
  struct Part {
    std::string column;
    std::string collation;  // empty: the column's
  };
  std::string table;
  std::vector<Part> parts;
  bool unique = false;
  bool expressions = false;  // some part is more than a column
  bool partial = false;      // WHERE
};

// Nothing for SQL that is no CREATE INDEX.
std::optional<IndexDefinition> parse_create_index(std::string_view sql);

}  // namespace assay::sqlite
