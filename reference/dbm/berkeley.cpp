#include "reference/dbm/berkeley.h"

#include <fmt/format.h>

#include <bit>

namespace assay::dbm {
namespace {

[[noreturn]] void malformed(std::uint64_t offset, const char* field, std::string_view what) {
  throw DecodeError(ErrorKind::malformed, offset, field, what);
}
[[noreturn]] void unsupported(std::uint64_t offset, const char* field, std::string_view what) {
  throw DecodeError(ErrorKind::unsupported, offset, field, what);
}

// The versions of the metadata that 3.0 to 5.3 write.
struct Versions {
  Format format;
  PageType page;
  std::uint32_t first, last;
};
constexpr Versions versions[] = {
    {Format::berkeley_hash, PageType::hash_meta, 6, 9},
    {Format::berkeley_btree, PageType::btree_meta, 7, 9},
    {Format::berkeley_queue, PageType::queue_meta, 1, 4},
};

// Flags of btree metadata (db_page.h, BTM_…) and of hash metadata (DB_HASH_…).
constexpr std::uint32_t btree_dup = 1, btree_recno = 2, btree_subdb = 0x20, btree_compress = 0x80;
constexpr std::uint32_t hash_dup = 1, hash_subdb = 2;
constexpr std::uint8_t meta_checksum = 1, meta_partitions = 6;

void read_btree(const Ordered& page, BerkeleyMeta& meta) {
  meta.recno = (meta.flags & btree_recno) != 0;
  meta.subdatabases = (meta.flags & btree_subdb) != 0;
  meta.duplicates = (meta.flags & btree_dup) != 0;
  if ((meta.flags & btree_compress) != 0)
    unsupported(page.offset(48), "flags", "a compressed btree");
  meta.record_length = page.u32(80, "re_len");
  meta.root = page.u32(88, "root");
}

void read_hash(const Ordered& page, BerkeleyMeta& meta) {
  meta.duplicates = (meta.flags & hash_dup) != 0;
  meta.subdatabases = (meta.flags & hash_subdb) != 0;
  meta.max_bucket = page.u32(72, "max_bucket");
  meta.high_mask = page.u32(76, "high_mask");
  meta.low_mask = page.u32(80, "low_mask");
  meta.charkey = page.u32(92, "h_charkey");
  for (std::uint32_t i = 0; i < 32; ++i) meta.spares[i] = page.u32(96 + 4 * i, "spares");
  if (meta.max_bucket > meta.last_page)
    malformed(page.offset(72), "max_bucket", "is beyond the last page");
}

void read_queue(const Ordered& page, BerkeleyMeta& meta) {
  meta.first_record = page.u32(72, "first_recno");
  meta.current_record = page.u32(76, "cur_recno");
  meta.record_length = page.u32(80, "re_len");
  meta.records_per_page = page.u32(88, "rec_page");
  meta.extent_pages = page.u32(92, "page_ext");
  // QAMDATA: a byte of flags and the record, padded to four bytes.
  const std::uint64_t stride = (std::uint64_t{meta.record_length} + 4) & ~std::uint64_t{3};
  if (meta.records_per_page == 0 || meta.records_per_page > meta.page_size / stride)
    malformed(page.offset(88), "rec_page", "does not go with the page's size");
}

void check(const Ordered& page, const BerkeleyMeta& meta) {
  if (page.u8(24, "encrypt_alg") != 0)
    unsupported(page.offset(24), "encrypt_alg",
                "the database is encrypted; Berkeley DB itself can export it (db_dump -P)");
  for (const Versions& row : versions) {
    if (row.format != meta.format) continue;
    if (meta.version < row.first || meta.version > row.last)
      unsupported(page.offset(16), "version",
                  fmt::format("{}; {} to {} are read", meta.version, row.first, row.last));
    if (static_cast<PageType>(page.u8(25, "type")) != row.page)
      malformed(page.offset(25), "type", "is not that of its magic");
  }
  if (!std::has_single_bit(meta.page_size) || meta.page_size < 512 || meta.page_size > 65536)
    malformed(page.offset(20), "pagesize",
              fmt::format("{} is no power of two from 512 to 65536", meta.page_size));
  if ((page.u8(26, "metaflags") & meta_partitions) != 0)
    unsupported(page.offset(26), "metaflags", "the database is spread over several files");
}

}  // namespace

std::string_view name(PageType type) {
  static constexpr std::string_view names[] = {"invalid",        "duplicate",
                                               "unsorted hash",  "btree internal",
                                               "recno internal", "btree leaf",
                                               "recno leaf",     "overflow",
                                               "hash metadata",  "btree metadata",
                                               "queue metadata", "queue data",
                                               "duplicate leaf", "hash"};
  const auto number = static_cast<std::size_t>(type);
  return number < std::size(names) ? names[number] : "unknown";
}

BerkeleyMeta read_berkeley_meta(Bytes file, std::uint32_t number) {
  const auto found = find_magic(file);
  if (!found || found->magic->at != 12) malformed(12, "magic", "is none of Berkeley DB's");
  if (found->magic->format == Format::berkeley_heap)
    unsupported(12, "magic", "a heap, which no Python module opens");
  BerkeleyMeta meta;
  meta.big_endian = found->big_endian;
  const Ordered whole(file, meta.big_endian);
  const std::uint32_t page_size = whole.u32(20, "pagesize");
  Ordered page = whole.window(std::uint64_t{page_size} * number, 0, "page");
  page = Ordered(file.subspan(page.offset(0)), meta.big_endian, page.offset(0));
  for (const Magic& magic : magics())
    if (magic.at == 12 && magic.value == page.u32(12, "magic")) meta.format = magic.format;
  if (meta.format == Format::unknown)
    malformed(page.offset(12), "magic", "no database begins here");
  meta.version = page.u32(16, "version");
  meta.page_size = page.u32(20, "pagesize");
  check(page, meta);
  if (meta.page_size != page_size) malformed(page.offset(20), "pagesize", "is not the file's");
  meta.checksums = (page.u8(26, "metaflags") & meta_checksum) != 0;
  meta.last_page = whole.u32(32, "last_pgno");
  meta.flags = page.u32(48, "flags");
  if (meta.format == Format::berkeley_btree) read_btree(page, meta);
  if (meta.format == Format::berkeley_hash) read_hash(page, meta);
  if (meta.format == Format::berkeley_queue) read_queue(page, meta);
  return meta;
}

// sizeof(PAGE), or with the words for a checksum (db_page.h, P_OVERHEAD).
BerkeleyPages::BerkeleyPages(Bytes file, const BerkeleyMeta& meta, ReadOptions options)
    : file_(file, meta.big_endian),
      page_size_(meta.page_size),
      overhead_(meta.checksums ? 32 : 26),
      most_visits_(count() * (options.salvage ? 8 : 1)) {}

Ordered BerkeleyPages::page(std::uint32_t number) const {
  return file_.window(std::uint64_t{number} * page_size_, page_size_, "page");
}

PageHeader BerkeleyPages::header(const Ordered& page, std::uint32_t number) const {
  PageHeader header{page.u32(8, "pgno"),
                    page.u32(12, "prev_pgno"),
                    page.u32(16, "next_pgno"),
                    page.u16(20, "entries"),
                    page.u16(22, "hf_offset"),
                    page.u8(24, "level"),
                    static_cast<PageType>(page.u8(25, "type"))};
  // Pages that were allocated and never written are all zeros.
  if (header.number != number && !(header.number == 0 && header.type == PageType::invalid))
    malformed(page.offset(8), "pgno",
              fmt::format("page {} says that it is page {}", number, header.number));
  if (header.type != PageType::overflow &&
      overhead_ + 2 * std::uint64_t{header.entries} > page_size_)
    malformed(page.offset(20), "entries",
              fmt::format("page {} has no room for {}", number, header.entries));
  return header;
}

Ordered BerkeleyPages::visit(std::uint32_t number) {
  const Ordered found = page(number);
  if (++visits_ > most_visits_) malformed(found.offset(0), "page", "pages form a loop");
  return found;
}

Bytes BerkeleyPages::overflow(std::uint32_t first, std::uint32_t size, std::string& pieces,
                              bool counted) {
  pieces.clear();
  std::uint32_t number = first;
  for (std::uint64_t left = size, pages = 0;;) {
    const Ordered one = counted ? visit(number) : page(number);
    const PageHeader head = header(one, number);
    if (head.type != PageType::overflow)
      malformed(one.offset(25), "type",
                fmt::format("page {} is {}, not overflow", number, name(head.type)));
    if (head.high > left || ++pages > count() || (head.high == 0 && left != 0))
      malformed(one.offset(22), "hf_offset",
                fmt::format("page {}: {} bytes of {}", number, head.high, left));
    const Bytes part = one.bytes(overhead_, head.high, "overflow data");
    left -= part.size();
    if (left == 0 && pages == 1) return part;
    pieces += as_text(part);
    if (left == 0) return as_bytes(pieces);
    number = head.next;
    if (number == 0) malformed(one.offset(16), "next_pgno", fmt::format("{} bytes short", left));
  }
}

}  // namespace assay::dbm
