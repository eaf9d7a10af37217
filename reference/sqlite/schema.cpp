#include "reference/sqlite/schema.h"

#include <array>

#include "reference/sqlite/record.h"
#include "reference/sqlite/text_encoding.h"
#include "reference/sqlite/tree_cursor.h"

namespace assay::sqlite {
namespace {

std::string text_in(const Field& field, TextEncoding encoding) {
  std::string storage;
  if (field.storage != Storage::text) return "";
  return std::string(as_text(as_utf8(field.bytes, encoding, storage)));
}

}  // namespace

std::vector<SchemaEntry> read_schema(const Pager& pager) {
  std::vector<SchemaEntry> entries;
  if (pager.page_count() == 0) return entries;
  const TextEncoding encoding = pager.header().encoding;
  TreeCursor cursor(pager, 1, TreeKind::table);
  while (cursor.next()) {
    std::array<Field, 5> fields;
    decode_record(cursor.payload(), fields, cursor.payload_offset());
    SchemaEntry entry;
    entry.type = text_in(fields[0], encoding);
    entry.name = text_in(fields[1], encoding);
    entry.table = text_in(fields[2], encoding);
    if (fields[3].storage == Storage::integer) entry.root = fields[3].integer;
    if (fields[4].storage != Storage::null) entry.sql = text_in(fields[4], encoding);
    entry.offset = cursor.payload_offset();
    entries.push_back(std::move(entry));
  }
  return entries;
}

}  // namespace assay::sqlite
