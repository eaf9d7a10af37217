// The one kind of query by which a program fetches a record: a row by its key.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace assay {

// SELECT columns FROM table WHERE key = ?
struct SelectByKey {
  struct Output {
    std::string column;
    std::string name;  // behind AS; empty: the column's own
  };
  std::string table;
  std::string key;              // the column that is compared
  std::vector<Output> outputs;  // empty: SELECT *
};

// Reads such a statement. Throws std::runtime_error saying what it has that a
// look-up by one key does not: another verb, no parameter, more than one
// condition.
SelectByKey parse_select_by_key(std::string_view sql);

}  // namespace assay
