// What Python's sqlite3 makes of a field (Modules/_sqlite/cursor.c,
// _pysqlite_fetch_one_row): text_factory, detect_types and the default converters
// of Lib/sqlite3/dbapi2.py. Takes fields, knows of no database.
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

#include "reference/sqlite/create_table.h"
#include "reference/sqlite/header.h"
#include "reference/sqlite/python_version.h"
#include "reference/sqlite/record.h"
#include "reference/value/graph.h"

namespace assay::sqlite {

enum class TextFactory : std::uint8_t { str, bytes, bytearray };

struct ConversionOptions {
  PythonVersion version;
  TextFactory text_factory = TextFactory::str;  // str is unicode in Python 2
  bool parse_declared_types = false;            // PARSE_DECLTYPES
  bool parse_column_names = false;              // PARSE_COLNAMES
};

// The exception that Python raises.
class PythonError : public std::runtime_error {
 public:
  PythonError(std::string exception, const std::string& message)
      : std::runtime_error(message), exception_(std::move(exception)) {}
  const std::string& exception() const { return exception_; }  // "OperationalError", …

 private:
  std::string exception_;
};

class Conversion {
 public:
  // For the rows of a table as SELECT * gives them.
  Conversion(const TableDefinition& table, TextEncoding encoding, ConversionOptions options);

  // The value in a column; `field` need only live as long as the call. A blob of
  // Python 2 is call(global('__builtin__', 'buffer'), b'…'); a converted date
  // call(global('datetime', 'date'), 2026, 1, 31), a timestamp
  // call(global('datetime', 'datetime'), …) with seven numbers. Throws
  // PythonError.
  NodeId value(Graph& graph, const Field& field, std::size_t column) const;

  // The name in cursor.description: without what stands in brackets, if
  // PARSE_COLNAMES is set, and before 3.7 in any case (bpo-39652).
  std::string column_name(std::size_t column) const;

 private:
  enum class Converter : std::uint8_t { none, date, timestamp };
  Converter converter_of(const Column& column) const;

  ConversionOptions options_;
  TextEncoding encoding_;
  std::vector<std::string> names_;
  std::vector<Converter> converters_;
};

}  // namespace assay::sqlite
