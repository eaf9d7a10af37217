#include "reference/sqlite/value_text.h"

#include <fmt/format.h>

#include "reference/sqlite/rows.h"
#include "reference/sqlite/text_encoding.h"
#include "reference/value/literal.h"
#include "reference/value/utf8.h"

namespace assay::sqlite {
namespace {

constexpr std::size_t piece = 1 << 16;

void append_text(std::string& out, Bytes utf8) {
  if (valid_utf8(utf8, false)) return append_string_literal(out, as_text(utf8));
  out += "call(global('sqlite3', 'text'), ";
  append_bytes_literal(out, as_text(utf8));
  out += ')';
}

void append_entry(std::string& out, const SchemaEntry& entry) {
  out += '(';
  for (const std::string* text : {&entry.type, &entry.name, &entry.table}) {
    append_text(out, as_bytes(*text));
    out += ", ";
  }
  out += fmt::format("{}, ", entry.root);
  if (entry.sql) {
    append_text(out, as_bytes(*entry.sql));
  } else {
    out += "None";
  }
  out += ')';
}

}  // namespace

void append_field(std::string& out, const Field& field, TextEncoding encoding) {
  switch (field.storage) {
    case Storage::null:
      out += "None";
      return;
    case Storage::integer:
      out += fmt::format("{}", field.integer);
      return;
    case Storage::real:
      append_float_literal(out, field.real);
      return;
    case Storage::blob:
      append_bytes_literal(out, as_text(field.bytes));
      return;
    case Storage::text:
      break;
  }
  std::string storage;
  append_text(out, as_utf8(field.bytes, encoding, storage));
}

void write_value_text(const Database& database, std::string_view table,
                      const std::function<void(std::string_view)>& write) {
  std::string out = "{'schema': [";
  const char* separator = "\n  ";
  for (const SchemaEntry& entry : database.schema()) {
    out += separator;
    append_entry(out, entry);
    separator = ",\n  ";
  }
  out += "],\n 'rows': {";
  separator = "\n  ";
  const TextEncoding encoding = database.header().encoding;
  const std::vector<Table> tables =
      table.empty() ? database.tables() : std::vector<Table>{database.table(table)};
  for (const Table& one : tables) {
    out += separator;
    append_text(out, as_bytes(one.entry.name));
    out += ": [";
    const char* between = "\n   ";
    Rows rows(database, one);
    while (rows.next()) {
      out += between;
      between = ",\n   ";
      out += '(';
      const auto row = rows.row();
      for (std::size_t i = 0; i < row.size(); ++i) {
        if (i != 0) out += ", ";
        append_field(out, row[i], encoding);
      }
      out += row.size() == 1 ? ",)" : ")";
      if (out.size() < piece) continue;
      write(out);
      out.clear();
    }
    out += ']';
    separator = ",\n  ";
  }
  out += "}}";
  write(out);
}

}  // namespace assay::sqlite
