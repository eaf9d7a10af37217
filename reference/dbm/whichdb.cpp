#include "reference/dbm/whichdb.h"

#include <sys/stat.h>

#include <bit>
#include <fstream>

#include "reference/bytes/ordered.h"
#include "reference/dbm/berkeley.h"
#include "reference/dbm/magic.h"
#include "reference/dbm/mapped_file.h"

namespace assay::dbm {
namespace {

using Kind = WhichdbAnswer::Kind;

constexpr bool host_is_big_endian = std::endian::native == std::endian::big;

std::string start_of(const std::string& path, std::size_t count) {
  std::string bytes(count, '\0');
  std::ifstream file(path, std::ios::binary);
  file.read(bytes.data(), static_cast<std::streamsize>(count));
  bytes.resize(static_cast<std::size_t>(file.gcount()));
  return bytes;
}

// dbm.open(path) of Berkeley DB's ndbm: `path`.db is a hash file that it reads,
// of either byte order, in whole pages (src/hash/hash_open.c, __ham_metachk;
// src/mp/mp_fopen.c: BDB3037), whose metadata have the right checksum, if any
// (src/db/db_open.c, __db_chk_meta).
bool opens_as_berkeley_ndbm(const std::string& path) {
  const std::string start = start_of(path + ".db", berkeley_meta_bytes);
  const auto found = find_magic(as_bytes(start));
  if (!found || found->magic->format != Format::berkeley_hash || start.size() < berkeley_meta_bytes)
    return false;
  const Ordered meta(as_bytes(start), found->big_endian);
  const std::uint32_t version = meta.u32(16, "version"), page_size = meta.u32(20, "pagesize");
  constexpr std::uint8_t partitions = 6;
  constexpr std::uint32_t hash_flags = 7;  // duplicates, subdatabases, sorted duplicates
  if (version < 7 || version > 9 || meta.u8(24, "encrypt_alg") != 0 ||
      (meta.u8(26, "metaflags") & partitions) != 0 || (meta.u32(48, "flags") & ~hash_flags) != 0 ||
      !berkeley_meta_is_whole(meta))
    return false;
  struct stat file = {};
  return page_size != 0 && ::stat((path + ".db").c_str(), &file) == 0 &&
         static_cast<std::uint64_t>(file.st_size) % page_size == 0;
}

bool is_dumb(const std::string& path) {
  struct stat dat = {}, dir = {};
  if (::stat((path + ".dat").c_str(), &dat) != 0 || ::stat((path + ".dir").c_str(), &dir) != 0)
    return false;
  if (dir.st_size == 0) return true;
  const std::string first = start_of(path + ".dir", 1);
  return first == "'" || first == "\"";
}

// The number as struct.unpack("=l") gives it: in the machine's byte order.
std::uint32_t native(std::string_view four) {
  return Ordered(as_bytes(four), host_is_big_endian).u32(0, "magic");
}

bool is_bsd_hash(std::uint32_t number) {
  return number == 0x00061561 || number == 0x61150600;
}

// What the first 16 bytes of the file itself say.
WhichdbAnswer by_magic(const std::string& start, Python python) {
  if (start.size() < 4) return {Kind::empty, ""};
  const std::string_view text = start;
  if (python >= Python{3, 13} && text == std::string_view("SQLite format 3\0", 16))
    return {Kind::module, "dbm.sqlite3"};
  const std::uint32_t first = native(text.substr(0, 4));
  const std::uint32_t last = native(text.substr(text.size() - 4));
  // Neither the other byte order nor the numsync magics.
  if (first == 0x13579ace || first == 0x13579acd || first == 0x13579acf)
    return {Kind::module, python.major == 2 ? "gdbm" : "dbm.gnu"};
  if (python.major == 2 && is_bsd_hash(first)) return {Kind::module, "bsddb185"};
  if (python.major == 2 && is_bsd_hash(last)) return {Kind::module, "dbhash"};
  return {Kind::empty, ""};
}

}  // namespace

std::string shown(const WhichdbAnswer& answer) {
  switch (answer.kind) {
    case Kind::none:
      return "None";
    case Kind::empty:
      return "''";
    case Kind::module:
      return "'" + answer.text + "'";
    case Kind::raises:
      return answer.text;
  }
  return "";
}

WhichdbAnswer whichdb(const std::optional<std::string>& path, Python python, NdbmLibrary ndbm) {
  const bool python2 = python.major == 2;
  if (!path) return {Kind::raises, "TypeError"};
  if (path->find('\0') != std::string::npos)
    return {Kind::raises, python2 ? "TypeError" : "ValueError"};
  // 2.7 asks the module for its library, also where it has no such module.
  if (python2 && ndbm == NdbmLibrary::none && readable(*path + ".pag"))
    return {Kind::raises, "AttributeError"};
  if (readable(*path + ".pag") && readable(*path + ".dir"))
    return {Kind::module, python2 ? "dbm" : "dbm.ndbm"};
  // gdbm-compat would open .pag and .dir, which are not both there.
  if (ndbm == NdbmLibrary::berkeley && readable(*path + ".db") && opens_as_berkeley_ndbm(*path))
    return {Kind::module, python2 ? "dbm" : "dbm.ndbm"};
  if (is_dumb(*path)) return {Kind::module, python2 ? "dumbdbm" : "dbm.dumb"};
  if (!readable(*path)) return {Kind::none, ""};
  return by_magic(start_of(*path, 16), python);
}

}  // namespace assay::dbm
