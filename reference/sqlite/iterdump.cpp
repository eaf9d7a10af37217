#include "reference/sqlite/iterdump.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "reference/sqlite/foreign_keys.h"
#include "reference/sqlite/quoted_value.h"
#include "reference/sqlite/rows.h"
#include "reference/sqlite/scan_plan.h"
#include "reference/sqlite/sql_tokens.h"
#include "reference/sqlite/text_encoding.h"
#include "reference/value/literal.h"
#include "reference/value/utf8.h"

namespace assay::sqlite {
namespace {

// How the versions differ, in the order in which that came. Each row holds from
// its version on.
struct Dumper {
  int major, minor;
  bool ascii_names;           // Python 2: str.format() encodes names as ASCII
  bool surrogates;            // Python 2: its UTF-8 decoder lets them through
  bool sequence_at_the_end;   // bpo-45335 / gh-79009
  bool virtual_tables;        // gh-64662: inserted into sqlite_master
  bool sequence_name_quoted;  // gh-108590 brought these two
  bool foreign_keys_checked;
  bool table_name_escaped;  // single quotes of a table's name, in the query
  // From 3.6 to 3.10 a cursor fetches a row before it gives the one before
  // (Modules/_sqlite/cursor.c, pysqlite_cursor_iternext): one that cannot be
  // decoded takes its predecessor with it.
  bool fetches_ahead;
};
constexpr Dumper dumpers[] = {
    {2, 7, true, true, false, false, false, false, false, false},
    {3, 6, false, false, false, false, false, false, false, true},
    {3, 10, false, false, true, false, false, false, false, true},
    {3, 11, false, false, true, true, false, false, false, false},
    {3, 13, false, false, true, true, true, true, false, false},
    {3, 15, false, false, true, true, true, true, true, false},
};

const Dumper& dumper_of(PythonVersion version) {
  const Dumper* found = dumpers;
  for (const Dumper& one : dumpers)
    if (std::pair(one.major, one.minor) <= std::pair(version.major, version.minor)) found = &one;
  return *found;
}

// What ends the dump, thrown inside of this file only.
struct Ended {
  DumpError error;
};
[[noreturn]] void operational_error(std::string message) {
  throw Ended{{"sqlite3.OperationalError", std::move(message)}};
}

// Python's str() of what fetchall() gave.
std::string python_str(const Field& field, TextEncoding encoding) {
  std::string out, storage;
  switch (field.storage) {
    case Storage::null:
      return "None";
    case Storage::integer:
      return fmt::format("{}", field.integer);
    case Storage::real:
      append_float_literal(out, field.real);
      return out;
    case Storage::blob:
      append_bytes_literal(out, as_text(field.bytes));
      return out;
    case Storage::text:
      break;
  }
  const Bytes text = as_utf8(field.bytes, encoding, storage);
  if (!valid_utf8(text, false)) operational_error("Could not decode to UTF-8");
  return std::string(as_text(text));
}

class Dump {
 public:
  Dump(const Database& database, const Dumper& dumper,
       const std::function<void(std::string_view)>& line)
      : database_(database), dumper_(dumper), line_(line), encoding_(database.header().encoding) {}

  void run() {
    if (dumper_.foreign_keys_checked) check_foreign_keys();
    line_("BEGIN TRANSACTION;");
    check_text();
    std::vector<const SchemaEntry*> tables;
    for (const SchemaEntry& entry : database_.schema())
      if (entry.type == "table" && entry.sql) tables.push_back(&entry);
    std::stable_sort(tables.begin(), tables.end(), [this](const auto* a, const auto* b) {
      return from_utf8(as_bytes(a->name), encoding_) < from_utf8(as_bytes(b->name), encoding_);
    });
    for (const SchemaEntry* entry : tables) dump_table(*entry);
    for (const SchemaEntry& entry : database_.schema())
      if (entry.sql && (entry.type == "index" || entry.type == "trigger" || entry.type == "view"))
        line_(*entry.sql + ';');
    for (const std::string& statement : sequence_) line_(statement + ';');
    line_("COMMIT;");
  }

 private:
  // The rows of sqlite_master are fetched at once, and decoded then.
  void check_text() const {
    for (const SchemaEntry& entry : database_.schema())
      if (entry.sql && (!valid_utf8(as_bytes(entry.name), dumper_.surrogates) ||
                        !valid_utf8(as_bytes(*entry.sql), dumper_.surrogates)))
        operational_error("Could not decode to UTF-8");
  }

  void check_foreign_keys() const {
    switch (foreign_key_check(database_)) {
      case ForeignKeys::kept:
        return;
      case ForeignKeys::violated:
        return line_("PRAGMA foreign_keys=OFF;");
      case ForeignKeys::mismatched:
        operational_error("foreign key mismatch");
    }
  }

  void dump_table(const SchemaEntry& entry) {
    if (entry.name == "sqlite_sequence") {
      if (dumper_.sequence_at_the_end) return keep_sequence(entry);
      line_("DELETE FROM \"sqlite_sequence\";");
    } else if (entry.name == "sqlite_stat1") {
      line_("ANALYZE \"sqlite_master\";");
    } else if (entry.name.starts_with("sqlite_")) {
      return;
    } else if (!dumper_.virtual_tables || !entry.sql->starts_with("CREATE VIRTUAL TABLE")) {
      line_(*entry.sql + ';');
    }
    const Table table = table_of(entry);
    if (table.definition.virtual_table)
      throw DecodeError(ErrorKind::unsupported, entry.offset, "virtual table",
                        fmt::format("the rows of {} are made by its module", entry.name));
    dump_rows(table);
  }

  void keep_sequence(const SchemaEntry& entry) {
    sequence_.push_back("DELETE FROM \"sqlite_sequence\"");
    const Table table = table_of(entry);
    if (table.definition.columns.size() != 2)
      throw DecodeError(ErrorKind::malformed, entry.offset, "schema",
                        "sqlite_sequence has other columns than name and seq");
    Rows rows(database_, table);
    while (rows.next()) {
      std::string name = python_str(rows.row()[0], encoding_);
      if (dumper_.sequence_name_quoted) name = doubled(name, '\'');
      sequence_.push_back(fmt::format("INSERT INTO \"sqlite_sequence\" VALUES('{}',{})", name,
                                      python_str(rows.row()[1], encoding_)));
    }
  }

  // The table's name stands inside of an SQL string, in which two single quotes
  // are one; before 3.15 it is put there as it is.
  std::string name_in_string(const std::string& name) const {
    if (dumper_.table_name_escaped) return name;
    std::string out;
    bool balanced = true;
    for (std::size_t i = 0; i < name.size(); ++i) {
      out += name[i];
      if (name[i] != '\'') continue;
      balanced &= i + 1 < name.size() && name[i + 1] == '\'';
      ++i;
    }
    if (!balanced) operational_error("a quote in the table's name ends the string");
    return out;
  }

  void dump_rows(const Table& table) {
    if (dumper_.ascii_names) refuse_names_beyond_ascii(table);
    std::vector<std::size_t> columns;  // PRAGMA table_info names no generated ones
    for (std::size_t i = 0; i < table.definition.columns.size(); ++i)
      if (table.definition.columns[i].generated == Generated::no) columns.push_back(i);
    const std::string start =
        fmt::format("INSERT INTO \"{}\" VALUES(", name_in_string(doubled(table.entry.name, '"')));
    const auto scan = covering_index(database_, table);
    Rows rows = scan ? Rows(database_, table, *scan) : Rows(database_, table);
    rows.leave_out_expressions();
    std::string text, before;
    while (rows.next()) {
      text = start;
      for (std::size_t i = 0; i < columns.size(); ++i) {
        if (i != 0) text += ',';
        append_quoted(text, rows.row()[columns[i]], encoding_);
      }
      if (!valid_utf8(as_bytes(text), dumper_.surrogates))
        operational_error("Could not decode to UTF-8");
      text += ");";
      if (!before.empty()) line_(before);
      before.clear();
      if (dumper_.fetches_ahead) {
        before.swap(text);
      } else {
        line_(text);
      }
    }
    if (!before.empty()) line_(before);
  }

  static void refuse_names_beyond_ascii(const Table& table) {
    bool ascii = is_ascii(as_bytes(table.entry.name));
    for (const Column& column : table.definition.columns)
      ascii &= column.generated != Generated::no || is_ascii(as_bytes(column.name));
    if (!ascii) throw Ended{{"UnicodeEncodeError", "a name is not ASCII"}};
  }

  const Database& database_;
  const Dumper& dumper_;
  const std::function<void(std::string_view)>& line_;
  TextEncoding encoding_;
  std::vector<std::string> sequence_;
};

}  // namespace

std::optional<DumpError> iterdump(const Database& database, PythonVersion version,
                                  const std::function<void(std::string_view)>& line) {
  try {
    Dump(database, dumper_of(version), line).run();
  } catch (const Ended& ended) {
    return ended.error;
  }
  return std::nullopt;
}

}  // namespace assay::sqlite
