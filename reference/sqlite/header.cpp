#include "reference/sqlite/header.h"

#include <fmt/format.h>

#include <bit>
#include <string_view>

namespace assay::sqlite {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view magic = "SQLite format 3\0"sv;

[[noreturn]] void malformed(std::uint64_t offset, const char* field, const std::string& what) {
  throw DecodeError(ErrorKind::malformed, offset, field, what);
}

}  // namespace

Header parse_header(Bytes bytes) {
  Cursor in(bytes);
  if (as_text(in.take(magic.size(), "magic")) != magic)
    malformed(0, "magic", "this is no SQLite 3 database");
  Header header;
  const std::uint32_t page_size = in.be16("page size");
  // 65536 does not fit 16 bits and is written as 1. SQLite file format, 1.3.2.
  header.page_size = page_size == 1 ? 65536 : page_size;
  if (header.page_size < 512 || !std::has_single_bit(header.page_size))
    malformed(16, "page size", fmt::format("{} is no power of two from 512 to 65536", page_size));
  header.write_version = in.u8("file format write version");
  header.read_version = in.u8("file format read version");
  if (header.read_version > 2)
    malformed(19, "file format read version",
              fmt::format("{} is from a later SQLite", header.read_version));
  header.reserved = in.u8("reserved bytes");
  if (header.usable_size() < 480)
    malformed(20, "reserved bytes",
              fmt::format("leave {} usable bytes in a page, below 480", header.usable_size()));
  const std::uint8_t fractions[] = {in.u8("maximum embedded payload fraction"),
                                    in.u8("minimum embedded payload fraction"),
                                    in.u8("leaf payload fraction")};
  if (fractions[0] != 64 || fractions[1] != 32 || fractions[2] != 32)
    malformed(
        21, "payload fractions",
        fmt::format("are {} {} {} and must be 64 32 32", fractions[0], fractions[1], fractions[2]));
  header.change_counter = in.be32("file change counter");
  header.page_count = in.be32("database size");
  header.first_freelist_trunk = in.be32("first freelist trunk page");
  header.freelist_pages = in.be32("number of freelist pages");
  header.schema_cookie = in.be32("schema cookie");
  header.schema_format = in.be32("schema format");
  if (header.schema_format > 4)
    throw DecodeError(ErrorKind::unsupported, 44, "schema format",
                      fmt::format("{} is from a later SQLite", header.schema_format));
  header.cache_size = in.be32("page cache size");
  header.largest_root = in.be32("largest root b-tree page");
  // SQLite looks at the last two bits only and takes 0 for UTF-8
  // (prepare.c, sqlite3InitOne).
  const std::uint32_t encoding = in.be32("text encoding") & 3;
  header.encoding = encoding == 0 ? TextEncoding::utf8 : static_cast<TextEncoding>(encoding);
  header.user_version = in.be32("user version");
  header.incremental_vacuum = in.be32("incremental vacuum");
  header.application_id = in.be32("application id");
  in.take(20, "reserved for expansion");
  header.version_valid_for = in.be32("version valid for");
  header.library_version = in.be32("SQLite version number");
  return header;
}

}  // namespace assay::sqlite
