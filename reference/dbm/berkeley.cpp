#include "reference/dbm/berkeley.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstring>

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
constexpr std::uint32_t btree_recnum = 4, btree_fixed = 8, btree_renumber = 0x10;
constexpr std::uint32_t hash_dup = 1, hash_subdb = 2;
constexpr std::uint32_t btree_flags = 0xff, hash_flags = 7;  // BTM_MASK; all of a hash's
constexpr std::uint8_t meta_checksum = 1, meta_partitions = 6;

// Where checksums stand (db_page.h; its comments have the one of metadata, which is 20
// bytes, at 496): of metadata, of other pages.
constexpr std::uint32_t meta_checksum_at = 492, page_checksum_at = 28;

// hmac/hmac.c, __db_chksum: the hash of versions before 5 over the bytes, among them
// the checksum as four zeros.
bool checksum_is_right(const Ordered& page, std::uint32_t at) {
  std::uint32_t hash = 0;
  const Bytes bytes = page.data();
  for (std::size_t i = 0; i < bytes.size(); ++i) hash = hash * 33 + (i - at < 4 ? 0 : bytes[i]);
  return page.u32(at, "chksum") == hash;
}

// mp/mp_fopen.c: a file without work at its pages is mapped as a whole, if it is
// opened for reading and smaller than this.
constexpr std::uint64_t largest_mapped = 10 * 1024 * 1024;

std::string wrong_checksum(std::uint32_t number) {
  return fmt::format("the checksum of page {} is wrong", number);
}

void read_btree(const Ordered& page, BerkeleyMeta& meta) {
  if ((meta.flags & ~btree_flags) != 0) malformed(page.offset(48), "flags", "are unknown");
  meta.recno = (meta.flags & btree_recno) != 0;
  // btree/bt_open.c, __bam_metachk.
  if ((meta.flags & (meta.recno ? btree_recnum : btree_fixed | btree_renumber)) != 0 ||
      (meta.flags & (btree_dup | btree_recnum)) == (btree_dup | btree_recnum))
    malformed(page.offset(48), "flags", "contradict one another");
  meta.subdatabases = (meta.flags & btree_subdb) != 0;
  meta.duplicates = (meta.flags & btree_dup) != 0;
  if ((meta.flags & btree_compress) != 0)
    unsupported(page.offset(48), "flags", "a compressed btree");
  meta.record_length = page.u32(80, "re_len");
  meta.root = page.u32(88, "root");
}

void read_hash(const Ordered& page, BerkeleyMeta& meta) {
  // db/db_method.c, __db_fchk, by hash/hash_open.c, __ham_metachk.
  if ((meta.flags & ~hash_flags) != 0) malformed(page.offset(48), "flags", "are unknown");
  meta.duplicates = (meta.flags & hash_dup) != 0;
  meta.subdatabases = (meta.flags & hash_subdb) != 0;
  meta.max_bucket = page.u32(72, "max_bucket");
  meta.high_mask = page.u32(76, "high_mask");
  meta.low_mask = page.u32(80, "low_mask");
  meta.charkey = page.u32(92, "h_charkey");
  for (std::uint32_t i = 0; i < 32; ++i) meta.spares[i] = page.u32(96 + 4 * i, "spares");
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

bool berkeley_meta_is_whole(const Ordered& metadata) {
  return (metadata.u8(26, "metaflags") & meta_checksum) == 0 ||
         checksum_is_right(metadata, meta_checksum_at);
}

BerkeleyMeta read_berkeley_meta(Bytes file, std::uint32_t number, std::vector<Loss>* doubts) {
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
  // db/db_open.c, __db_chk_meta, when a database is opened; later db_conv.c, __db_pgin.
  if (!berkeley_meta_is_whole(page.window(0, berkeley_meta_bytes, "metadata"))) {
    const std::string what = wrong_checksum(number);
    if (doubts == nullptr) malformed(page.offset(meta_checksum_at), "chksum", what);
    doubts->push_back({page.offset(meta_checksum_at), what});
  }
  if (meta.page_size != page_size) malformed(page.offset(20), "pagesize", "is not the file's");
  meta.checksums = (page.u8(26, "metaflags") & meta_checksum) != 0;
  meta.last_page = whole.u32(32, "last_pgno");
  meta.flags = page.u32(48, "flags");
  if (meta.format == Format::berkeley_btree) read_btree(page, meta);
  if (meta.format == Format::berkeley_hash) read_hash(page, meta);
  if (meta.format == Format::berkeley_queue) read_queue(page, meta);
  return meta;
}

void wrong_type(const Ordered& page, std::uint32_t number, std::string_view wanted) {
  const auto type = static_cast<PageType>(page.u8(25, "type"));
  malformed(page.offset(25), "type",
            fmt::format("page {} is {}, not {}", number, name(type), wanted));
}

// sizeof(PAGE), or with the words for a checksum (db_page.h, P_OVERHEAD).
BerkeleyPages::BerkeleyPages(Bytes file, const BerkeleyMeta& meta, ReadOptions options,
                             std::vector<Loss>* doubts)
    : file_(file, meta.big_endian),
      page_size_(meta.page_size),
      overhead_(meta.checksums ? 32 : 26),
      most_visits_(count() * (options.salvage ? 8 : 1)),
      options_(options),
      doubts_(doubts),
      last_page_(meta.last_page),
      checksums_(meta.checksums),
      queue_(meta.format == Format::berkeley_queue),
      hash_(meta.format == Format::berkeley_hash) {
  // db/db.c, __env_mpool: pages are worked at when they come in if they are a hash's,
  // have a checksum, or the order of another machine; as on one that is little-endian.
  mapped_ = !hash_ && !checksums_ && !meta.big_endian && file.size() < largest_mapped;
  // bt_open.c, __bam_read_root, and hash_open.c, __ham_open, call __memp_set_last_pgno();
  // a queue goes by the file's size, and what is mapped is found whatever they say.
  const bool whole = mapped_ || queue_ || options.salvage;
  within_ = within_at_first_ = whole ? count() : last_page_ + 1;
}

void BerkeleyPages::make(std::uint32_t number) {
  // mp/mp_fget.c, __memp_fget, with DB_MPOOL_CREATE.
  within_ = std::uint64_t{number} + 1;
  if (number >= count()) return;
  if (made_.empty()) made_.resize(count());
  made_[number] = true;
}

bool BerkeleyPages::empty(std::uint32_t number) const {
  if (number >= count()) return options_.as_library || number > last_page_;
  return !made_.empty() && made_[number];
}

BerkeleyPages BerkeleyPages::anew() const {
  BerkeleyPages pages = *this;
  pages.visits_ = 0;
  pages.within_ = within_at_first_;
  pages.made_.clear();
  return pages;
}

void BerkeleyPages::note_pages_behind() {
  if (options_.salvage || queue_ || doubts_ == nullptr) return;
  std::uint64_t number = last_page_ + 1;
  while (number < count() && file_.u8(number * page_size_ + 25, "type") == 0) ++number;
  if (number >= count()) return;
  const char* what = hash_ ? "does not look at it, and may write an empty page there, also when "
                             "it only reads"
                     : mapped_ ? "looks at it only if it opens the file for reading"
                               : "does not look at it";
  doubts_->push_back({32, fmt::format("last_pgno is {}, and page {} behind it holds something: "
                                      "Berkeley DB {}. --salvage looks at all pages",
                                      last_page_, number, what)});
}

void BerkeleyPages::note_pages_missing() {
  if (count() <= last_page_)
    doubts_->push_back(
        {file_.size(), fmt::format("pages {} to {} are missing", count(), last_page_)});
}

Ordered BerkeleyPages::page(std::uint32_t number) const {
  if (number >= within_ || (number < count() && empty(number)))
    throw DecodeError(ErrorKind::truncated, std::uint64_t{number} * page_size_, "page",
                      fmt::format("page {} is behind the last one, {}", number, last_page_));
  const Ordered found = file_.window(std::uint64_t{number} * page_size_, page_size_, "page");
  if (checksums_ && !is_whole(found)) {
    const std::uint64_t at = found.offset(page_checksum_at);
    if (!options_.salvage) malformed(at, "chksum", wrong_checksum(number));
    if (doubted_.empty()) doubted_.resize(count());
    if (doubts_ != nullptr && !doubted_[number]) doubts_->push_back({at, wrong_checksum(number)});
    doubted_[number] = true;
  }
  return found;
}

// db/db_conv.c, __db_pgin: a page of zeros was never written, and has no checksum.
bool BerkeleyPages::is_whole(const Ordered& page) const {
  const auto type = static_cast<PageType>(page.u8(25, "type"));
  if (type == PageType::hash_meta || type == PageType::btree_meta || type == PageType::queue_meta)
    return berkeley_meta_is_whole(page.window(0, berkeley_meta_bytes, "metadata"));
  const bool unwritten = type == PageType::invalid && page.u32(0, "lsn") == 0 &&
                         page.u32(4, "lsn") == 0 && page.u32(8, "pgno") == 0;
  return unwritten || checksum_is_right(page, page_checksum_at);
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
  const bool unwritten = header.number == 0 && header.type == PageType::invalid;
  if (header.number != number && !unwritten && !options_.as_library)
    malformed(page.offset(8), "pgno",
              fmt::format("page {} says that it is page {}", number, header.number));
  if (header.type != PageType::overflow &&
      overhead_ + 2 * std::uint64_t{header.entries} > page_size_)
    malformed(page.offset(20), "entries",
              fmt::format("page {} has no room for {}", number, header.entries));
  return header;
}

// btree/bt_cursor.c, __bamc_next: a page without items, of whatever kind, is passed over.
bool BerkeleyPages::passes_over(const Ordered& page, const PageHeader& head,
                                std::uint32_t number) const {
  if (options_.salvage || head.type != PageType::invalid || head.entries != 0) return false;
  if (doubts_ != nullptr)
    doubts_->push_back({page.offset(0), fmt::format("page {} is free, or was never written to: "
                                                    "Berkeley DB passes over it",
                                                    number)});
  return true;
}

Ordered BerkeleyPages::visit(std::uint32_t number) {
  const Ordered found = page(number);
  if (++visits_ > most_visits_) malformed(found.offset(0), "page", "pages form a loop");
  return found;
}

// db/db_overflow.c, __db_goff: the bytes of each page until there are enough. Where the
// library goes on with what its memory held before, since the chain is too short or leads
// to a page of another kind, there is an error.
Bytes BerkeleyPages::overflow(std::uint32_t first, std::uint32_t size, std::string& pieces,
                              bool counted) {
  pieces.clear();
  if (size == 0) return {};
  std::uint32_t number = first;
  for (std::uint64_t left = size, pages = 0;;) {
    const Ordered one = counted ? visit(number) : page(number);
    const PageHeader head = header(one, number);
    if (head.type != PageType::overflow) wrong_type(one, number, "overflow");
    if (++pages > count()) malformed(one.offset(0), "page", "pages form a loop");
    if (head.high > left && counted) doubt_longer(one, head, left);
    const Bytes part =
        one.bytes(overhead_, std::min<std::uint64_t>(head.high, left), "overflow data");
    left -= part.size();
    if (left == 0 && pages == 1) return part;
    pieces += as_text(part);
    if (left == 0) return as_bytes(pieces);
    number = head.next;
    if (number == 0) malformed(one.offset(16), "next_pgno", fmt::format("{} bytes short", left));
  }
}

// db/db_overflow.c, __db_moff.
int BerkeleyPages::compare(Bytes key, std::uint32_t first, std::uint32_t size) const {
  std::uint32_t left = size;  // goes round below 0 as the library's does
  std::uint32_t number = first;
  for (std::uint64_t pages = 0; !key.empty() && number != 0; ++pages) {
    const Ordered one = page(number);
    const PageHeader head = header(one, number);
    if (head.type != PageType::overflow) wrong_type(one, number, "overflow");
    if (pages > count()) malformed(one.offset(0), "page", "pages form a loop");
    const std::size_t both = std::min<std::size_t>(head.high, key.size());
    const Bytes part = one.bytes(overhead_, both, "overflow data");
    const int order = both == 0 ? 0 : std::memcmp(key.data(), part.data(), both);
    if (order != 0) return order;
    key = key.subspan(both);
    left -= static_cast<std::uint32_t>(both);
    number = head.next;
  }
  return !key.empty() ? 1 : left > 0 ? -1 : 0;
}

void BerkeleyPages::doubt_longer(const Ordered& page, const PageHeader& head, std::uint64_t left) {
  if (doubts_ == nullptr) return;
  doubts_->push_back(
      {page.offset(22),
       fmt::format("page {} holds {} bytes, of which an item has only {}: they may be another's",
                   head.number, head.high, left)});
}

}  // namespace assay::dbm
