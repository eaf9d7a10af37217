// The database header: the first 100 bytes of page 1. SQLite file format, 1.3.
#pragma once

#include <cstdint>

#include "reference/bytes/cursor.h"

namespace assay::sqlite {

inline constexpr std::size_t header_bytes = 100;

enum class TextEncoding : std::uint8_t { utf8 = 1, utf16le = 2, utf16be = 3 };

struct Header {
  std::uint32_t page_size = 0;     // 512 to 65536, a power of two
  std::uint32_t reserved = 0;      // bytes at the end of each page
  std::uint8_t write_version = 0;  // 1 rollback journal, 2 WAL; above 2 read-only
  std::uint8_t read_version = 0;   // 1 or 2
  std::uint32_t change_counter = 0;
  std::uint32_t page_count = 0;  // as the header says; see counts_pages()
  std::uint32_t first_freelist_trunk = 0;
  std::uint32_t freelist_pages = 0;
  std::uint32_t schema_cookie = 0;
  std::uint32_t schema_format = 0;  // 1 to 4; 0 in a database without a schema
  std::uint32_t cache_size = 0;
  std::uint32_t largest_root = 0;  // not 0: pointer maps are kept
  TextEncoding encoding = TextEncoding::utf8;
  std::uint32_t user_version = 0;
  std::uint32_t incremental_vacuum = 0;
  std::uint32_t application_id = 0;
  std::uint32_t version_valid_for = 0;
  std::uint32_t library_version = 0;

  std::uint32_t usable_size() const { return page_size - reserved; }
  // Whether page_count can be trusted: an SQLite before 3.7.0 changes the
  // database without it. SQLite file format, 1.3.7.
  bool counts_pages() const { return page_count != 0 && change_counter == version_valid_for; }
};

// Reads the header from the start of page 1. Refuses what SQLite refuses
// (btree.c, lockBtree; prepare.c, sqlite3InitOne): throws DecodeError with the
// offset of the field. `bytes` may be longer than the header.
Header parse_header(Bytes bytes);

}  // namespace assay::sqlite
